"""Features as numbers: hashes of characters, words and pairs of words, the same when training and when tagging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

__all__ = ["BITS", "bucket", "character_ngrams", "pair_hashes", "run_buckets", "word_hash"]

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

#: Features are counted in 2**BITS buckets.
BITS: Final = 18

_STEP: Final = np.uint64(
    0x9E3779B97F4A7C15
)  # Fibonacci hashing, Knuth, The Art of Computer Programming 3, 6.4
_SEPARATOR: Final = "\0"
_AT_ONCE: Final = 1 << 15  # characters that are worked on at once: they stay near the processor


def bucket(hashes: Hashes) -> Indices:
    """Bucket of each hash."""
    mixed = (hashes ^ (hashes >> np.uint64(31))) * _STEP
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def word_hash(word: str, kind: int = 0) -> int:
    """Hash of a word; features of another `kind` have other hashes."""
    return (crc32(word.encode("utf-8", "replace")) << 8) | kind


def pair_hashes(left: Hashes, right: Hashes) -> Hashes:
    """Hash of each word (`left`) with the word after it (`right`)."""
    return left * np.uint64(0x100000001B3) + (right ^ np.uint64(0xA5A5)) * _STEP


def character_ngrams(texts: Sequence[str], lengths: Sequence[int]) -> tuple[Indices, Indices]:
    """All runs of characters of the given lengths.

    Returns
    -------
    text : index of the text in which each run stands, in order
    bucket : its bucket, same shape
    """
    buckets = run_buckets(texts, lengths).T
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    places, which = np.nonzero(buckets < 1 << BITS)
    return np.repeat(np.arange(len(texts)), sizes)[places], buckets[places, which].astype(np.int64)


def run_buckets(texts: Sequence[str], lengths: Sequence[int]) -> npt.NDArray[np.int32]:
    """Buckets of the runs of characters that begin at each character of texts that stand one behind the other.

    Returns
    -------
    Shape (len(lengths), n_characters), with a character after each text; ``2**BITS`` where a text ends too soon for a
    run.
    """
    joined = _SEPARATOR.join([*texts, ""])
    if joined.count(_SEPARATOR) > len(texts):
        joined = _SEPARATOR.join([*(text.replace(_SEPARATOR, " ") for text in texts), ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    buckets = np.full((len(lengths), len(codes)), 1 << BITS, np.int32)
    longest = min(max(lengths), len(codes))
    for start in range(0, len(codes), _AT_ONCE):
        part = codes[start : start + _AT_ONCE + longest - 1].astype(np.uint64)
        hashes = part + np.uint64(0x51ED)
        for length in range(1, longest + 1):
            if length > 1:
                hashes = hashes[:-1] * _STEP + part[length - 1 :]
            if length in lengths:
                row = buckets[lengths.index(length), start : start + len(hashes)]
                row[:] = bucket(hashes ^ np.uint64(length))
    ends = np.flatnonzero(codes == ord(_SEPARATOR))
    for length, row in zip(lengths, buckets, strict=True):
        for back in range(length):
            short = ends - back
            row[short[short >= 0]] = 1 << BITS
    return buckets
