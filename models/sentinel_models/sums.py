"""What the features of posts add up to under trained weights.

Most tokens repeat, so what a token is worth is worked out once; a post costs a few look-ups, and the rest is done for
the whole batch at once. Each post is added up on its own, so that it is tagged the same in any batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from .chinese import bodies
from .columns import Column
from .ngrams import BITS, Indices, bucket, character_ngrams, ngrams_by_length, word_hash
from .posts import Posts
from .tokens import Batch

__all__ = [
    "CHARACTER_SHARE",
    "RUNS",
    "RunSums",
    "Runs",
    "TokenSums",
    "bodies_of",
    "runs_of",
    "token_features",
]

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]

_CHARACTERS: Final = (2, 3, 4, 5)
#: A run of characters counts for one such part of a word: a word has many of them.
CHARACTER_SHARE: Final = 2

#: Lengths of the runs of characters that are features of Chinese posts.
RUNS: Final = (1, 2, 3, 4)


_MOST: Final = 0.5  # share of a batch from which it is added up whole, and what is wanted taken out of it


class TokenSums:
    """Weights of features, added up for each token of the table once.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs), whole numbers, so that their sums are exact in any order.
    characters : whether the runs of characters within a word are features too.
    """

    def __init__(self, features: npt.NDArray[Any], characters: bool) -> None:
        self._features: Floats32 = features.astype(np.float32)
        self._characters = characters
        self._shift = _shift(features)
        self._own = Column(self._work_out, canonical=True)

    def outputs(self, batch: Batch) -> Floats:
        """What each token adds, with the pair it opens; shape (n_tokens, n_outputs), not scaled."""
        own: Floats = self._own.of(batch.known)[batch.rows, batch.negated.astype(int)] + self._features[
            batch.pairs >> self._shift
        ].astype(float)
        return own

    def sums(self, batch: Batch, posts: Indices | None = None) -> Floats:
        """What the features of some posts, else of all, add up to, scaled by the root of their lengths.

        Shape (n_posts, n_outputs).
        """
        n_outputs = self._features.shape[1]
        if posts is not None and len(posts) < len(batch.counts) * _MOST:
            batch, posts = batch.take(posts), None
        if not len(batch.counts):
            return np.empty((0, n_outputs))
        own = self._own.of(batch.known).reshape(-1, n_outputs)
        ends = np.append(batch.starts, len(batch.rows))
        added = _add(2 * batch.rows + batch.negated, ends, own) + _add(
            batch.pairs >> self._shift, ends, self._features
        )
        scaled: Floats = added / np.sqrt(batch.counts)[:, None]
        return scaled if posts is None else scaled[posts]

    def _work_out(self, words: Sequence[str]) -> Floats32:
        """What words add by themselves, as they stand and negated; shape (n_words, 2, n_outputs)."""
        hashes = np.array([word_hash(word) for word in words], np.uint64)
        both = np.empty((len(words), 2, self._features.shape[1]), np.float32)
        both[:, 0] = self._features[bucket(hashes) >> self._shift]
        both[:, 1] = self._features[bucket(hashes + np.uint64(1)) >> self._shift]
        if self._characters:
            at, buckets = token_features(words)
            ends = np.searchsorted(at, np.arange(len(words) + 1))
            within = _add(buckets >> self._shift, ends, self._features) / CHARACTER_SHARE
            both += within.astype(np.float32)[:, None]
        return both


class RunSums:
    """Weights of runs of characters, added up over Chinese posts.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs).
    """

    def __init__(self, features: npt.NDArray[Any]) -> None:
        self._features: Floats32 = features.astype(np.float32)
        self._shift = _shift(features)

    def outputs(self, found: Runs) -> Floats:
        """What each run adds, not scaled."""
        added: Floats = self._features[found.buckets >> self._shift].astype(float)
        return added

    def sums(self, found: Runs) -> Floats:
        """What each post's runs add up to, scaled by the root of their number; shape (n_posts, n_outputs)."""
        added = _add(found.buckets >> self._shift, found.ends, self._features)
        scaled: Floats = added / np.sqrt(np.maximum(np.diff(found.ends), 1))[:, None]
        return scaled


def _add(rows: Indices, ends: Indices, weights: Floats32) -> Floats:
    """Sums of rows of `weights`, ``ends[i]`` to ``ends[i + 1]`` for post i, each on its own and in order."""
    chosen = csr_array((np.ones(len(rows), np.float32), rows, ends), shape=(len(ends) - 1, len(weights)))
    added: Floats = (chosen @ weights).astype(float)
    return added


def _shift(features: npt.NDArray[Any]) -> int:
    """Low bits of a bucket that a smaller table of weights leaves out."""
    return BITS - (len(features).bit_length() - 1)


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of characters of some Chinese posts, one post after the other."""

    buckets: Indices  #: of each run; within a post the short ones first, in the order of the text
    ends: Indices  #: runs of post i are those from ends[i] to ends[i + 1]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Runs:
        """All runs of the lengths `RUNS`."""
        parts = list(ngrams_by_length(texts, RUNS))
        sizes = np.array([np.bincount(post, minlength=len(texts)) for post, _ in parts], np.int64)
        sizes = sizes.reshape(-1, len(texts))
        ends = np.append(0, np.cumsum(sizes.sum(axis=0)))
        buckets = np.empty(ends[-1], np.int64)
        places = ends[:-1]
        for size, (post, found) in zip(sizes, parts, strict=True):
            buckets[np.arange(len(post)) + (places - (np.cumsum(size) - size))[post]] = found
            places = places + size
        return cls(buckets, ends)

    def take(self, posts: Indices) -> Runs:
        """The runs of some of the posts, in their order."""
        counts = np.diff(self.ends)
        chosen = np.zeros(len(counts), bool)
        chosen[posts] = True
        return Runs(self.buckets[np.repeat(chosen, counts)], np.append(0, np.cumsum(counts[chosen])))


@lru_cache(maxsize=2)
def bodies_of(posts: Posts) -> list[str]:
    """`body` of each post of a batch, nothing of those without Han characters; several taggers ask for them."""
    chinese = np.flatnonzero(posts.han).tolist()
    every = [""] * len(posts)
    for at, text in zip(chinese, bodies([posts.lower[at] for at in chinese]), strict=True):
        every[at] = text
    return every


@lru_cache(maxsize=2)
def runs_of(posts: Posts) -> Runs:
    """Runs of all posts of a batch, none of a post without Han characters."""
    return Runs.of(bodies_of(posts))


def token_features(words: Sequence[str]) -> tuple[Indices, Indices]:
    """Character features of words: (index of the word, in order; bucket)."""
    at, buckets = character_ngrams([f" {word} " for word in words], _CHARACTERS)
    order = np.argsort(at, kind="stable")
    return at[order], buckets[order]
