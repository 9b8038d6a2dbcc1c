"""Days on which nothing was collected, and breaks in what was collected. Silence is not a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from sentinel.scored import Bools, Ints
from sentinel.settings import Break
from sentinel.votes import AuthorDays, Stratum

__all__ = ["break_days", "find_gaps", "uncollected"]

GAP_DAYS: Final = 4  #: days in a row without any post of a platform that make a gap


def uncollected(days: AuthorDays) -> Bools:
    """Shape (n_platforms, n_days): days inside a run of at least `GAP_DAYS` days without a post of the platform.

    Days before a platform's first post and after its last are such days too, if there are as many.
    """
    found = np.zeros(days.collected.shape, dtype=bool)
    for platform, row in enumerate(days.collected == 0):
        for first, last in _runs(row):
            found[platform, first : last + 1] = True
    return found


def find_gaps(days: AuthorDays) -> pd.DataFrame:
    """Gaps between a platform's first post and its last: columns platform, first, last (ISO dates)."""
    dates = days.dates
    rows = []
    for platform, row in zip(days.platforms, days.collected == 0, strict=True):
        active = np.flatnonzero(~row)
        runs = (run for run in _runs(row) if len(active) and active[0] < run[0] and run[1] < active[-1])
        rows += [(platform, dates[first], dates[last]) for first, last in runs]
    return pd.DataFrame(rows, columns=["platform", "first", "last"]).astype("str")


def _runs(empty: Bools) -> list[tuple[int, int]]:
    """First and last day of each long enough run."""
    edges = np.diff(empty.astype(np.int8), prepend=0, append=0)
    firsts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [
        (int(first), int(end) - 1) for first, end in zip(firsts, ends, strict=True) if end - first >= GAP_DAYS
    ]


def break_days(days: AuthorDays, breaks: Sequence[Break], strata: Sequence[Stratum]) -> Ints:
    """Shape (n_strata, n_days): number of breaks of each stratum's source up to and including each day."""
    count = np.zeros((len(strata), days.n_days), dtype=np.int64)
    for change in breaks:
        start = int((np.datetime64(change.date, "D") - days.first_day).astype(np.int64))
        source = change.source.strip().lower()
        for row, stratum in enumerate(strata):
            if source in (stratum.platform, f"{stratum.platform}/{stratum.community}", "*"):
                count[row, max(start, 0) :] += 1
    return count
