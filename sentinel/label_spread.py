"""Some of many texts: each time the one that is worth most and least like those chosen before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

__all__ = ["spread"]

_BUCKETS: Final = 512
_LONGEST: Final = 600  # characters of a text that tell it from others
_NEAR: Final = 1_024  # candidates kept up to date; their vectors fit into a processor's cache

_Floats = npt.NDArray[np.float64]
_Vectors = npt.NDArray[np.float32]


def spread(texts: Sequence[str], worth: _Floats, n: int) -> list[int]:
    """Positions of up to `n` texts.

    What a text is worth only falls, as more that are like it are chosen. So it is enough to keep those up to date that
    were worth most a while ago, until the best of them is worth less than any other was then.

    Parameters
    ----------
    worth : shape (n_texts,), 0 and more: of each while nothing like it is chosen.
    """
    wanted = min(n, len(texts))
    if not wanted:
        return []
    vectors = np.stack([_vector(text) for text in texts])
    # A text that the models are sure of still comes before one chosen already.
    pool = _Pool(vectors, worth.astype(float) + 1e-6, wanted)
    while len(pool.order) < wanted:
        pool.choose_some(wanted)
    return pool.order


class _Pool:
    def __init__(self, vectors: _Vectors, worth: _Floats, wanted: int) -> None:
        self.order: list[int] = []
        self._vectors, self._left = vectors, worth
        self._at_most = worth.copy()  # what each is worth, or was when it was looked at last
        self._alike = np.zeros(len(worth))  # to the one of those chosen then that it is most like
        self._looked = np.zeros(len(worth), dtype=int)  # how many were chosen then
        self._chosen = np.empty((wanted, vectors.shape[1]), dtype=np.float32)

    def choose_some(self, wanted: int) -> None:
        """Choose among those that may be worth most, as long as none of the others can be worth more."""
        ranked = np.argsort(-self._at_most, kind="stable")
        near = np.sort(ranked[:_NEAR])
        others = (self._at_most[ranked[_NEAR]], -ranked[_NEAR]) if len(ranked) > _NEAR else (-np.inf, 0)
        vectors, left, alike = self._vectors[near], self._left[near], self._up_to_date(near)
        worth = left * (1.0 - 0.9 * alike)
        while len(self.order) < wanted:
            at = int(np.argmax(worth))
            if (worth[at], -near[at]) < others:
                break
            self._chosen[len(self.order)] = vectors[at]
            self.order.append(int(near[at]))
            left[at] = -1.0
            alike = np.maximum(alike, vectors @ vectors[at])
            worth = left * (1.0 - 0.9 * alike)
        self._left[near], self._alike[near], self._looked[near] = left, alike, len(self.order)
        self._at_most[near] = worth

    def _up_to_date(self, near: npt.NDArray[np.intp]) -> _Floats:
        """How alike each is to the one of those chosen by now that it is most like."""
        alike, looked = self._alike[near], self._looked[near]
        for since in np.unique(looked[looked < len(self.order)]):
            those = looked == since
            alikes = self._vectors[near[those]] @ self._chosen[since : len(self.order)].T
            alike[those] = np.maximum(alike[those], alikes.max(axis=1))
        return alike


def _vector(text: str) -> _Vectors:
    """Which runs of three characters a text holds, hashed, of length one."""
    text = text[:_LONGEST].lower()
    runs = (text[at : at + 3].encode("utf-8", "replace") for at in range(max(len(text) - 2, 1)))
    counts = np.bincount([crc32(run) % _BUCKETS for run in runs], minlength=_BUCKETS)
    vector = np.sqrt(counts).astype(np.float32)
    unit: _Vectors = vector / np.linalg.norm(vector)
    return unit
