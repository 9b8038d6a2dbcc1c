"""The one schema: what a post and a tag are made of, as columns.

A table of posts is a plain ``dict`` of equally long lists (`Columns`), one list a column. ``None`` is a
missing value. Nothing here is a pandas object: texts such as ``NA`` or ``null`` stay texts, 19-digit ids stay
ids, and a batch costs no more than its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any, Final

__all__ = [
    "CORRECTION",
    "KINDS",
    "LABELS",
    "MOOD_COLUMNS",
    "POST_COLUMNS",
    "PRECISIONS",
    "TAG_COLUMNS",
    "Columns",
    "columns_of",
    "empty_columns",
    "is_empty",
]

Columns = dict[str, list[Any]]

POST_COLUMNS: Final = (
    "platform",  # lower case: x, weibo, reddit, hackernews, bluesky, ...; "unknown" if the export does not tell
    "community",  # subreddit, board, list; None where the platform has none
    "post_id",  # text, never a number; unique within the platform
    "published",  # "2025-04-28T21:03:11Z"; a bare "2025-04-28" if precision is day; None if undated
    "precision",  # one of PRECISIONS
    "collected",  # when the export or the live source says it was collected, as published; never our clock
    "author",  # handle as written (no leading @), else the id; None if the export names nobody
    "author_id",  # the platform's stable id, where known
    "kind",  # one of KINDS
    "lang",  # as the platform says, lower case ("en", "zh", "zh-tw"); None if undetermined
    "text",  # whole text, entities decoded once, line breaks kept; "" if none
    "url",
    "likes",
    "reposts",
    "replies",
    "quotes",
    "views",  # counts: int or None; never 0 for "not given"
    "reply_to",  # post_id of the parent
    "conversation",
    "repost_of",  # post_id of the original; the text is then the original's whole text where known
    "quoted",  # post_id of the quoted post
    "declared",  # a mood the author declared (StockTwits): positive, negative; never a model's output
    "synthetic",  # True only for generated samples, which never share a store with real posts
)

TAG_COLUMNS: Final = (
    "lang",  # as judged: "en", "zh", another ISO 639-1 code, or "und"
    "about",  # probability that the post is about Alibaba at all
    "spam",  # probability
    "label",  # one of LABELS
    "score",  # p_positive - p_negative in [-1, 1]; None if unscored
    "p_negative",
    "p_neutral",
    "p_positive",  # None if unscored
    "confidence",  # the largest of the three; None if unscored
    "topics",  # ids joined by ";", "" if none
    "entities",  # ids joined by ";", "" if none
    "model",  # "name version" of the scorer that made the label, "+ correction" if a person said otherwise; "" if none
)

#: What ``model`` holds, after the scorer's name if there is one, where a person corrected a tag.
CORRECTION: Final = "correction"

KINDS: Final = ("post", "reply", "quote", "repost", "comment", "title", "headline")
PRECISIONS: Final = ("second", "minute", "day", "none")
LABELS: Final = ("negative", "neutral", "positive", "unscored")

#: What mood and effects are computed from.
MOOD_COLUMNS: Final = (
    "platform", "community", "post_id", "published", "precision", "author", "kind", "lang", "about", "spam",
    "copy_of", "label", "score", "topics", "entities", "model",
)  # fmt: skip


def empty_columns(names: Iterable[str]) -> Columns:
    """A table without rows."""
    return {name: [] for name in names}


def columns_of(rows: Iterable[Mapping[str, Any]], names: Iterable[str] = POST_COLUMNS) -> Columns:
    """Rows turned into columns; a key that is not in `names` is left out, a missing one is ``None``."""
    rows, names = list(rows), list(names)
    columns: Columns = {name: [None] * len(rows) for name in names}
    shared = [name for name in names if rows and name in rows[0]]
    if len(shared) > 1 and set(map(len, rows)) == {len(shared)}:
        with suppress(KeyError):  # nearly always all rows have the same keys
            values = zip(*map(itemgetter(*shared), rows), strict=True)
            return columns | dict(zip(shared, map(list, values), strict=True))
    return columns | {name: [row.get(name) for row in rows] for name in set().union(*rows) & columns.keys()}


def is_empty(column: Sequence[Any]) -> bool:
    """Whether a column has no value."""
    return not column or (column[0] is None and column.count(None) == len(column))
