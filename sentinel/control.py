"""Did everybody move? The mood about rivals only, at the same dates, and what is left without it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel.clusters import REACTION, find_clusters
from sentinel.contrast import contrasts, ground
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.index import MoodIndex, mood_index
from sentinel.placebo import judge, nearby, too_few
from sentinel.scope_effects import scope_trials
from sentinel.scopes import ALL
from sentinel.trial import Trial
from sentinel.typed_table import typed_table
from sentinel.votes import AuthorDays

__all__ = ["CONTROL_COLUMNS", "less_rivals"]

CONTROL_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "effect_rivals",  # change of the mood about rivals, in posts that are not about Alibaba
    "effect_less_rivals",  # effect less effect_rivals
    "se",
    "low",  # 95 % interval of effect_less_rivals
    "high",
    "p",
    "placebos",
    "k_e",
    "reason",  # why not tested; "" if tested
)


def less_rivals(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """The reaction of scope "all" less that of posts about rivals only: columns `CONTROL_COLUMNS`.

    One row for each cluster of importance 3 in reach, in order of the days. Exploratory: p has no family.
    """
    rows: list[dict[str, Any]] = []
    if ALL in days.scopes and len(days.rivals.day):
        clusters = find_clusters(announcements, days, options.exclude_importance)
        found = scope_trials(
            ALL, mood_index(days.scopes[ALL], days), clusters, days, options.breaks, [REACTION]
        )
        rivals = mood_index(days.rivals, days)
        for trial in found.trials:
            rows += _less_rivals(trial, rivals, days, options)
    table = typed_table(rows, CONTROL_COLUMNS, texts=("cluster", "reason"), counts=("placebos",))
    return table.sort_values("cluster", ignore_index=True)


def _less_rivals(
    trial: Trial, rivals: MoodIndex, days: AuthorDays, options: EffectOptions
) -> list[dict[str, Any]]:
    there = ground(rivals, days, options.breaks, trial.ground.taken, trial.ground.moved)
    other = contrasts(rivals, trial.shape, there, trial.own)
    difference = trial.found.difference - other.difference
    se = np.sqrt(trial.found.variance + other.variance)
    placebos = nearby(trial.placebos() & other.heard, other.dates, trial.day_zero)
    z = difference / se
    judgement = judge(z, placebos, z[trial.at], trial.shape.length)
    rows: list[dict[str, Any]] = []
    for row, (at, (_, cluster)) in enumerate(zip(trial.at, trial.plans, strict=True)):
        if not cluster.major:
            continue
        name = {"cluster": str(days.first_day + cluster.first)}
        if not other.heard[at]:
            rows.append(name | {"reason": "too few posts about rivals"})
            continue
        if not trial.found.heard[at]:
            rows.append(
                name | {"effect_rivals": other.difference[at], "reason": "the effect itself is not tested"}
            )
            continue
        k = int(judgement.placebos[row])
        rows.append(
            name
            | {
                "effect_rivals": other.difference[at],
                "effect_less_rivals": difference[at],
                "se": se[at],
                **judgement.interval(difference[at], se[at], row),
                "placebos": k,
                "k_e": judgement.independent[row],
                "reason": too_few(k, trial.shape.length),
            }
        )
    return rows
