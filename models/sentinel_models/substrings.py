"""Finds words wherever they stand, in many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from .codes import codes_of
from .joined import PAIR_BITS, Joined, pair_numbers
from .ngrams import Indices

__all__ = ["Substrings"]

_CODES: Final = 0x110000


class Substrings:
    """A list of words. Places whose two characters are no beginning of any of them are never looked at."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry)):
            self._by_beginning.setdefault(entry[:2], []).append(entry)
        beginnings = [beginning for beginning in self._by_beginning if len(beginning) > 1]
        self._pairs = np.zeros(1 << PAIR_BITS, bool)
        if beginnings:
            codes = codes_of("".join(beginnings))
            self._pairs[pair_numbers(codes[::2], codes[1::2])] = True
        alone = [ord(entry) for entry in self._by_beginning if len(entry) == 1]
        self._alone = np.zeros(_CODES if alone else 0, bool)
        self._alone[alone] = True

    def find_all(
        self, joined: Joined, among: npt.NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[int, int, str]]:
        """Words of the list, each with its text and its place in `Joined.whole`, in the order of places.

        Of those that begin at the same place, the longest comes first. Only texts are searched that are `among` some.
        """
        whole, by_beginning = joined.whole, self._by_beginning
        places = self._places(joined)
        owners = joined.owners(places)
        if among is not None:
            wanted = among[owners]
            places, owners = places[wanted], owners[wanted]
        for place, at in zip(places.tolist(), owners.tolist(), strict=True):
            for entry in by_beginning.get(whole[place : place + 2], ()):
                if whole.startswith(entry, place):
                    yield at, place, entry
            for entry in by_beginning.get(whole[place], ()):
                yield at, place, entry

    def longest_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Words of one short text with their places: of those that overlap the first, and of these the longest."""
        end, by_beginning = 0, self._by_beginning
        for place in range(len(text)):
            beginning = text[place : place + 2]
            if place >= end and (beginning in by_beginning or beginning[0] in by_beginning):
                for entry in (*by_beginning.get(beginning, ()), *by_beginning.get(beginning[0], ())):
                    if text.startswith(entry, place):
                        yield place, entry
                        end = place + len(entry)
                        break

    def holding(self, joined: Joined) -> npt.NDArray[np.bool_]:
        """Which texts hold any of the words."""
        found = np.zeros(len(joined), bool)
        if len(self._alone):
            found[joined.owners(np.flatnonzero(self._alone[joined.codes]))] = True
        places = np.flatnonzero(self._pairs[joined.pairs])
        owners = joined.owners(places)
        left = ~found[owners]
        for place, at in zip(places[left].tolist(), owners[left].tolist(), strict=True):
            if not found[at]:
                entries = self._by_beginning.get(joined.whole[place : place + 2], ())
                found[at] = any(joined.whole.startswith(entry, place) for entry in entries)
        return found

    def longest(self, joined: Joined) -> Iterator[tuple[int, int, str]]:
        """The same, of words that overlap only the first one, and of these the longest."""
        end = 0
        for at, place, entry in self.find_all(joined):
            if place >= end:
                end = place + len(entry)
                yield at, place, entry

    def _places(self, joined: Joined) -> Indices:
        """Where one of the words may begin."""
        begins = self._alone[joined.codes] if len(self._alone) else np.zeros(len(joined.codes), bool)
        begins[:-1] |= self._pairs[joined.pairs]
        return np.flatnonzero(begins)
