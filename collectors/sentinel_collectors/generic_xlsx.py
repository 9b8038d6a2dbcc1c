"""Any spreadsheet of posts: the first sheet with rows, its columns found as those of a CSV are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, ClassVar, Final

from sentinel.batcher import Row, Skip
from sentinel.compression import FREE_BYTES, MAX_RATIO
from sentinel.errors import SourceError
from sentinel.source import Source

from .inferred import InferredFormat
from .tables import PREAMBLE, ROWS_LOOKED_AT, header_row, unique_names

__all__ = ["GenericXlsx"]

MAX_FILE: Final = 512 * 2**20
FORMULA: Final = re.compile(rb"<f[ />]")
ON_ANOTHER: Final = Skip("not on the first sheet with rows")


class GenericXlsx(InferredFormat):
    """A workbook in Excel's present form; settings as for `generic_csv`."""

    name: ClassVar[str] = "generic_xlsx"

    def _look(self) -> tuple[list[str], list[dict[str, Any]]]:
        first = [row for sheet, row in islice(self._cells(), PREAMBLE + ROWS_LOOKED_AT) if sheet == 0]
        at = header_row([list(map(_written, row)) for row in first])
        if at is None:
            raise SourceError(f"{self._source.name} has no sheet with rows")
        self._header, self._before = unique_names(list(map(_written, first[at]))), at + 1
        return self._header, [
            dict(zip(self._header, row, strict=False)) for row in first[at + 1 :] if any(row)
        ]

    @classmethod
    def sniff(cls, source: Source) -> float:
        head = source.head
        return 0.6 if head.startswith(b"PK\x03\x04") and b"xl/" in head else 0.0

    def _rows(self) -> Iterator[Row]:
        width = len(self._header)
        for number, (sheet, row) in enumerate(self._cells(), 1):
            if sheet > 0 and any(cell is not None for cell in row):
                yield f"sheet {sheet + 1}", ON_ANOTHER
            elif number > self._before and any(cell is not None for cell in row):
                cells = [*row[:width], *[None] * (width - len(row))]
                yield f"row {number}", dict(zip(self._header, cells, strict=True))

    def _cells(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows of each sheet that has some, after its number."""
        try:
            import openpyxl
        except ModuleNotFoundError as error:
            raise SourceError(
                f"{self._source.name} is a spreadsheet, which needs the package openpyxl: "
                "pip install 'mood-sentinel[xlsx]' (or save it as CSV)"
            ) from error
        try:
            content = self._bytes()
            book = openpyxl.load_workbook(content, read_only=True, data_only=True)
            written = openpyxl.load_workbook(content, read_only=True) if _has_formulas(content) else None
            filled = 0
            for sheet in book.worksheets:
                empty = True
                for row in _values(sheet, written and written[sheet.title]):
                    empty = empty and not any(cell is not None for cell in row)
                    if not empty:
                        yield filled, row
                filled += not empty
        except SourceError:
            raise
        except Exception as error:  # openpyxl fails in whatever way the damage makes its XML fail
            reason = str(error) or type(error).__name__
            raise SourceError(
                f"{self._source.name} is a damaged spreadsheet ({reason}); save it again"
            ) from error

    def _bytes(self) -> io.BytesIO:
        with self._source.open() as stream:
            content = stream.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            raise SourceError(f"{self._source.name} is larger than {MAX_FILE // 2**20} MiB; save it as CSV")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
        if total > max(FREE_BYTES, MAX_RATIO * len(content)):
            raise SourceError(
                f"{self._source.name} expands to {total} bytes; refused as a decompression bomb"
            )
        return io.BytesIO(content)


def _has_formulas(content: io.BytesIO) -> bool:
    with zipfile.ZipFile(content) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_holds_formula(archive, name) for name in sheets)


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    with archive.open(name) as stream:
        while chunk := stream.read(2**20):
            if FORMULA.search(before + chunk):
                return True
            before = chunk[-2:]
    return False


def _values(sheet: Any, written: Any) -> Iterator[list[Any]]:
    """Cells of a sheet, a formula by its value; a text such as ``=) nice``, saved as one by pandas, has none."""
    values = sheet.iter_rows(values_only=True)
    if written is None:
        for row in values:
            yield list(map(_plain, row))
        return
    for row, other in zip(values, written.iter_rows(values_only=True), strict=True):
        pairs = zip(row, other, strict=True)
        yield [_plain(text if cell is None and isinstance(text, str) else cell) for cell, text in pairs]


def _plain(cell: Any) -> Any:
    """Dates as the text that the dialects of dates read."""
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def _written(cell: Any) -> str:
    return "" if cell is None else str(cell)
