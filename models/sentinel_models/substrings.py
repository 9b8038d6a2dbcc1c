"""Finds words wherever they stand, in many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from .joined import Joined
from .ngrams import Indices

__all__ = ["Substrings"]

_FIRST, _SECOND, _ALONE = 1, 2, 4
_CODES: Final = 0x110000


class Substrings:
    """A list of words. Places whose two characters are no beginning of any of them are never looked at."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        self._roles = np.zeros(_CODES, np.uint8)
        for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry)):
            self._by_beginning.setdefault(entry[:2], []).append(entry)
            self._roles[ord(entry[0])] |= _FIRST if len(entry) > 1 else _ALONE
            if len(entry) > 1:
                self._roles[ord(entry[1])] |= _SECOND

    def find_all(self, joined: Joined) -> Iterator[tuple[int, int, str]]:
        """Words of the list, each with its text and its place in `Joined.whole`, in the order of places.

        Of those that begin at the same place, the longest comes first.
        """
        whole, by_beginning = joined.whole, self._by_beginning
        places = self._places(joined)
        for place, at in zip(places.tolist(), joined.owners(places).tolist(), strict=True):
            for entry in by_beginning.get(whole[place : place + 2], ()):
                if whole.startswith(entry, place):
                    yield at, place, entry
            for entry in by_beginning.get(whole[place], ()):
                yield at, place, entry

    def longest(self, joined: Joined) -> Iterator[tuple[int, int, str]]:
        """The same, of words that overlap only the first one, and of these the longest."""
        end = 0
        for at, place, entry in self.find_all(joined):
            if place >= end:
                end = place + len(entry)
                yield at, place, entry

    def _places(self, joined: Joined) -> Indices:
        """Where one of the words may begin."""
        roles = self._roles[joined.codes]
        begins = (roles & _ALONE) != 0
        begins[:-1] |= ((roles[:-1] & _FIRST) != 0) & ((roles[1:] & _SECOND) != 0)
        return np.flatnonzero(begins)
