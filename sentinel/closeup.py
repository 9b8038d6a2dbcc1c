"""Each announcement close up: the mood from day to day around it, over the same sum at ordinary dates.

A point of the curve is the contrast that the effect is, its window moved along: the mood of the days up to this one,
as many as the reaction window has, less that of the reference weeks. On the window's last day it is the effect itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel.clusters import BASELINE, REACTION, find_clusters
from sentinel.contrast import mood_of_used
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.index import MoodIndex, mood_index
from sentinel.placebo import MIN_INDEPENDENT, nearby
from sentinel.scope_effects import scope_trials
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats
from sentinel.trial import Trial
from sentinel.variance import precision
from sentinel.votes import AuthorDays

__all__ = ["CURVE_COLUMNS", "FIRST", "LAST", "closeups"]

FIRST: Final = -14  #: days around day 0 that are shown
LAST: Final = 14
_QUANTILES: Final = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
CURVE_COLUMNS: Final = (
    "cluster",
    "offset",  # days from day 0
    "n_authors",  # votes of the day, of the sources compared
    "mood",  # of the day alone, less that of the reference weeks
    "curve",  # the same of the days up to this one, as many as the reaction window has
    *_QUANTILES,  # of the curve at the event's placebo dates
    "placebos",
)
_DIGITS: Final = 4


def closeups(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """A row for each major cluster that has an effect, and day around it: columns `CURVE_COLUMNS`.

    On a day without votes mood is missing, never 0; the curve is where no day of its window has any. Quantiles
    are missing where the dates to compare with are too few for a test.
    """
    parts: list[pd.DataFrame] = []
    if days.n_days and ALL in days.scopes:
        clusters = find_clusters(announcements, days, options.exclude_importance)
        index = mood_index(days.scopes[ALL], days)
        found = scope_trials(ALL, index, clusters, days, options.breaks, (REACTION,))
        for trial in found.trials:
            parts += _of_trial(trial, index, days)
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(CURVE_COLUMNS))
    return table.sort_values(["cluster", "offset"]).reset_index(drop=True)


def _of_trial(trial: Trial, index: MoodIndex, days: AuthorDays) -> Iterator[pd.DataFrame]:
    """The curves of the clusters of one shape."""
    shown = [
        row
        for row, ((_, cluster), estimate) in enumerate(zip(trial.plans, trial.estimates(), strict=True))
        if cluster.major and np.isfinite(estimate.effect)
    ]
    if not shown:
        return
    mood, n = _around(trial, index)
    ordinary = _trailing(mood, np.where(_taken(trial), 0.0, n), index, trial.shape.length)
    placebos = nearby(trial.placebos(), trial.found.dates, trial.day_zero)
    for row in shown:
        at = [int(trial.at[row])]
        cluster = str(days.first_day + int(trial.day_zero[row]))
        columns: dict[str, Any] = {"cluster": cluster, "offset": np.arange(FIRST, LAST + 1)}
        columns["n_authors"] = np.rint(n[at[0], trial.shape.length - 1 :]).astype(np.int64)
        columns["mood"] = np.where(n > 0, mood, np.nan)[at[0], trial.shape.length - 1 :].round(_DIGITS)
        columns["curve"] = _trailing(mood[at], n[at], index, trial.shape.length)[0].round(_DIGITS)
        columns |= _fan(ordinary[placebos[row]], MIN_INDEPENDENT * trial.shape.length)
        yield pd.DataFrame(columns | {"placebos": int(placebos[row].sum())}, columns=list(CURVE_COLUMNS))


def _look(trial: Trial) -> tuple[int, int]:
    """First and last offset that the curves of a shape are made from."""
    return FIRST - trial.shape.length + 1, LAST


def _taken(trial: Trial) -> Bools:
    """Whether each day around each date lies in the reaction window of an announcement: shape (K, L)."""
    first, last = _look(trial)
    days = trial.found.dates[:, None] + np.arange(first, last + 1)
    taken: Bools = trial.ground.taken[np.clip(days, 0, len(trial.ground.taken) - 1)] > 0
    return taken


def _around(trial: Trial, index: MoodIndex) -> tuple[Floats, Floats]:
    """Mood less that of the baseline, and votes, on the days around each date: shape (K, L)."""
    mood, n = mood_of_used(index, trial.found.used, trial.found.dates, _look(trial))
    split = BASELINE.last - BASELINE.first + 1
    weight = precision(trial.found.n[:, :split], index.sigma2, index.tau2)
    with np.errstate(invalid="ignore", divide="ignore"):
        before = (weight * trial.found.mood[:, :split]).sum(axis=1) / weight.sum(axis=1)
    return mood - before[:, None], n


def _trailing(mood: Floats, n: Floats, index: MoodIndex, length: int) -> Floats:
    """Weighted mean over each day and those before it, `length` in all; NaN where none of them has votes."""
    weight = precision(n, index.sigma2, index.tau2)
    slid = np.lib.stride_tricks.sliding_window_view
    with np.errstate(invalid="ignore", divide="ignore"):
        sums = slid(np.where(weight > 0, weight * mood, 0.0), length, axis=1).sum(axis=2)
        curve: Floats = sums / slid(weight, length, axis=1).sum(axis=2)
    return curve


def _fan(curves: Floats, fewest: int) -> dict[str, Floats]:
    """Quantiles of the placebos' curves, day by day; missing where less than `fewest` have a value."""
    enough: Bools = np.isfinite(curves).sum(axis=0) >= fewest
    fan = np.full((len(_QUANTILES), curves.shape[1]), np.nan)
    if enough.any():
        levels: Sequence[float] = list(_QUANTILES.values())
        fan[:, enough] = np.nanquantile(curves[:, enough], levels, axis=0)
    return dict(zip(_QUANTILES, fan.round(_DIGITS), strict=True))
