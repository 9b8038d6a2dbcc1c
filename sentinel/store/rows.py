"""Posts of a batch as rows, with what the store and the lake know of each: its day, its text's key, its rank."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from sentinel.clean import copy_key
from sentinel.post import POST_COLUMNS, Columns
from sentinel.store.days import day_numbers

__all__ = ["PLATFORM", "POST_ID", "RANK", "ROW_COLUMNS", "post_rows"]

#: Of a row of the table of posts, as `post_rows` gives them.
ROW_COLUMNS: Final = (*POST_COLUMNS, "input", "rank", "day", "copy_key")
PLATFORM, POST_ID, _TEXT = map(POST_COLUMNS.index, ("platform", "post_id", "text"))
RANK: Final = ROW_COLUMNS.index("rank")


def post_rows(columns: Columns, number: int, sha256: str, timezone: str) -> list[tuple[Any, ...]]:
    """Rows for a table of posts; of one post twice in the batch only the richer record.

    Parameters
    ----------
    number : of the input.
    sha256 : of its bytes.
    """
    n = len(columns["post_id"])
    given = [columns.get(name) or [None] * n for name in POST_COLUMNS]
    collected = columns.get("collected") or [None] * n
    ranks = [
        _rank(values, when, sha256) for values, when in zip(zip(*given, strict=True), collected, strict=True)
    ]
    given[PLATFORM] = [value or "unknown" for value in given[PLATFORM]]
    given[_TEXT] = texts = [value or "" for value in given[_TEXT]]
    days = day_numbers(columns.get("published") or [None] * n, timezone)
    rows = list(zip(*given, [number] * n, ranks, days, map(copy_key, texts), strict=True))
    ids = list(zip(given[PLATFORM], columns["post_id"], strict=True))
    if len(set(ids)) == n:
        return rows
    best: dict[tuple[str, str], tuple[Any, ...]] = {}
    for key, row in zip(ids, rows, strict=True):
        known = best.get(key)
        if known is None or row[RANK] > known[RANK]:
            best[key] = row
    return list(best.values())


def _rank(values: tuple[Any, ...], collected: str | None, sha256: str) -> str:
    """Orders the records of one post: more fields, collected later, then anything that is the same every time."""
    n_given = len(values) - values.count(None) - values.count("")
    digest = blake2b(repr(list(values)).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{n_given:02d} {collected or '-'} {digest} {sha256[:8]}"
