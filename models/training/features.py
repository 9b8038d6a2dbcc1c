"""Features of the texts that are learned from: the same numbers that tagging adds up, as sparse matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sentinel_models import chinese, english
from sentinel_models.ngrams import BITS
from sentinel_models.sums import CHARACTER_SHARE, RUNS, character_ngrams, token_features
from sentinel_models.tokens import Batch
from sentinel_models.words import read
from training.corpora import Example

__all__ = ["Features", "Floats", "Make", "features_en", "features_zh", "rarity_of"]

Floats = npt.NDArray[np.float64]

LEAST = 3  # texts in which a feature must occur


@dataclass(frozen=True)
class Features:
    """Features of some texts: hashed ones, shape (n, 2**BITS), and measured ones."""

    hashed: sp.csr_matrix
    measured: Floats


Make = Callable[[Sequence[str]], Features]


def features_en(texts: Sequence[str]) -> Features:
    """Features of English texts."""
    batch = Batch.of([read(text) for text in texts])
    n_words, n_texts = len(batch.known.hashes), len(texts)
    at, characters = token_features(batch.known.words)
    in_texts = _counts(batch.post, batch.rows, n_texts, n_words)
    within = in_texts @ _counts(at, characters, n_words) / CHARACTER_SHARE
    hashed = within + _counts(batch.post, batch.words, n_texts) + _counts(batch.post, batch.pairs, n_texts)
    scale = sp.diags(1.0 / np.sqrt(batch.counts))
    return Features((scale @ hashed).tocsr().astype(np.float32), english.measure(batch))


def features_zh(texts: Sequence[str]) -> Features:
    """Features of Chinese texts."""
    bodies = [chinese.body(read(text)) for text in texts]
    at, buckets = character_ngrams(bodies, RUNS)
    scale = 1.0 / np.sqrt(np.maximum(np.bincount(at, minlength=len(texts)), 1))
    return Features(
        (sp.diags(scale) @ _counts(at, buckets, len(texts))).tocsr().astype(np.float32),
        chinese.measure(bodies),
    )


def rarity_of(
    make: Make, group: Sequence[Example], *, root: bool = False
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Weight of each feature by how few texts hold it, or the root of it, and the features that enough texts hold."""
    n_texts = np.zeros(1 << BITS)
    for at in range(0, len(group), 20_000):
        found = make([example.text for example in group[at : at + 20_000]])
        n_texts += np.bincount(found.hashed.indices, minlength=1 << BITS)
    rarity = np.log((1 + len(group)) / (1 + n_texts)) / 4
    return np.sqrt(2 * rarity) if root else rarity, np.flatnonzero(n_texts >= LEAST)


def _counts(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], n_rows: int, n_columns: int = 1 << BITS
) -> sp.csr_matrix:
    ones = np.ones(len(rows), np.float32)
    return sp.coo_matrix((ones, (rows, columns)), shape=(n_rows, n_columns)).tocsr()
