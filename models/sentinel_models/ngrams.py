"""Features as numbers: hashes of characters, words and pairs of words, the same when training and when tagging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from .codes import Codes

__all__ = ["BITS", "bucket", "pair_hashes", "run_buckets", "word_hash"]

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

#: Features are counted in 2**BITS buckets.
BITS: Final = 18

_STEP: Final = np.uint64(
    0x9E3779B97F4A7C15
)  # Fibonacci hashing, Knuth, The Art of Computer Programming 3, 6.4
_AT_ONCE: Final = 1 << 15  # characters that are worked on at once: they stay near the processor


def bucket(hashes: Hashes) -> Indices:
    """Bucket of each hash."""
    mixed = hashes >> np.uint64(31)
    mixed ^= hashes
    mixed *= _STEP
    mixed >>= np.uint64(64 - BITS)
    return mixed.view(np.int64)


def word_hash(word: str, kind: int = 0) -> int:
    """Hash of a word; features of another `kind` have other hashes."""
    return (crc32(word.encode("utf-8", "replace")) << 8) | kind


def pair_hashes(left: Hashes, right: Hashes) -> Hashes:
    """Hash of each word (`left`) with the word after it (`right`)."""
    return left * np.uint64(0x100000001B3) + (right ^ np.uint64(0xA5A5)) * _STEP


def run_buckets(codes: Codes, ends: Indices, lengths: Sequence[int]) -> npt.NDArray[np.int32]:
    """Buckets of the runs of characters that begin at each character of texts that stand one behind the other.

    Parameters
    ----------
    codes : of the texts, with a character before and one after each, which are in no run.
    ends : places of those after.

    Returns
    -------
    Shape (len(lengths), len(codes)); ``2**BITS`` where a text ends too soon for a run.
    """
    codes = np.where(codes == 0, np.uint32(ord(" ")), codes)
    buckets = np.empty((len(lengths), len(codes)), np.int32)
    longest = min(max(lengths), len(codes))
    for start in range(0, len(codes), _AT_ONCE):
        part = codes[start : start + _AT_ONCE + longest - 1].astype(np.uint64)
        hashes = part + np.uint64(0x51ED)
        for length in range(1, longest + 1):
            if length > 1:
                hashes = hashes[:-1] * _STEP
                hashes += part[length - 1 :]
            if length in lengths:
                row = buckets[lengths.index(length), start : start + len(hashes)]
                row[:] = bucket(hashes ^ np.uint64(length))
    outside = np.append(-1, ends)  # with what stands before the first text
    for length, row in zip(lengths, buckets, strict=True):
        for back in range(-1, length):
            short = outside - back
            row[short[(short >= 0) & (short < len(codes))]] = 1 << BITS
    return buckets
