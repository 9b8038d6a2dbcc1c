from __future__ import annotations

from pathlib import Path

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.source import Source


def test_who_is_gone_or_hides_is_no_author(tmp_path: Path) -> None:
    names = ["ada", "[deleted]", "[deleted by user]", "匿名用户", "@[removed]", "deleted"]
    rows = [f'a{at},{name},"text {at}",2025-04-28 10:00:0{at}\n' for at, name in enumerate(names)]
    path = tmp_path / "a.csv"
    path.write_text("id,username,text,created_at\n" + "".join(rows), encoding="utf-8")
    source = Source.of_file(path)
    (batch,) = open_format(recognise(source), source).read()
    assert batch.posts["author"] == ["ada", None, None, None, None, "deleted"]


def test_an_empty_text_is_looked_for_beside_and_escapes_are_signs(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,full_text,snippet,description,created_at\n"
        "a1,whole,part,me,2025-04-28\n"
        "a2,,part,me,2025-04-28\n"
        "a3,a\\u002c b \\ud83d\\ude00 \\ud83d C:\\users,,me,2025-04-28\n"
        "a4,,,me,2025-04-28\n",
        encoding="utf-8",
    )
    source = Source.of_file(path)
    (batch,) = open_format(recognise(source), source).read()
    assert batch.posts["text"] == ["whole", "part", "a, b \U0001f600 \ufffd C:\\users", ""]


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "Qwen is great"}\n{"text": "and so is Taobao"}\n',
        '[{"id": 1, "full_text": "Qwen is great"}]',
    ],
)
def test_texts_are_enough_in_json_as_in_tables(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    source = Source.of_file(path)
    (batch,) = open_format(recognise(source), source).read()
    assert batch.posts["text"][0] == "Qwen is great"


def test_a_note_is_no_post(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"text": "settings of an editor"}')
    with pytest.raises(SourceError, match="no known format"):
        recognise(Source.of_file(path))


def test_row_numbers_are_ids_with_what_the_row_holds(tmp_path: Path) -> None:
    """A table that grew has its posts under their old ids; the same numbers in another table are other posts."""

    def ids(name: str, rows: list[str]) -> list[str]:
        path = tmp_path / name
        path.write_text("id,text,created_at\n" + "".join(rows))
        source = Source.of_file(path)
        (batch,) = open_format(recognise(source), source).read()
        found: list[str] = batch.posts["post_id"]
        return found

    rows = [f"{n},text {n},2025-04-28\n" for n in range(1, 9)]
    half, whole, backwards = ids("half.csv", rows[:4]), ids("whole.csv", rows), ids("back.csv", rows[::-1])
    assert whole[:4] == half
    assert backwards == whole[::-1]
    assert [one.partition("@")[0] for one in half] == ["1", "2", "3", "4"]
    assert not {*whole} & {*ids("other.csv", [row.replace("text", "other") for row in rows])}
