"""Rows of CSV and its relatives: delimiter, quoting and header are found by looking."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, cast

from sentinel.batcher import Row
from sentinel.counting import counted
from sentinel.encoding import open_utf8
from sentinel.errors import SourceError
from sentinel.lines import MAX_LINE, Broken, bounded_lines, excerpt
from sentinel.peek import peek
from sentinel.small_tables import named_separator
from sentinel.source import HEAD_BYTES, Source

from .columns import is_known, simple

__all__ = ["Table", "find_table", "header_of", "header_row", "named_rows", "table_rows", "unique_names"]

DELIMITERS: Final = (",", "\t", ";", "|")
ROWS_LOOKED_AT: Final = 200
PREAMBLE: Final = 30
MAX_COLUMNS: Final = 2000
# A row of more lines than this is a quote that was never closed.
MAX_ROW_LINES: Final = 2000
# Of such, as many may stand among the first rows.
MAX_STRAY_QUOTES: Final = 5
# A line that no file holds: what it is part of has not ended before.
END: Final = "\0"

# Python's own limit of 128 KiB a cell is below a long post with its replies; lines are bounded already.
csv.field_size_limit(MAX_LINE)


class Table(NamedTuple):
    """How a table is written, and its first rows."""

    dialect: dict[str, Any]  #: keyword arguments of `csv.reader`
    header: list[str]  #: unique names; "column 1", ... if the file has none
    before: int  #: rows up to and with the header
    wrapped: bool  #: each row is one quoted cell that holds the real row, as Excel leaves it
    ragged: bool  #: trailing empty cells are left out
    rows: list[list[str]]  #: the first ones


def find_table(source: Source) -> Table | None:
    """How the table in `source` is written; ``None`` if it is none."""
    if "table" not in source.found:
        source.found["table"] = _find(source)
    return cast("Table | None", source.found["table"])


def header_of(source: Source) -> frozenset[str]:
    """Names of a table's columns as synonyms are compared; empty if it is no table."""
    table = find_table(source)
    return frozenset(map(simple, table.header)) if table else frozenset()


def named_rows(source: Source) -> Iterator[Row]:
    """Rows of a table as ``name -> cell``, the names as `header_of` gives them.

    Raises
    ------
    SourceError
        If it is no table.
    """
    table = find_table(source)
    if table is None:
        raise SourceError(f"{source.name} is no table: no delimiter gives rows of the same width")
    names = list(map(simple, table.header))
    for position, cells in table_rows(source, table):
        yield position, cells if isinstance(cells, Broken) else dict(zip(names, cells, strict=True))


def _find(source: Source) -> Table | None:
    seen = peek(source)
    if seen.kind != "text" or seen.text.lstrip()[:1] in ("{", "[", "<"):
        return None
    text = seen.text if "\n" in seen.text else seen.text.replace("\r", "\n")
    lines = [f"{line}\n" for line in text.rstrip("\n").split("\n")]
    if len(source.head) >= HEAD_BYTES and len(lines) > 1:
        lines.pop()
    lines = lines[: 4 * ROWS_LOOKED_AT]
    best, best_score = None, 0.0
    named = named_separator(lines[0])
    for dialect in _dialects(lines, named):
        table, score = _judged(lines, dialect)
        if table is not None and score > best_score:
            best, best_score = table, score
    return best


def _dialects(lines: list[str], named: str | None) -> Iterator[dict[str, Any]]:
    text = "".join(lines)
    for delimiter in (named,) if named else DELIMITERS:
        if delimiter not in text:
            continue
        if 0 < lines[0].count(delimiter) == len(re.findall(rf"{re.escape(delimiter)} +\S", lines[0])):
            yield {"delimiter": delimiter, "skipinitialspace": True}  # a, b, "c, d"
        if '\\"' in text and '""' not in text:
            yield {"delimiter": delimiter, "escapechar": "\\", "doublequote": False}
        yield {"delimiter": delimiter}
        if delimiter == "\t":
            yield {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    if named is None:
        yield {"delimiter": ","}


def _judged(lines: list[str], dialect: dict[str, Any]) -> tuple[Table | None, float]:
    """What the first lines are in a dialect, and how much speaks for it."""
    best: tuple[Table | None, float] = None, 0.0
    for _ in range(MAX_STRAY_QUOTES):
        try:
            rows, left = _first_rows(lines, dialect)
        except csv.Error:
            break
        best = max(best, _as_table(rows, dialect), key=lambda found: found[1])
        if not left:
            break
        # As if that quote were stray: without its line.
        lines = lines[:-left] + lines[len(lines) - left + 1 :]
    return best


def _first_rows(lines: list[str], dialect: dict[str, Any]) -> tuple[list[list[str]], int]:
    """Rows, and how many lines are left for one that is not over: a long cell, or a quote that nobody closed."""
    rows: list[list[str]] = []
    ended = 0
    reader = csv.reader([*lines, END], **dialect)
    for row in reader:
        if row == [END] or len(rows) >= ROWS_LOOKED_AT:
            return rows, 0
        if reader.line_num > len(lines):
            return (rows if len(rows) > 1 else [*rows, row]), len(lines) - ended
        rows.append(row)
        ended = reader.line_num
    return rows, 0


def _as_table(rows: list[list[str]], dialect: dict[str, Any]) -> tuple[Table | None, float]:
    """The table that these first rows make, and how much speaks for it."""
    wrapped = _is_wrapped(rows)
    if wrapped:
        rows = [next(csv.reader(row), []) for row in rows]
    at = header_row(rows)
    if at is None:
        return None, 0.0
    header, body = rows[at], [row for row in rows[at + 1 :] if any(row)]
    named, above = any(map(is_known, header)), _above(rows)
    if not named and at == above and _looks_like_data(header):
        header, body, at = [f"column {n}" for n in range(1, len(header) + 1)], rows[above:], above - 1
    width = len(header)
    if width > MAX_COLUMNS:
        return None, 0.0
    if width < 2 and not (named and all(len(row) == 1 for row in body)):
        return None, 0.0
    same = sum(len(row) == width for row in body) / len(body) if body else 1.0
    short = sum(len(row) < width for row in body) / len(body) if body else 0.0
    score = same + 0.3 * min(sum(map(is_known, header)), 5) + 0.01 * min(width, 20)
    if same < 0.5 and not (short > 0.3 and named):
        return None, 0.0
    return Table(dialect, unique_names(header), at + 1, wrapped, short > 0.05, body), score


def _is_wrapped(rows: list[list[str]]) -> bool:
    if not rows or any(len(row) != 1 for row in rows[:20]):
        return False
    if ',"' in rows[0][0]:
        return True
    inner = [next(csv.reader(row), []) for row in rows[:20]]
    return sum(map(is_known, inner[0])) >= 2 and all(len(row) == len(inner[0]) for row in inner)


def _above(rows: Sequence[Sequence[str]]) -> int:
    """How many rows only say how those below are separated: Excel's ``sep=;``, at which it may be cut itself."""
    first = rows[0] if rows else []
    cut = [cell.lower() for cell in first] == ["sep=", ""]
    return int(cut or named_separator("".join(first)) is not None)


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row that names columns: behind a vendor's preamble, or else the first one."""
    above = _above(rows)
    for n, row in enumerate(rows[:PREAMBLE]):
        cells = [cell.strip() for cell in row if cell.strip()]
        if sum(map(is_known, cells)) >= 2 and len(set(cells)) == len(cells) >= 2:
            following = [len(other) for other in rows[n + 1 : n + 6] if any(other)]
            if not following or len(row) in following or min(following) > 1:
                return n
    return next((n for n, row in enumerate(rows) if any(row) and n >= above), None)


def _looks_like_data(cells: list[str]) -> bool:
    """Whether a first row is no header: it has numbers, or sentences."""
    return any(cell.strip().isdecimal() or len(cell) > 60 or len(cell.split()) > 4 for cell in cells)


def unique_names(header: Sequence[str]) -> list[str]:
    """Names of columns, none empty and none twice."""
    names: list[str] = []
    for n, cell in enumerate(header, 1):
        name = cell.strip() or f"column {n}"
        while name in names:
            name += "'"
        names.append(name)
    return names


class _Lines:
    """Lines for `csv.reader`, which remembers those of the row at hand, and takes them back."""

    def __init__(self, source: Source) -> None:
        self._stream = open_utf8(source)
        self._numbered = bounded_lines(self._stream)
        self._back: list[tuple[int, str]] = []
        self.row: list[tuple[int, str]] = []
        self.broken: list[tuple[int, Broken]] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.row) >= MAX_ROW_LINES:
            raise csv.Error("a quote is opened and never closed")
        if self._back:
            number, text = self._back.pop()
        else:
            number, text = self._read()
        self.row.append((number, text))
        return text

    def _read(self) -> tuple[int, str]:
        for number, line in self._numbered:
            if isinstance(line, Broken):
                self.broken.append((number, line))
            else:
                return number, line.decode("utf-8", "replace")
        self.ended = True
        raise StopIteration

    def take_back(self, lines: list[tuple[int, str]]) -> None:
        self._back.extend(reversed(lines))

    def close(self) -> None:
        self._stream.close()


def table_rows(source: Source, table: Table) -> Iterator[Row]:
    """Positions (``line 17``) and cells of the rows behind the header.

    A row of another width than the header's is a `Broken`. Where an open quote swallowed rows, only its own
    line is lost.
    """
    lines = _Lines(source)
    width, seen = len(table.header), 0
    spare = 10_000  # lines that may be read again, so that a file of nothing but stray quotes ends
    reader = csv.reader(lines, **table.dialect)
    try:
        while True:
            lines.row.clear()
            try:
                cells: list[str] | None = next(reader, None)
                problem = "the file ends inside a quoted cell" if cells is not None and lines.ended else None
            except csv.Error as error:
                cells, problem = [], str(error)
                reader = csv.reader(lines, **table.dialect)
            for number, broken in lines.broken:
                yield f"line {number}", broken
            lines.broken.clear()
            if cells is None:
                return
            spare += 5
            seen += 1
            if seen <= table.before and problem is None:
                continue
            if table.wrapped and problem is None and cells:
                cells = next(csv.reader(cells), [])
            cells, problem = _fitted(cells, width, table.ragged, problem)
            if problem is None:
                if cells:
                    yield f"line {lines.row[0][0]}", cells
                continue
            first, *others = lines.row or [(0, "")]
            yield f"line {first[0]}", Broken(problem, excerpt(first[1]))
            if others and len(others) <= spare:
                spare -= len(others)
                lines.take_back(others)
                lines.ended = False
                reader = csv.reader(lines, **table.dialect)
    finally:
        lines.close()


def _fitted(cells: list[str], width: int, ragged: bool, problem: str | None) -> tuple[list[str], str | None]:
    """Cells of the header's width, or what is wrong; nothing for a blank line."""
    if problem is not None or len(cells) == width:
        return cells, problem
    if not any(cells):
        return [], None
    if len(cells) > width and not any(cells[width:]):
        return cells[:width], None
    if len(cells) < width and ragged:
        return cells + [""] * (width - len(cells)), None
    return [], f"{counted(len(cells), 'cell')} where the header has {width}"
