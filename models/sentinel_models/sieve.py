"""Which posts of a batch may compare or state anything, found for all of them at once: most do neither."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .classes import ANGLE, QUESTION
from .clauses import MOST_CASHTAGS
from .comparison_words import ANYBODY_CUES, CUES, CUES_SHORT
from .comparisons_zh import CUES_ALONE_ZH
from .constructions_zh import construction_cues
from .marks import MARKS
from .ngrams import Indices
from .phrases import Statement, phrases_zh
from .posts import Posts
from .spelling import unsettled
from .statements import LENGTHS, LENGTHS_ZH
from .statements_en import stated_en
from .statements_zh import stated_zh
from .stating import may_turn, openings
from .substrings import Substrings
from .sums import bodies_of
from .words import Reading

__all__ = ["TERSE", "Signs", "said_en", "said_zh", "signs_of"]

Flags = npt.NDArray[np.bool_]

TERSE: Final = 5  #: words, or characters of a Chinese post, up to which a post that names nobody is about us


class Signs(NamedTuple):
    """A flag a post."""

    few: Flags  #: holds few cashtags
    cue: Flags  #: may compare though it names no rival
    states: Flags  #: may state something that counts
    terse: Flags  #: the same, in few words
    chinese: Flags

    def of(self, rows: Indices) -> Signs:
        """Those of some posts."""
        return Signs(*(flags[rows] for flags in self))


@lru_cache(maxsize=2)
def signs_of(posts: Posts) -> Signs:
    """What the posts of a batch hold; two scorers ask for the same ones."""
    marks, chinese = posts.marks, posts.han > 1
    size = np.where(chinese, posts.lower.sizes(), posts.counts - 2)
    cue = (posts.kinds & ANGLE | posts.marked & _CUE) != 0
    states = posts.flags(openings(posts) | may_turn(posts))
    states |= marks[posts.starts + posts.counts - 2] & _ASKS != 0
    if chinese.any():
        rows, more = posts.rows, posts.chinese
        odd = more.count(unsettled().take(more.codes)) > 0
        cue[rows] = _cues_alone_zh().holding(more) | odd | ~chinese[rows]
        states_zh = posts.kinds & QUESTION != 0
        bodies = bodies_of(posts)
        states_zh[rows] |= phrases_zh().holding(bodies) | construction_cues().holding(bodies)
        states = np.where(chinese, states_zh, states)
    short = size < np.where(chinese, LENGTHS_ZH[1], LENGTHS[1])
    few = posts.dollars <= MOST_CASHTAGS
    return Signs(few, cue, states & short, states & (size <= TERSE), chinese)


def said_en(posts: Posts, rows: Indices, readings: Iterable[Reading]) -> dict[int, list[Statement]]:
    """The statements of some short English posts."""
    places = np.flatnonzero(openings(posts))
    within = (places - posts.starts[posts.post[places]]).tolist()
    firsts, ends = (
        np.searchsorted(places, posts.starts[rows] + more).tolist() for more in (0, posts.counts[rows])
    )
    return {
        at: stated_en(reading.tokens, reading.lower, within[first:end])
        for at, reading, first, end in zip(rows.tolist(), readings, firsts, ends, strict=True)
    }


def said_zh(posts: Posts, rows: Indices) -> dict[int, list[Statement]]:
    """The statements of some Chinese posts."""
    if not len(rows):
        return {}
    found = stated_zh(bodies_of(posts), np.searchsorted(posts.rows, rows))
    return dict(zip(rows.tolist(), found, strict=True))


@cache
def _cues_alone_zh() -> Substrings:
    return Substrings(CUES_ALONE_ZH)


_CUE: Final = MARKS.listed("cue", lambda: CUES | CUES_SHORT | ANYBODY_CUES)
_ASKS: Final = MARKS.holding("asks", "?", re.compile(r"\A[?!]"))
