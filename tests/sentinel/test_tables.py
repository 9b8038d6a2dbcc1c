from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest

from sentinel.errors import UsageError
from sentinel.numbers import effects_of
from sentinel.post import Columns
from sentinel.settings import Settings
from sentinel.tables import ADDED, read_scored, rows_of, tag_file
from sentinel.tagging import Tagger


class Lengths:
    name = "lengths"
    version = "1"
    columns: ClassVar[tuple[str, ...]] = ("topics",)

    def tag(self, batch: Columns) -> Columns:
        return {"topics": [str(len(text)) for text in batch["text"]]}


def tagged(source: Path) -> list[dict[str, str]]:
    target = source.with_name("out.csv")
    tag_file(source, target, Tagger([Lengths()]))
    with target.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rows_order_and_columns_stay_and_tags_are_added(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    texts = ["NA", "null", "", "=1+1", "a\nb", '"q", c', "\U0001f600", "1234567890123456789"]
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["post_id", "text", "mine"])
        writer.writerows([str(10**18 + i), text, "007"] for i, text in enumerate(texts))
    rows = tagged(source)
    assert [row["text"] for row in rows] == texts
    assert [row["post_id"] for row in rows] == [str(10**18 + i) for i in range(len(texts))]
    assert {row["mine"] for row in rows} == {"007"}
    assert list(rows[0]) == ["post_id", "text", "mine", *ADDED]
    assert [row["topics"] for row in rows] == [str(len(text)) for text in texts]


def test_a_column_of_the_same_name_is_kept_beside_ours(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text,lang,label\nhello,fr,positive\n")
    (row,) = tagged(source)
    assert (row["lang_in"], row["lang"]) == ("fr", "fr")
    assert (row["label_in"], row["label"]) == ("positive", "unscored")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"id{delimiter}text\n1{delimiter}千问\n", encoding=encoding)
    assert [row["text"] for row in tagged(source)] == ["千问"]


def test_compressed_and_ragged_tables_are_read(tmp_path: Path) -> None:
    source = tmp_path / "in.csv.gz"
    source.write_bytes(gzip.compress(b"id,text,more\n1,hello\n2,you,x,surplus\n"))
    rows = tagged(source)
    assert [(row["id"], row["text"], row["more"]) for row in rows] == [("1", "hello", ""), ("2", "you", "x")]


def test_cells_beyond_the_header_are_told(tmp_path: Path) -> None:
    source, said = tmp_path / "in.csv", list[str]()
    source.write_text("id,text\n1,fine,,\n2,one, two\n3,a, b, c\n", encoding="utf-8")
    assert tag_file(source, tmp_path / "out.csv", Tagger([Lengths()]), said.append) == 3
    assert len(said) == 1
    assert "in.csv: 2 rows with more cells than the header has, the first at line 3: " in said[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "needs a column 'text'; it has a, b"),
        ("Text,b\n", "Is it 'Text'"),
        ("ID,TEXT\n", "Is it 'TEXT'"),
        ('id,text\n1,a\n2,"b\n3,c\n4,d', "line 3: a quote is opened and never closed"),
        ('id,"text\n1,a\n', "line 1: a quote is opened and never closed"),
        ("PK\x03\x04\x14", "a spreadsheet or an archive; save it as 'CSV UTF-8'"),
        ('[{"text": "a"}]', "JSON; a CSV is expected here"),
    ],
)
def test_a_table_without_text_is_refused(tmp_path: Path, content: str, message: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(content)
    with pytest.raises(UsageError, match=message):
        tagged(source)


def test_a_damaged_archive_is_named_and_leaves_no_output(tmp_path: Path) -> None:
    source = tmp_path / "in.csv.gz"
    source.write_bytes(gzip.compress(b"id,text\n" + b"1,hello\n" * 10_000)[:-30])
    with pytest.raises(UsageError, match=r"in\.csv\.gz: cannot be read.*cut short"):
        tagged(source)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv.gz"]


def test_a_column_name_may_span_lines_and_none_is_there_twice(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('"my\nid",text,lang_in,lang\n1,"a\rb",x,y\n', newline="")
    (row,) = tagged(source)
    assert list(row)[:4] == ["my\nid", "text", "lang_in", "lang_in_in"]
    assert (row["text"], row["lang_in"], row["lang_in_in"]) == ("a\rb", "x", "y")


@pytest.mark.parametrize(
    ("cells", "said"),
    [("tomorrow,b,0.5", "published 'tomorrow' is not a time"), ("2025-01-02,b,good", "score 'good' is not")],
)
def test_a_row_is_numbered_as_a_spreadsheet_does(tmp_path: Path, cells: str, said: str) -> None:
    """Above it stand the header, an empty line, and a row whose text spans two lines."""
    posts, dates = tmp_path / "posts.csv", tmp_path / "dates.csv"
    posts.write_text(f'published,author,score\n\n2025-01-01,"a\nb",0.5\n{cells}\n')
    dates.write_text('date,title\n\n2025-01-01,"a\nb"\n2025-13-02,c\n')
    with pytest.raises(UsageError, match=f"posts.csv, row 4: {said}"), rows_of(posts):
        effects_of(read_scored(posts), Settings())
    with pytest.raises(UsageError, match=r"dates.csv, row 4: date '2025-13-02' is not"):
        effects_of(read_scored(posts), Settings(announcements=dates))


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    posts, scored = tmp_path / "posts.csv", tmp_path / "scored.csv"
    posts.write_bytes(b"\xef\xbb\xbfsep=|\r\nauthor;|text\r\na|one, two; three\r\n")
    assert [row["text"] for row in tagged(posts)] == ["one, two; three"]
    scored.write_text("SEP=;\npublished;author;score\n2025-01-01;a;0.5\n2025-01-02;b;good\n")
    assert read_scored(scored)["author"].tolist() == ["a", "b"]
    with pytest.raises(UsageError, match="row 4: score 'good'"), rows_of(scored):
        effects_of(read_scored(scored), Settings())


def test_scored_posts_are_unguarded(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("published,author,score,community\n2031-01-01,'-a,0.5,'=b\n2031-01-01,'c,0.5,\n")
    frame = read_scored(path)
    assert frame["author"].tolist() == ["-a", "'c"]
    assert frame["community"].tolist() == ["=b", ""]


def scored(tmp_path: Path, text: str) -> tuple[pd.DataFrame, list[str]]:
    path, told = tmp_path / "posts.csv", list[str]()
    path.write_text(text, encoding="utf-8")
    return read_scored(path, told.append), told


@pytest.mark.parametrize(
    "written",
    ["Mon Apr 28 21:03:11 +0000 2025", "1745874191", "1745874191000", "28.04.2025 21:03:11", "04/28/2025 9:03:11 PM",
     "2025年4月28日 21:03:11", "Mon, 28 Apr 2025 21:03:11 +0000"],
)  # fmt: skip
def test_times_are_read_in_any_dialect(tmp_path: Path, written: str) -> None:
    frame, told = scored(tmp_path, f'author,published,score\na,"{written}",0.5\n')
    assert frame["published"].tolist() == ["2025-04-28T21:03:11Z"]
    assert told == []


def test_a_day_stays_a_day_and_one_row_tells_the_order_of_all(tmp_path: Path) -> None:
    frame, told = scored(tmp_path, "author,published,score\na,03/04/2025,0\na,28/04/2025,0\n")
    assert frame["published"].tolist() == ["2025-04-03", "2025-04-28"]
    assert told == []
    frame, told = scored(tmp_path, "author,published,score\na,03/04/2025,0\n")
    assert frame["published"].tolist() == ["2025-03-04"]
    assert "no row tells day from month" in told[0]


def test_a_row_that_is_not_understood_costs_only_itself(tmp_path: Path) -> None:
    rows = "".join(f"2025-01-{day:02d},a,0.5\n" for day in range(1, 21))
    frame, told = scored(
        tmp_path, f"published,author,score\n{rows}soon,b,0.5\n2025-01-21,c,good\n2025-01-21,c,7\n"
    )
    assert frame["published"].tolist()[-3:] == ["", "2025-01-21", "2025-01-21"]
    assert frame["score"].tolist()[-3:] == ["0.5", "", ""]
    assert [line.partition("posts.csv: ")[2] for line in told] == [
        "published is not understood in 1 of 23 rows, the first in row 22: 'soon'; these posts are in no series",
        "score is not understood in 2 of 23 rows, the first in row 23: 'good'; these posts are unscored",
    ]


def test_a_column_on_another_scale_is_refused(tmp_path: Path) -> None:
    frame, told = scored(
        tmp_path, "published,author,score\n2025-01-01,a,0.5\n2025-01-02,a,4\n2025-01-03,b,3\n"
    )
    assert told == []
    with pytest.raises(UsageError, match="row 2: score '4' is not a number from -1 to 1"):
        effects_of(frame, Settings())


@pytest.mark.parametrize("nothing", ["", "nan", "NaN", "None", "n/a", "<NA>", "null", "unscored"])
def test_what_programs_write_for_nothing_is_unscored(tmp_path: Path, nothing: str) -> None:
    frame, told = scored(tmp_path, f"published,author,score\n2025-01-01,a,{nothing}\n2025-01-02,NaN,0.5\n")
    assert (frame["score"].tolist(), frame["author"].tolist(), told) == (["", "0.5"], ["a", ""], [])


def test_cells_beyond_the_header_shift_no_others(tmp_path: Path) -> None:
    frame, told = scored(
        tmp_path, "published,author,score,text\n2025-01-01,a,0.5,one, two\n2025-01-02,b,0.1,a, b\n"
    )
    assert (frame["author"].tolist(), frame["score"].tolist(), told) == (["a", "b"], ["0.5", "0.1"], [])


def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"posts\.csv, line 3: a quote is opened and never closed"):
        scored(tmp_path, 'published,author,score\n2025-01-01,a,0.5\n2025-01-02,"b,0.1\n')


def test_columns_and_numbers_may_be_those_of_a_spreadsheet(tmp_path: Path) -> None:
    frame, told = scored(
        tmp_path, "Score; Author ;junk;PUBLISHED\n-0,25; a ;x; 2025-01-01\n,5;b;y;2025-01-02\n"
    )
    assert (frame["score"].tolist(), frame["author"].tolist(), told) == (["-0.25", ".5"], ["a", "b"], [])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        tagged(tmp_path / "none.csv")


def test_scored_posts_are_text_throughout(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("post_id,published,author,score,text\n1234567890123456789,2031-01-01,NA,,=1\n")
    frame = read_scored(path)
    assert frame.to_dict("records") == [
        {"post_id": "1234567890123456789", "published": "2031-01-01", "author": "NA", "score": ""}
    ]


def test_scored_posts_without_a_score_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("published,author,scores\n")
    with pytest.raises(UsageError, match=r"needs a column 'score'.*Is it 'scores'"):
        read_scored(path)
