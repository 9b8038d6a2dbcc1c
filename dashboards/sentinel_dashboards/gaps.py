"""Days on which nothing was collected, as the timeline shades them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from sentinel.results import Results

from .numerals import records
from .series import Series

__all__ = ["gaps_by_scope"]


def gaps_by_scope(results: Results, series: list[Series]) -> dict[str, Any]:
    """Spans of days (first, last): "all" without any post, "part" without some platform, and by platform.

    Where several platforms are collected, a gap of one of them is not silence of all.
    """
    if not series:
        return {"all": [], "part": [], "platforms": {}}
    by_platform: dict[str, list[list[str]]] = {}
    for row in records(results.gaps):
        by_platform.setdefault(str(row["platform"]), []).append([str(row["first"]), str(row["last"])])
    longest = max(series, key=lambda one: float(one.n_posts.sum()))
    missing = np.zeros(len(longest.mood), dtype=bool)
    for spans in by_platform.values():
        for first, last in spans:
            begin = (date.fromisoformat(first) - longest.first).days
            end = (date.fromisoformat(last) - longest.first).days
            missing[max(begin, 0) : max(end + 1, 0)] = True
    silent = missing & (longest.n_posts == 0)
    return {
        "all": _spans(silent, longest.first),
        "part": _spans(missing & ~silent, longest.first),
        "platforms": by_platform,
    }


def _spans(days: np.ndarray, first: date) -> list[list[str]]:
    """First and last day of each unbroken run."""
    edges = np.diff(days.astype(int), prepend=0, append=0)
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return [
        [(first + timedelta(days=int(b))).isoformat(), (first + timedelta(days=int(e))).isoformat()]
        for b, e in zip(begins, ends, strict=True)
    ]
