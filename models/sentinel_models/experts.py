"""A few logistic regressions that share their features, mixed by how much a post looks like what each was taught on.

A tweet about a film, a headline about a share and a title about a language model use words differently, and labels mean
different things there: the tone, the stance on the price, the verdict on a product. Each kind has its expert; a gate,
itself a logistic regression, says how much each counts for a post.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["Experts", "softmax"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

#: Posts whose products are worked out together: so few that no library divides them among threads, which would wait for
#: each other longer than they work.
_AT_ONCE: Final = 512


def softmax(logits: Floats) -> Floats:
    """Probabilities of each row: column by column, as rows are too short to be worth a loop of numpy's each."""
    powers = np.exp(logits - reduce(np.maximum, logits.T)[:, None])
    result: Floats = powers / reduce(np.add, powers.T)[:, None]
    return result


class Experts:
    """Weights of one language.

    Outputs, in this order: two an expert (negative and positive, against neutral), and one of the gate for each expert
    but the first (against the first).

    Parameters
    ----------
    arrays : ``features`` (n_buckets, n_outputs) whole numbers, ``units`` (n_outputs) what one is worth,
        ``slopes`` (n_measures, n_outputs), ``bias`` (n_outputs), ``names`` of the experts.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.features = arrays["features"]
        self.units: Floats = arrays["units"].astype(float)
        self.slopes: Floats = arrays["slopes"].astype(float)
        self.bias: Floats = arrays["bias"].astype(float)
        self.names = [str(name) for name in arrays["names"]]

    def mixture(self, sums: Floats, measures: Floats) -> tuple[Floats, Floats]:
        """Logits of negative, neutral, positive, shape (n, 3), and the share of each expert, shape (n, n_experts).

        Parameters
        ----------
        sums : shape (n, n_outputs), the features of each post added up and scaled.
        measures : shape (n, n_measures).
        """
        every = sums + self.bias
        for first in range(0, len(every), _AT_ONCE):
            every[first : first + _AT_ONCE] += measures[first : first + _AT_ONCE] @ self.slopes
        n_experts = len(self.names)
        gate = np.zeros((len(every), n_experts))
        gate[:, 1:] = every[:, 2 * n_experts :]
        shares = softmax(gate)
        logits = np.zeros((len(every), 3))
        logits[:, ::2] = np.einsum("ne,nec->nc", shares, self._sides(every))
        return logits, shares

    def towards_positive(self, outputs: Floats, shares: Floats) -> Floats:
        """What each row of feature outputs adds to positive over negative, for a post with these shares of experts."""
        sides = self._sides(outputs)
        added: Floats = (sides[:, :, 1] - sides[:, :, 0]) @ shares
        return added

    def measured_towards_positive(self, measures: Floats, shares: Floats) -> Floats:
        """What each measured feature of one post adds to positive over negative."""
        return measures * self.towards_positive(self.slopes, shares)

    def _sides(self, outputs: Floats) -> Floats:
        """Negative and positive of each expert, shape (n, n_experts, 2)."""
        return outputs[:, : 2 * len(self.names)].reshape(-1, len(self.names), 2)
