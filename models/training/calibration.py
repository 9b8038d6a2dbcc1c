"""From what an expert says to probabilities that hold, on texts that it was not taught."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sentinel_models.experts import softmax

__all__ = ["Calibration", "calibration"]

Floats = npt.NDArray[np.float64]

#: Weight of the squared error of a group's mean score beside the log loss of a text.
GROUPS = 5.0


class Calibration(NamedTuple):
    """How logits are stretched and moved."""

    slope: float
    shifts: Floats  #: of negative, neutral, positive

    def __str__(self) -> str:
        return f"slope {self.slope:.2f}, shifts {self.shifts.round(2).tolist()}"


def calibration(logits: Floats, truth: npt.NDArray[np.int64], symmetric: bool) -> Calibration:
    """The slope, and the shifts if `symmetric`, of the least loss: of each text, and then of groups of texts too.

    A group's mean score is drawn towards what is usual, so the mood of an unusual day comes out too weak. Groups with
    the shares of labels that `truth` has, and with those of praise and blame exchanged, count beside the single texts.

    Parameters
    ----------
    logits : shape (n, 3), of texts that were not learned from.
    truth : shape (n,), their labels.
    symmetric : whether praise and blame count the same however many there are of each. The mean score of posts of
        which nothing is known should not lean to the side that the training texts lean to.
    """
    if not symmetric:
        return Calibration(1 / _temperature(logits, truth), np.zeros(3))
    counts = np.bincount(truth, minlength=3)
    weights = np.where(truth == 1, 1.0, (counts[0] + counts[2]) / 2 / counts[truth])
    mirrored = np.array([counts[2] / counts[0], 1.0, counts[0] / counts[2]])[truth]

    def loss(values: Floats) -> float:
        shares = softmax(logits * np.exp(values[0]) + np.array([values[1], 0.0, values[2]]))
        entropy = -np.average(np.log(shares[np.arange(len(truth)), truth] + 1e-12), weights=weights)
        off = shares[:, 2] - shares[:, 0] - (truth - 1)
        return float(entropy + GROUPS * (off.mean() ** 2 + np.average(off, weights=mirrored) ** 2))

    found = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-4}).x
    return Calibration(float(np.exp(found[0])), np.array([found[1], 0.0, found[2]]))


def _temperature(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The temperature of least log loss."""
    grid = np.exp(np.linspace(np.log(0.5), np.log(3.0), 61))
    losses = [-np.log(softmax(logits / heat)[np.arange(len(truth)), truth] + 1e-12).mean() for heat in grid]
    return float(grid[int(np.argmin(losses))])
