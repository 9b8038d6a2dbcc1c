"""Tables that users bring: posts to be tagged, and scored posts."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO, cast

import pandas as pd

from sentinel.errors import UsageError
from sentinel.export import write_csv
from sentinel.post import Columns
from sentinel.source import heal
from sentinel.store import MOOD_COLUMNS
from sentinel.tagging import Tagger

__all__ = ["read_scored", "tag_file"]

#: What `tag_file` adds, in this order.
ADDED: Final = (
    "lang",
    "about",
    "spam",
    "label",
    "score",
    "p_negative",
    "p_neutral",
    "p_positive",
    "confidence",
    "topics",
    "entities",
)
_BATCH: Final = 4096
_LONGEST_CELL: Final = 64 * 1024 * 1024


def _open_table(path: Path) -> TextIO:
    """A table as text: plain or gzip, UTF-8 or UTF-16, undecodable bytes shown as U+FFFD."""
    try:
        opener = gzip.open if _head(path, Path.open) == b"\x1f\x8b" else Path.open
        encoding = "utf-16" if _head(path, opener) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return cast("TextIO", opener(path, "rt", encoding=encoding, errors="replace", newline=""))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None


def _head(path: Path, opener: Any) -> bytes:
    with opener(path, "rb") as stream:
        return bytes(stream.read(2))


def _delimiter(header: str) -> str:
    return max(",\t;|", key=header.count) if header else ","


def _needs(path: Path, wanted: Sequence[str], header: Sequence[str]) -> None:
    """Refuse a table without one of these columns."""
    for name in wanted:
        if name not in header:
            near = get_close_matches(name, header, n=1)
            hint = f". Is it {near[0]!r}?" if near else ""
            columns = ", ".join(header) or "none"
            raise UsageError(f"{path}: needs a column {name!r}; it has {columns}{hint}")


def tag_file(source: Path, target: Path, tagger: Tagger) -> int:
    """Tag a CSV with a column ``text``; rows, their order and their columns stay.

    A column of the input whose name is also one of the added ones is kept as ``NAME_in``.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    UsageError
        If the file cannot be read, or has no column ``text``.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with _open_table(source) as stream:
        first = stream.readline()
        if not first:
            raise UsageError(f"{source}: is empty; expected a header line with a column 'text'")
        delimiter = _delimiter(first)
        header = next(csv.reader([first], delimiter=delimiter))
        _needs(source, ["text"], header)
        kept = [f"{name}_in" if name in ADDED else name for name in header]
        rows = (row for row in csv.reader(stream, delimiter=delimiter) if row)
        tagged = _tagged(rows, header, tagger)
        try:
            return write_csv(target, [*kept, *ADDED], tagged, raw=True)
        except csv.Error as error:
            raise UsageError(f"{source}: is no CSV: {error}") from None


def _tagged(rows: Iterator[list[str]], header: Sequence[str], tagger: Tagger) -> Iterator[list[object]]:
    width = len(header)
    optional = [
        name for name in ("post_id", "published", "author", "lang", "platform", "kind") if name in header
    ]
    while batch := list(islice(rows, _BATCH)):
        cells = [(row + [""] * width)[: max(width, len(row))] for row in batch]
        posts: Columns = {name: [row[header.index(name)] or None for row in cells] for name in optional}
        posts.setdefault("lang", [None] * len(cells))
        posts["text"] = [heal(row[header.index("text")]) for row in cells]
        tags = tagger.tag(posts)
        for row, values in zip(cells, zip(*(tags[name] for name in ADDED), strict=True), strict=True):
            yield [*row[:width], *values]


def read_scored(path: Path) -> pd.DataFrame:
    """A table of scored posts, all columns as text; posts.csv of a report is one.

    Raises
    ------
    UsageError
        If the file cannot be read, or misses ``published``, ``author`` or ``score``.
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with _open_table(path) as stream:
            header_line = stream.readline()
            delimiter = _delimiter(header_line)
            header = next(csv.reader([header_line], delimiter=delimiter), [])
            _needs(path, ["published", "author", "score"], header)
            stream.seek(0)
            known = [name for name in MOOD_COLUMNS if name in header]
            return pd.read_csv(
                stream, sep=delimiter, dtype=str, keep_default_na=False, usecols=known, on_bad_lines="error"
            )
    except (pd.errors.ParserError, csv.Error) as error:
        raise UsageError(f"{path}: is no CSV: {error}") from None
