"""Tables that users write by hand, calendars and prices: small, read whole, saved by spreadsheets of many kinds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from sentinel.errors import UsageError

__all__ = ["likely_separator", "named_separator", "read_text", "rows_of_text"]

_SEPARATORS: Final = ",\t;|"
_NAMED: Final = re.compile(rf'"?sep=([{_SEPARATORS}])"?', re.IGNORECASE)
_END: Final = "\0end of the table\0"  # a line that no table has: where it is not a row, a quote was left open


def named_separator(line: str) -> str | None:
    """What a first line such as ``sep=;``, which Excel writes and reads, says of those below."""
    named = _NAMED.fullmatch(line.strip("\r\n"))
    return named and named[1]


def likely_separator(header: str) -> str:
    """What stands most often in the line of the header."""
    return max(_SEPARATORS, key=header.count)


def read_text(path: Path) -> str:
    """A file of UTF-8 or UTF-16.

    Raises
    ------
    UsageError
        If it cannot be read, or is in another encoding.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 (byte {error.start + 1}); save it as 'CSV UTF-8'") from None


def rows_of_text(text: str, name: str) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator, and the rows with their numbers as a spreadsheet numbers them; empty ones are left out.

    Raises
    ------
    UsageError
        If a quote is opened and never closed: the rows after it would be one cell.
    """
    above = 0
    lines = io.StringIO(text, newline="")
    separator = named_separator(lines.readline())
    if separator is not None:
        above = 1
    else:
        lines.seek(0)
        separator = likely_separator(text.lstrip("\r\n").split("\n", 1)[0])
    return separator, _rows(lines, separator, above, name)


def _rows(lines: Iterable[str], separator: str, above: int, name: str) -> Iterator[tuple[int, list[str]]]:
    number = above
    try:
        for row in csv.reader(chain(lines, [_END]), delimiter=separator, skipinitialspace=True):
            number += 1
            if row == [_END]:
                return
            if any(_END in cell for cell in row):
                raise UsageError(
                    f"{name}, row {number}: a quote is opened and never closed; close or double it"
                )
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise UsageError(f"{name}, row {number + 1}: is no CSV: {error}") from None
