"""Corrections as a CSV file, to be filled in with a spreadsheet and read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from sentinel.corrections import (
    EMPTY,
    UNDO,
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
from sentinel.tables import need_columns, one_of_each, open_table, table_rows

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
    withdrawn: int  #: nothing new was said of these, and something was taken back
    empty: int
    problems: list[str]  #: what was wrong with the other rows, by line


def read_corrections(path: Path, store: Store, topics: Collection[str] = ()) -> Taken:
    """Keep what a table says of stored posts.

    A row that is wrong costs only itself. An empty cell says nothing: what was said of the post before stays, unless
    the cell says `UNDO`. A post of which nothing is said any more is as if nobody had looked at it.

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
        one_of_each(path, HEADER, header)
        if not set(_JUDGED) & set(header):
            raise UsageError(f"{path}: needs at least one of the columns {', '.join(_JUDGED)}")
        table = [(line, dict(zip(header, map(unguard, row), strict=False))) for line, row in rows]
    stored = store.stored({_key(row) for _, row in table})
    said: dict[tuple[str, str], _Judged] = {}
    lines: dict[tuple[str, str], int] = {}
    problems = []
    for line, row in table:
        key = _key(row)
        try:
            judged = _judged(row)
            check_topics(judged.said.topics, topics)
            if judged == _NOTHING:
                continue
            _check(key, stored, lines)
        except UsageError as error:
            problems.append(f"{path}, line {line}: {error}")
            continue
        said[key], lines[key] = judged, line
    corrected, otherwise, withdrawn = _keep(store, said)
    empty = len(table) - len(problems) - corrected - withdrawn
    return Taken(corrected, otherwise, withdrawn, empty, problems)


class _Judged(NamedTuple):
    """What a row says."""

    said: Correction
    undone: frozenset[str] = frozenset()  #: names of what is to be taken back

    def over(self, before: Correction) -> Correction:
        """What was said before, and what is said now, which counts."""
        told = {name: told for name, told in self.said._asdict().items() if told is not None}
        return before._replace(**dict.fromkeys(self.undone), **told)


_NOTHING: Final = _Judged(EMPTY)


def _keep(store: Store, said: dict[tuple[str, str], _Judged]) -> tuple[int, int, int]:
    """How many posts are corrected, of how many of them else was said before, of how many only taken back."""
    before = {each[:2]: each.correction for each in store.corrections() if each[:2] in said}
    after = {key: judged.over(before.get(key, EMPTY)) for key, judged in said.items()}
    corrected = [key for key, judged in said.items() if judged.said != EMPTY]
    otherwise = sum(_differs(before[key], after[key]) for key in corrected if key in before)
    withdrawn = [key for key in said if said[key].said == EMPTY and before.get(key, after[key]) != after[key]]
    changed = {key: after[key] for key in (*corrected, *withdrawn)}
    gone = [key for key, told in changed.items() if told == EMPTY]
    store.correct({key: told for key, told in changed.items() if told != EMPTY}, gone)
    return len(corrected), otherwise, len(withdrawn)


def _differs(before: Correction, after: Correction) -> bool:
    """Whether something that was said is not so any more; what was added to it does not count."""
    return any(old is not None and old != new for old, new in zip(before, after, strict=True))


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row.get("platform", "").strip().lower(), row.get("post_id", "").strip()


def _judged(row: dict[str, str]) -> _Judged:
    cells = {name: row.get(name, "") for name in _JUDGED}
    undone = frozenset(name for name, cell in cells.items() if cell.strip().lower() == UNDO)
    cells |= dict.fromkeys(undone, "")
    correction = Correction(
        parse_label(cells["label"]),
        parse_yes("about", cells["about"]),
        parse_yes("spam", cells["spam"]),
        parse_topics(cells["topics"]),
    )
    return _Judged(correction, undone)


def _check(key: tuple[str, str], stored: set[tuple[str, str]], lines: dict[tuple[str, str], int]) -> None:
    if key in lines:
        raise UsageError(f"the same post as line {lines[key]}, which was taken")
    if key not in stored:
        rounded = "E+" in key[1] or key[1].endswith("00000")
        hint = "; a spreadsheet has rounded its id: open the column as text" if rounded else ""
        raise UsageError(f"the store has no post {key[1]!r} of platform {key[0]!r}{hint}")
