"""Which posts speak for which scope: everybody, a topic, an entity, a language, a platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from sentinel.scored import Bools, Codes, ScoredPosts

__all__ = [
    "ALL",
    "HEADLINES",
    "RIVALS",
    "UNFILTERED",
    "carrying",
    "headline_posts",
    "heard",
    "of_rivals_only",
    "rival_posts",
    "scope_order",
    "scopes",
]

ALL: Final = "all"  #: the mood of the headline: about Alibaba, no spam, no copies, reposts or headlines
UNFILTERED: Final = "unfiltered"  #: every scored post, spam, copies and reposts too
HEADLINES: Final = "kind:headline"  #: editors, not posters
#: Entities whose posts need not be about Alibaba: they show what moved everybody.
RIVALS: Final = frozenset(
    {"amazon", "anthropic", "baichuan", "baidu", "bytedance", "cohere", "deepl", "deepseek", "google"}
    | {"huawei", "iflytek", "image_makers", "jd", "kuaishou", "meituan", "meta", "microsoft", "minimax"}
    | {"mistral", "moonshot", "openai", "pdd", "perplexity", "rivals", "shein", "shopee", "tencent"}
    | {"xai", "zhipu"}
)

_ORDER: Final = (ALL, UNFILTERED, "topic", "entity", "lang", "platform", "kind")
_NO_NAME: Final = ("", "unknown", "und")


def scopes(posts: ScoredPosts) -> Iterator[tuple[str, Bools]]:
    """Each scope that holds a post, and its posts, scored or not."""
    headline = posts.kind.rows("headline")
    original = (posts.spam < 0.5) & ~posts.copy & ~posts.kind.rows("repost")
    about = posts.about >= 0.5
    opinion = original & ~headline
    mood = opinion & about
    yield ALL, mood
    yield UNFILTERED, np.ones(len(mood), dtype=bool)
    for prefix, column in (("topic", posts.topics), ("entity", posts.entities)):
        for name, rows in _members(column):
            gate = opinion if prefix == "entity" and name in RIVALS else mood
            yield from _unless_empty(f"{prefix}:{name}", rows & gate)
    for prefix, column in (("lang", posts.lang), ("platform", posts.platform)):
        for name in column.names:
            if name not in _NO_NAME:
                yield from _unless_empty(f"{prefix}:{name}", column.rows(name) & mood)
    yield from _unless_empty(HEADLINES, headline & original & about)


def headline_posts(posts: ScoredPosts) -> Bools:
    """Posts that speak for the headline mood, scored or not."""
    return next(iter(scopes(posts)))[1]


def rival_posts(posts: ScoredPosts, name: str) -> Bools:
    """Posts about a rival, which need not be about Alibaba."""
    return _opinion(posts) & carrying(posts.entities, name)


def carrying(combinations: Codes, wanted: str) -> Bools:
    """Rows of a column of ids joined by ";" that carry the id."""
    holds = [wanted in (part.strip() for part in name.split(";")) for name in combinations.names]
    rows: Bools = np.array(holds, dtype=bool)[combinations.codes]
    return rows


def heard(posts: ScoredPosts) -> Bools:
    """Posts that are attention: about Alibaba and no spam, reposts and copies too, but no headlines."""
    rows: Bools = (posts.about >= 0.5) & (posts.spam < 0.5) & ~posts.kind.rows("headline")
    return rows


def of_rivals_only(posts: ScoredPosts) -> Bools:
    """Posts about rivals and not about Alibaba: what moved them moved everybody."""
    rows = np.zeros(len(posts.day), dtype=bool)
    for name, members in _members(posts.entities):
        if name in RIVALS:
            rows |= members
    return rows & _opinion(posts) & (posts.about < 0.5)


def _opinion(posts: ScoredPosts) -> Bools:
    """Original posts that are no spam, whatever they are about."""
    rows: Bools = (posts.spam < 0.5) & ~posts.copy & ~posts.kind.rows("repost") & ~posts.kind.rows("headline")
    return rows


def scope_order(scope: str) -> tuple[int, str]:
    """Sorts scopes: everybody first, then by kind and name."""
    prefix = scope.split(":", 1)[0]
    return (_ORDER.index(prefix) if prefix in _ORDER else len(_ORDER), scope)


def _unless_empty(scope: str, rows: Bools) -> Iterator[tuple[str, Bools]]:
    if rows.any():
        yield scope, rows


def _members(combinations: Codes) -> Iterator[tuple[str, Bools]]:
    """Each id of a column of ids joined by ";", and the posts that carry it."""
    ids = [[part.strip() for part in name.split(";")] for name in combinations.names]
    for wanted in sorted({part for parts in ids for part in parts if part}):
        holds = np.array([wanted in parts for parts in ids])
        rows: Bools = holds[combinations.codes]
        yield wanted, rows
