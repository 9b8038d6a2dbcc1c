"""The same people, or other people? The change among authors who posted both before and after."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel.clusters import BASELINE, REACTION, find_clusters
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.index import mood_index
from sentinel.scope_effects import scope_trials
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats, Ints
from sentinel.trial import Trial
from sentinel.typed_table import typed_table
from sentinel.votes import AuthorDays, summed

__all__ = ["COMPOSITION_COLUMNS", "same_authors"]

COMPOSITION_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "n_both",  # named authors who posted in baseline and window, in the strata used
    "effect_both",  # their mean change; empty below two of them
    "se_both",  # of the authors and of the days
)


def same_authors(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """The reaction of scope "all" among authors present in both baseline and window, for each cluster in reach.

    Columns `COMPOSITION_COLUMNS`, in order of the days. Where it differs from the effect itself, other people
    post, rather than people think otherwise. Each author counts once, by the mean of the days in the window less
    that of the days in the baseline. Posts without author are nobody's.
    """
    rows: list[dict[str, Any]] = []
    if ALL in days.scopes:
        clusters = find_clusters(announcements, days, options.exclude_importance)
        index = mood_index(days.scopes[ALL], days)
        found = scope_trials(ALL, index, clusters, days, options.breaks, [REACTION])
        rows = [
            {"cluster": str(days.first_day + cluster.first)} | _change(trial, row)
            for trial in found.trials
            for row, (_, cluster) in enumerate(trial.plans)
        ]
    table = typed_table(rows, COMPOSITION_COLUMNS, texts=("cluster",), counts=("n_both",))
    return table.sort_values("cluster", ignore_index=True)


def _change(trial: Trial, row: int) -> dict[str, Any]:
    plan, cluster = trial.plans[row]
    index, used = trial.index, trial.found.used[:, trial.at[row]]
    in_window = trial.ground.taken <= trial.own[cluster.first]
    after, n_after = _by_author(trial, (plan.first, plan.last), in_window, used)
    baseline = (cluster.first + BASELINE.first, cluster.first + BASELINE.last)
    before, n_before = _by_author(trial, baseline, ~trial.ground.moved, used)
    both = (n_after > 0) & (n_before > 0)
    n = int(both.sum())
    if n < 2:
        return {"n_both": n, "effect_both": np.nan, "se_both": np.nan}
    change = after[both] / n_after[both] - before[both] / n_before[both]
    # Authors share their days: what the days vary by does not average out over authors.
    shared = index.drift2 * (1 / (plan.last - plan.first + 1) + 1 / (BASELINE.last - BASELINE.first + 1))
    shared *= (1 + index.phi) / (1 - index.phi)
    return {
        "n_both": n,
        "effect_both": float(change.mean()),
        "se_both": float(np.sqrt(change.var(ddof=1) / n + shared)),
    }


def _by_author(trial: Trial, span: tuple[int, int], open_days: Bools, used: Bools) -> tuple[Floats, Ints]:
    """Sum over days of each named author's centred score of the day, and the number of days."""
    votes, index = trial.index.votes, trial.index
    rows = np.arange(*np.searchsorted(votes.day, (span[0], span[1] + 1)))
    rows = rows[used[index.stratum[rows]] & open_days[votes.day[rows]] & (votes.author[rows] < votes.n_named)]
    day, author = votes.day[rows], votes.author[rows]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (np.diff(day) != 0) | (np.diff(author) != 0)
    starts = np.flatnonzero(first)
    if not len(starts):
        return np.zeros(votes.n_named), np.zeros(votes.n_named, dtype=np.int64)
    posts = np.add.reduceat(votes.n_posts[rows], starts)
    score = np.add.reduceat(index.centred[rows] * votes.n_posts[rows], starts) / posts
    level = score - index.weekday[day[starts]]
    people = author[starts]
    return summed(level, people, votes.n_named), np.bincount(people, minlength=votes.n_named)
