"""What the features of posts add up to under trained weights.

Most tokens repeat, so what a token is worth is worked out once; a post costs a few look-ups, and the rest is done for
the whole batch at once. Each post is added up on its own, so that it is tagged the same in any batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .chinese import bodies
from .columns import Column
from .joined import Joined
from .ngrams import BITS, Indices, run_buckets
from .packed import Packed, added
from .posts import Posts
from .tokens import Batch

__all__ = [
    "CHARACTER_SHARE",
    "RUNS",
    "RunSums",
    "Runs",
    "TokenSums",
    "bodies_of",
    "character_ngrams",
    "runs_of",
    "runs_within",
    "token_features",
]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]

_CHARACTERS: Final = (2, 3, 4, 5)
#: A run of characters counts for one such part of a word: a word has many of them.
CHARACTER_SHARE: Final = 2

#: Lengths of the runs of characters that are features of Chinese posts.
RUNS: Final = (1, 2)


_MOST: Final = 0.5  # share of a batch from which it is added up whole, and what is wanted taken out of it


class TokenSums:
    """Weights of tokens and pairs, and of the runs of characters within a token, which are added up once.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs), whole numbers, so that their sums are exact in any order.
    characters : name of what is shipped of the runs of characters within frequent words; "" if they are no features.
    """

    def __init__(self, features: Whole, characters: str = "") -> None:
        self._features = Packed(features, BITS)
        self._within = Column(self._added_within, name=characters, canonical=True) if characters else None

    def outputs(self, batch: Batch) -> Floats:
        """What each token adds, with the pair it opens; shape (n_tokens, n_outputs), not scaled."""
        outputs = self._features.of(batch.words) + self._features.of(batch.pairs)
        if self._within:
            outputs += self._within.of(batch.known)[batch.rows] / CHARACTER_SHARE
        return outputs

    def sums(self, batch: Batch, posts: Indices | None = None) -> Floats:
        """What the features of some posts, else of all, add up to, scaled by the root of their lengths.

        Shape (n_posts, n_outputs).
        """
        ends, counts = np.append(batch.starts, len(batch.rows)), batch.counts
        words, pairs, rows = batch.words, batch.pairs, batch.rows
        if posts is not None and len(posts) < len(counts) * _MOST:
            places = _places(ends, posts)
            words, pairs, rows, counts, posts = (
                words[places],
                pairs[places],
                rows[places],
                counts[posts],
                None,
            )
            ends = np.append(0, np.cumsum(counts))
        sums = self._features.sums((words, pairs), ends).astype(float)
        if self._within:
            sums += added(rows, ends, self._within.of(batch.known)) / CHARACTER_SHARE
        scaled: Floats = sums / np.sqrt(counts)[:, None]
        return scaled if posts is None else scaled[posts]

    def _added_within(self, words: Sequence[str]) -> Whole:
        """What the runs of characters within words add up to; shape (n_words, n_outputs)."""
        places = {
            word: at for at, word in enumerate(dict.fromkeys(words))
        }  # many are the same: a handle, a ticker
        found = Runs.of(_framed(places), _CHARACTERS)
        sums = self._features.sums(found.buckets, found.ends)
        return sums[np.fromiter(map(places.__getitem__, words), np.int64, len(words))]


class RunSums:
    """Weights of runs of characters, added up over Chinese posts.

    Parameters
    ----------
    features : shape (n_buckets, n_outputs), whole numbers.
    """

    def __init__(self, features: Whole) -> None:
        self._features = Packed(features, BITS)

    def outputs(self, found: Runs) -> Floats:
        """What each run adds, not scaled; the shortest first."""
        return self._features.of(found.buckets[found.buckets < 1 << BITS])

    def sums(self, found: Runs, posts: Indices | None = None) -> Floats:
        """What the runs of some posts, else of all, add up to, scaled by the root of their number.

        Shape (n_posts, n_outputs).
        """
        if posts is not None and len(posts) < len(found.counts) * _MOST:
            found, posts = found.take(posts), None
        sums = self._features.sums(found.buckets, found.ends)
        scaled: Floats = sums / np.sqrt(np.maximum(found.counts, 1))[:, None]
        return scaled if posts is None else scaled[posts]


def _places(ends: Indices, posts: Indices) -> Indices:
    """Places of some posts, where those of post i are from ``ends[i]`` to ``ends[i + 1]``."""
    sizes = np.diff(ends)[posts]
    firsts = np.cumsum(sizes) - sizes
    return np.repeat(ends[posts] - firsts, sizes) + np.arange(sizes.sum())


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of characters of some Chinese posts, one post after the other."""

    buckets: npt.NDArray[np.int32]  #: see `run_buckets`
    ends: Indices  #: characters of post i are those from ends[i] to ends[i + 1]
    counts: Indices  #: runs of each post

    @classmethod
    def of(cls, texts: Sequence[str], lengths: Sequence[int] = RUNS) -> Runs:
        """All runs of some lengths."""
        return cls.of_joined(Joined.of(texts), lengths)

    @classmethod
    def of_joined(cls, joined: Joined, lengths: Sequence[int] = RUNS) -> Runs:
        """The same of texts that are joined."""
        sizes = joined.sizes()
        counts = reduce(np.add, [np.maximum(sizes + 1 - length, 0) for length in lengths])
        ends = np.append(joined.first, len(joined.codes))
        return cls(run_buckets(joined.codes, ends[1:] - 1, lengths), ends, counts)

    def among(self, posts: Indices, n_posts: int) -> Runs:
        """The same as the runs of some posts of a batch, whose other posts have none."""
        sizes, counts = np.zeros(n_posts, np.int64), np.zeros(n_posts, np.int64)
        sizes[posts], counts[posts] = np.diff(self.ends), self.counts
        return Runs(self.buckets, np.append(0, np.cumsum(sizes)), counts)

    def take(self, posts: Indices) -> Runs:
        """The runs of some of the posts, in their order."""
        ends = np.append(0, np.cumsum(np.diff(self.ends)[posts]))
        return Runs(self.buckets[:, _places(self.ends, posts)], ends, self.counts[posts])


def runs_within(text: str) -> list[str]:
    """The runs of a text, in the order of `RunSums.outputs`."""
    return [text[at : at + length] for length in RUNS for at in range(len(text) - length + 1)]


@lru_cache(maxsize=2)
def bodies_of(posts: Posts) -> Joined:
    """`body` of the posts of a batch with Han characters; several taggers ask for them."""
    return bodies(posts.chinese)


@lru_cache(maxsize=2)
def runs_of(posts: Posts) -> Runs:
    """Runs of all posts of a batch, none of a post without Han characters."""
    return Runs.of_joined(bodies_of(posts)).among(posts.rows, len(posts))


def character_ngrams(texts: Sequence[str], lengths: Sequence[int]) -> tuple[Indices, Indices]:
    """All runs of characters of the given lengths.

    Returns
    -------
    text : index of the text in which each run stands, in order
    bucket : its bucket, same shape
    """
    joined = Joined.of(texts)
    buckets = Runs.of_joined(joined, lengths).buckets.T
    places, which = np.nonzero(buckets < 1 << BITS)
    return joined.owners(places), buckets[places, which].astype(np.int64)


def token_features(words: Sequence[str]) -> tuple[Indices, Indices]:
    """Character features of words: (index of the word, in order; bucket)."""
    return character_ngrams(_framed(words), _CHARACTERS)


def _framed(words: Iterable[str]) -> list[str]:
    return [f" {word} " for word in words]
