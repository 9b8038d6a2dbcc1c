"""Several announcements of one category together, against the same calendar shifted around the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sentinel import reasons
from sentinel.clusters import BASELINE, REACTION, Cluster, find_clusters
from sentinel.contrast import compare
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.estimate import MIN_BASELINE_DAYS, Estimate
from sentinel.index import mood_index
from sentinel.placebo import LEVEL, judge, too_few
from sentinel.scope_effects import out_of_reach, scope_trials
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats
from sentinel.trial import Trial
from sentinel.typed_table import typed_table
from sentinel.votes import AuthorDays

__all__ = ["POOLED_COLUMNS", "Reaction", "against_shifts", "pooled_effects", "reactions"]

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
class Reaction:
    """A tested cluster, and what its test would give on any other day."""

    cluster: Cluster
    trial: Trial
    row: int
    estimate: Estimate
    sign: float = 1.0  #: -1 where effects are counted against the direction they have

    @property
    def here(self) -> tuple[float, float]:
        """D and V."""
        at, found = self.trial.at[self.row], self.trial.found
        return self.sign * float(found.difference[at]), float(found.variance[at])

    def elsewhere(self, pooled: Sequence[Reaction]) -> Floats:
        """D and V if the whole calendar were shifted by 0 ... T - 1 days: shape (2, T), NaN where untestable.

        The shifted calendar keeps its own windows out of its baselines, as the true one does: seen from day 0,
        these are the same days whatever the shift. Else a shifted window would be part of the next baseline,
        and the pooled placebos would vary less than the pooled effect.
        """
        trial, found = self.trial, self.trial.found
        days = self.cluster.first + np.arange(BASELINE.first, BASELINE.last + 1)
        kept = ~np.any([(one.cluster.first <= days) & (days <= one.cluster.closes) for one in pooled], axis=0)
        n = found.n.copy()
        n[:, : len(days)] *= kept
        testable = trial.ordinary & trial.holds_core(self.row)
        testable &= (n[:, : len(days)] > 0).sum(axis=1) >= MIN_BASELINE_DAYS
        values = np.full((2, len(trial.ground.taken)), np.nan)
        difference, variance = compare(trial.index, trial.shape, found.mood[testable], n[testable])
        values[:, found.dates[testable]] = self.sign * difference, variance
        return np.roll(values, -self.cluster.first, axis=1)


def pooled_effects(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """Reactions of scope "all" pooled by category: columns `POOLED_COLUMNS`, in order of the category.

    The null distribution shifts the whole calendar of a category around the history, which keeps its spacing,
    and with it the overlap of baselines. Where a category holds announcements that the calendar expects to please
    and others that it expects to displease, effects are counted in the expected direction, and those without one
    are left out: unsigned they would cancel. Clusters of several categories belong to none. Exploratory: p has no
    family.
    """
    if ALL not in days.scopes:
        return _frame([])
    clusters = [one for one in find_clusters(announcements, days, options.exclude_importance) if one.major]
    tested, _ = reactions(clusters, days, options)
    categories = announcements["category"].tolist()
    signs = [SIGNS.get(sign, 0.0) for sign in announcements["expected_sign"]]
    rows = []
    for category in sorted({categories[row] for one in clusters for row in one.members} - {""}):
        own = [one for one in tested if {categories[row] for row in one.cluster.members} == {category}]
        rows.append({"category": category} | _pooled(own, signs, days))
    return _frame(rows)


def reactions(
    clusters: Sequence[Cluster], days: AuthorDays, options: EffectOptions
) -> tuple[list[Reaction], list[Estimate]]:
    """Clusters of scope "all" that can be tested, in order of the days; and the estimates of those that cannot."""
    index = mood_index(days.scopes[ALL], days)
    found = scope_trials(ALL, index, clusters, days, options.breaks, [REACTION])
    tested, others = [], [*found.ahead, *out_of_reach(clusters, days)]
    for trial in found.trials:
        for row, one in enumerate(trial.estimates()):
            if np.isnan(one.effect) or one.preliminary:
                others.append(one)
            else:
                tested.append(Reaction(clusters[one.cluster], trial, row, one))
    return sorted(tested, key=lambda one: one.cluster.first), others


def _pooled(tested: Sequence[Reaction], signs: Sequence[float], days: AuthorDays) -> dict[str, Any]:
    expected = [{signs[row] for row in one.cluster.members} - {0.0} for one in tested]
    direction = "as it came"
    if {sign for own in expected for sign in own} == {-1.0, 1.0}:
        direction = "as expected"
        tested = [
            replace(one, sign=next(iter(own)))
            for one, own in zip(tested, expected, strict=True)
            if len(own) == 1
        ]
    row: dict[str, Any] = {
        "direction": direction,
        "n": len(tested),
        "clusters": "; ".join(str(days.first_day + one.cluster.first) for one in tested),
    }
    if len(tested) < MIN_CLUSTERS:
        return row | {"reason": reasons.few_clusters(len(tested), MIN_CLUSTERS)}
    return row | against_shifts(tested) | _like_these(tested)


def against_shifts(tested: Sequence[Reaction]) -> dict[str, Any]:
    """Effect, interval and p of clusters together, against their calendar shifted around the history."""
    difference, variance = np.array([one.here for one in tested]).T
    weight = 1 / variance
    effect, se = float((weight * difference).sum() / weight.sum()), float(weight.sum() ** -0.5)
    shifted = np.array([one.elsewhere(tested) for one in tested])[:, :, 1:]
    z, fit = _shifted(shifted[:, 0], shifted[:, 1])
    length = max(one.trial.shape.length for one in tested)
    judgement = judge(z, fit[None], np.array([effect / se]), length)
    shifts = int(judgement.placebos[0])
    return {
        "effect": effect,
        "se": se,
        **judgement.interval(effect, se),
        "shifts": shifts,
        "k_e": float(judgement.independent[0]),
        "reason": too_few(shifts, length),
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


def _like_these(tested: Sequence[Reaction]) -> dict[str, float]:
    """Random-effects mean with the interval of Hartung and Knapp; NaN below `MIN_RANDOM` clusters."""
    k = len(tested)
    if k < MIN_RANDOM:
        return {}
    d, v = np.array([one.here for one in tested]).T
    w = 1 / v
    excess = (w * (d - (w * d).sum() / w.sum()) ** 2).sum() - (k - 1)
    between = max(0.0, float(excess / (w.sum() - (w**2).sum() / w.sum())))
    w = 1 / (v + between)
    mean = float((w * d).sum() / w.sum())
    se = float(np.sqrt((w * (d - mean) ** 2).sum() / ((k - 1) * w.sum())))
    half = float(stdtrit(k - 1, 1 - LEVEL / 2)) * se
    return {"like_these": mean, "like_these_low": mean - half, "like_these_high": mean + half}


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    texts = ("category", "direction", "clusters", "reason")
    return typed_table(rows, POOLED_COLUMNS, texts=texts, counts=("n", "shifts"))
