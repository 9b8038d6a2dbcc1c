"""Texts as numbers of tokens. What stands between two spaces comes again and again, and is cut only once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from .columns import grown
from .ngrams import Indices
from .words import cut

__all__ = ["DULL", "Chunks"]

#: Addresses that a platform shortened: they say nothing and do not come twice.
DULL: Final = re.compile(r"https?://t\.co/[a-z0-9]{10}")


class Chunks(dict[str, int]):
    """What stands between spaces -> its number, by which the tokens are known that it is cut into.

    Parameters
    ----------
    tokens : token -> number; grows as it is asked.
    dull : a shortened address, in place of which all others are remembered.
    """

    def __init__(self, tokens: Mapping[str, int], dull: str) -> None:
        super().__init__()
        self._tokens = tokens
        self._new: list[int] = []
        self._new_sizes: list[int] = []
        self._flat: Indices = np.empty(0, np.int64)
        self._sizes: Indices = np.empty(0, np.int64)
        self._firsts: Indices = np.empty(0, np.int64)
        self._n_flat = 0
        self._dull = self._add(dull)

    def __missing__(self, chunk: str) -> int:
        """Number of a chunk that was not seen yet."""
        return self._dull if DULL.fullmatch(chunk) else self._add(chunk)

    def _add(self, chunk: str) -> int:
        number = self[chunk] = len(self)
        numbers = [self._tokens[token] for token in cut(chunk)]
        self._new += numbers
        self._new_sizes.append(len(numbers))
        return number

    def numbers(self, text: str) -> Indices:
        """Numbers of the tokens of a text that is folded and in lower case."""
        found = text.split()
        rows = np.fromiter(map(self.__getitem__, found), np.int64, len(found))
        self._settle()
        sizes = self._sizes[rows]
        ends = np.cumsum(sizes)
        n_tokens = int(ends[-1]) if len(ends) else 0
        return self._flat[np.repeat(self._firsts[rows] - (ends - sizes), sizes) + np.arange(n_tokens)]

    def _settle(self) -> None:
        """Put what is new behind what is known."""
        if not self._new_sizes:
            return
        n_known = len(self) - len(self._new_sizes)
        sizes = np.array(self._new_sizes, np.int64)
        firsts = self._n_flat + np.cumsum(sizes) - sizes
        self._sizes = grown(self._sizes, n_known, sizes)
        self._firsts = grown(self._firsts, n_known, firsts)
        self._flat = grown(self._flat, self._n_flat, np.array(self._new, np.int64))
        self._n_flat += len(self._new)
        self._new, self._new_sizes = [], []
