"""Announcements that cannot be told apart become one cluster, tested once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from sentinel.days import mood_days
from sentinel.scored import Ints
from sentinel.votes import AuthorDays

__all__ = ["BASELINE", "REACTION", "WINDOWS", "Cluster", "Window", "day_zero", "find_clusters"]


@dataclass(frozen=True, slots=True)
class Window:
    """Offsets in days, first and last, from day 0: the day that holds the announcement."""

    name: str
    first: int
    last: int


BASELINE: Final = Window("baseline", -35, -8)
REACTION: Final = Window("reaction", 0, 2)
WINDOWS: Final = (REACTION, Window("anticipation", -7, -1), Window("persistence", 3, 9))


@dataclass(frozen=True, slots=True)
class Cluster:
    """One or more announcements that share their days; days count from `AuthorDays.first_day`."""

    first: int  #: day 0 of the earliest; may lie outside the data, as all of these
    last: int  #: day 0 of the latest
    opens: int  #: first day of the reaction window: `first`, or the day before where the time is unknown
    time_known: bool  #: of every one of them
    major: bool  #: important enough for its window to be kept out of every other test
    members: tuple[int, ...]  #: rows of the table of announcements
    guests: tuple[int, ...] = ()  #: rows of lesser announcements inside the window: inseparable, not decisive

    @property
    def closes(self) -> int:
        """Last day of the reaction window."""
        return self.last + REACTION.last


def find_clusters(announcements: pd.DataFrame, days: AuthorDays, exclude_importance: int) -> list[Cluster]:
    """Clusters in order of their days.

    Announcements of at least `exclude_importance` whose reaction windows overlap are one cluster. A lesser one
    inside the window of a cluster is its guest; other lesser ones are clusters of their own, those of one day
    together.
    """
    day = day_zero(announcements, days)
    timed = (announcements["time_utc"] != "").to_numpy()
    major = (announcements["importance"] >= exclude_importance).to_numpy()
    singles = [
        Cluster(int(at), int(at), int(at) - (not known), bool(known), bool(heavy), (row,))
        for row, (at, known, heavy) in enumerate(zip(day, timed, major, strict=True))
    ]
    clusters = _chains([single for single in singles if single.major])
    alone: dict[int, Cluster] = {}
    for single in singles:
        if single.major:
            continue
        for place, host in enumerate(clusters):
            if host.opens <= single.first <= host.closes:
                clusters[place] = replace(host, guests=host.guests + single.members)
                break
        else:
            same_day = alone.get(single.first)
            alone[single.first] = _joined(same_day, single) if same_day else single
    return sorted([*clusters, *alone.values()], key=lambda cluster: (cluster.first, not cluster.major))


def day_zero(announcements: pd.DataFrame, days: AuthorDays) -> Ints:
    """The mood day of each announcement, counted from `AuthorDays.first_day`; outside the data if need be."""
    when = announcements["time_utc"].where(announcements["time_utc"] != "", announcements["date"])
    return (mood_days(when.tolist(), days.timezone) - days.first_day).astype(np.int64)


def _chains(singles: list[Cluster]) -> list[Cluster]:
    """Announcements whose windows overlap, joined; in order of the first day, one pass finds every chain."""
    chains: list[Cluster] = []
    for single in sorted(singles, key=lambda cluster: (cluster.opens, cluster.first, cluster.members)):
        if chains and single.opens <= chains[-1].closes:
            single = _joined(chains.pop(), single)
        chains.append(single)
    return chains


def _joined(one: Cluster, other: Cluster) -> Cluster:
    return Cluster(
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        opens=min(one.opens, other.opens),
        time_known=one.time_known and other.time_known,
        major=one.major,
        members=one.members + other.members,
    )
