"""What the features of posts add up to under trained weights.

Most tokens repeat, so what a token is worth is worked out once; a post costs a few look-ups, and the rest is done for the
whole batch at once. Weights are whole numbers: their sums do not depend on the order of adding, and a post is tagged the
same in any batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .ngrams import BITS, Indices, bucket, character_ngrams
from .tokens import Batch, tokens

__all__ = ["CHARACTER_SHARE", "RUNS", "RunSums", "TokenSums", "runs", "token_features"]

Floats = npt.NDArray[np.float64]

_CHARACTERS: Final = (2, 3, 4, 5)
#: A run of characters counts for one such part of a word: a word has many of them.
CHARACTER_SHARE: Final = 2

#: Lengths of the runs of characters that are features of Chinese posts.
RUNS: Final = (1, 2, 3, 4)


class TokenSums:
    """Weights of features, added up for each token of the table once.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs), whole numbers.
    characters : whether the runs of characters within a word are features too.
    """

    def __init__(self, features: npt.NDArray[Any], characters: bool) -> None:
        self._features = features
        self._characters = characters
        self._shift = _shift(features)
        self._emptied = 0
        self._plain = self._negated = np.empty((0, features.shape[1]), np.int32)

    def outputs(self, batch: Batch) -> npt.NDArray[np.int32]:
        """What each token adds, with the pair it opens, in parts of CHARACTER_SHARE."""
        self._work_out()
        own = self._plain[batch.rows]
        own[batch.negated] = self._negated[batch.rows[batch.negated]]
        own += self._of(batch.pairs)
        return own

    def sums(self, batch: Batch) -> Floats:
        """What each post's features add up to, scaled by the root of its length; shape (n_posts, n_outputs)."""
        if not len(batch.counts):
            return np.empty((0, self._features.shape[1]))
        added = np.add.reduceat(self.outputs(batch), batch.starts, axis=0)
        scaled: Floats = added / (CHARACTER_SHARE * np.sqrt(batch.counts)[:, None])
        return scaled

    def _of(self, buckets: Indices) -> npt.NDArray[np.int32]:
        found: npt.NDArray[np.int32] = self._features[buckets >> self._shift] * np.int32(CHARACTER_SHARE)
        return found

    def _work_out(self) -> None:
        """Rows of the tokens that are new."""
        known = tokens()
        if self._emptied != known.emptied:
            self._emptied = known.emptied
            self._plain = self._negated = self._plain[:0]
        new, hashes = known.words[len(self._plain) :], known.hashes[len(self._plain) :]
        if not new:
            return
        within = np.zeros((len(new), self._features.shape[1]), np.int32)
        if self._characters:
            at, buckets = token_features(new)
            starts = np.flatnonzero(np.diff(at, prepend=-1))
            within[at[starts]] = np.add.reduceat(
                self._features[buckets >> self._shift], starts, axis=0, dtype=np.int32
            )
        self._plain = np.concatenate([self._plain, within + self._of(bucket(hashes))])
        self._negated = np.concatenate([self._negated, within + self._of(bucket(hashes + np.uint64(1)))])


class RunSums:
    """Weights of runs of characters, added up over Chinese posts.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs), whole numbers.
    """

    def __init__(self, features: npt.NDArray[Any]) -> None:
        self._features = features
        self._shift = _shift(features)

    def outputs(self, buckets: Indices) -> npt.NDArray[Any]:
        """What each run adds."""
        found: npt.NDArray[Any] = self._features[buckets >> self._shift]
        return found

    def sums(self, bodies: Sequence[str]) -> Floats:
        """What each post's runs add up to, scaled by the root of their number; shape (n_posts, n_outputs)."""
        post, buckets = runs(bodies)
        added = np.zeros((len(bodies), self._features.shape[1]), np.int64)
        starts = np.flatnonzero(np.diff(post, prepend=-1))
        if len(starts):
            added[post[starts]] = np.add.reduceat(self.outputs(buckets), starts, axis=0, dtype=np.int64)
        scaled: Floats = added / np.sqrt(np.maximum(np.bincount(post, minlength=len(bodies)), 1))[:, None]
        return scaled


def _shift(features: npt.NDArray[Any]) -> int:
    """Low bits of a bucket that a smaller table of weights leaves out."""
    return BITS - (len(features).bit_length() - 1)


@lru_cache(maxsize=4)
def _runs(bodies: tuple[str, ...]) -> tuple[Indices, Indices]:
    post, buckets = character_ngrams(bodies, RUNS)
    order = np.argsort(post, kind="stable")
    return post[order], buckets[order]


def runs(bodies: Sequence[str]) -> tuple[Indices, Indices]:
    """All runs of characters of Chinese posts: (index of the post, in order; bucket)."""
    return _runs(tuple(bodies))


def token_features(words: Sequence[str]) -> tuple[Indices, Indices]:
    """Character features of words: (index of the word, in order; bucket)."""
    at, buckets = character_ngrams([f" {word} " for word in words], _CHARACTERS)
    order = np.argsort(at, kind="stable")
    return at[order], buckets[order]
