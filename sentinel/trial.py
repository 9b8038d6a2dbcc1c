"""Clusters whose windows have one shape, tested together on one scope against the same dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Any, Final

import numpy as np

from sentinel import reasons
from sentinel.clusters import BASELINE, Cluster
from sentinel.contrast import NAMED, NAMELESS, Ground, Shape, contrasts
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS, MIN_BASELINE_DAYS, Estimate
from sentinel.index import MoodIndex
from sentinel.placebo import Judgement, judge, nearby, too_few
from sentinel.scored import Bools, Floats, Ints

__all__ = ["Trial"]

CORE: Final = 0.8  #: share of the event's votes whose strata a placebo date must hold too
MOST: Final = 0.5  #: share of the baseline lost to a gap or break above which that is the reason for no test
NOTEWORTHY: Final = 0.1  #: the same, above which it is told


class Trial:
    """Estimates of one shape.

    Parameters
    ----------
    plans : one for each cluster under test: all of its identity, nothing of its numbers.
    own_days : whether the window is the clusters' own reaction window, which is taken, but by themselves.
    """

    def __init__(
        self,
        index: MoodIndex,
        ground: Ground,
        shape: Shape,
        plans: Sequence[tuple[Estimate, Cluster]],
        own_days: bool,
    ) -> None:
        self.index = index
        self.ground = ground
        self.shape = shape
        self.plans = plans
        self.day_zero = np.array([cluster.first for _, cluster in plans])
        self.own = np.zeros(len(ground.taken), dtype=bool)
        self.own[[cluster.first for _, cluster in plans if cluster.major and own_days]] = True
        self.found = contrasts(index, shape, ground, self.own)
        self.at = self.day_zero - int(self.found.dates[0])

    @property
    def ordinary(self) -> Bools:
        """Shape (K,): dates with voices enough, in whose window nothing was announced."""
        ordinary: Bools = self.found.free & self.found.heard
        return ordinary

    def placebos(self) -> Bools:
        """Placebo dates of each event: shape (E, K). They hold the event's main strata, and none of its days."""
        found, ordinary = self.found, self.ordinary
        start, end = found.dates + self.shape.first, found.dates + self.shape.last
        placebos = np.zeros((len(self.at), len(found.dates)), dtype=bool)
        for row, (plan, cluster) in enumerate(self.plans):
            apart = (end < plan.first) | (start > plan.last)
            apart &= (end < cluster.opens) | (start > cluster.closes)
            placebos[row] = ordinary & apart & self.holds_core(row)
        return placebos

    def holds_core(self, row: int) -> Bools:
        """Dates that hold the main strata of an event: shape (K,)."""
        core = _core(self.found.votes[:, self.at[row]])
        holds: Bools = np.logical_and.reduce(self.found.used[core], axis=0)
        return holds

    def estimates(self) -> list[Estimate]:
        """One for each plan."""
        found = self.found
        z = found.difference / np.sqrt(found.variance)
        placebos = nearby(self.placebos(), found.dates, self.day_zero)
        judgement = judge(z, placebos, z[self.at], self.shape.length)
        spread = _spread(found.difference, placebos)
        names = [str(stratum) for stratum in self.index.strata]
        estimates = []
        for row, place in enumerate(self.at):
            used = found.used[:, place]
            counts = self._counts(row, used, names)
            obstacle, note = self._obstacle(row, used, counts, int(found.days[place]))
            if not obstacle:
                counts |= self._numbers(row, judgement, float(spread[row]))
                obstacle = counts.pop("obstacle")
            estimates.append(replace(self.plans[row][0], obstacle=obstacle, note=note, **counts))
        return estimates

    def _counts(self, row: int, used: Bools, names: Sequence[str]) -> dict[str, Any]:
        plan, cluster = self.plans[row]
        first, last = cluster.first + BASELINE.first, cluster.first + BASELINE.last
        in_window = self.ground.taken <= self.own[cluster.first]
        posts, named, nameless = self._people(plan.first, plan.last, used, in_window)
        _, named_before, nameless_before = self._people(first, last, used, ~self.ground.moved)
        there = self.index.count[:, first : plan.last + 1].max(axis=1) > 0
        return {
            "n_posts": posts,
            "n_authors": named + nameless,
            "n_nameless": nameless,
            "n_authors_baseline": named_before + nameless_before,
            "used": tuple(compress(names, used)),
            "left_out": tuple(compress(names, there & ~used)),
        }

    def _people(self, first: int, last: int, used: Bools, days: Bools) -> tuple[int, int, int]:
        """Posts, named authors, and posts without author in `used` strata, on those of `days` from first to last."""
        votes = self.index.votes
        rows = slice(*np.searchsorted(votes.day, (first, last + 1)))
        counted = used[self.index.stratum[rows]] & days[votes.day[rows]]
        authors = votes.author[rows][counted]
        named = authors[authors < votes.n_named]
        seen = np.zeros(votes.n_named, dtype=bool)
        seen[named] = True
        return (
            int(votes.n_posts[rows][counted].sum()),
            int(np.count_nonzero(seen)),
            int(votes.n_posts[rows][counted & (votes.author[rows] >= votes.n_named)].sum()),
        )

    def _obstacle(self, row: int, used: Bools, counts: dict[str, Any], days: int) -> tuple[str, str]:
        """Why it cannot be tested; else what its sources lack."""
        nameless, before = counts["n_nameless"], counts["n_authors_baseline"]
        named = counts["n_authors"] - nameless
        share, missing = self._missing(row, used)
        few = ""
        if named * NAMED + nameless * NAMELESS < MIN_AUTHORS * NAMED:
            few = reasons.few_authors(named, nameless, MIN_AUTHORS, NAMED // NAMELESS)
        elif before < MIN_BASELINE_AUTHORS:
            few = self._crowded(row, used, reasons.few_before(before, MIN_BASELINE_AUTHORS, named == 0))
        elif days < MIN_BASELINE_DAYS:
            few = self._crowded(row, used, reasons.few_days_before(days, MIN_BASELINE_DAYS))
        if few and share > MOST:
            return missing, ""
        return few, missing if share > NOTEWORTHY else ""

    def _crowded(self, row: int, used: Bools, few: str) -> str:
        """Why the baseline is too thin, and whether it would not be without other announcements."""
        cluster = self.plans[row][1]
        first, last = cluster.first + BASELINE.first, cluster.first + BASELINE.last
        _, named, nameless = self._people(first, last, used, np.ones_like(self.ground.moved))
        days = np.count_nonzero(self.index.count[used, first : last + 1].any(axis=0))
        enough = named + nameless >= MIN_BASELINE_AUTHORS and days >= MIN_BASELINE_DAYS
        return reasons.crowded(few) if enough else few

    def _missing(self, row: int, used: Bools) -> tuple[float, str]:
        """What gaps, or else breaks, took from the sources, and its share of the baseline's votes."""
        plan, cluster = self.plans[row]
        first, last = cluster.first + BASELINE.first, cluster.first + BASELINE.last
        votes = self.index.count[:, first : last + 1].sum(axis=1)
        left_out = ~used & (votes > 0)
        if not left_out.any():
            return 0.0, ""
        uncollected = self.ground.uncollected[:, plan.first : plan.last + 1]
        silent = left_out & uncollected.any(axis=1)
        broken = left_out & (self.ground.breaks[:, first] != self.ground.breaks[:, plan.last])
        sources = silent if silent.any() else broken
        share = float(votes[sources].sum() / votes.sum())
        platforms = {self.index.strata[at].platform for at in np.flatnonzero(sources)}
        if silent.any():
            days = self.ground.first_day + plan.first + np.flatnonzero(uncollected[silent].any(axis=0))
            return share, reasons.gap(platforms, str(days[0]), str(days[-1]))
        return share, reasons.broken(platforms) if broken.any() else ""

    def _numbers(self, row: int, judgement: Judgement, spread: float) -> dict[str, Any]:
        at = self.at[row]
        effect, se = float(self.found.difference[at]), float(np.sqrt(self.found.variance[at]))
        placebos = int(judgement.placebos[row])
        return {
            "effect": effect,
            "se": se,
            **judgement.interval(effect, se, row),
            "beyond": float(judgement.beyond[row]),
            "placebos": placebos,
            "independent": float(judgement.independent[row]),
            "visible": float(judgement.visible[row]) * se,
            "swings": effect / spread if spread > 0 else np.nan,
            "phi": self.index.phi,
            "obstacle": too_few(placebos, self.shape.length),
        }


def _core(votes: Floats) -> Ints:
    """The largest strata that hold at least the share `CORE` of an event's votes.

    A placebo must hold these. To ask for all of them would leave no placebo where dozens of small communities
    speak now and then.
    """
    order = np.argsort(-votes, kind="stable")
    before = np.cumsum(votes[order]) - votes[order]
    core: Ints = order[(before < CORE * votes.sum()) & (votes[order] > 0)]
    return core


def _spread(difference: Floats, admissible: Bools) -> Floats:
    """Standard deviation of the placebos' D of each event."""
    k = np.maximum(admissible.sum(axis=1), 1)
    d = np.where(admissible, np.nan_to_num(difference), 0.0)
    mean = d.sum(axis=1) / k
    spread: Floats = np.sqrt(np.where(admissible, (d - mean[:, None]) ** 2, 0.0).sum(axis=1) / k)
    return spread
