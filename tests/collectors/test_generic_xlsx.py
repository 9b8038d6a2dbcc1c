from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.source import Source

BOOK = Path(__file__).parents[1] / "exports" / "generic_xlsx" / "book.xlsx"


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    source = Source.of_file(BOOK)
    with pytest.raises(SourceError, match=r"pip install 'mood-sentinel\[xlsx\]'"):
        open_format(recognise(source), source)


def test_damaged_book_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(BOOK.read_bytes()[:-400])
    source = Source.of_file(path)
    with pytest.raises(SourceError, match="damaged spreadsheet"):
        open_format(recognise(source), source)


def test_a_text_that_was_saved_as_a_formula_is_a_text_and_other_sheets_are_counted(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = (["id", "text", "date"], ["a1", "=) nice", "2025-04-28"], ["a2", "well then", "2025-04-29"])
    for row in rows:
        book.active.append(row)
    book.create_sheet("empty")
    for row in rows:
        book.create_sheet("more").append(row)
    book.save(tmp_path / "a.xlsx")
    source = Source.of_file(tmp_path / "a.xlsx")
    (batch,) = open_format(recognise(source), source).read()
    assert batch.posts["text"] == ["=) nice", "well then"]
    assert batch.skipped == {"not on the first sheet with rows": 3}
