"""Finds words wherever they stand, in many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .codes import codes_of
from .joined import PAIR_BITS, Joined, pair_numbers
from .ngrams import Indices

__all__ = ["Substrings"]

_CODES: Final = 0x110000
_SHORT: Final = 3  # characters of a word that is found by one look-up


class Substrings:
    """A list of words. Places whose two characters are no beginning of any of them are never looked at."""

    def __init__(self, entries: Iterable[str]) -> None:
        every = sorted(set(entries), key=lambda entry: (-len(entry), entry))
        self._longer: dict[str, list[str]] = {}  # first three characters -> words of more, the longest first
        for entry in every:
            if len(entry) > _SHORT:
                self._longer.setdefault(entry[:_SHORT], []).append(entry)
        short = {entry for entry in every if len(entry) <= _SHORT}
        #: Word of up to three characters -> itself and the words that it begins with, the longest first.
        self._short = {
            entry: [entry[:size] for size in range(len(entry), 0, -1) if entry[:size] in short]
            for entry in short
        }
        self._begins = frozenset(entry[:2] for entry in every)
        beginnings = [beginning for beginning in self._begins if len(beginning) > 1]
        self._pairs = np.zeros(1 << PAIR_BITS, bool)
        if beginnings:
            codes = codes_of("".join(beginnings))
            self._pairs[pair_numbers(codes[::2], codes[1::2])] = True
        alone = [ord(entry) for entry in short if len(entry) == 1]
        self._alone = np.zeros(_CODES if alone else 0, bool)
        self._alone[alone] = True

    def find_all(
        self, joined: Joined, among: npt.NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[int, int, str]]:
        """Words of the list, each with its text and its place in `Joined.whole`, in the order of places.

        Of those that begin at the same place, the longest comes first. Only texts are searched that are `among` some.
        """
        places = self._places(joined)
        owners = joined.owners(places)
        if among is not None:
            wanted = among[owners]
            places, owners = places[wanted], owners[wanted]
        for place, at in zip(places.tolist(), owners.tolist(), strict=True):
            for entry in self._at(joined.whole, place):
                yield at, place, entry

    def longest_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Words of one short text with their places: of those that overlap the first, and of these the longest."""
        end, begins = 0, self._begins
        for place in range(len(text)):
            if place < end or (text[place : place + 2] not in begins and text[place] not in begins):
                continue
            if entries := self._at(text, place):
                yield place, entries[0]
                end = place + len(entries[0])

    def holding(self, joined: Joined) -> npt.NDArray[np.bool_]:
        """Which texts hold any of the words."""
        found = np.zeros(len(joined), bool)
        if len(self._alone):
            found[joined.owners(np.flatnonzero(self._alone[joined.codes]))] = True
        places = np.flatnonzero(self._pairs[joined.pairs])
        owners = joined.owners(places)
        left = ~found[owners]
        held: set[int] = set()
        for place, at in zip(places[left].tolist(), owners[left].tolist(), strict=True):
            if at not in held and self._at(joined.whole, place):
                held.add(at)
        found[list(held)] = True
        return found

    def longest(self, joined: Joined) -> Iterator[tuple[int, int, str]]:
        """The same, of words that overlap only the first one, and of these the longest."""
        end = 0
        for at, place, entry in self.find_all(joined):
            if place >= end:
                end = place + len(entry)
                yield at, place, entry

    def _at(self, text: str, place: int) -> Sequence[str]:
        """The words that stand at a place, the longest first."""
        beginning, known = text[place : place + _SHORT], self._short
        short = known.get(beginning) or known.get(beginning[:2]) or known.get(beginning[:1]) or ()
        if beginning in self._longer:
            return [*(entry for entry in self._longer[beginning] if text.startswith(entry, place)), *short]
        return short

    def _places(self, joined: Joined) -> Indices:
        """Where one of the words may begin."""
        begins = self._alone[joined.codes] if len(self._alone) else np.zeros(len(joined.codes), bool)
        begins[:-1] |= self._pairs[joined.pairs]
        return np.flatnonzero(begins)
