"""Texts as numbers of tokens. What stands between two spaces comes again and again, and is cut only once.

Chunks of a batch are told apart by hashes of their characters, which are worked out for all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .classes import EDGE, GAP
from .codes import Codes, codes_of, text_of
from .columns import grown
from .hashed import Hashed, weighed
from .joined import END, OPEN, Joined, joined_words
from .ngrams import Hashes, Indices
from .words import cut_lines

__all__ = ["DULL", "Chunks"]

#: Addresses that a platform shortened: they say nothing and do not come twice.
DULL: Final = re.compile(r"https?://t\.co/[a-z0-9]{10}")
_DULL: Final = "https://t.co/0000000000"
_AT_ONCE: Final = 1 << 16  # characters that are worked on at once: they stay near the processor


class _Found(NamedTuple):
    """The chunks of texts; what opens and ends a text is one by itself."""

    starts: Indices  #: where each begins
    hashes: Hashes


class Chunks:
    """What stands between spaces and Chinese characters -> the tokens that it is cut into.

    Parameters
    ----------
    numbers : numbers of tokens, known or not.
    address : the token of a shortened address.
    tokens : tokens that are known, each a chunk by itself.
    """

    def __init__(
        self, numbers: Callable[[Sequence[str]], Indices], address: int, tokens: Sequence[str]
    ) -> None:
        self._numbers = numbers
        self._hashed = Hashed()
        self._flat: Indices = np.empty(0, np.int64)
        self._sizes: Indices = np.empty(0, np.int64)
        self._firsts: Indices = np.empty(0, np.int64)
        self._n_flat = 0
        opens, ends, self._break = numbers([OPEN, END, "\n"]).tolist()
        marks = _found(Joined.of([_DULL])).hashes
        self._put(marks, np.array([opens, address, ends]), np.ones(3, np.int64))
        each = _found(joined_words(tokens)).hashes
        self._put(each[np.isin(each, marks, invert=True)], numbers(tokens), np.ones(len(tokens), np.int64))

    def __len__(self) -> int:
        return len(self._hashed)

    def numbers(self, joined: Joined) -> Indices:
        """Numbers of the tokens of texts in lower case, with what opens and ends each."""
        found = _found(joined)
        rows = self._hashed.find(found.hashes)
        unknown = np.flatnonzero(rows < 0)
        if len(unknown):
            rows[unknown] = self._looked_at(joined, found, unknown)
        sizes = self._sizes.take(rows)
        places = np.repeat(self._firsts.take(rows) - (np.cumsum(sizes) - sizes), sizes)
        places += np.arange(len(places))
        return self._flat.take(places)

    def _looked_at(self, joined: Joined, found: _Found, unknown: Indices) -> Indices:
        """Numbers of chunks that were not seen yet: shortened addresses, and those that are cut now."""
        firsts, next_ones = found.starts[unknown], np.append(found.starts, len(joined.codes))[unknown + 1]
        gaps = np.append(np.flatnonzero(joined.classes & GAP != 0), len(joined.codes))
        ends = np.minimum(next_ones, gaps[np.searchsorted(gaps, firsts)])
        rows = np.ones(len(unknown), np.int64)  # the shortened address
        left = np.flatnonzero(~_are_dull(joined.codes, firsts, ends))
        hashes = found.hashes[unknown[left]]
        at, which = _each_once(hashes)
        lines = _lines(joined.codes, firsts[left[at]], ends[left[at]])
        rows[left] = self._learn(lines, hashes[at])[which]
        return rows

    def _learn(self, lines: str, hashes: Hashes) -> Indices:
        """Cut chunks, a line each, and give them numbers."""
        cuts = self._numbers(cut_lines(lines))
        breaks = cuts == self._break
        return self._put(hashes, cuts[~breaks], np.diff(np.flatnonzero(breaks), prepend=-1) - 1)

    def _put(self, hashes: Hashes, tokens: Indices, sizes: Indices) -> Indices:
        """Put chunks behind those that are known: the tokens of all, and how many are of each."""
        n_known = len(self)
        self._hashed.add(hashes)
        firsts = self._n_flat + np.cumsum(sizes) - sizes
        self._sizes = grown(self._sizes, n_known, sizes)
        self._firsts = grown(self._firsts, n_known, firsts)
        self._flat = grown(self._flat, self._n_flat, tokens)
        self._n_flat += len(tokens)
        return np.arange(n_known, len(self))


def _found(joined: Joined) -> _Found:
    codes, classes = joined.codes, joined.classes
    edges = np.arange(0, len(codes), _AT_ONCE)
    edges = np.unique(
        np.append(joined.first[np.searchsorted(joined.first, edges[1:], "right") - 1], [0, len(codes)])
    )
    parts = [
        _found_in(codes[first:end], classes[first:end], first)
        for first, end in pairwise(edges.tolist())
        if end
    ]
    if not parts:
        return _Found(np.empty(0, np.int64), np.empty(0, np.uint64))
    starts, hashes = zip(*parts, strict=True)
    return _Found(np.concatenate(starts), np.concatenate(hashes))


def _found_in(codes: Codes, classes: npt.NDArray[np.uint16], first: int) -> tuple[Indices, Hashes]:
    """Where the chunks of some texts begin, the first text at `first`, and their hashes."""
    within = classes & GAP == 0
    begins = within.copy()
    begins[1:] &= (classes[:-1] & (GAP | EDGE) | classes[1:] & EDGE) != 0
    starts = np.flatnonzero(begins)
    places = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    added = weighed(codes, places)
    added *= within
    sums = np.cumsum(added).take(np.append(starts[1:], len(codes)) - 1)
    sums[1:] -= sums[:-1].copy()
    return starts + first, sums | np.uint64(1)


def _each_once(hashes: Hashes) -> tuple[Indices, Indices]:
    """A place of each of some hashes, and for every one, which of these it is."""
    order = np.argsort(hashes)
    ordered = hashes[order]
    new = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    which = np.empty(len(order), np.int64)
    which[order] = np.cumsum(new) - 1
    return order[new], which


def _lines(codes: Codes, firsts: Indices, ends: Indices) -> str:
    """Stretches of a text as lines; none of them reaches to its end."""
    sizes = ends - firsts + 1
    stops = np.cumsum(sizes)
    lines = codes[np.repeat(firsts - stops + sizes, sizes) + np.arange(sizes.sum())]
    lines[stops - 1] = ord("\n")
    return text_of(lines)


def _are_dull(codes: Codes, firsts: Indices, ends: Indices) -> npt.NDArray[np.bool_]:
    """Which chunks are shortened addresses."""
    dull = np.zeros(len(firsts), bool)
    for opening in ("http://t.co/", "https://t.co/"):
        at = np.flatnonzero(ends - firsts == len(opening) + 10)
        for place, code in enumerate(codes_of(opening)):
            at = at[codes[firsts[at] + place] == code]
        signs = codes[firsts[at, None] + np.arange(len(opening), len(opening) + 10)]
        small = (signs >= ord("a")) & (signs <= ord("z"))
        dull[at[(small | (signs >= ord("0")) & (signs <= ord("9"))).all(axis=1)]] = True
    return dull
