"""Which posts may state something outright: all others are not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import Column
from .lexicon import english_valences
from .marks import MARKS
from .phrases import ANY, BARE, ONE_OF, behind_gap, gap_pairs, listed, look_ups, negators, wide_pairs
from .posts import Posts

__all__ = ["NAMING_REACH", "REACH", "VALUED", "may_turn", "openings"]

REACH: Final = 4  #: words before a phrase in which a negator turns it
NAMING_REACH: Final = 4  #: words up to an adjective after one that names it: "call Qwen smart"
VALUED: Final = 1.4  #: valence from which a word that is negated says the opposite


@lru_cache(maxsize=2)
def openings(posts: Posts) -> npt.NDArray[np.bool_]:
    """Which tokens may begin the look-up of an English phrase: by themselves, or with the token before or after."""
    marks = posts.marks
    opens: npt.NDArray[np.bool_] = marks & _STATING != 0
    said = marks & _PREDICATE != 0
    opens[1:] |= said[1:] & (marks[:-1] & _COPULA != 0)
    named = marks & _NAMING != 0
    for reach in range(2, NAMING_REACH + 1):
        opens[reach:] |= said[reach:] & named[:-reach]
    opens[:-1] |= posts.of_tokens(_BEFORE_MANY)[:-1] & posts.of_tokens(_ONE_OF_MANY)[1:] != 0
    behind = posts.flags(posts.of_tokens(_BEHIND_GAP))
    opens |= posts.of_tokens(_BEFORE_GAP) & behind[posts.post] != 0
    words = posts.of_tokens(_WORDS)
    places = np.flatnonzero((words[:-1] != 0) & (words[1:] != 0))
    places = places[_short_pairs().take(_short(words[places], words[places + 1]))]
    pairs = _pairs()
    paired = _pair(words[places], words[places + 1])
    opens[places[pairs[np.searchsorted(pairs, paired)] == paired]] = True
    return opens


def may_turn(posts: Posts) -> npt.NDArray[np.bool_]:
    """Which tokens are words of valence a little behind a negator, which turns them."""
    valued, negator = posts.marks & _VALUED_WORD != 0, posts.marks & _NEGATOR != 0
    turned = np.zeros(len(valued), bool)
    for reach in range(1, REACH + 1):
        turned[reach:] |= valued[reach:] & negator[:-reach]
    return turned


@cache
def _wide(second: bool) -> dict[str, int]:
    """Word, first or second of the pairs that open a phrase with one of many -> flags of the lists of second words."""
    return _flagged(wide_pairs(), second)


@cache
def _gapped(behind: bool) -> dict[str, int]:
    """Word that opens a phrase by itself, or that stands behind its gap then -> flags of the lists of the latter."""
    return _flagged(gap_pairs(), behind)


def _flagged(pairs: Sequence[tuple[frozenset[str], frozenset[str]]], second: bool) -> dict[str, int]:
    """Word, of the first or second words of pairs of lists -> flags of the second lists."""
    lists = list(dict.fromkeys(two for _, two in pairs))
    flags: dict[str, int] = {}
    for one, two in pairs:
        flag = 1 << lists.index(two) % 64  # of two lists that share one, posts are looked at once too often
        for word in _tagged_too(two if second else one):
            flags[word] = flags.get(word, 0) | flag
    return flags


@cache
def _numbers() -> dict[str, int]:
    """Token -> number of a word of the pairs that open a phrase."""
    words = sorted(set(chain.from_iterable(_word_pairs())))
    numbers = {word: at for at, word in enumerate(words, 1)}
    bare = {word: numbers[whole] for word, whole in BARE.items() if whole in numbers}
    numbers = bare | numbers
    return numbers | {"#" + word: at for word, at in numbers.items()}


def _word_pairs() -> list[tuple[str, str]]:
    """The pairs of words that open a phrase."""
    return [
        (one, two) for one, following in look_ups().items() for two in following if two not in (ANY, ONE_OF)
    ]


def _short(one: npt.NDArray[np.int64], two: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A short number of a pair, which others share."""
    return (one * 40_503 + two * 30_011) & 0xFFFF


@cache
def _short_pairs() -> npt.NDArray[np.bool_]:
    """The short numbers of the pairs that open a phrase: a sieve, since to look one up among all takes long."""
    pairs = _pairs()[:-1]
    short = np.zeros(1 << 16, bool)
    short[_short(pairs >> 32, pairs & 0xFFFFFFFF)] = True
    return short


def _pair(one: npt.NDArray[np.int64], two: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return one << 32 | two


@cache
def _pairs() -> npt.NDArray[np.int64]:
    """The pairs of words, by their numbers, that open a phrase, in order; the last is greater than any."""
    known = _numbers()
    one, two = np.array([[known[one], known[two]] for one, two in _word_pairs()]).T
    return np.append(np.sort(_pair(one, two)), np.iinfo(np.int64).max)


def _tagged_too(words: Iterable[str]) -> Iterator[str]:
    """Words, the same as hashtags, and contractions that lost their apostrophe."""
    for word in words:
        yield from (word, "#" + word)
        if word in BARE.values():
            yield from _tagged_too([word.replace("'", "")])


def _alone(predicates: bool) -> Iterator[str]:
    """Words that are statements by themselves: those that have to be said of somebody, or the others."""
    for word, following in look_ups().items():
        phrases = [phrase for _, phrase in following.get(ANY, ()) if not behind_gap(phrase)]
        kinds = [phrase.kind.startswith("predicate") for phrase in phrases]
        if kinds and all(kinds) == predicates:
            yield word


def _valued() -> Iterator[str]:
    return (word for word, valence in english_valences().items() if abs(valence) >= VALUED)


_STATING: Final = MARKS.listed("stating", lambda: _tagged_too(_alone(predicates=False)))
_PREDICATE: Final = MARKS.listed("predicate", lambda: _tagged_too(_alone(predicates=True)))
_VALUED_WORD: Final = MARKS.listed("valued", lambda: _tagged_too(_valued()))
_BEFORE_MANY: Final = Column.of_table(lambda: _wide(False), np.uint64, name="before many")
_ONE_OF_MANY: Final = Column.of_table(lambda: _wide(True), np.uint64, name="one of many")
_BEFORE_GAP: Final = Column.of_table(lambda: _gapped(False), np.uint64, name="before a gap")
_BEHIND_GAP: Final = Column.of_table(lambda: _gapped(True), np.uint64, name="behind a gap")
_WORDS: Final = Column.of_table(_numbers, np.int64, name="words that state")
_COPULA: Final = MARKS.listed(
    "copula", lambda: _tagged_too([*listed("copulas"), "from", "up"])
) | MARKS.holding("copula", "'", re.compile(r"'(?:s|re)\Z"))
_NAMING: Final = MARKS.listed("naming", lambda: _tagged_too(listed("naming")))
_NEGATOR: Final = MARKS.listed("negator", lambda: _tagged_too(negators()))
