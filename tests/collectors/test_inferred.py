from __future__ import annotations

from pathlib import Path

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
