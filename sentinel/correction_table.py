"""Corrections as a CSV file, to be filled in with a spreadsheet and read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from sentinel.corrections import (
    EMPTY,
    Correction,
    Said,
    check_topics,
    parse_label,
    parse_topics,
    parse_yes,
)
from sentinel.errors import UsageError
from sentinel.export import unguard, write_csv
from sentinel.store import Store
from sentinel.tables import need_columns, open_table, table_rows

__all__ = ["HEADER", "Taken", "read_corrections", "write_corrections"]

#: Columns of the table. ``text`` and ``lang`` are for the reader; the last four may be left out, or be empty.
HEADER: Final = ("platform", "post_id", "lang", "text", "label", "about", "spam", "topics")
_JUDGED: Final = HEADER[4:]


def write_corrections(path: Path, said: Iterable[Said]) -> int:
    """A row a correction; cells guarded as those of posts.csv.

    Returns
    -------
    int
        Number of rows.
    """
    return write_csv(path, HEADER, map(_cells, said))


def _cells(said: Said) -> list[str]:
    label, about, spam, topics = said.correction
    yes = {None: "", True: "y", False: "n"}
    told = "" if topics is None else topics or "-"
    return [said.platform, said.post_id, said.lang, said.text, label or "", yes[about], yes[spam], told]


class Taken(NamedTuple):
    """What became of the rows of a table."""

    corrected: int
    otherwise: int  #: of these, posts of which something else was said before
    empty: int
    problems: list[str]  #: what was wrong with the other rows, by line


def read_corrections(path: Path, store: Store, topics: Collection[str] = ()) -> Taken:
    """Keep what a table says of stored posts.

    A row that is wrong costs only itself. An empty cell says nothing: what was said of the post before stays.

    Parameters
    ----------
    topics : ids that there are; empty if nobody knows.

    Raises
    ------
    UsageError
        If the file cannot be read, or misses ``platform`` or ``post_id``, or has nothing to say.
    """
    with open_table(path) as stream:
        _, header, rows = table_rows(path, stream)
        need_columns(path, HEADER[:2], header)
        if not set(_JUDGED) & set(header):
            raise UsageError(f"{path}: needs at least one of the columns {', '.join(_JUDGED)}")
        table = [(line, dict(zip(header, map(unguard, row), strict=False))) for line, row in rows]
    stored = store.stored({_key(row) for _, row in table})
    said: dict[tuple[str, str], Correction] = {}
    lines: dict[tuple[str, str], int] = {}
    problems = []
    for line, row in table:
        key = _key(row)
        try:
            correction = _parsed(row)
            check_topics(correction.topics, topics)
            if correction == EMPTY:
                continue
            _check(key, stored, lines)
        except UsageError as error:
            problems.append(f"{path}, line {line}: {error}")
            continue
        said[key], lines[key] = correction, line
    before = {each[:2]: each.correction for each in store.corrections() if each[:2] in said}
    store.correct({key: _over(before.get(key, EMPTY), correction) for key, correction in said.items()})
    otherwise = sum(_over(said[key], old) != _over(old, said[key]) for key, old in before.items())
    return Taken(len(said), otherwise, len(table) - len(said) - len(problems), problems)


def _over(before: Correction, said: Correction) -> Correction:
    """What was said before, and what is said now, which counts."""
    return before._replace(**{name: told for name, told in said._asdict().items() if told is not None})


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row.get("platform", "").strip().lower(), row.get("post_id", "").strip()


def _parsed(row: dict[str, str]) -> Correction:
    return Correction(
        parse_label(row.get("label", "")),
        parse_yes("about", row.get("about", "")),
        parse_yes("spam", row.get("spam", "")),
        parse_topics(row.get("topics", "")),
    )


def _check(key: tuple[str, str], stored: set[tuple[str, str]], lines: dict[tuple[str, str], int]) -> None:
    if key in lines:
        raise UsageError(f"the same post as line {lines[key]}, which was taken")
    if key not in stored:
        rounded = "E+" in key[1] or key[1].endswith("00000")
        hint = "; a spreadsheet has rounded its id: open the column as text" if rounded else ""
        raise UsageError(f"the store has no post {key[1]!r} of platform {key[0]!r}{hint}")
