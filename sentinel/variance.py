"""What makes a daily mood vary: the sample of authors, the days themselves, the weekdays, persistence."""

from __future__ import annotations

from typing import Final

import numpy as np

from sentinel.scored import Floats, Ints

__all__ = ["between_days", "floor_variance", "persistence", "pooled_variance", "precision", "weekday_effects"]

_LAGS: Final = 5
_GRID: Final = np.arange(20) * 0.05  # phi is fitted on 0, .05, ... .95
_WEEKDAY_MIN: Final = 4  # days of a weekday before it has an effect of its own
# Smallest share of the days' variance in that of the authors: no day counts without limit.
_FLOOR: Final = 1e-5
_TINY: Final = 1e-12  # variance where all scores are alike


def pooled_variance(score: Floats, day: Ints, n_days: int) -> float:
    """Variance of the authors' scores around the mean of their day, pooled over days; 0 if undefined."""
    n = np.bincount(day, minlength=n_days)
    freedom = int((n[n > 0] - 1).sum())
    if freedom <= 0:
        return 0.0
    mean = np.bincount(day, score, n_days) / np.maximum(n, 1)
    return float(((score - mean[day]) ** 2).sum() / freedom)


def floor_variance(sigma2: float) -> float:
    """The least that `between_days` gives."""
    return max(_FLOOR * sigma2, _TINY)


def between_days(mood: Floats, n: Floats, sigma2: float) -> float:
    """Variance of the true daily mood (DerSimonian and Laird), over days with ``n > 0``; slightly above 0."""
    floor = floor_variance(sigma2)
    days = n > 0
    if sigma2 <= 0 or days.sum() < 2:
        return floor
    a, y = n[days] / sigma2, mood[days]
    mean = (a * y).sum() / a.sum()
    excess = (a * (y - mean) ** 2).sum() - (days.sum() - 1)
    return max(floor, float(excess / (a.sum() - (a**2).sum() / a.sum())))


def precision(n: Floats, sigma2: float, tau2: float) -> Floats:
    """Weight of days with `n` authors: ``1 / (tau2 + sigma2 / n)``; 0 where there is none."""
    return np.where(n > 0, 1.0 / (tau2 + sigma2 / np.where(n > 0, n, 1.0)), 0.0)


def weekday_effects(mood: Floats, weight: Floats, weekday: Ints, size: int = 7) -> Floats:
    """Shape (size,): weighted mean of each weekday's deviation, shrunk by how surely the weekdays differ.

    All days count, those of announcements too: leaving them out would treat them unlike any placebo date.
    """
    if not weight.sum() > 0:
        return np.zeros(size)
    deviation = mood - (weight * mood).sum() / weight.sum()
    effect, variance = np.zeros(size), np.full(size, np.inf)
    for day in range(size):
        rows = (weekday == day) & (weight > 0)
        n = int(rows.sum())
        if n < _WEEKDAY_MIN:
            continue
        w, x = weight[rows], deviation[rows]
        effect[day] = (w * x).sum() / w.sum()
        variance[day] = (w**2 * (x - effect[day]) ** 2).sum() / w.sum() ** 2 * n / (n - 1)
    known = np.isfinite(variance)
    if not known.any():
        return np.zeros(size)
    between = max(0.0, float((effect[known] ** 2 - variance[known]).mean()))
    if between <= 0:
        return np.zeros(size)
    return np.where(known, effect * between / (between + np.where(known, variance, 1.0)), 0.0)


def persistence(residual: Floats, weight: Floats, tau2: float, sigma2: float) -> float:
    """The phi of an AR(1) mood of variance `tau2`: least squares on the weighted lag products, lags 1 to 5.

    A mood that does not vary does not persist either: 0.
    """
    if tau2 <= floor_variance(sigma2):
        return 0.0
    mean = (weight * residual).sum() / weight.sum() if weight.sum() > 0 else 0.0
    x = np.where(weight > 0, residual - mean, 0.0)
    lags, products = [], []
    for lag in range(1, min(_LAGS, len(x) - 1) + 1):
        w = weight[lag:] * weight[:-lag]
        if w.sum() > 0:
            lags.append(lag)
            products.append((w * x[lag:] * x[:-lag]).sum() / w.sum())
    if not lags:
        return 0.0
    fitted = tau2 * _GRID[:, None] ** np.array(lags)
    misfit = ((np.array(products) - fitted) ** 2).sum(axis=1)
    return float(_GRID[int(np.argmin(misfit))])
