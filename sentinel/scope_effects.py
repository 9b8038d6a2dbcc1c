"""The effects of all clusters on one scope: which days are compared, and which are kept out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from sentinel import reasons
from sentinel.clusters import BASELINE, REACTION, WINDOWS, Cluster, Window
from sentinel.contrast import Shape, ground
from sentinel.estimate import Estimate
from sentinel.index import MoodIndex
from sentinel.scopes import ALL
from sentinel.scored import Bools, Floats, Ints
from sentinel.settings import Break
from sentinel.trial import Trial
from sentinel.votes import AuthorDays, summed

__all__ = ["ScopeTrials", "estimate_scope", "in_reach", "kept_out", "out_of_reach", "scope_trials"]

BARE_DATES: Final = 0.2  #: share of posts known by date only above which windows start a day earlier


def estimate_scope(
    scope: str, index: MoodIndex, clusters: Sequence[Cluster], days: AuthorDays, breaks: Sequence[Break]
) -> list[Estimate]:
    """Estimates of all windows for the clusters that are not `out_of_reach`."""
    found = scope_trials(scope, index, clusters, days, breaks)
    return found.ahead + [one for trial in found.trials for one in trial.estimates()]


class ScopeTrials(NamedTuple):
    """What there is to test on a scope."""

    trials: list[Trial]
    ahead: list[Estimate]  #: windows that have not begun


def scope_trials(
    scope: str,
    index: MoodIndex,
    clusters: Sequence[Cluster],
    days: AuthorDays,
    breaks: Sequence[Break],
    windows: Sequence[Window] = WINDOWS,
) -> ScopeTrials:
    """One trial a window and shape; clusters that are `out_of_reach` have none."""
    bare = summed(index.votes.n_bare, index.votes.day, days.n_days)
    posts = summed(index.votes.n_posts, index.votes.day, days.n_days)
    widened = [_mostly_bare(cluster, bare, posts) for cluster in clusters]
    common = ground(index, days, breaks, *kept_out(clusters, widened, days.n_days))
    trials, ahead = [], []
    for window in windows:
        planned: dict[Shape, list[tuple[Estimate, Cluster]]] = {}
        for number, cluster in enumerate(clusters):
            if not in_reach(cluster, days):
                continue
            first, last = _window_days(cluster, window, widened[number])
            cut = min(last, days.n_days - 1)
            plan = Estimate(number, scope, window.name, first, cut, last - first + 1, widened[number])
            if cut < first:
                ahead.append(replace(plan, last=last, obstacle=reasons.not_begun(first - days.n_days + 1)))
            else:
                shape = Shape(first - cluster.first, cut - cluster.first)
                planned.setdefault(shape, []).append((plan, cluster))
        trials += [Trial(index, common, shape, plans, window == REACTION) for shape, plans in planned.items()]
    return ScopeTrials(trials, ahead)


def out_of_reach(clusters: Sequence[Cluster], days: AuthorDays) -> list[Estimate]:
    """Estimates that say why the clusters before, after or too early in the posts have none."""
    first, last = str(days.first_day), str(days.first_day + (days.n_days - 1))
    found = []
    for number, cluster in enumerate(clusters):
        if not in_reach(cluster, days):
            announced = str(days.first_day + cluster.first)
            baseline = str(days.first_day + (cluster.first + BASELINE.first))
            reason = reasons.outside(announced, first, last, baseline)
            window = (cluster.opens, cluster.closes, cluster.closes - cluster.opens + 1)
            found.append(Estimate(number, ALL, REACTION.name, *window, obstacle=reason))
    return found


def in_reach(cluster: Cluster, days: AuthorDays) -> bool:
    """Whether the posts hold its day 0 and a whole baseline before it."""
    return -BASELINE.first <= cluster.first < days.n_days


def _mostly_bare(cluster: Cluster, bare: Floats, posts: Floats) -> bool:
    """Whether the window has to start a day early though the time of the announcement is known."""
    if cluster.opens < cluster.first:
        return False
    window = slice(max(cluster.opens, 0), max(cluster.closes + 1, 0))
    return bool(bare[window].sum() > BARE_DATES * posts[window].sum())


def kept_out(clusters: Sequence[Cluster], widened: Sequence[bool], n_days: int) -> tuple[Ints, Bools]:
    """In how many clusters' reaction windows each day lies; and which days they keep out of baselines.

    A window that opens a day early, for want of a time of day, is no placebo's on that day either. But baselines
    keep the day: it is an ordinary one nearly always, and where announcements crowd, they need every day.
    """
    taken, moved = np.zeros(n_days, dtype=np.int64), np.zeros(n_days, dtype=bool)
    for cluster, wide in zip(clusters, widened, strict=True):
        if cluster.major:
            end = max(cluster.closes + 1, 0)
            taken[max(cluster.opens - wide, 0) : end] += 1
            moved[max(cluster.first, 0) : end] = True
    return taken, moved


def _window_days(cluster: Cluster, window: Window, wide: bool) -> tuple[int, int]:
    opens = cluster.opens - wide
    if window == REACTION:
        return opens, cluster.closes
    if window.last < REACTION.first:
        return cluster.first + window.first, min(cluster.first + window.last, opens - 1)
    return cluster.last + window.first, cluster.last + window.last
