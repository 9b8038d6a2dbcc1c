"""Features as numbers: hashes of characters, words and pairs of words, the same when training and when tagging."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

__all__ = ["BITS", "bucket", "character_ngrams", "ngrams_by_length", "pair_hashes", "word_hash"]

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

#: Features are counted in 2**BITS buckets.
BITS: Final = 18

_STEP: Final = np.uint64(
    0x9E3779B97F4A7C15
)  # Fibonacci hashing, Knuth, The Art of Computer Programming 3, 6.4
_SEPARATOR: Final = 0


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
    text : index of the text in which each run stands
    bucket : its bucket, same shape
    """
    parts = list(ngrams_by_length(texts, lengths))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([text for text, _ in parts]), np.concatenate([found for _, found in parts])


def ngrams_by_length(texts: Sequence[str], lengths: Sequence[int]) -> Iterator[tuple[Indices, Indices]]:
    """The same, one length after the other, the shortest first, in the order of the texts."""
    joined = "\0".join(text.replace("\0", " ") for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    breaks = codes == _SEPARATOR
    text = np.cumsum(breaks, dtype=np.int64)
    hashes = codes + np.uint64(0x51ED)
    for length in range(1, max(lengths) + 1):
        if length > 1:
            hashes = hashes[:-1] * _STEP + codes[length - 1 :]
        if length not in lengths or not len(hashes):
            continue
        ends = len(hashes)
        whole = (
            ~breaks[:ends]
            & ~breaks[length - 1 : length - 1 + ends]
            & (text[:ends] == text[length - 1 : length - 1 + ends])
        )
        yield text[:ends][whole], bucket(hashes[whole] ^ np.uint64(length))
