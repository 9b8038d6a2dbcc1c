"""Numbers of 64-bit hashes, looked up many at a time, and hashes of texts.

Hashes of texts are drawn anew in each process: nobody can write a text that is taken for another one.
"""

from __future__ import annotations

from os import urandom
from typing import Final

import numpy as np

from .codes import Codes
from .folding import MAX_CHARS
from .ngrams import Hashes, Indices

__all__ = ["LONGEST", "Hashed", "weighed"]

#: Characters of the longest text there is: in lower case some letters are two.
LONGEST: Final = 2 * MAX_CHARS + 8
_FACTORS: Final = np.frombuffer(urandom(8 * LONGEST), np.uint64) | np.uint64(1)
_BITS: Final = 10
_FULLEST: Final = 0.4  # share of the places that are taken before there are more


class Hashed:
    """Hash -> its number, in the order in which hashes came.

    A place is told by the highest bits of a hash; where it is taken, the next free one is. No hash is 0.
    """

    def __init__(self) -> None:
        self._n = 0
        self._make(_BITS)

    def _make(self, bits: int) -> None:
        self._bits = bits
        self._keys: Hashes = np.zeros(1 << bits, np.uint64)
        self._values: Indices = np.zeros(1 << bits, np.int64)

    def __len__(self) -> int:
        return self._n

    def find(self, hashes: Hashes) -> Indices:
        """The number of each hash, -1 of those that are not known."""
        places = self._places(hashes)
        held, numbers = self._keys.take(places), self._values.take(places)
        left = np.flatnonzero(held != hashes)
        numbers[left] = -1
        left = left[held[left] != 0]
        while len(left):
            places[left] = self._next(places[left])
            held = self._keys[places[left]]
            there = held == hashes[left]
            numbers[left[there]] = self._values[places[left[there]]]
            left = left[~there & (held != 0)]
        return numbers

    def add(self, hashes: Hashes) -> None:
        """Give the next numbers to hashes that are not known, each of them once."""
        if self._n + len(hashes) > _FULLEST * len(self._keys):
            known = np.flatnonzero(self._keys)
            keys, values = self._keys[known], self._values[known]
            needed = int((self._n + len(hashes)) / _FULLEST)
            self._make(max(self._bits + 1, needed.bit_length()))
            self._put(keys, values)
        self._put(hashes, np.arange(self._n, self._n + len(hashes)))
        self._n += len(hashes)

    def _put(self, hashes: Hashes, numbers: Indices) -> None:
        places = self._places(hashes)
        left = np.arange(len(hashes))
        while len(left):
            free = left[self._keys[places[left]] == 0]
            self._keys[places[free]] = hashes[free]  # of several that want the same place, one gets it
            got = self._keys[places[left]] == hashes[left]
            self._values[places[left[got]]] = numbers[left[got]]
            left = left[~got]
            places[left] = self._next(places[left])

    def _places(self, hashes: Hashes) -> Indices:
        return (hashes >> np.uint64(64 - self._bits)).view(np.int64)

    def _next(self, places: Indices) -> Indices:
        return (places + 1) & (len(self._keys) - 1)


def weighed(codes: Codes, places: Indices | int) -> Hashes:
    """What characters at places of a text add to its hash."""
    weighed: Hashes = _FACTORS.take(places)
    weighed *= codes + np.uint32(1)
    return weighed
