"""Posts that hold a ticker of Alibaba's: talk about the share, a list of tickers, or a robot's line.

A ticker is written to be found, not to say something: four in ten such posts are spam or about something else. Two
logistic regressions over words and a few facts tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .classes import DIGIT, EXCLAMATION, QUESTION
from .heads import Heads
from .marks import CASHTAG, DOLLAR, HASHTAG, HTTP, LATIN, MARKS
from .ngrams import Indices
from .posts import Posts
from .spam_reasons import distinct_cashtags, reasons_of
from .words import Reading, read

__all__ = [
    "ABOUT",
    "FACTS",
    "SPAM",
    "TICKER",
    "TICKERS",
    "cashtag_facts",
    "explain",
    "has_ticker",
    "judged",
    "version",
]

Floats = npt.NDArray[np.float64]

#: Cashtags of the company.
TICKERS: Final = frozenset(["$baba", "$babaf", "$9988"])
#: Outputs of the judgement.
SPAM, ABOUT = 0, 1
#: What it is told beside the words.
FACTS: Final = (
    "cashtags",
    "share of cashtags",
    "hashtags",
    "ours first",
    "named in words",
    "address",
    "repost",
    "reasons",
    "question",
    "exclamation",
    "words",
    "begins with ours",
    "ours alone",
    "number of reasons",
    "ticker and headline",
    "ends with a cashtag",
    "ours repeated",
    "digits",
)

# Read token by token too, see `_named`: of a name in two words, `_MAY_NAME` marks the first.
_NAME: Final = re.compile(r"\balibaba\b|(?<![$#])\bbaba\b|jack ma")
_DIGIT: Final = re.compile(r"\d")
_HEADLINE: Final = re.compile(r"(?:rt @\w+:? )?\$[a-z]+ \$[a-z]+:")


def has_ticker(reading: Reading) -> bool:
    """Whether the judgement is for this post: it holds a ticker of Alibaba's and is not Chinese."""
    return "$" in reading.plain and reading.han < 4 and not TICKERS.isdisjoint(reading.tokens)


def cashtag_facts(text: str) -> list[float]:
    """`FACTS` of a post that holds a ticker."""
    facts: list[float] = _facts(Posts.of([text]), np.array([0]))[0].tolist()
    return facts


TICKER: Final = MARKS.listed("ticker", lambda: TICKERS)
_NAMED: Final = MARKS.holding("named", "baba", _NAME)
_LINK: Final = MARKS.holding("link", "http", re.compile(r"\Ahttp"))
_MAY_NAME: Final = MARKS.holding("may name", "jack", re.compile(r"jack\Z"))


def _facts(posts: Posts, rows: Indices) -> Floats:
    """`FACTS` of the posts at `rows`, shape (len(rows), len(FACTS))."""
    marks, flags = posts.marks, posts.marked[rows]
    starts, ends = posts.starts[rows], posts.starts[rows] + posts.counts[rows]
    cash = marks & CASHTAG != 0
    cashtags, words = posts.count(cash)[rows], posts.count(marks & (LATIN | _LINK) == LATIN)[rows]
    others = posts.count(cash & (marks & TICKER == 0))[rows]
    places = np.flatnonzero(cash)
    first = np.full(len(posts), -1)
    first[posts.post[places][::-1]] = places[::-1]  # of each post, the first cashtag is written last
    reasons = reasons_of(posts)
    kinds = posts.kinds[rows]
    columns = (
        np.log1p(distinct_cashtags(posts)[rows]),
        cashtags / np.maximum(1, cashtags + words),
        np.log1p(posts.count(marks & HASHTAG != 0)[rows]),
        (first[rows] >= 0) & (marks[first[rows]] & TICKER != 0),
        _named(posts, rows, flags),
        flags & HTTP != 0,
        _reposts(posts, rows),
        np.minimum(reasons.weights[rows], 8.0) / 4,
        kinds & QUESTION != 0,
        kinds & EXCLAMATION != 0,
        np.log1p(words),
        marks[starts + 1] & TICKER != 0,
        others == 0,
        reasons.numbers[rows],
        _found(_HEADLINE.match, posts, rows, _may_head(posts, starts, cash)),
        marks[ends - 2] & DOLLAR != 0,
        posts.count(posts.ids == posts.known["$baba"])[rows] > 1,
        (kinds & DIGIT != 0) | _found(_DIGIT.search, posts, rows, ~posts.ascii[rows] & (kinds & DIGIT == 0)),
    )
    return np.column_stack([np.asarray(column, float) for column in columns])


def _may_head(posts: Posts, starts: Indices, cash: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which posts, of first tokens at `starts`, may begin as `_HEADLINE`: with two cashtags, maybe behind a handle."""
    third, fourth = (np.minimum(starts + place, len(cash) - 1) for place in (3, 4))
    may: npt.NDArray[np.bool_] = cash[third] & cash[fourth]
    may |= ~posts.ascii[posts.post[starts]]  # a handle may be more than one token
    may &= posts.ids[starts + 1] == posts.known["rt"]
    may |= cash[starts + 1] & cash[starts + 2]
    return may


def _found(
    find: Callable[[str], re.Match[str] | None], posts: Posts, rows: Indices, where: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether something is found in the text of the posts at `rows`; false but `where` it may be."""
    found = np.zeros(len(rows), bool)
    for row in np.flatnonzero(where).tolist():
        found[row] = find(posts.lower[int(rows[row])]) is not None
    return found


def _reposts(posts: Posts, rows: Indices) -> npt.NDArray[np.bool_]:
    """Which texts begin with "rt "."""
    codes, first = posts.lower.codes, posts.lower.first[rows]
    begins = np.ones(len(rows), bool)
    for place, sign in enumerate("rt ", 1):
        begins &= codes[np.minimum(first + place, len(codes) - 1)] == ord(sign)
    return begins


def _named(posts: Posts, rows: Indices, flags: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Whether each post says a name: of ASCII, as its tokens say it, else as its text does."""
    by_text = (flags & _MAY_NAME != 0) | ~posts.ascii[rows]
    return np.where(by_text, _found(_NAME.search, posts, rows, by_text), flags & _NAMED != 0)


@lru_cache(maxsize=2)
def judged(posts: Posts) -> tuple[Indices, Floats]:
    """The posts of a batch that hold a ticker, and logits of spam and about, shape (n_found, 2).

    Two taggers ask about the same batch: the last answers are kept.
    """
    held = (posts.marked & TICKER != 0) & (posts.han < 4)
    rows = np.flatnonzero(held)
    if not len(rows):
        return rows, np.empty((0, 2))
    return rows, _heads().english(posts.batch, rows, _facts(posts, rows))


def version() -> str:
    """Of the weights."""
    return _heads().version


def explain(text: str, output: int) -> dict[str, Any]:
    """The facts and words that weigh most for an output (`SPAM` or `ABOUT`), in logits."""
    return _heads().explain_english(read(text), cashtag_facts(text), FACTS, output)


@cache
def _heads() -> Heads:
    return Heads("cashtags")
