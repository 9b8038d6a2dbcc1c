"""Lasting changes of mood found without knowing the dates, and whether they lie near announcements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from sentinel.clusters import find_clusters
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.index import MoodIndex, mood_index
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats, Ints
from sentinel.settings import Break
from sentinel.variance import precision
from sentinel.votes import AuthorDays

__all__ = ["CHANGE_COLUMNS", "Changes", "change_points"]

CHANGE_COLUMNS: Final = (
    "day",  # first day of the new level
    "before",  # mood of the stretch before, weekdays taken out, as a difference from the whole history
    "after",
    "change",
    "clusters",  # announcements within two days, as in effects.csv, joined by "; "
    "breaks",  # changes in what was collected within two days: they may be all there is to it
)
MIN_STRETCH: Final = 5  #: days between changes
FACTOR: Final = 3.0  #: of the penalty: fewer than one false change in twenty histories without any
NEAR: Final = 2  #: days between a change and an announcement that it is matched with
_LAGS: Final = 10
_GRID: Final = np.arange(20) * 0.05
_MAD: Final = 1.4826  # of a normal distribution, its standard deviation


@dataclass(frozen=True, slots=True)
class Changes:
    """Candidates, and how well they match the calendar. The claim comes from the match, not from a candidate."""

    points: pd.DataFrame  #: columns `CHANGE_COLUMNS`, in order of the days
    announcements: int  #: clusters of importance 3 within the days of the posts
    matched: int  #: of these, with a change within two days
    expected: float  #: number matched by chance; NaN without changes or announcements
    p: float  #: share of the calendars shifted around the history that match as many; NaN likewise


def change_points(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> Changes:
    """Changes of level in scope "all", by the exact minimum of squared error plus a penalty for each change.

    The penalty is three times the long-run variance times ``ln T``. The usual one, without the long-run variance,
    finds changes in most histories that have none.
    """
    clusters = [one for one in find_clusters(announcements, days, options.exclude_importance) if one.major]
    clusters = [one for one in clusters if 0 <= one.first < days.n_days]
    if ALL not in days.scopes or not len(days.scopes[ALL].day):
        return Changes(_frame([]), len(clusters), 0, np.nan, np.nan)
    levels = _levels(mood_index(days.scopes[ALL], days))
    spans = np.array([(one.first - NEAR, one.last + NEAR) for one in clusters], dtype=np.int64).reshape(-1, 2)
    points = []
    for (_, before), (day, after) in pairwise(levels):
        near = [one for one, (first, last) in zip(clusters, spans, strict=True) if first <= day <= last]
        names = "; ".join(str(days.first_day + one.first) for one in near)
        when = days.first_day + day
        points.append((str(when), before, after, after - before, names, _breaks(when, options.breaks)))
    if not points or not clusters:
        return Changes(_frame(points), len(clusters), 0, np.nan, np.nan)
    counts = _matches(spans, np.array([day for day, _ in levels[1:]]), days.n_days)
    return Changes(
        points=_frame(points),
        announcements=len(clusters),
        matched=int(counts[0]),
        expected=float(counts[1:].mean()),
        p=float((1 + (counts[1:] >= counts[0]).sum()) / len(counts)),
    )


def _breaks(day: np.datetime64, breaks: Sequence[Break]) -> str:
    near = [one for one in breaks if abs(np.datetime64(one.date, "D") - day) <= np.timedelta64(NEAR, "D")]
    return "; ".join(f"{one.source}: {one.reason}" for one in near)


def _levels(index: MoodIndex) -> list[tuple[int, float]]:
    """First day and mood of each stretch without a change."""
    residual, n = _residual(index)
    at = np.flatnonzero(n > 0)
    weight = precision(n[at], index.sigma2, index.tau2)
    z = residual[at] * np.sqrt(weight)
    noise = float((weight * index.sigma2 / n[at]).mean())
    penalty = FACTOR * _long_run_variance(z, noise) * float(np.log(max(len(z), 2)))
    edges = [0, *_optimal_breaks(z, penalty), len(at)]
    return [
        (int(at[a]), float((weight[a:b] * residual[at[a:b]]).sum() / weight[a:b].sum()))
        for a, b in pairwise(edges)
    ]


def _residual(index: MoodIndex) -> tuple[Floats, Floats]:
    """Daily mood without weekday effects, around its weighted mean, and votes."""
    n = index.count.sum(axis=0)
    mood = np.divide(index.total.sum(axis=0), n, out=np.zeros(len(n)), where=n > 0) - index.weekday
    weight = precision(n, index.sigma2, index.tau2)
    return mood - (weight * mood).sum() / weight.sum(), n


def _long_run_variance(z: Floats, noise: float) -> float:
    """Variance that a mean of many days inherits, from differences: real lasting changes must not inflate it.

    Half the squared spread of ``z(t+k) - z(t)`` is ``noise + A (1 - phi^k)`` for an AR(1) of variance A.
    """
    lags = np.arange(1, min(_LAGS, len(z) - 1) + 1)
    if not len(lags):
        return noise
    spread = np.array([_MAD * _median_deviation(z[lag:] - z[:-lag]) for lag in lags])
    excess = spread**2 / 2 - noise
    shape = 1 - _GRID[:, None] ** lags
    size = np.maximum((shape * excess).sum(axis=1) / (shape**2).sum(axis=1), 0.0)
    best = int(np.argmin(((excess - size[:, None] * shape) ** 2).sum(axis=1)))
    phi = float(_GRID[best])
    return float(size[best]) * (1 + phi) / (1 - phi) + noise


def _median_deviation(values: Floats) -> float:
    return float(np.median(np.abs(values - np.median(values))))


def _optimal_breaks(z: Floats, penalty: float) -> list[int]:
    """First positions of the stretches after the first, at the least of squared error plus penalties."""
    n = len(z)
    sums, squares = np.concatenate([[0.0], np.cumsum(z)]), np.concatenate([[0.0], np.cumsum(z**2)])
    best, previous = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    best[0] = -penalty
    for end in range(MIN_STRETCH, n + 1):
        starts = np.arange(0, end - MIN_STRETCH + 1)
        error = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        total = best[starts] + error + penalty
        previous[end] = int(np.argmin(total))
        best[end] = total[previous[end]]
    breaks: list[int] = []
    end = n
    while end > 0 and previous[end] > 0:
        end = int(previous[end])
        breaks.append(end)
    return breaks[::-1]


def _matches(spans: Ints, found: Ints, n_days: int) -> Ints:
    """Announcements matched when the calendar is shifted around the history by 0 ... T - 1 days."""
    counts = np.zeros(n_days, dtype=np.int64)
    for first, last in spans:
        hit: Bools = np.zeros(n_days, dtype=bool)
        for day in found:
            # Shifts s with first + s <= day <= last + s, around the circle.
            hit[(day - np.arange(first, last + 1)) % n_days] = True
        counts += hit
    return counts


def _frame(rows: list[tuple[str, float, float, float, str, str]]) -> pd.DataFrame:
    types = dict.fromkeys(CHANGE_COLUMNS, "str") | dict.fromkeys(("before", "after", "change"), "float64")
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)).astype(types)
