"""Posts of a batch as rows, with what the store and the lake know of each: its day, its text's key, its rank."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final, NamedTuple

from sentinel.clean import copy_key
from sentinel.day_numbers import day_numbers
from sentinel.post import POST_COLUMNS, Columns, is_empty

__all__ = ["RANK", "ROW_COLUMNS", "Found", "Rows", "found_of", "post_rows"]

_FOUND: Final = ("input", "rank", "copy_key", "day")
#: Of the table of posts, as `post_rows` fills it.
ROW_COLUMNS: Final = (*POST_COLUMNS, *_FOUND)
#: Where the rank stands in a row, whatever columns it lacks.
RANK: Final = _FOUND.index("rank") - len(_FOUND)


class Rows(NamedTuple):
    """Rows for the table of posts, of the columns in which any of them has a value."""

    names: list[str]  #: in the order of `ROW_COLUMNS`
    rows: list[tuple[Any, ...]]


class Found(NamedTuple):
    """What is found out about the posts of a batch by looking at them, whatever input they are of."""

    ranks: list[str]  #: without their ends, which tell the input
    days: list[int | None]
    copy_keys: list[str | None]


def found_of(columns: Columns, timezone: str) -> Found:
    """The greater part of `post_rows`, which may be done elsewhere."""
    n = len(columns["post_id"])
    given = [columns.get(name) or [None] * n for name in POST_COLUMNS]
    collected = columns.get("collected") or [None] * n
    ranks = list(map(_rank, zip(*given, strict=True), collected))
    days = day_numbers(columns.get("published") or [None] * n, timezone)
    return Found(ranks, days, [copy_key(text or "") for text in columns.get("text") or [None] * n])


def post_rows(columns: Columns, number: int, sha256: str, timezone: str, found: Found | None = None) -> Rows:
    """Rows for the table of posts; of one post twice in the batch only the richer record.

    Parameters
    ----------
    number : of the input.
    sha256 : of its bytes.
    found : what `found_of` gave for these columns, if that was asked already.
    """
    n = len(columns["post_id"])
    ranks, days, copy_keys = found or found_of(columns, timezone)
    platforms = [value or "unknown" for value in columns.get("platform") or [None] * n]
    texts = [value or "" for value in columns.get("text") or [None] * n]
    given = columns | {"platform": platforms, "text": texts}
    names = [name for name in POST_COLUMNS if name == "post_id" or not is_empty(given.get(name, ()))]
    end = f" {sha256[:8]}"
    ends = ([number] * n, [rank + end for rank in ranks], copy_keys, days)
    rows = list(zip(*(given[name] for name in names), *ends, strict=True))
    names += _FOUND
    ids = list(zip(platforms, columns["post_id"], strict=True))
    if len(set(ids)) == n:
        return Rows(names, rows)
    best: dict[tuple[str, str], tuple[Any, ...]] = {}
    for key, row in zip(ids, rows, strict=True):
        known = best.get(key)
        if known is None or row[RANK] > known[RANK]:
            best[key] = row
    return Rows(names, list(best.values()))


def _rank(values: tuple[Any, ...], collected: str | None) -> str:
    """Orders the records of one post: more fields, collected later, then anything that is the same every time."""
    n_given = len(values) - values.count(None) - values.count("")
    digest = blake2b(repr(list(values)).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{n_given:02d} {collected or '-'} {digest}"
