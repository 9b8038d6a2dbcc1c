"""Daily mood as evenly spaced columns: what the timeline and the topics draw, coarser where days are many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["Series", "all_series", "binned", "bulk", "cut", "day_span", "in_order", "weekly"]

FAMILIES: Final = ("all", "unfiltered", "topic", "entity", "lang", "platform", "kind")
BULK: Final = 0.005  #: share of the posts, at either end, that a first view may leave out
_VALUES: Final = ("mood", "low", "high", "smoothed")
_COUNTS: Final = ("n_posts", "n_authors", "n_seen")


@dataclass(frozen=True, slots=True)
class Series:
    """One scope's mood over a calendar without holes.

    All arrays have one value a step; a step without posts has NaN mood and 0 posts, never mood 0.
    """

    scope: str
    first: date
    step_days: int
    mood: np.ndarray  #: in [-1, 1]; dots
    low: np.ndarray  #: of the band around `smoothed`
    high: np.ndarray
    smoothed: np.ndarray
    n_posts: np.ndarray  #: scored
    n_authors: np.ndarray
    n_seen: np.ndarray  #: scored or not

    @property
    def days(self) -> list[date]:
        """First day of each step."""
        return [self.first + timedelta(days=self.step_days * i) for i in range(len(self.mood))]


def day_span(mood: pd.DataFrame) -> tuple[date, date] | None:
    """First and last day with a post of any scope; None if there is none."""
    if mood.empty:
        return None
    return date.fromisoformat(str(mood["day"].min())), date.fromisoformat(str(mood["day"].max()))


def all_series(mood: pd.DataFrame) -> list[Series]:
    """Every scope of mood.csv by day: `all` first, then by family and name."""
    span = day_span(mood)
    if span is None:
        return []
    first, last = span
    n_days = (last - first).days + 1
    days = np.array(mood["day"].astype(str).tolist(), dtype="datetime64[D]")
    offsets = (days - np.datetime64(first, "D")).astype(int)
    scopes = np.array(mood["scope"].astype(str).tolist(), dtype=object)
    columns = {
        name: pd.to_numeric(mood[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        for name in (*_VALUES, "n_posts", "n_authors", "coverage")
    }
    coverage = columns.pop("coverage")
    columns["n_seen"] = np.divide(columns["n_posts"], coverage, out=np.ones(len(mood)), where=coverage > 0)
    series = []
    for scope in in_order(set(scopes.tolist())):
        rows = np.flatnonzero(scopes == scope)
        values = {name: column[rows] for name, column in columns.items()}
        series.append(_calendar(scope, first, n_days, offsets[rows], values))
    return series


def weekly(daily: Series) -> Series:
    """The series by week, from the Monday at or before its first day."""
    weeks = (np.arange(len(daily.mood)) + daily.first.weekday()) // 7
    return binned(daily, weeks, 7)


def in_order(scopes: Iterable[str]) -> list[str]:
    """Scopes by family, then by name."""

    def place(scope: str) -> tuple[int, str]:
        family = scope.partition(":")[0]
        return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES), scope)

    return sorted(scopes, key=place)


def _calendar(
    scope: str, first: date, n_days: int, offsets: np.ndarray, columns: dict[str, np.ndarray]
) -> Series:
    """Rows spread over a calendar of `n_days`; days without a row are empty."""
    spread: dict[str, Any] = {}
    for name, values in columns.items():
        target = np.full(n_days, np.nan if name in _VALUES else 0.0)
        target[offsets] = values if name in _VALUES else np.nan_to_num(values)
        spread[name] = target
    return Series(scope=scope, first=first, step_days=1, **spread)


def binned(daily: Series, bins: np.ndarray, step_days: int) -> Series:
    """Days drawn together: posts add up, mood is the mean over author-days, line and band are means of the days'.

    Parameters
    ----------
    daily : a series by day.
    bins : shape (n_days,), number of each day's bin, ascending from 0.
    step_days : length of a bin.
    """
    n_bins = int(bins[-1]) + 1
    authors = np.bincount(bins, daily.n_authors, n_bins)
    weights = np.where(np.isnan(daily.mood), 0, daily.n_authors)
    total = np.bincount(bins, weights, n_bins)
    weighted = np.bincount(bins, np.nan_to_num(daily.mood) * weights, n_bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = {
            name: np.bincount(bins, np.nan_to_num(getattr(daily, name)), n_bins)
            / np.bincount(bins, ~np.isnan(getattr(daily, name)), n_bins)
            for name in ("low", "high", "smoothed")
        }
        mood = weighted / total
    return Series(
        scope=daily.scope,
        first=daily.first - timedelta(days=daily.first.weekday() if step_days == 7 else 0),
        step_days=step_days,
        mood=mood,
        n_posts=np.bincount(bins, daily.n_posts, n_bins),
        n_authors=authors,
        n_seen=np.bincount(bins, daily.n_seen, n_bins),
        **values,
    )


def bulk(series: Series) -> tuple[int, int]:
    """First and last step of those that hold 99 in 100 posts."""
    posts = np.cumsum(series.n_posts)
    if not len(posts) or not posts[-1]:
        return 0, max(0, len(posts) - 1)
    first, last = np.searchsorted(posts, [BULK * posts[-1], (1 - BULK) * posts[-1]])
    return int(first), int(min(last, len(posts) - 1))


def cut(series: Series, first: int, last: int) -> Series:
    """The steps from first to last."""
    arrays = {name: getattr(series, name)[first : last + 1] for name in (*_VALUES, *_COUNTS)}
    begin = series.first + timedelta(days=series.step_days * first)
    return Series(scope=series.scope, first=begin, step_days=series.step_days, **arrays)
