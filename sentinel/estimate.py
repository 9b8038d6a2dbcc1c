"""The effects of all clusters on one scope: difference, interval and p, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sentinel import reasons
from sentinel.clusters import BASELINE, REACTION, WINDOWS, Cluster, Window
from sentinel.contrast import NAMED, NAMELESS, Contrasts, Field, Shape, contrasts
from sentinel.gaps import Break, break_days, uncollected
from sentinel.index import MoodIndex
from sentinel.placebo import MIN_INDEPENDENT, Judgement, judge, nearby
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats, Ints
from sentinel.votes import AuthorDays, summed

__all__ = [
    "MIN_AUTHORS",
    "MIN_BASELINE_AUTHORS",
    "MIN_BASELINE_DAYS",
    "Estimate",
    "estimate_scope",
    "out_of_reach",
]

MIN_AUTHORS: Final = 10  #: in the window; 30 posts where authors are not named
MIN_BASELINE_AUTHORS: Final = 50
MIN_BASELINE_DAYS: Final = 14  #: of the baseline's 28, with posts
BARE_DATES: Final = 0.2  #: share of posts known by date only above which windows start a day earlier
CORE: Final = 0.8  #: share of the event's votes whose strata a placebo date must hold too


@dataclass(frozen=True, slots=True)
class Estimate:
    """One cluster, window and scope. Numbers that could not be had are NaN, counts 0."""

    cluster: int  #: position in the list of clusters
    scope: str
    window: str
    first: int  #: days of the window, counted from `AuthorDays.first_day`
    last: int
    days: int  #: days that the window has when it is over
    widened: bool = False  #: starts a day early because many posts show only their date
    n_posts: int = 0
    n_authors: int = 0
    n_nameless: int = 0  #: of these, posts without author
    n_authors_baseline: int = 0
    used: tuple[str, ...] = ()  #: strata
    left_out: tuple[str, ...] = ()
    effect: float = np.nan
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    placebos: int = 0
    independent: float = np.nan  #: K_e
    visible: float = np.nan  #: smallest effect seen with 80 % power
    swings: float = np.nan  #: effect in standard deviations of the placebos' effects
    phi: float = np.nan
    obstacle: str = ""  #: why it is not tested
    notes: tuple[str, ...] = ()

    @property
    def preliminary(self) -> bool:
        """Whether the window is not over yet."""
        return self.last - self.first + 1 < self.days


def out_of_reach(clusters: Sequence[Cluster], days: AuthorDays) -> list[Estimate]:
    """Estimates that say why the clusters before, after or too early in the posts have none."""
    first, last = str(days.first_day), str(days.first_day + (days.n_days - 1))
    found = []
    for number, cluster in enumerate(clusters):
        if not _in_reach(cluster, days):
            announced = str(days.first_day + cluster.first)
            baseline = str(days.first_day + (cluster.first + BASELINE.first))
            reason = reasons.outside(announced, first, last, baseline)
            length = cluster.closes - cluster.opens + 1
            found.append(
                Estimate(number, ALL, REACTION.name, cluster.opens, cluster.closes, length, obstacle=reason)
            )
    return found


def _in_reach(cluster: Cluster, days: AuthorDays) -> bool:
    """Whether the posts hold its day 0 and a whole baseline before it."""
    return -BASELINE.first <= cluster.first < days.n_days


def estimate_scope(
    scope: str, index: MoodIndex, clusters: Sequence[Cluster], days: AuthorDays, breaks: Sequence[Break]
) -> list[Estimate]:
    """Estimates of all windows for the clusters that are not `out_of_reach`."""
    bare = summed(index.votes.n_bare, index.votes.day, days.n_days)
    posts = summed(index.votes.n_posts, index.votes.day, days.n_days)
    widened = [_mostly_bare(cluster, bare, posts) for cluster in clusters]
    field = Field(
        taken=_taken(clusters, widened, days.n_days),
        uncollected=uncollected(days)[index.platform],
        breaks=break_days(days, breaks, index.strata),
    )
    estimates = []
    for window in WINDOWS:
        plans: dict[Shape, list[Estimate]] = {}
        for number, cluster in enumerate(clusters):
            if not _in_reach(cluster, days):
                continue
            first, last = _window_days(cluster, window, widened[number])
            cut = min(last, days.n_days - 1)
            plan = Estimate(number, scope, window.name, first, cut, last - first + 1, widened[number])
            if cut < first:
                ahead = reasons.not_begun(first - days.n_days + 1)
                estimates.append(replace(plan, last=last, obstacle=ahead))
            else:
                plans.setdefault(Shape(first - cluster.first, cut - cluster.first), []).append(plan)
        for shape, planned in plans.items():
            estimates += _Test(index, clusters, days, field, shape, planned, window == REACTION).estimates()
    return estimates


def _mostly_bare(cluster: Cluster, bare: Floats, posts: Floats) -> bool:
    """Whether the window has to start a day early though the time of the announcement is known."""
    if cluster.opens < cluster.first:
        return False
    window = slice(max(cluster.opens, 0), max(cluster.closes + 1, 0))
    return bool(bare[window].sum() > BARE_DATES * posts[window].sum())


def _taken(clusters: Sequence[Cluster], widened: Sequence[bool], n_days: int) -> Ints:
    taken = np.zeros(n_days, dtype=np.int64)
    for cluster, wide in zip(clusters, widened, strict=True):
        if cluster.major:
            taken[max(cluster.opens - wide, 0) : max(cluster.closes + 1, 0)] += 1
    return taken


def _window_days(cluster: Cluster, window: Window, wide: bool) -> tuple[int, int]:
    opens = cluster.opens - wide
    if window == REACTION:
        return opens, cluster.closes
    if window.last < REACTION.first:
        return cluster.first + window.first, min(cluster.first + window.last, opens - 1)
    return cluster.last + window.first, cluster.last + window.last


class _Test:
    """Clusters whose windows have one shape, tested together on one scope."""

    def __init__(
        self,
        index: MoodIndex,
        clusters: Sequence[Cluster],
        days: AuthorDays,
        field: Field,
        shape: Shape,
        plans: Sequence[Estimate],
        own_days: bool,
    ) -> None:
        self.index, self.days, self.field, self.shape, self.plans = index, days, field, shape, plans
        self.clusters = [clusters[plan.cluster] for plan in plans]
        self.day_zero = np.array([cluster.first for cluster in self.clusters])
        self.own = np.zeros(days.n_days, dtype=bool)
        self.own[[cluster.first for cluster in self.clusters if cluster.major and own_days]] = True

    def estimates(self) -> list[Estimate]:
        found = contrasts(self.index, self.shape, self.field, self.own)
        at = self.day_zero - int(found.dates[0])
        admissible = nearby(self._admissible(found, at), found.dates, self.day_zero)
        judgement = judge(found.z, admissible, found.z[at], self.shape.length)
        spread = _spread(found.difference, admissible)
        return [
            self._estimate(row, int(at[row]), found, judgement, float(spread[row])) for row in range(len(at))
        ]

    def _admissible(self, found: Contrasts, at: Ints) -> Bools:
        """Placebo dates of each event: shape (E, K)."""
        fit = (
            found.free
            & np.isfinite(found.z)
            & (found.voices >= MIN_AUTHORS * NAMED)
            & (found.authors >= MIN_BASELINE_AUTHORS)
            & (found.days >= MIN_BASELINE_DAYS)
        )
        start, end = found.dates + self.shape.first, found.dates + self.shape.last
        admissible = np.zeros((len(at), len(found.dates)), dtype=bool)
        for row, (place, plan, cluster) in enumerate(zip(at, self.plans, self.clusters, strict=True)):
            apart = (end < plan.first) | (start > plan.last)
            apart &= (end < cluster.opens) | (start > cluster.closes)
            admissible[row] = fit & apart & found.used[_core(found.votes[:, place])].all(axis=0)
        return admissible

    def _estimate(self, row: int, at: int, found: Contrasts, judgement: Judgement, spread: float) -> Estimate:
        plan, used = self.plans[row], found.used[:, at]
        days = np.arange(plan.first, plan.last + 1)
        open_days = days[self.field.taken[days] <= self.own[self.day_zero[row]]]
        baseline = self.day_zero[row] + np.arange(BASELINE.first, BASELINE.last + 1)
        posts, authors, nameless = _people(self.index, open_days, used)
        _, before, _ = _people(self.index, baseline[self.field.taken[baseline] == 0], used)
        voices = (authors - nameless) * NAMED + nameless * NAMELESS
        there = self._strata_between(int(baseline[0]), plan.last)
        plan = replace(
            plan,
            n_posts=posts,
            n_authors=authors,
            n_nameless=nameless,
            n_authors_baseline=before,
            used=_names(self.index, used),
            left_out=_names(self.index, there & ~used),
        )
        missing = self._missing(plan, there & ~used, int(baseline[0]))
        if voices < MIN_AUTHORS * NAMED:
            few = reasons.few_authors(authors - nameless, nameless, MIN_AUTHORS, NAMED // NAMELESS)
            return replace(plan, obstacle=missing or few)
        if before < MIN_BASELINE_AUTHORS or found.days[at] < MIN_BASELINE_DAYS:
            few = reasons.few_before(before, MIN_BASELINE_AUTHORS, int(found.days[at]), MIN_BASELINE_DAYS)
            return replace(plan, obstacle=missing or few)
        return self._judged(
            replace(plan, notes=(missing,) if missing else ()), row, at, found, judgement, spread
        )

    def _judged(
        self, plan: Estimate, row: int, at: int, found: Contrasts, judgement: Judgement, spread: float
    ) -> Estimate:
        effect, se = float(found.difference[at]), float(np.sqrt(found.variance[at]))
        z, critical = float(found.z[at]), float(judgement.critical[row])
        short = MIN_INDEPENDENT * self.shape.length - int(judgement.placebos[row])
        return replace(
            plan,
            effect=effect,
            se=se,
            # (z -+ q) sqrt(V), not D -+ q sqrt(V): so rounding cannot carry a bound across 0 against p
            low=se * (z - critical),
            high=se * (z + critical),
            p=float(judgement.p[row]),
            placebos=int(judgement.placebos[row]),
            independent=float(judgement.independent[row]),
            visible=float(judgement.visible[row]) * se,
            swings=effect / spread if spread > 0 else np.nan,
            phi=self.index.phi,
            obstacle=reasons.short_history(int(judgement.placebos[row]), short) if short > 0 else "",
        )

    def _strata_between(self, first: int, last: int) -> Bools:
        there: Bools = self.index.count[:, first : last + 1].max(axis=1) > 0
        return there

    def _missing(self, plan: Estimate, left_out: Bools, baseline: int) -> str:
        """What gaps and breaks took from the sources, "" if nothing."""
        silent = self.field.uncollected[left_out, plan.first : plan.last + 1]
        if silent.any():
            days = self.days.first_day + plan.first + np.flatnonzero(silent.any(axis=0))
            sources = left_out & self.field.uncollected[:, plan.first : plan.last + 1].any(axis=1)
            return reasons.gap(self._platforms(sources), str(days[0]), str(days[-1]))
        broken = left_out & (self.field.breaks[:, baseline] != self.field.breaks[:, plan.last])
        return reasons.broken(self._platforms(broken)) if broken.any() else ""

    def _platforms(self, strata: Bools) -> set[str]:
        return {self.index.strata[row].platform for row in np.flatnonzero(strata)}


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


def _people(index: MoodIndex, days: Ints, used: Bools) -> tuple[int, int, int]:
    """Posts, authors, and those of them that are posts without author, on `days` in the strata `used`."""
    if not len(days):
        return 0, 0, 0
    votes = index.votes
    rows = slice(*np.searchsorted(votes.day, (days[0], days[-1] + 1)))
    counted: Bools = used[index.stratum[rows]]
    if len(days) != days[-1] - days[0] + 1:
        counted &= np.isin(votes.day[rows], days)
    authors = np.unique(votes.author[rows][counted])
    posts = int(votes.n_posts[rows][counted].sum())
    return posts, len(authors), int((authors >= votes.n_named).sum())


def _names(index: MoodIndex, rows: Bools) -> tuple[str, ...]:
    return tuple(str(index.strata[row]) for row in np.flatnonzero(rows))
