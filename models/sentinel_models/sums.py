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

from .chinese import body
from .ngrams import BITS, Indices, bucket, character_ngrams
from .tokens import Batch, tokens
from .words import read

__all__ = [
    "CHARACTER_SHARE",
    "RUNS",
    "RunSums",
    "Runs",
    "TokenSums",
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


class TokenSums:
    """Weights of features, added up for each token of the table once.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs).
    characters : whether the runs of characters within a word are features too.
    """

    def __init__(self, features: npt.NDArray[Any], characters: bool) -> None:
        self._features: Floats32 = features.astype(np.float32)
        self._characters = characters
        self._shift = _shift(features)
        self._emptied = 0
        # Two rows a token: as it stands, and negated.
        self._own = np.empty((0, features.shape[1]), np.float32)

    def outputs(self, batch: Batch) -> Floats:
        """What each token adds, with the pair it opens; shape (n_tokens, n_outputs), not scaled."""
        self._work_out()
        own: Floats = self._own[2 * batch.rows + batch.negated] + self._features[
            batch.pairs >> self._shift
        ].astype(float)
        return own

    def sums(self, batch: Batch) -> Floats:
        """What each post's features add up to, scaled by the root of its length; shape (n_posts, n_outputs)."""
        if not len(batch.counts):
            return np.empty((0, self._features.shape[1]))
        self._work_out()
        ends = np.append(batch.starts, len(batch.rows))
        added = _add(2 * batch.rows + batch.negated, ends, self._own) + _add(
            batch.pairs >> self._shift, ends, self._features
        )
        scaled: Floats = added / np.sqrt(batch.counts)[:, None]
        return scaled

    def _work_out(self) -> None:
        """Rows of the tokens that are new."""
        known = tokens()
        if self._emptied != known.emptied:
            self._emptied = known.emptied
            self._own = self._own[:0]
        done = len(self._own) // 2
        hashes = known.hashes[done:]
        new = known.words[
            done : done + len(hashes)
        ]  # one that was only asked for is hashed with the next batch
        if not new:
            return
        both = np.empty((len(new), 2, self._features.shape[1]), np.float32)
        both[:, 0] = self._features[bucket(hashes) >> self._shift]
        both[:, 1] = self._features[bucket(hashes + np.uint64(1)) >> self._shift]
        if self._characters:
            at, buckets = token_features(new)
            ends = np.searchsorted(at, np.arange(len(new) + 1))
            within = _add(buckets >> self._shift, ends, self._features) / CHARACTER_SHARE
            both += within.astype(np.float32)[:, None]
        self._own = np.concatenate([self._own, both.reshape(-1, self._features.shape[1])])


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
    def of(cls, bodies: Sequence[str]) -> Runs:
        """All runs of the lengths `RUNS`."""
        post, buckets = character_ngrams(bodies, RUNS)
        order = np.argsort(post, kind="stable")
        return cls(buckets[order], np.searchsorted(post[order], np.arange(len(bodies) + 1)))

    def take(self, posts: Sequence[int]) -> Runs:
        """The runs of some of the posts, in their order."""
        counts = np.diff(self.ends)
        chosen = np.zeros(len(counts), bool)
        chosen[list(posts)] = True
        return Runs(self.buckets[np.repeat(chosen, counts)], np.append(0, np.cumsum(counts[chosen])))


@lru_cache(maxsize=2)
def _runs_of(texts: tuple[str, ...]) -> Runs:
    return Runs.of([body(reading) if reading.han else "" for reading in map(read, texts)])


def runs_of(texts: Sequence[str]) -> Runs:
    """Runs of all posts of a batch, none of a post without Han characters; several taggers ask for the same batch."""
    return _runs_of(tuple(texts))


def token_features(words: Sequence[str]) -> tuple[Indices, Indices]:
    """Character features of words: (index of the word, in order; bucket)."""
    at, buckets = character_ngrams([f" {word} " for word in words], _CHARACTERS)
    order = np.argsort(at, kind="stable")
    return at[order], buckets[order]
