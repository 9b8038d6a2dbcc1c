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
