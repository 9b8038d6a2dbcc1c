"""Why a post looks like spam: phrases, ticker lists, robots' tables, each with a weight that can be shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from .finds import Finds, Found
from .gazetteer import Gazetteer
from .marks import CASHTAG, DOLLAR, HASHTAG, LATIN, MARKS
from .ngrams import Indices
from .posts import Posts
from .resources import lines

__all__ = ["Reasons", "distinct_cashtags", "reasons_of", "spam_reasons", "weight_of"]

_BUT: Final = "but "  # before a reason: words in which a word of it stands for something else


@dataclass(frozen=True, eq=False, slots=True)
class Reasons:
    """Why the posts of a batch look like spam.

    Attributes
    ----------
    weights, numbers : sum of the weights, in logits, and number of the reasons of each post.
    phrases : how many phrases of the word lists each post holds.
    """

    weights: npt.NDArray[np.float64]
    numbers: Indices
    phrases: Indices
    _phrases: Finds
    _weighed: list[dict[str, float]]
    _more: dict[str, npt.NDArray[np.float64]]  #: other reason -> its weight in each post, or 0

    def of(self, at: int) -> dict[str, float]:
        """Reason -> weight of one post."""
        more = {reason: float(weights[at]) for reason, weights in self._more.items() if weights[at]}
        return self._weighed[int(self._phrases.numbers[at])] | more

    def among(self, names: Sequence[str]) -> npt.NDArray[np.float64]:
        """Which posts have reasons of the word lists; shape (n_posts, len(names))."""
        each = [[float(name in reasons) for name in names] for reasons in self._weighed]
        return np.array(each).reshape(-1, len(names))[self._phrases.numbers]


def spam_reasons(text: str) -> Mapping[str, float]:
    """Reason -> weight in logits."""
    return reasons_of(Posts.of([text])).of(0)


@lru_cache(maxsize=2)
def reasons_of(posts: Posts) -> Reasons:
    """The reasons of each post of a batch; two taggers ask for the same ones."""
    finds = _phrases()[0].find_all(posts)
    more = {"ticker list": _ticker_lists(posts), **_tables(posts)}
    weighed = [_weighed(found) for found in finds.every]
    weights = finds.spread([sum(reasons.values()) for reasons in weighed], float)
    numbers = finds.spread(list(map(len, weighed)), np.int64)
    phrases = finds.spread(
        [
            len({phrase for reason in named for phrase in found[reason]})
            for found, named in zip(finds.every, weighed, strict=True)
        ],
        np.int64,
    )
    for added in more.values():
        weights += added
        numbers += added != 0
    return Reasons(weights, numbers, phrases, finds, weighed, more)


def weight_of(reason: str) -> float:
    """What a reason of the word lists weighs."""
    return _phrases()[1][reason]


def _weighed(found: Found) -> dict[str, float]:
    return {
        reason: weight
        for reason, weight in _phrases()[1].items()
        if reason in found and not _taken_back(found, reason)
    }


def _taken_back(found: Found, reason: str) -> bool:
    """Whether all words of a reason are the ends of words that are none: 比不上千问 sends nobody to Qwen."""
    others = found.get(_BUT + reason, ())
    return bool(others) and all(any(word in other for other in others) for word in found[reason])


def _ticker_lists(posts: Posts) -> npt.NDArray[np.float64]:
    """What more than three tickers weigh: more where there are few words beside them."""
    tickers = distinct_cashtags(posts)
    listed = np.flatnonzero((tickers > 3) & (posts.dollars > 3))
    n_tickers, n_words = tickers[listed], posts.count(posts.marks & LATIN != 0)[listed]
    excess = np.maximum(0.0, n_tickers / (n_tickers + n_words) - 0.25)
    weights = np.zeros(len(posts))
    weights[listed] = (0.5 * (n_tickers - 3) + 5.0 * excess).round(6)
    return weights


def _tables(posts: Posts) -> dict[str, npt.NDArray[np.float64]]:
    """What tables of robots weigh: several of their hashtags, and a ticker that is a hashtag too.

    A post with a single hashtag, which is no ticker's, is no table.
    """
    tags, own = posts.count(posts.marks & HASHTAG != 0), posts.marked & _TICKER_OF_TABLE != 0
    may = (posts.marked & _TABLE_TAG != 0) & ((tags > 1) | own)
    several, twice = np.zeros(len(posts)), np.zeros(len(posts))
    several[may] = (1.4 * np.maximum(_distinct(posts, _TABLE_TAG)[may] - 1, 0)).round(6)
    twice[_twice_tagged(posts, may)] = 2.6
    return {"robot hashtags": several, "table of a ticker": twice}


@lru_cache(maxsize=2)
def distinct_cashtags(posts: Posts) -> Indices:
    """How many different cashtags each post holds."""
    return _distinct(posts, CASHTAG)


def _distinct(posts: Posts, flag: int) -> Indices:
    """How many different tokens with a flag each post holds."""
    places = np.flatnonzero(posts.marks & np.uint32(flag) != 0)
    pairs = np.sort(posts.post[places] * len(posts.known.words) + posts.ids[places])
    first = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    return np.bincount(pairs[first] // len(posts.known.words), minlength=len(posts))


def _twice_tagged(posts: Posts, among: npt.NDArray[np.bool_]) -> Indices:
    """Those of some posts where a ticker is bare, a cashtag and a hashtag: robots write so, people do not."""
    known, ids, owners = posts.known, posts.ids, posts.post
    wanted = among[owners]
    cashtags = np.flatnonzero(wanted & (posts.marks & DOLLAR != 0))
    if not len(cashtags):
        return cashtags
    tickers, which = np.unique(ids[cashtags], return_inverse=True)
    names = [known.written[ticker][1:] for ticker in tickers.tolist()]
    held = np.sort(owners[wanted] * len(known.words) + ids[wanted])
    twice = np.ones(len(cashtags), bool)
    for beside in (names, ["#" + name for name in names]):
        numbers = np.array([known.get(token, -1) for token in beside], np.int64)[which]
        keys = owners[cashtags] * len(known.words) + numbers
        twice &= (numbers >= 0) & (held.take(np.searchsorted(held, keys), mode="clip") == keys)
    return owners[cashtags[twice]]


@cache
def _phrases() -> tuple[Gazetteer, dict[str, float]]:
    text = files("sentinel_models").joinpath("data", "spam.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    found = Gazetteer(
        {reason: table.get("words", []) for reason, table in tables.items()},
        {reason: table.get("words_zh", []) for reason, table in tables.items()}
        | {_BUT + reason: table["but_zh"] for reason, table in tables.items() if "but_zh" in table},
        name="spam",
    )
    return found, {reason: float(table["weight"]) for reason, table in tables.items()}


@cache
def _table_tags() -> frozenset[str]:
    return frozenset(lines("robot_hashtags.txt"))


_TABLE_TAG: Final = MARKS.listed("table tag", _table_tags)
_TICKER_OF_TABLE: Final = MARKS.listed(
    "ticker of table", lambda: ["$" + tag[1:] for tag in _table_tags() if tag[0] == "#"]
)
