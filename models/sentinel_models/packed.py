"""Sums of rows of small whole numbers, four columns in one word of the processor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .ngrams import Indices

__all__ = ["Packed", "added"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]

_LANES: Final = 4  #: numbers of 16 bits in a word of 64
#: What is put on top of each number of a byte, so that no sum is below 0 and borrows from the next.
_RAISED: Final = 128
_FULL: Final = (1 << 16) - 1  #: the most that a lane holds
_AT_ONCE: Final = 1 << 14  #: rows that are gathered at once: they stay near the processor


class Packed:
    """A table of weights, one byte each, looked up by buckets and added up exactly.

    Parameters
    ----------
    weights : shape (n_buckets, n_columns), whole numbers of a byte; `n_buckets` a power of 2.
    bits : of the buckets. A smaller table leaves out the lowest of them; ``1 << bits`` is the bucket of nothing.
    """

    def __init__(self, weights: Whole, bits: int) -> None:
        if weights.dtype != np.int8:
            raise ValueError(f"weights are of {weights.dtype}, expected int8")
        n_rows, self._n_columns = weights.shape
        self._shift = bits - (n_rows.bit_length() - 1)
        self._wide = self._n_columns >= _LANES
        # numpy copies rows of 4, 8, 16 or 32 bytes three times as fast as others.
        width = 1 << (self._n_columns - 1).bit_length() if self._wide else self._n_columns
        self._rows = np.full((n_rows + 1, width), _RAISED, np.uint8)
        self._rows[:-1, : self._n_columns] = weights + np.int16(_RAISED)

    def of(self, buckets: Whole) -> Floats:
        """The weights of each bucket, shape (n, n_columns)."""
        rows = self._rows[buckets >> self._shift, : self._n_columns]
        return rows.astype(float) - _RAISED

    def sums(self, kinds: Sequence[Whole] | Whole, ends: Indices) -> Whole:
        """Sums of the weights of buckets, those of post i from ``ends[i]`` to ``ends[i + 1]``; (n_posts, n_columns).

        Parameters
        ----------
        kinds : buckets of one kind or several: what stands at the same place is added to the same post.
        """
        sums = np.zeros((len(ends) - 1, self._n_columns), np.int32)
        add = _add_lanes if self._wide else _add_each
        for posts, start, end, starts in _parts(ends):
            gathered = self._gathered(kinds[0][start:end]).astype(np.uint16)
            for kind in kinds[1:]:
                gathered += self._gathered(kind[start:end])
            raised = _RAISED * len(kinds) * np.diff(starts, append=end - start)
            longest = _FULL // (2 * _RAISED * len(kinds))
            sums[posts] = add(gathered, starts, longest)[:, : self._n_columns] - raised[:, None]
        return sums

    def _gathered(self, buckets: Whole) -> npt.NDArray[np.uint8]:
        gathered: npt.NDArray[np.uint8] = self._rows.take(buckets >> self._shift, axis=0)
        return gathered


def added(rows: Indices, ends: Indices, weights: Whole) -> Whole:
    """Sums of some rows of weights of any size, ``ends[i]`` to ``ends[i + 1]`` for post i."""
    sums = np.zeros((len(ends) - 1, weights.shape[1]), np.int32)
    for posts, start, end, starts in _parts(ends):
        gathered = weights.take(rows[start:end], axis=0)
        sums[posts] = np.add.reduceat(gathered, starts, axis=0, dtype=np.int32)
    return sums


def _parts(ends: Indices) -> Iterator[tuple[Indices, int, int, Indices]]:
    """Posts that are added up at once: which they are, first row and the one after the last, first row of each."""
    there = np.flatnonzero(ends[1:] > ends[:-1])  # a post without rows would be given a row of the next one
    starts, lasts = ends[there], ends[there + 1]
    first = 0
    while first < len(there):
        start = int(starts[first])
        last = max(int(np.searchsorted(lasts, start + _AT_ONCE, side="right")), first + 1)
        yield there[first:last], start, int(lasts[last - 1]), starts[first:last] - start
        first = last


def _add_each(rows: npt.NDArray[np.uint16], starts: Indices, _: int) -> Whole:
    """Sums of stretches of rows."""
    sums: Whole = np.add.reduceat(rows, starts, axis=0, dtype=np.int32)
    return sums


def _add_lanes(rows: npt.NDArray[np.uint16], starts: Indices, longest: int) -> Whole:
    """The same of rows of whole words, of which `longest` add up to no more than a lane holds: block by block."""
    counts = -(-np.diff(starts, append=len(rows)) // longest)
    first = np.cumsum(counts) - counts
    within = np.arange(counts.sum()) - np.repeat(first, counts)
    blocks = np.repeat(starts, counts) + within * longest
    lanes = np.add.reduceat(rows.view(np.uint64), blocks, axis=0).view(np.uint16)
    return _add_each(lanes, first, 0) if len(blocks) > len(starts) else lanes.astype(np.int32)
