"""Posts of a batch as rows, with what the store and the lake know of each: its day, its text's key, its rank."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final, NamedTuple

from sentinel.clean import copy_key
from sentinel.day_numbers import day_numbers
from sentinel.post import POST_COLUMNS, Columns, is_empty

__all__ = ["ROW_COLUMNS", "FirstTexts", "Found", "Rows", "found_of", "post_rows"]

#: Of the table of posts, as `post_rows` fills it.
ROW_COLUMNS: Final = (*POST_COLUMNS, "input", "rank", "copy_key", "day")
_NO_VOTES: Final = ("repost", "headline")
_REMEMBERED: Final = 65_536  # texts and days


class Rows(NamedTuple):
    """Rows for the table of posts, of the columns in which any of them has a value."""

    names: list[str]  #: in the order of `ROW_COLUMNS`, then "copy_of"
    rows: list[tuple[Any, ...]]


class Found(NamedTuple):
    """What is found out about the posts of a batch by looking at them, whatever input they are of."""

    ranks: list[str]  #: without their ends, which tell the input
    days: list[int | None]
    copy_keys: list[str | None]
    copies: list[str | None] | None = None  #: as `FirstTexts` guesses, if it was asked


class FirstTexts:
    """The first post of each text and day of what is being read.

    Posts are stored as copies of it at once. A guess: the store knows more posts, and puts right what is wrong when it
    is cleaned; what was guessed right need not be written again.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], tuple[Any, str, str]] = {}

    def guess(self, columns: Columns, timezone: str) -> Found:
        """As `found_of`, with what the posts of these columns are copies of."""
        found = found_of(columns, timezone)
        if len(self._first) > _REMEMBERED:
            self._first.clear()
        n = len(found.days)
        published = columns.get("published") or [None] * n
        order = zip(published, _platforms(columns), columns["post_id"], strict=True)
        kinds = columns.get("kind") or [None] * n
        first, copies = self._first, list[str | None]()
        for key, day, kind, own in zip(found.copy_keys, found.days, kinds, order, strict=True):
            known = own
            if key is not None and day is not None and kind not in _NO_VOTES:
                known = first.setdefault((key, day), own)
                if own < known:
                    first[key, day] = known = own
            copies.append(known[-1] if known < own else None)
        return found._replace(copies=copies)


def found_of(columns: Columns, timezone: str) -> Found:
    """The greater part of `post_rows`, which may be done elsewhere."""
    n = len(columns["post_id"])
    given = [columns.get(name) or [None] * n for name in POST_COLUMNS]
    collected = columns.get("collected") or [None] * n
    ranks = list(map(_rank, zip(*given, strict=True), collected))
    for i, original in enumerate(columns.get("repost_of") or ()):
        if original and original == columns["post_id"][i]:
            # met through somebody's repost: whoever has the post itself has the better record
            ranks[i] = f"00{ranks[i][2:]}"
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
    ranks, days, copy_keys, copies = found or found_of(columns, timezone)
    end = f" {sha256[:8]}"
    platforms = _platforms(columns)
    given: Columns = columns | {
        "platform": platforms,
        "text": [value or "" for value in columns.get("text") or [None] * n],
        "input": [number] * n,
        "rank": [rank + end for rank in ranks],
        "copy_key": copy_keys,
        "day": days,
        "copy_of": copies or [],
    }
    every = (*ROW_COLUMNS, "copy_of")
    names = [name for name in every if name == "post_id" or not is_empty(given.get(name, ()))]
    rows = list(zip(*map(given.__getitem__, names), strict=True))
    ids = list(zip(platforms, columns["post_id"], strict=True))
    if len(set(ids)) == n:
        return Rows(names, rows)
    best: dict[tuple[str, str], tuple[Any, ...]] = {}
    rank_at = names.index("rank")
    for key, row in zip(ids, rows, strict=True):
        known = best.get(key)
        if known is None or row[rank_at] > known[rank_at]:
            best[key] = row
    return Rows(names, list(best.values()))


def _platforms(columns: Columns) -> list[str]:
    return [value or "unknown" for value in columns.get("platform") or [None] * len(columns["post_id"])]


def _rank(values: tuple[Any, ...], collected: str | None) -> str:
    """Orders the records of one post: more fields, collected later, then anything that is the same every time."""
    n_given = len(values) - values.count(None) - values.count("")
    digest = blake2b(repr(list(values)).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{n_given:02d} {collected or '-'} {digest}"
