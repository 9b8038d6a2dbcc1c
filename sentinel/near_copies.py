"""Texts that are the same but for a few words: a campaign that changes a name, an article with a source behind it.

Two texts of at least a dozen words are near-copies if their pairs of neighbouring words overlap by `OVERLAP` (Jaccard).
Candidates are found by MinHash: texts that share one of `BANDS` sketches are compared. What hangs together is a group,
so that the groups depend on the set of texts alone, not on their order.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from sentinel.clean import normal_text

__all__ = ["OVERLAP", "groups", "n_words"]

LEAST_WORDS: Final = 12  #: words, or Han characters: one word more or less turns a shorter text into another
OVERLAP: Final = 0.7
BANDS: Final = 6  #: each of `_ROWS` hashes: nineteen in twenty pairs with an overlap of 0.8 share one
_ROWS: Final = 4
_COMPARED: Final = 16  # texts with the same sketch that each is compared with: a campaign has thousands
_READ: Final = 20_000  # characters of a text
_WORDS: Final = 400  # two articles that begin alike are one
_AT_ONCE: Final = 20_000
_UNIT: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\u3400-\u9fff\U00020000-\U0003ffff]+")

_random = np.random.default_rng(20140919)  # fixed for ever: which texts are compared must not change
_FACTORS: Final = _random.integers(1, 2**63, BANDS * _ROWS, np.uint64) | np.uint64(1)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_ADDENDS: Final = _random.integers(0, 2**63, BANDS * _ROWS, np.uint64)

_Hashes = npt.NDArray[np.uint64]


def groups(texts: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Key -> the smallest key of its group, for texts that have near-copies.

    Parameters
    ----------
    texts : (key, text), in the order of the keys, each key once.
    """
    known = _Texts()
    for key, text in texts:
        known.add(key, text)
    keys, parents = known.keys, list(range(len(known.keys)))
    for one, other in _candidates(known):
        first, second = _root(parents, one), _root(parents, other)
        if first != second and known.overlap(one, other) >= OVERLAP:
            parents[max(first, second)] = min(first, second)
    roots = [_root(parents, at) for at in range(len(keys))]
    size = Counter(roots)
    return {key: keys[root] for key, root in zip(keys, roots, strict=True) if size[root] > 1}


def n_words(text: str) -> int:
    """How many words, or Han characters, a text holds beside links, handles, tags and numbers."""
    return len(_UNIT.findall(normal_text(text[:_READ])))


class _Texts:
    """Texts as hashes of their pairs of neighbouring words, one text after the other: a million take little room."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._hashes = array("I")
        self._ends = array("Q", [0])

    def add(self, key: str, text: str) -> None:
        """Take in a text, unless it is too short to say."""
        words = _UNIT.findall(normal_text(text[:_READ]))[:_WORDS]
        if len(words) < LEAST_WORDS:
            return
        pairs = {crc32(f"{one} {other}".encode("utf-8", "replace")) for one, other in pairwise(words)}
        if len(pairs) * 2 >= LEAST_WORDS:  # not the same word over and over
            self.keys.append(key)
            self._hashes.extend(sorted(pairs))
            self._ends.append(len(self._hashes))

    def sketches(self, first: int, last: int) -> _Hashes:
        """For each text and band one number, the same where the smallest of `_ROWS` hashes all agree."""
        ends = np.array(self._ends[first : last + 1], np.int64)
        every = np.array(self._hashes[ends[0] : ends[-1]], np.uint64)
        bands = np.zeros((last - first, BANDS), np.uint64)
        for at, (factor, addend) in enumerate(zip(_FACTORS, _ADDENDS, strict=True)):
            smallest = np.minimum.reduceat((every * factor + addend) >> np.uint64(16), ends[:-1] - ends[0])
            bands[:, at // _ROWS] = bands[:, at // _ROWS] * _MIX + smallest
        return bands

    def overlap(self, one: int, other: int) -> float:
        """Share of the pairs of two texts that both have."""
        first, second = self._pairs(one), self._pairs(other)
        both = len(first & second)
        return both / (len(first) + len(second) - both)

    def _pairs(self, at: int) -> set[int]:
        return set(self._hashes[self._ends[at] : self._ends[at + 1]])


def _candidates(texts: _Texts) -> Iterator[tuple[int, int]]:
    """Texts that share a sketch, each with those a few places before it."""
    n = len(texts.keys)
    sketches = np.empty((n, BANDS), np.uint64)
    for start in range(0, n, _AT_ONCE):
        last = min(start + _AT_ONCE, n)
        sketches[start:last] = texts.sketches(start, last)
    for band in range(BANDS):
        order = np.argsort(sketches[:, band], kind="stable")
        ranked = sketches[order, band]
        for step in range(1, _COMPARED + 1):
            same = np.flatnonzero(ranked[step:] == ranked[:-step])
            if not len(same):
                break
            yield from zip(order[same].tolist(), order[same + step].tolist(), strict=True)


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at
