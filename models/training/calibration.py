"""From what an expert says to probabilities that hold, on texts that it was not taught."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import erf
from sentinel_models.experts import softmax

__all__ = ["Calibration", "calibration", "expected_mood_error"]

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: Weight of the expected mood error beside the log loss of a text.
MOOD = 2.0
#: How alike the mixes of labels of groups are: the parameters of the Dirichlet distribution add up to it.
ALIKE = 12.0
MIXES = 200
GROUP = 100  # texts in a group
_SIGNS = np.array([-1.0, 0.0, 1.0])


class Calibration(NamedTuple):
    """How logits are stretched and moved."""

    polar: float  #: stretch of positive against negative
    plain: float  #: stretch of neutral against the two
    shifts: Floats  #: of negative, neutral, positive

    @property
    def matrix(self) -> Floats:
        """What logits are multiplied by, from the left, before the shifts are added."""
        half, plain = self.polar / 2, self.plain
        return np.array([[half, 0.0, -half], [-plain / 2, plain, -plain / 2], [-half, 0.0, half]])

    def __str__(self) -> str:
        return f"stretch {self.polar:.2f} and {self.plain:.2f}, shifts {self.shifts.round(2).tolist()}"


def calibration(logits: Floats, truth: Labels, centre: Floats | None = None) -> Calibration:
    """The stretch of the least log loss; given a `centre`, stretches and shifts for groups of texts, too.

    A group's mean score is drawn towards what is usual, so the mood of an unusual day comes out too weak. With a
    `centre`, what is least is the log loss plus `MOOD` times the mood error to be expected of groups whose mixes of
    labels are drawn around it. The mean score of posts of which nothing is known should not lean to the side that the
    training texts lean to.

    Parameters
    ----------
    logits : shape (n, 3), of texts that were not learned from.
    truth : shape (n,), their labels.
    centre : shares of negative, neutral and positive that a group may be expected to have.
    """
    if centre is None:
        slope = 1 / _temperature(logits, truth)
        return Calibration(slope, slope, np.zeros(3))
    mixes = np.random.default_rng(1).dirichlet(ALIKE * centre, MIXES)
    weights = (centre * len(truth) / np.bincount(truth, minlength=3))[truth]

    def made(values: Floats) -> Calibration:
        return Calibration(
            float(np.exp(values[0])), float(np.exp(values[1])), np.array([values[2], 0.0, values[3]])
        )

    def loss(values: Floats) -> float:
        found = made(values)
        shares = softmax(logits @ found.matrix.T + found.shifts)
        entropy = -np.average(np.log(shares[np.arange(len(truth)), truth] + 1e-12), weights=weights)
        return float(entropy + MOOD * expected_mood_error(shares, truth, mixes))

    options = {"xatol": 1e-4, "fatol": 1e-6, "maxiter": 1000}
    return made(minimize(loss, np.zeros(4), method="Nelder-Mead", options=options).x)


def expected_mood_error(shares: Floats, truth: Labels, mixes: Floats) -> float:
    """Mean distance of mean score and mean label, over groups of `GROUP` texts with each of the mixes of labels.

    The error of a group is taken to be normal: its mean is what the classes' mean errors add up to, its spread what
    chance makes of their errors.
    """
    off = shares[:, 2] - shares[:, 0] - _SIGNS[truth]
    counts = np.maximum(np.bincount(truth, minlength=3), 1)
    means = np.bincount(truth, off, minlength=3) / counts
    squares = np.bincount(truth, off**2, minlength=3) / counts
    bias = mixes @ means
    spread = np.sqrt(np.maximum(mixes @ squares - bias**2, 1e-12) / GROUP)
    errors = spread * np.sqrt(2 / np.pi) * np.exp(-((bias / spread) ** 2) / 2) + bias * erf(
        bias / spread / np.sqrt(2)
    )
    return float(errors.mean())


def _temperature(logits: Floats, truth: Labels) -> float:
    """The temperature of least log loss."""
    grid = np.exp(np.linspace(np.log(0.5), np.log(3.0), 61))
    losses = [-np.log(softmax(logits / heat)[np.arange(len(truth)), truth] + 1e-12).mean() for heat in grid]
    return float(grid[int(np.argmin(losses))])
