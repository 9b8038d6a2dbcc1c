"""Words that a text holds if one of some patterns fits it, taken from the patterns: a text without them needs no look.

Only runs of letters of ASCII are asked for. Where names are written as marks, the letters beside them stay apart from
these, so that a text with its names holds every run that the text with marks does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple

from .comparison_words import telling

__all__ = ["Needed", "Part", "phrase_way", "phrases_part", "runs_in", "ways_of"]

#: One way to say a part of a pattern: the runs that all have to be there.
Way = frozenset[str]
#: The ways to say it.
Part = Sequence[Way]

# A digit is one too if a space or hyphen stands before it, no name.
_RUN: Final = re.compile(r"[a-z]+|(?<=[\s-])\d(?!\w)")
_OPTIONAL_SPACE: Final = r"\s?"
_LOOK_AHEAD: Final = re.compile(r"\(\?=.*")
_UNREAD: Final = re.compile(r"[?*|(\[]|\\(?!s\+)")  # what a way may not hold beside words and spaces


@lru_cache(maxsize=16)
def runs_in(text: str) -> frozenset[str]:
    """The runs of letters in a text in lower case; several sieves ask about the same one."""
    return frozenset(_RUN.findall(text))


def phrase_way(phrase: str) -> Way:
    """What is needed for words as they are written."""
    return frozenset(_RUN.findall(phrase))


def phrases_part(phrases: Iterable[str]) -> Part:
    """What is needed for one of some phrases."""
    return list(map(phrase_way, phrases))


def ways_of(written: str) -> list[Way]:
    """What is needed for a piece of a pattern: an empty set if that cannot be said."""
    plain = _LOOK_AHEAD.sub("", written)
    if _OPTIONAL_SPACE in plain:
        return [way for space in (" ", "") for way in ways_of(plain.replace(_OPTIONAL_SPACE, space))]
    return [frozenset() if _UNREAD.search(plain) else phrase_way(plain.replace(r"\s+", " "))]


class _Rest(NamedTuple):
    """What else is needed for a pattern where one of its words is there."""

    number: int  #: of the pattern
    all_of: Way  #: what is needed in any case
    one_of: list[
        tuple[Way, list[Way]]
    ]  #: the ways of each other part: those of one word, and the longer ones


class Needed:
    """What is needed for each of some patterns: one of the ways of every part of it.

    Parameters
    ----------
    patterns : the parts of each.

    Raises
    ------
    ValueError
        If nothing is needed for one of them.
    """

    def __init__(self, patterns: Iterable[Sequence[Part]]) -> None:
        self._by_word: dict[str, list[_Rest]] = {}
        for number, parts in enumerate(patterns):
            told = [part for part in parts if part and all(part)]
            if not told:
                raise ValueError(f"no word is needed for pattern {number}; expected a part of plain words")
            rarest = min(told, key=lambda part: (sum(map(_tells_little, part)), len(part)))
            told.remove(rarest)
            for way in dict.fromkeys(rarest):
                rest = _Rest(
                    number,
                    way.union(*(part[0] for part in told if len(part) == 1)),
                    [_parted(part) for part in told if len(part) > 1],
                )
                self._by_word.setdefault(_cue(way), []).append(rest)

    def among(self, words: Set[str]) -> Iterator[int]:
        """The numbers of the patterns that may fit a text of such words, see `runs_in`; some of them twice."""
        for word in self._by_word.keys() & words:
            for number, all_of, one_of in self._by_word[word]:
                if all_of <= words and (not one_of or _each(one_of, words)):
                    yield number

    def any_among(self, words: Set[str]) -> bool:
        """Whether one of the patterns may fit."""
        return next(self.among(words), None) is not None


def _each(one_of: list[tuple[Way, list[Way]]], words: Set[str]) -> bool:
    """Whether a way of each of some parts is there."""
    return all(
        not single.isdisjoint(words) or any(way <= words for way in longer) for single, longer in one_of
    )


def _parted(part: Part) -> tuple[Way, list[Way]]:
    """The ways of one word, and all others."""
    single = [way for way in part if len(way) == 1]
    return frozenset().union(*single), [way for way in part if len(way) > 1]


def _cue(way: Way) -> str:
    """The most telling word of a way."""
    return max(way, key=lambda word: (telling(word), len(word), word))


def _tells_little(way: Way) -> bool:
    return not all(telling(_cue(way)))
