"""How far probabilities are from holding, and how much of that is chance.

The calibration error is a sum of distances, so chance alone makes it more than nothing: on 60 posts a scorer whose
probabilities hold exactly shows about 0.1. The figure is therefore told with what is left when that part is taken off.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Reliability", "reliability"]

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

#: Shares of the gaps that were seen, of which one is the true one.
_SHARES: Final = np.linspace(0.0, 4.0, 81)
_TAIL: Final = 0.05


class Reliability(NamedTuple):
    """A calibration error, and what to make of it."""

    error: float  #: ECE of the largest probability, over equal bins of [0, 1]
    debiased: float  #: the error that shows as much on average
    low: float  #: 90 % interval: true errors of which this one is no surprise
    high: float
    by_chance: float  #: what a scorer shows on average whose probabilities are as sure as these, and hold


def reliability(
    truth: Labels, probabilities: Floats, bins: int = 10, rounds: int = 500, seed: int = 1
) -> Reliability:
    """The calibration error of labels with `probabilities`, shape (n, n_classes).

    True gaps between confidence and share of right guesses are taken to be the gaps that were seen, times a number: for
    each number the posts of a bin are drawn anew, and what they show is compared with what was seen.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(at, minlength=bins)
    there = counts > 0
    posts = counts[there]
    sure = np.bincount(at, confidence, minlength=bins)[there] / posts
    gaps = np.bincount(at, right, minlength=bins)[there] / posts - sure
    weights = posts / len(truth)
    error = float(weights @ np.abs(gaps))

    shares = np.clip(sure + _SHARES[:, None] * gaps, 0.0, 1.0)
    true = np.abs(shares - sure) @ weights
    drawn = np.random.default_rng(seed).binomial(posts, shares, (rounds, *shares.shape)) / posts
    shown = np.abs(drawn - sure) @ weights
    usual = np.maximum.accumulate(shown.mean(axis=0))
    nothing_less = (shown >= error - 1e-12).mean(axis=0) >= _TAIL
    nothing_more = (shown <= error + 1e-12).mean(axis=0) >= _TAIL
    low = true[np.argmax(nothing_less)]
    high = true[len(true) - 1 - np.argmax(nothing_more[::-1])]
    debiased = np.interp(error, usual, true)
    return Reliability(error, float(debiased), float(low), float(high), float(usual[0]))
