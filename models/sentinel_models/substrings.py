"""Finds words wherever they stand, in many texts at once: those of many lists together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .codes import codes_of
from .hashed import LONGEST, Hashed, weighed
from .joined import PAIR_BITS, Joined, pair_numbers
from .ngrams import Indices

__all__ = ["ANYWHERE", "BODIES", "CHINESE", "TOKENS", "Substrings", "Words"]

_CODES: Final = 0x110000


class _Hits(NamedTuple):
    """Where words stand: in the order of places, of those that begin at the same place the longest first."""

    places: Indices
    words: Indices  #: their numbers


class Words:
    """The words of many lists, found together.

    Places whose two characters begin none of them are never looked at; of the others, one more character is looked at
    as long as what stands there begins a word. Beginnings are told apart by hashes, which are drawn anew in each
    process, as those of chunks.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._beginnings: dict[int, int] = {}  # hash of two first characters or more -> place in the next two
        self._word_of: list[int] = []  # the word that it is, or -1
        self._goes_on: list[bool] = []  # whether there are longer ones
        self._known = np.empty(0, np.int64), np.empty(0, bool)  # the last two as arrays
        self._hashed = Hashed()
        self._alone = np.zeros(_CODES, np.int64)  # by code point, the number of a word of one character
        self._is_alone = np.zeros(_CODES, bool)  # whether there is one
        self._pairs = np.zeros(1 << PAIR_BITS, bool)

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, words: Iterable[str]) -> Indices:
        """Numbers of words, each of one character or more."""
        words = list(words)
        new = [word for word in dict.fromkeys(words) if word not in self._numbers]
        self._numbers.update(zip(new, range(len(self._numbers), len(self._numbers) + len(new)), strict=True))
        for word in new:
            if len(word) == 1:
                self._alone[ord(word)], self._is_alone[ord(word)] = self._numbers[word], True
        self._learn([word for word in new if 1 < len(word) <= LONGEST])  # no text holds a longer one
        beginnings = list(self._beginnings)[len(self._hashed) :]
        self._hashed.add(np.array(beginnings, np.uint64))
        self._known = np.array(self._word_of, np.int64), np.array(self._goes_on, bool)
        return np.fromiter(map(self._numbers.__getitem__, words), np.int64, len(words))

    def _learn(self, words: Sequence[str]) -> None:
        """Note the beginnings of words, of two characters and more."""
        if not words:
            return
        codes, sizes = codes_of("".join(words)), np.fromiter(map(len, words), np.int64, len(words))
        ends = np.cumsum(sizes)
        starts = ends - sizes
        self._pairs[pair_numbers(codes[starts], codes[starts + 1])] = True
        hashed = np.cumsum(weighed(codes, np.arange(len(codes)) - np.repeat(starts, sizes)))
        before = np.append(np.uint64(0), hashed)[starts]
        keys = ((hashed - np.repeat(before, sizes)) | np.uint64(1)).tolist()
        for word, start, end in zip(words, starts.tolist(), ends.tolist(), strict=True):
            at = -1
            for key in keys[start + 1 : end]:
                if at >= 0:
                    self._goes_on[at] = True
                at = self._beginnings.setdefault(key, len(self._beginnings))
                if at == len(self._word_of):
                    self._word_of.append(-1)
                    self._goes_on.append(False)
            self._word_of[at] = self._numbers[word]

    def find(self, joined: Joined) -> _Hits:
        """All words in some texts."""
        codes = joined.codes
        single = np.flatnonzero(self._is_alone.take(codes))
        places, words = [single], [self._alone[codes[single]]]
        word_of, goes_on = self._known
        left = np.flatnonzero(self._pairs.take(joined.pairs))
        keys, size = weighed(codes[left], 0), 2
        while len(left):  # what goes on is no end of a text, so there is one more character
            keys += weighed(codes[left + size - 1], size - 1)
            nodes = self._hashed.find(keys | np.uint64(1))
            ends = np.flatnonzero((nodes >= 0) & (word_of[nodes] >= 0))
            places.append(left[ends])
            words.append(word_of[nodes[ends]])
            on = np.flatnonzero((nodes >= 0) & goes_on[nodes])
            left, keys, size = left[on], keys[on], size + 1
        where = np.concatenate(places[::-1])
        order = np.argsort(where, kind="stable")  # so that the longest stay before the others
        return _Hits(where[order], np.concatenate(words[::-1])[order])


def _apart(places: Indices, ends: Indices) -> Indices:
    """Those of some stretches, in the order of their places, that are left when each one ends before the next."""
    after = np.append(True, places[1:] >= np.maximum.accumulate(ends)[:-1])[: len(places)]
    doubtful = np.flatnonzero(~after)  # one before reaches so far, which may be left out itself
    end, last = 0, -1
    for at, place, own, before in zip(
        doubtful.tolist(),
        places[doubtful].tolist(),
        ends[doubtful].tolist(),
        ends[doubtful - 1].tolist(),
        strict=True,
    ):
        if at != last + 1:  # the one before is after all others
            end = before
        if place >= end:
            after[at], end = True, own
        last = at
    return np.flatnonzero(after)


#: Lists that are looked for in Chinese posts, in their bodies, and in all posts, where the letters that begin some of
#: the others, as of "qwen", stand everywhere; and in tokens that are new to a table.
CHINESE: Final = Words()
BODIES: Final = Words()
ANYWHERE: Final = Words()
TOKENS: Final = Words()


@lru_cache(maxsize=4)
def _hits(words: Words, joined: Joined, _: int) -> _Hits:
    """The words in texts; several lists are asked for the same ones, for as many words as there were lists for."""
    return words.find(joined)


class Substrings:
    """A list of words.

    Parameters
    ----------
    together : with which other lists it is looked for.

    Attributes
    ----------
    entries : the words, each once.
    """

    def __init__(self, entries: Iterable[str], together: Words = CHINESE) -> None:
        self.entries = sorted(set(entries))
        self._lengths = np.fromiter(map(len, self.entries), np.int64, len(self.entries))
        self._sizes = sorted({len(entry) for entry in self.entries}, reverse=True)
        self._every = frozenset(self.entries)
        self._begins = frozenset(entry[:2] for entry in self.entries)
        self._together = together
        self._numbers = together.add(self.entries)

    def found(self, joined: Joined) -> tuple[Indices, Indices, Indices]:
        """Words of the list: the text each stands in, its place in `Joined.whole`, and its place in `entries`.

        They are in the order of places; of those that begin at the same place, the longest comes first.
        """
        hits = _hits(self._together, joined, len(self._together))
        own = np.full(len(self._together), -1)
        own[self._numbers] = np.arange(len(self.entries))
        which = own[hits.words]
        there = np.flatnonzero(which >= 0)
        places = hits.places[there]
        return joined.owners(places), places, which[there]

    def holding(self, joined: Joined) -> npt.NDArray[np.bool_]:
        """Which texts hold any of the words."""
        held = np.zeros(len(joined), bool)
        held[self.found(joined)[0]] = True
        return held

    def longest(
        self, joined: Joined, among: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Indices, Indices, Indices]:
        """The same, of words that overlap the first alone, and of these the longest.

        Parameters
        ----------
        among : the texts that are wanted; all of them if it is not given.
        """
        owners, places, which = self.found(joined)
        kept = np.append(True, places[1:] != places[:-1])[: len(places)]
        if among is not None:
            kept &= among[owners]
        owners, places, which = owners[kept], places[kept], which[kept]
        apart = _apart(places, places + self._lengths[which])
        return owners[apart], places[apart], which[apart]

    def longest_in(self, text: str) -> Iterator[tuple[int, str]]:
        """The same of one short text."""
        end, begins, every = 0, self._begins, self._every
        for place in range(len(text)):
            if place < end or (text[place : place + 2] not in begins and text[place] not in begins):
                continue
            entry = next((part for size in self._sizes if (part := text[place : place + size]) in every), "")
            if entry:
                yield place, entry
                end = place + len(entry)
