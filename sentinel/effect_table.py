"""Estimates and their standing as the rows of effects.csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from sentinel import reasons
from sentinel.clusters import REACTION, WINDOWS, Cluster, day_zero
from sentinel.estimate import Estimate
from sentinel.families import EXPLORATORY, PRIMARY, Standing, standings
from sentinel.placebo import LEVEL
from sentinel.scopes import ALL, scope_order
from sentinel.typed_table import rounded, typed_table
from sentinel.votes import AuthorDays

__all__ = ["EFFECT_COLUMNS", "effect_table", "without_posts"]

EFFECT_COLUMNS: Final = (
    "date",  # of the announcement, as its calendar dates it
    "title",
    "category",
    "cluster",  # ISO date of the first day 0; announcements of one cluster cannot be told apart
    "family",  # primary, opened, exploratory
    "window",  # reaction, anticipation, persistence
    "scope",
    "n_posts",  # in the window, in the strata used
    "n_authors",  # who wrote them; a post without author counts as one
    "n_authors_baseline",
    "strata",  # number of strata used
    "time_known",  # of every announcement of the cluster
    "effect",  # D: mood of the window less that of the baseline, on the scale -1 to 1
    "se",
    "low",  # 95 % interval
    "high",
    "p",
    "q",
    "placebos",  # ordinary dates compared with
    "smallest_visible",  # smallest effect seen with 80 % power
    "verdict",  # rose, fell, no visible change, not tested; "" if exploratory
    "reason",  # why not tested, or what limits the result
    "day",  # day 0 of the announcement
    "first_day",  # of the window
    "last_day",
    "importance",
    "circular",
    "preliminary",  # the window was not over when the posts end
    "swings",  # effect in standard deviations of the placebos' effects
    "smallest_q",  # what q could have been at best
    "p_extrapolated",  # p beyond the largest placebo; only where it is the largest of all
    "extrapolated",  # q rests on p_extrapolated
    "k_e",  # placebos that do not overlap
    "phi",  # persistence of the mood from day to day
    "n_nameless",  # posts in the window without author
    "strata_used",
    "strata_left_out",  # in window or baseline, but not in both, or across a gap or a break
)
VISIBLE_LARGE: Final = 0.25  #: smallest visible effect above which only very large changes can be seen
DRIFTING: Final = 0.9  #: phi from which the mood drifts

_COUNTS: Final = frozenset(
    {"n_posts", "n_authors", "n_authors_baseline", "strata", "placebos", "importance", "n_nameless"}
)
_FLAGS: Final = frozenset({"time_known", "circular", "preliminary", "extrapolated"})
_NUMBERS: Final = frozenset(
    {"effect", "se", "low", "high", "p", "q", "smallest_visible", "swings"}
    | {"smallest_q", "p_extrapolated", "k_e", "phi"}
)
_OF_THE_CALENDAR: Final = ("date", "title", "category", "importance", "circular")
_WINDOWS: Final = [window.name for window in WINDOWS]

Record = dict[str, Any]


def effect_table(
    estimates: Sequence[Estimate], clusters: Sequence[Cluster], announcements: pd.DataFrame, days: AuthorDays
) -> pd.DataFrame:
    """A row for each announcement of an estimate's cluster, with the numbers of the cluster."""
    standing = standings(estimates, clusters)
    calendar = [
        dict(zip(announcements.columns, row, strict=True)) for row in announcements.itertuples(index=False)
    ]
    for record, day in zip(calendar, day_zero(announcements, days), strict=True):
        record["day"] = _iso(days, int(day))
    rows: list[Record] = []
    for one, own in zip(estimates, standing, strict=True):
        cluster = clusters[one.cluster]
        shared = _shared(one, cluster, days)
        together = (*cluster.members, *cluster.guests)
        for row in together:
            others = [calendar[other]["title"] for other in together if other != row]
            rows.append(shared | _own(one, own, cluster, calendar[row], others, row in cluster.members))
    rows.sort(
        key=lambda row: (row["day"], row["title"], _WINDOWS.index(row["window"]), scope_order(row["scope"]))
    )
    return _frame(rows)


def without_posts(announcements: pd.DataFrame) -> pd.DataFrame:
    """The table where no post is dated: nothing is tested."""
    rows = [
        {name: record[name] for name in _OF_THE_CALENDAR}
        | {"window": REACTION.name, "scope": ALL, "family": PRIMARY, "verdict": "not tested"}
        | {"day": record["date"], "cluster": record["date"], "reason": reasons.no_posts()}
        | {"time_known": record["time_utc"] != "", "preliminary": False, "extrapolated": False}
        for record in announcements.to_dict("records")
    ]
    return _frame(rows)


def _shared(one: Estimate, cluster: Cluster, days: AuthorDays) -> Record:
    return {
        "cluster": _iso(days, cluster.first),
        "window": one.window,
        "scope": one.scope,
        "n_posts": one.n_posts,
        "n_authors": one.n_authors,
        "n_authors_baseline": one.n_authors_baseline,
        "strata": len(one.used),
        "time_known": cluster.time_known,
        "effect": one.effect,
        "se": one.se,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_extrapolated": one.beyond,
        "placebos": one.placebos,
        "smallest_visible": one.visible,
        "first_day": _iso(days, one.first),
        "last_day": _iso(days, one.last),
        "preliminary": one.preliminary,
        "swings": one.swings,
        "k_e": one.independent,
        "phi": one.phi,
        "n_nameless": one.n_nameless,
        "strata_used": "; ".join(one.used),
        "strata_left_out": "; ".join(one.left_out),
    }


def _own(
    one: Estimate, standing: Standing, cluster: Cluster, record: Record, others: Sequence[str], member: bool
) -> Record:
    """What is an announcement's own. A guest of a cluster is of lesser importance: no family, no verdict."""
    standing = standing if member else Standing(EXPLORATORY)
    return {name: record[name] for name in (*_OF_THE_CALENDAR, "day")} | {
        "family": standing.family,
        "q": standing.q,
        "smallest_q": standing.smallest_q,
        "extrapolated": standing.extrapolated,
        "verdict": standing.verdict,
        "reason": _reason(one, standing, cluster, others),
    }


def _reason(one: Estimate, standing: Standing, cluster: Cluster, others: Sequence[str]) -> str:
    """What the reader of a row has to know, most important first."""
    parts = [one.obstacle] if one.obstacle else []
    if one.preliminary and not one.obstacle:
        parts.append(reasons.preliminary(one.last - one.first + 1, one.days))
    if standing.extrapolated:
        parts.append(reasons.extrapolated(one.placebos, one.beyond))
    if standing.verdict == "no visible change":
        parts.append(reasons.no_change(one.visible, standing.tests, standing.smallest_q, LEVEL))
    if one.visible > VISIBLE_LARGE:
        parts.append("only very large changes could be seen")
    if one.phi >= DRIFTING:
        parts.append("the mood drifts, p-values are rough")
    if one.note:
        parts.append(one.note)
    if others:
        parts.append(reasons.inseparable(others))
    if not cluster.time_known:
        parts.append("time of day unknown")
    if one.widened:
        parts.append("many posts show only their date")
    return "; ".join(parts)


def _iso(days: AuthorDays, day: int) -> str:
    return str(days.first_day + day)


def _frame(rows: Sequence[Record]) -> pd.DataFrame:
    texts = set(EFFECT_COLUMNS) - _COUNTS - _FLAGS - _NUMBERS
    return rounded(typed_table(rows, EFFECT_COLUMNS, texts=texts, counts=_COUNTS, flags=_FLAGS))
