"""Texts written one behind the other, so that all of them are searched at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from .classes import END, OPEN, classes
from .codes import Codes, codes_of, text_of
from .ngrams import Indices

__all__ = ["BETWEEN", "END", "OPEN", "PAIR_BITS", "Joined", "joined_words", "pair_numbers", "whole_of"]

BETWEEN: Final = END + OPEN


#: Bits of the numbers of pairs of characters.
PAIR_BITS: Final = 18


def pair_numbers(left: Codes, right: Codes) -> Codes:
    """Numbers of pairs of characters; a few pairs share one."""
    numbers: Codes = (
        left * np.uint32(0x9E3779B1) >> np.uint32(7) ^ right * np.uint32(0x85EBCA77)
    ) >> np.uint32(32 - PAIR_BITS)
    return numbers


@dataclass(frozen=True, eq=False)
class Joined:
    """Texts, each with `OPEN` before and `END` after it.

    Attributes
    ----------
    codes : code points of all of them.
    first : where each text begins, with its `OPEN`.
    """

    codes: Codes
    first: Indices

    @classmethod
    def of(cls, texts: Sequence[str]) -> Joined:
        """Join texts."""
        return cls.of_whole(whole_of(texts))

    @classmethod
    def of_whole(cls, whole: str) -> Joined:
        """Texts that are joined already."""
        return cls.of_codes(codes_of(whole))

    @classmethod
    def of_codes(cls, codes: Codes) -> Joined:
        """The same as code points."""
        return cls(codes, np.flatnonzero(codes == ord(OPEN)))

    @cached_property
    def whole(self) -> str:
        """All texts, one behind the other."""
        return text_of(self.codes)

    def __len__(self) -> int:
        return len(self.first)

    def __getitem__(self, at: int) -> str:
        starts, ends = self._edges
        return self.whole[starts[at] : ends[at]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts())

    @cached_property
    def pairs(self) -> Codes:
        """A number below 2**`PAIR_BITS` of each character with the one after it."""
        return pair_numbers(self.codes[:-1], self.codes[1:])

    @cached_property
    def classes(self) -> npt.NDArray[np.uint16]:
        """The kind of each character, as flags."""
        return classes().take(self.codes)

    def texts(self) -> list[str]:
        """The texts by themselves."""
        return self.whole[1:-1].split(BETWEEN) if len(self) else []

    @cached_property
    def _edges(self) -> tuple[list[int], list[int]]:
        return self.edges(np.arange(len(self)))

    def take(self, which: Indices) -> Joined:
        """Some of the texts, in their order."""
        if len(which) == len(self):
            return self
        wanted = np.zeros(len(self), bool)
        wanted[which] = True
        return Joined.of_codes(self.codes[np.repeat(wanted, self.sizes() + 2)])

    def but(self, which: Indices, texts: Sequence[str]) -> Joined:
        """The same with other texts in place of some."""
        others = Joined.of(texts)
        parts, last = [], 0
        for start, end, first, stop in zip(*self.edges(which), *others._edges, strict=True):
            parts += [self.codes[last:start], others.codes[first:stop]]
            last = end
        return Joined.of_codes(np.concatenate([*parts, self.codes[last:]]))

    def owners(self, places: Indices) -> Indices:
        """The texts that places belong to."""
        return np.searchsorted(self.first, places, side="right") - 1

    def edges(self, which: Indices) -> tuple[list[int], list[int]]:
        """Where some of the texts begin and end in `whole`, without their `OPEN` and `END`."""
        ends = np.append(self.first, len(self.codes))
        return (ends[which] + 1).tolist(), (ends[which + 1] - 1).tolist()

    def sizes(self) -> Indices:
        """Characters of each text."""
        return np.diff(np.append(self.first, len(self.codes))) - 2

    def count(self, which: npt.NDArray[np.bool_]) -> Indices:
        """How many characters of each text are marked."""
        if not len(self):
            return np.empty(0, np.int64)
        return np.add.reduceat(which.view(np.uint8), self.first, dtype=np.int32).astype(np.int64)


def whole_of(texts: Sequence[str]) -> str:
    """Texts one behind the other."""
    return OPEN + BETWEEN.join(texts) + END if len(texts) else ""


def joined_words(words: Sequence[str]) -> Joined:
    """Tokens that are new to a table, joined; several lists are looked for in the same ones."""
    return _joined_words(tuple(words))


@lru_cache(maxsize=2)
def _joined_words(words: tuple[str, ...]) -> Joined:
    return Joined.of(words)
