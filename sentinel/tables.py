"""Tables that users bring: posts to be tagged, and scored posts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Final, TextIO

import pandas as pd

from sentinel.counting import counted
from sentinel.encoding import open_utf8
from sentinel.errors import RowError, SourceError, UsageError
from sentinel.export import unguard, write_csv
from sentinel.post import MOOD_COLUMNS, Columns
from sentinel.scored import Bools
from sentinel.scored_cells import read_cells
from sentinel.small_tables import likely_separator, named_separator
from sentinel.source import Source, heal
from sentinel.tagging import Tagger

__all__ = ["need_columns", "one_of_each", "open_table", "read_scored", "rows_of", "table_rows", "tag_file"]

#: What `tag_file` adds, in this order.
ADDED: Final = (
    "lang", "about", "spam", "label", "score", "p_negative", "p_neutral", "p_positive", "confidence",
    "topics", "entities",
)  # fmt: skip
_BATCH: Final = 4096
_LONGEST_CELL: Final = 64 * 1024 * 1024
_NO_TEXT: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")  # ZIP, which .xlsx and .ods are; .xls
_END: Final = "\0end of the table\0"  # a line that no table has: where it is not a row, a quote was left open


@contextmanager
def open_table(path: Path) -> Iterator[TextIO]:
    """A table as text: compressed or plain, its encoding found as that of an export.

    Raises
    ------
    UsageError
        If it cannot be opened, or read to its end as CSV.
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        source = Source.of_file(path)
        if source.head.startswith(_NO_TEXT):
            raise UsageError(f"{path}: a spreadsheet or an archive; save it as 'CSV UTF-8' and give that")
        if source.head.lstrip().startswith((b"{", b"[")):
            raise UsageError(
                f"{path}: JSON; a CSV is expected here, and 'sentinel run' reads exports of any kind"
            )
        with TextIOWrapper(open_utf8(source), "utf-8", "replace", newline="") as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except SourceError as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    except (csv.Error, pd.errors.ParserError) as error:
        raise UsageError(f"{path}: is no CSV: {error}") from None


def table_rows(path: Path, stream: TextIO) -> tuple[str, list[str], Iterator[tuple[int, list[str]]]]:
    """Delimiter, header, and the rows that follow with the lines they begin on, without empty lines.

    Raises
    ------
    UsageError
        If a quote is opened and never closed: the rows after it would be one cell.
    """
    first, delimiter, above = _opening(stream)
    reader = csv.reader(chain([first] if first else [], stream, [_END]), delimiter=delimiter)

    def rows() -> Iterator[tuple[int, list[str]]]:
        line = 1 + above
        for row in reader:
            if row == [_END]:
                return
            if any(_END in cell for cell in row):
                raise UsageError(
                    f"{path}, line {line}: a quote is opened and never closed; close or double it"
                )
            yield line, row
            line = reader.line_num + 1 + above

    found = rows()
    _, header = next(found, (1, []))
    return delimiter, header, ((line, row) for line, row in found if row)


def _opening(stream: TextIO) -> tuple[str, str, int]:
    """The line of the header, the delimiter, and how many lines stood above: Excel writes ``sep=;`` there."""
    first = stream.readline()
    named = named_separator(first)
    if named is not None:
        return stream.readline(), named, 1
    return first, likely_separator(first), 0


def need_columns(path: Path, wanted: Sequence[str], header: Sequence[str]) -> None:
    """Refuse a table without one of these columns."""
    for name in wanted:
        if name not in header:
            folded = {column.strip().casefold(): column for column in header}
            near = get_close_matches(name, folded, n=1)
            hint = f". Is it {folded[near[0]]!r}?" if near else "; rename the one that is meant"
            columns = ", ".join(header) or "none"
            raise UsageError(f"{path}: needs a column {name!r}; it has {columns}{hint}")


def one_of_each(path: Path, names: Iterable[str], header: Sequence[str]) -> None:
    """Refuse a table with several columns of one of these names: nobody can know which is meant."""
    for name in names:
        if header.count(name) > 1:
            raise UsageError(f"{path}: has {header.count(name)} columns {name!r}; leave one of that name")


def tag_file(source: Path, target: Path, tagger: Tagger, warn: Callable[[str], None] = lambda _: None) -> int:
    """Tag a CSV with a column ``text``; rows, their order and their columns stay.

    A column of the input whose name is also one of the added ones is kept as ``NAME_in``.

    Parameters
    ----------
    warn : is told of rows whose last cells had to be left out.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    UsageError
        If the file cannot be read, or has no column ``text``.
    """
    with open_table(source) as stream:
        _, header, rows = table_rows(source, stream)
        if not header:
            raise UsageError(f"{source}: is empty; expected a header line with a column 'text'")
        need_columns(source, ["text"], header)
        one_of_each(source, ["text"], header)
        fitted = _fitted(rows, len(header), source, warn)
        return write_csv(target, [*_kept(header), *ADDED], _tagged(fitted, header, tagger), raw=True)


def _fitted(
    rows: Iterator[tuple[int, list[str]]], width: int, source: Path, warn: Callable[[str], None]
) -> Iterator[list[str]]:
    """Rows no wider than the header; of a text that holds the delimiter without quotes a part is lost."""
    n, first = 0, 0
    for line, row in rows:
        if any(row[width:]):
            n, first = n + 1, first or line
        yield row[:width]
    if n:
        warn(
            f"{source}: {counted(n, 'row')} with more cells than the header has, the first at line {first}: what was "
            "beyond them is left out; put double quotes around texts that hold the separator"
        )


def _kept(header: Sequence[str]) -> list[str]:
    """The input's columns, those of our names renamed so that none is there twice."""
    kept: list[str] = []
    for name in header:
        new = name
        while new in ADDED or (new != name and new in (*header, *kept)):
            new += "_in"
        kept.append(new)
    return kept


def _tagged(rows: Iterator[list[str]], header: Sequence[str], tagger: Tagger) -> Iterator[list[object]]:
    width = len(header)
    optional = [
        name for name in ("post_id", "published", "author", "lang", "platform", "kind") if name in header
    ]
    while batch := list(islice(rows, _BATCH)):
        cells = [row + [""] * (width - len(row)) for row in batch]
        posts: Columns = {name: [row[header.index(name)] or None for row in cells] for name in optional}
        posts.setdefault("lang", [None] * len(cells))
        posts["text"] = [heal(row[header.index("text")]) for row in cells]
        tags = tagger.tag(posts)
        for row, values in zip(cells, zip(*(tags[name] for name in ADDED), strict=True), strict=True):
            yield [*row, *values]


@contextmanager
def rows_of(path: Path) -> Iterator[None]:
    """Names the row of a value that cannot be read as a spreadsheet numbers it: the header is row 1."""
    try:
        yield
    except RowError as error:
        raise UsageError(f"{path}, row {_row_in_file(path, error.row)}: {error.problem}") from None


def _row_in_file(path: Path, at: int) -> int:
    """Where the `at`-th row with cells stands; empty lines, which hold no post, are rows to a spreadsheet."""
    with open_table(path) as stream:
        first, delimiter, above = _opening(stream)
        rows = csv.reader(chain([first], stream), delimiter=delimiter)
        filled = (n for n, row in enumerate(rows, 1 + above) if len(row) > 1 or "".join(row).strip())
        return next(islice(filled, at + 1, None))


def read_scored(path: Path, warn: Callable[[str], None] = lambda _: None) -> pd.DataFrame:
    """A table of scored posts, all columns as text; posts.csv of a report is one.

    Its columns may be written ``Published`` or `` score``, its cells in any way that `sentinel.scored_cells` knows.

    Parameters
    ----------
    warn : is told of cells that are not understood, and of what was assumed.

    Raises
    ------
    UsageError
        If the file cannot be read, or misses ``published``, ``author`` or ``score``.
    """
    frame = _mood_columns(path)
    for name in ("community", "author"):  # the other columns that are read never begin like a formula
        if name in frame and frame[name].str.startswith("'").any():
            frame[name] = frame[name].map(unguard)

    def tell(name: str, unread: Bools, becomes: str) -> None:
        at = int(unread.argmax())
        of = f"{unread.sum():,} of {counted(len(frame), 'row')}"
        first = f"row {_row_in_file(path, at)}: {frame[name].iloc[at]!r}"
        warn(f"{path}: {name} is not understood in {of}, the first in {first}; these posts are {becomes}")

    return read_cells(frame, tell, lambda assumed: warn(f"{path}: {assumed}"))


def _mood_columns(path: Path) -> pd.DataFrame:
    """The columns that mood is made from, as they stand in the table."""
    with open_table(path) as stream:
        delimiter, header, _ = table_rows(path, stream)
    columns = _known_columns(header)
    need_columns(path, ["published", "author", "score"], [*columns.values(), *header])
    with open_table(path) as stream:
        above = _opening(stream)[2]
    try:
        with open_table(path) as stream:
            frame = pd.read_csv(
                stream,
                sep=delimiter,
                skiprows=above,
                dtype=str,
                keep_default_na=False,
                usecols=list(columns),
                index_col=False,  # or a table whose rows all have a cell too many were shifted by one
            )
    except UsageError:
        with open_table(path) as stream:
            for _ in table_rows(path, stream)[2]:
                pass  # names the line of a quote that is never closed
        raise
    return frame.rename(columns=columns)


def _known_columns(header: Sequence[str]) -> dict[str, str]:
    """The columns that mood is made from, as the header has them; of two alike the one that is written as ours."""
    found: dict[str, str] = {}
    for column in sorted(header, key=lambda name: name not in MOOD_COLUMNS):
        found.setdefault(column.strip().lower(), column)
    return {column: name for name, column in found.items() if name in MOOD_COLUMNS}
