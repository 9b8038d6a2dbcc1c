"""Several announcements of one category together, against the same calendar shifted around the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sentinel import reasons
from sentinel.clusters import REACTION, Cluster, find_clusters
from sentinel.effects import EffectOptions
from sentinel.index import mood_index
from sentinel.placebo import LEVEL, MIN_INDEPENDENT, judge
from sentinel.scope_effects import scope_trials
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats
from sentinel.votes import AuthorDays

__all__ = ["POOLED_COLUMNS", "pooled_effects"]

POOLED_COLUMNS: Final = (
    "category",
    "direction",  # "as it came", or "as expected": effects are turned by the sign the calendar expects
    "n",  # clusters pooled
    "effect",  # weighted by precision; about these announcements
    "se",
    "low",  # 95 % interval
    "high",
    "p",
    "shifts",  # of the calendar, compared with
    "k_e",
    "like_these",  # mean of announcements like these (random effects); from five clusters on
    "like_these_low",
    "like_these_high",
    "clusters",  # joined by "; "
    "reason",  # why not tested; "" if tested
)
MIN_SHARE: Final = 0.7  #: of a category's announcements that a shifted calendar must find testable days for
MIN_CLUSTERS: Final = 2
MIN_RANDOM: Final = 5
SIGNS: Final = {"positive": 1.0, "negative": -1.0}


@dataclass(frozen=True, slots=True)
class _Reaction:
    """A tested cluster, and what its test would give on any other day."""

    cluster: Cluster
    length: int
    difference: float
    variance: float
    elsewhere: (
        Floats  #: shape (2, T): D and V on day 0 = the cluster's + s, for s = 0 ... T - 1; NaN if untestable
    )

    def turned(self, sign: float) -> _Reaction:
        """The same, counted in the expected direction."""
        turn = np.array([[sign], [1.0]])
        return _Reaction(
            self.cluster, self.length, sign * self.difference, self.variance, turn * self.elsewhere
        )


def pooled_effects(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions | None = None
) -> pd.DataFrame:
    """Reactions of scope "all" pooled by category: columns `POOLED_COLUMNS`, in order of the category.

    The null distribution shifts the whole calendar of a category around the history, which keeps its spacing,
    and with it the overlap of baselines. Where a category holds announcements that the calendar expects to please
    and others that it expects to displease, effects are counted in the expected direction, and those without one
    are left out: unsigned they would cancel. Clusters of several categories belong to none. Exploratory: p has no
    family.
    """
    options = options or EffectOptions()
    if ALL not in days.scopes:
        return _frame([])
    clusters = [one for one in find_clusters(announcements, days, options.exclude_importance) if one.major]
    reactions = _reactions(clusters, days, options)
    categories = announcements["category"].tolist()
    signs = [SIGNS.get(sign, 0.0) for sign in announcements["expected_sign"]]
    rows = []
    for category in sorted({categories[row] for one in clusters for row in one.members} - {""}):
        own = [one for one in reactions if {categories[row] for row in one.cluster.members} == {category}]
        rows.append({"category": category} | _pooled(own, signs, days))
    return _frame(rows)


def _reactions(clusters: Sequence[Cluster], days: AuthorDays, options: EffectOptions) -> list[_Reaction]:
    index = mood_index(days.scopes[ALL], days)
    found = scope_trials(ALL, index, clusters, days, options.breaks, [REACTION])
    reactions = []
    for trial in found.trials:
        estimates = trial.estimates()
        ordinary = trial.ordinary
        for row, (plan, cluster) in enumerate(trial.plans):
            if np.isnan(estimates[row].effect) or plan.preliminary:
                continue
            elsewhere = np.full((2, days.n_days), np.nan)
            fit = ordinary & trial.holds_core(row)
            elsewhere[0, trial.found.dates[fit]] = trial.found.difference[fit]
            elsewhere[1, trial.found.dates[fit]] = trial.found.variance[fit]
            at = trial.at[row]
            reactions.append(
                _Reaction(
                    cluster=cluster,
                    length=trial.shape.length,
                    difference=float(trial.found.difference[at]),
                    variance=float(trial.found.variance[at]),
                    elsewhere=np.roll(elsewhere, -cluster.first, axis=1),
                )
            )
    return sorted(reactions, key=lambda one: one.cluster.first)


def _pooled(reactions: Sequence[_Reaction], signs: Sequence[float], days: AuthorDays) -> dict[str, Any]:
    expected = [{signs[row] for row in one.cluster.members} - {0.0} for one in reactions]
    direction = "as it came"
    if {sign for own in expected for sign in own} == {-1.0, 1.0}:
        direction = "as expected"
        reactions = [
            one.turned(next(iter(own))) for one, own in zip(reactions, expected, strict=True) if len(own) == 1
        ]
    row: dict[str, Any] = {
        "direction": direction,
        "n": len(reactions),
        "clusters": "; ".join(str(days.first_day + one.cluster.first) for one in reactions),
    }
    if len(reactions) < MIN_CLUSTERS:
        return row | {"reason": reasons.few_clusters(len(reactions), MIN_CLUSTERS)}
    return row | _against_shifts(reactions) | _like_these(reactions)


def _against_shifts(reactions: Sequence[_Reaction]) -> dict[str, Any]:
    weight = 1 / np.array([one.variance for one in reactions])
    difference = np.array([one.difference for one in reactions])
    effect, se = float((weight * difference).sum() / weight.sum()), float(weight.sum() ** -0.5)
    shifted = np.array([one.elsewhere for one in reactions])[:, :, 1:]
    z, fit = _shifted(shifted[:, 0], shifted[:, 1])
    length = max(one.length for one in reactions)
    judgement = judge(z, fit[None], np.array([effect / se]), length)
    critical, shifts = float(judgement.critical[0]), int(judgement.placebos[0])
    lacking = MIN_INDEPENDENT * length - shifts
    return {
        "effect": effect,
        "se": se,
        "low": se * (effect / se - critical),
        "high": se * (effect / se + critical),
        "p": float(judgement.p[0]),
        "shifts": shifts,
        "k_e": float(judgement.independent[0]),
        "reason": reasons.short_history(shifts, lacking) if lacking > 0 else "",
    }


def _shifted(difference: Floats, variance: Floats) -> tuple[Floats, Bools]:
    """Z of the calendar at every shift, and which shifts find enough testable days; shapes (T - 1,)."""
    testable = np.isfinite(difference)
    enough = max(MIN_CLUSTERS, int(np.ceil(MIN_SHARE * len(difference))))
    weight = np.where(testable, 1 / np.where(testable, variance, 1.0), 0.0)
    total = weight.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (weight * np.where(testable, difference, 0.0)).sum(axis=0) / np.sqrt(total)
    fit: Bools = testable.sum(axis=0) >= enough
    return np.where(fit, z, 0.0), fit


def _like_these(reactions: Sequence[_Reaction]) -> dict[str, float]:
    """Random-effects mean with the interval of Hartung and Knapp; NaN below `MIN_RANDOM` clusters."""
    k = len(reactions)
    if k < MIN_RANDOM:
        return {}
    d = np.array([one.difference for one in reactions])
    v = np.array([one.variance for one in reactions])
    w = 1 / v
    excess = (w * (d - (w * d).sum() / w.sum()) ** 2).sum() - (k - 1)
    between = max(0.0, float(excess / (w.sum() - (w**2).sum() / w.sum())))
    w = 1 / (v + between)
    mean = float((w * d).sum() / w.sum())
    se = float(np.sqrt((w * (d - mean) ** 2).sum() / ((k - 1) * w.sum())))
    half = float(stdtrit(k - 1, 1 - LEVEL / 2)) * se
    return {"like_these": mean, "like_these_low": mean - half, "like_these_high": mean + half}


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(POOLED_COLUMNS))
    texts = {"category": "", "direction": "", "clusters": "", "reason": ""}
    counts = {"n": 0, "shifts": 0}
    types = (
        {name: "float64" for name in POOLED_COLUMNS}
        | dict.fromkeys(texts, "str")
        | dict.fromkeys(counts, "int64")
    )
    return frame.fillna(texts | counts).astype(types)
