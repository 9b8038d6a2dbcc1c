"""How likely a post says something about Alibaba, rather than naming it in a list of tickers or in passing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .finds import Finds, Found
from .mentions import Mentions
from .ngrams import Indices
from .posts import Posts
from .weights import load_weights

__all__ = ["FACTS", "About", "about_facts"]

Floats = npt.NDArray[np.float64]

_NOWHERE: Final = np.iinfo(np.int64).max
_MANY: Final = 10_000  # combinations of names that are remembered

#: What the judgement is told of a post that names something of Alibaba's.
FACTS: Final = (
    "times named",
    "rivals named",
    "how far in",
    "length",
    "share of the names",
    "named at the beginning",
    "weak names alone",
    "hashtags",
    "Chinese",
)


class _Names(NamedTuple):
    """What the names of a post say by themselves."""

    words: tuple[str, ...]  #: those of Alibaba's, but for cashtags
    firsts: tuple[str, ...]  #: the first word of each
    ours: int
    rivals: int
    strong: bool  #: whether any needs no context


class About:
    """Judges posts that name Alibaba; those that hold its ticker are judged by ``cashtags``."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._known: dict[int, tuple[Found, _Names]] = {}

    def probabilities(self, posts: Posts, named: Finds) -> Floats:
        """One a post, in [0, 1]; `named` is what they name, as `Mentions` finds it."""
        every = [self._names(found) for found in named.every]
        rows = np.flatnonzero(named.spread([own.ours for own in every], np.int64))
        slopes, bias = _weights()
        logits = np.zeros(len(rows))
        for slope, fact in zip(slopes, self._facts(posts, rows, every, named.numbers[rows]), strict=True):
            logits += slope * fact
        probabilities = np.zeros(len(posts))
        probabilities[rows] = (1.0 / (1.0 + np.exp(-(logits + bias)))).round(6)
        return probabilities

    def facts(self, text: str, named: Found) -> list[float]:
        """`FACTS` of a post that names something of Alibaba's."""
        first = np.zeros(1, np.int64)
        return [float(fact[0]) for fact in self._facts(Posts.of([text]), first, [self._names(named)], first)]

    @staticmethod
    def _facts(posts: Posts, rows: Indices, every: Sequence[_Names], numbers: Indices) -> list[Floats]:
        """`FACTS` of the posts at `rows`; `numbers` says which of `every` the names of each are."""
        lower = [posts.lower[at] for at in rows.tolist()]
        size = np.maximum(np.fromiter(map(len, lower), np.int64, len(rows)), 1)
        times, places = _standing(lower, every, numbers)
        ours, rivals, weak = (
            np.array([(own.ours, own.rivals, not own.strong) for own in every], float)
            .reshape(-1, 3)[numbers]
            .T
        )
        columns = (
            np.log1p(times),
            np.log1p(rivals),
            np.maximum(places, 0) / size,
            np.log1p(size) / 5,
            ours / (ours + rivals),
            np.where(places < 0, size, places) < 12,
            weak,
            np.log1p([text.count("#") for text in lower]),
            posts.han[rows] * 4 > size,
        )
        return [np.asarray(column, float) for column in columns]

    def _names(self, named: Found) -> _Names:
        known = self._known.get(id(named))
        if known is None:
            ours, rivals = (self._mentions.side(named, side) for side in ("alibaba", "rival"))
            words = tuple(dict.fromkeys(word for key in ours for word in named[key] if word[0] != "$"))
            clear = self._mentions.names
            strong = any(not clear[key].isdisjoint(hits) for key, hits in named.items())
            firsts = tuple(dict.fromkeys(word.split(" ")[0] for word in words))
            if len(self._known) > _MANY:
                self._known.clear()
            known = named, _Names(words, firsts, len(ours), len(rivals), strong)
            self._known[id(named)] = known  # with `named`, whose id is then no other's
        return known[1]


def _standing(lower: Sequence[str], every: Sequence[_Names], numbers: Indices) -> tuple[Indices, Indices]:
    """How often texts hold their names, and where the first one stands, -1 if nowhere."""
    owners, found = _asked(str.count, lower, [own.words for own in every], numbers)
    times = np.bincount(owners, found, len(lower)).astype(np.int64)
    owners, found = _asked(str.find, lower, [own.firsts for own in every], numbers)
    places = np.full(len(lower), _NOWHERE)
    np.minimum.at(places, owners[found >= 0], found[found >= 0])
    return times, np.where(places == _NOWHERE, -1, places)


def _asked(
    ask: Callable[[str, str], int],
    lower: Sequence[str],
    names: Sequence[tuple[str, ...]],
    numbers: Indices,
) -> tuple[Indices, Indices]:
    """What is asked of each text about each of its names, as `numbers` tells them: the text, and the answer."""
    counts = np.fromiter(map(len, names), np.int64, len(names))[numbers]
    texts = chain.from_iterable(map(repeat, lower, counts.tolist()))
    own = chain.from_iterable(map(names.__getitem__, numbers.tolist()))
    owners = np.repeat(np.arange(len(lower)), counts)
    return owners, np.fromiter(map(ask, texts, own), np.int64, len(owners))


def about_facts(text: str, named: Found, mentions: Mentions) -> list[float]:
    """`FACTS` of a post that names something of Alibaba's otherwise than by a cashtag."""
    return About(mentions).facts(text, named)


@cache
def _weights() -> tuple[list[float], float]:
    arrays = load_weights("about")
    return arrays["slopes"].tolist(), float(arrays["bias"])
