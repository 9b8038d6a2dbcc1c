"""Texts as numbers of tokens. What stands between two spaces comes again and again, and is cut only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import grown
from .joined import END, OPEN
from .ngrams import Indices
from .words import cut

__all__ = ["DULL", "Chunks"]

#: Addresses that a platform shortened: they say nothing and do not come twice.
DULL: Final = re.compile(r"https?://t\.co/[a-z0-9]{10}")
_DULL: Final = "https://t.co/0000000000"
#: Signs that are no tokens, and part those beside them, but for addresses and for dots in a row.
_PARTING: Final = '(),:;".'


class Chunks(dict[str, int]):
    """What stands between spaces -> its number, by which the tokens are known that it is cut into.

    Parameters
    ----------
    known : the number of a token, or what is given beside it if it is not known; those up to `address` are of marks.
    numbers : numbers of tokens, known or not.
    address : the token of a shortened address, as which all of them are remembered.
    tokens : tokens that are known, each a chunk by itself.
    """

    def __init__(
        self,
        known: Callable[[str, int], int],
        numbers: Callable[[Sequence[str]], Indices],
        address: int,
        tokens: Sequence[str],
    ) -> None:
        super().__init__()
        self._known, self._numbers, self._address = known, numbers, address
        self._flat: Indices = np.empty(0, np.int64)
        self._sizes: Indices = np.empty(0, np.int64)
        self._firsts: Indices = np.empty(0, np.int64)
        self._n_flat = 0
        first = [_DULL, OPEN, END, *tokens]
        self._put(first, numbers(first), np.ones(len(first), np.int64))
        self._opening = int(numbers([OPEN])[0])

    def numbers(self, text: str) -> Indices:
        """Numbers of the tokens of a text that is folded and in lower case."""
        found = text.split()
        rows = np.fromiter(map(self.get, found, repeat(-1)), np.int64, len(found))
        unknown = np.flatnonzero(rows < 0)
        if len(unknown):
            missing = [found[at] for at in unknown.tolist()]
            self._learn(list(dict.fromkeys(missing)))
            rows[unknown] = np.fromiter(map(self.get, missing, repeat(0)), np.int64, len(missing))
        sizes = self._sizes[rows]
        ends = np.cumsum(sizes)
        n_tokens = int(ends[-1]) if len(ends) else 0
        return self._flat[np.repeat(self._firsts[rows] - (ends - sizes), sizes) + np.arange(n_tokens)]

    def _learn(self, chunks: Sequence[str]) -> None:
        """Cut chunks that were not seen yet; many are a known token, or one beside signs."""
        bare = [chunk.strip(_PARTING) for chunk in chunks]
        numbers = np.fromiter(map(self._known, bare, repeat(-1)), np.int64, len(bare))
        single = [
            at
            for at in np.flatnonzero(numbers > self._address).tolist()
            if not (".." in chunks[at] or "://" in chunks[at])
        ]
        self._put([chunks[at] for at in single], numbers[single], np.ones(len(single), np.int64))
        others = [
            chunk for chunk in chunks if chunk not in self and not (chunk[0] == "h" and DULL.fullmatch(chunk))
        ]
        cuts = self._numbers(cut(f" {OPEN} ".join(["", *others])))
        opens = np.flatnonzero(cuts == self._opening)
        self._put(others, cuts[cuts != self._opening], np.diff(np.append(opens, len(cuts))) - 1)

    def _put(self, chunks: Sequence[str], tokens: npt.ArrayLike, sizes: npt.ArrayLike) -> None:
        """Put chunks behind those that are known: the tokens of all, and how many are of each."""
        n_known = len(self)
        self.update(zip(chunks, range(n_known, n_known + len(chunks)), strict=True))
        sizes, tokens = np.asarray(sizes, np.int64), np.asarray(tokens, np.int64)
        firsts = self._n_flat + np.cumsum(sizes) - sizes
        self._sizes = grown(self._sizes, n_known, sizes)
        self._firsts = grown(self._firsts, n_known, firsts)
        self._flat = grown(self._flat, self._n_flat, tokens)
        self._n_flat += len(tokens)
