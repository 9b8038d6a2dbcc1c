"""Attention: how many posts came, whatever their mood; told beside every effect, tested nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from sentinel.results import Results

from .numerals import records

__all__ = ["Attention", "Volume", "attention", "read_volume"]

LEAST_DAYS: Final = 7  #: collected days of the baseline below which nothing is told
LEAST_POSTS: Final = 10  #: in the baseline, below which a ratio means nothing

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Attention:
    """Posts a day around an event."""

    during: float  #: in the reaction window
    before: float  #: in the baseline
    posts: float  #: all together, in the reaction window

    @property
    def ratio(self) -> float:
        """How many times the usual."""
        return self.during / self.before


@dataclass(frozen=True, slots=True)
class Volume:
    """Posts of one platform by day, and the days on which it was collected."""

    posts: Mapping[date, float]  #: a day that is not there has no post
    collected: Span
    gaps: tuple[Span, ...]

    def of(self, span: Span) -> list[float]:
        """Posts of each collected day from first to last."""
        return [self.posts.get(day, 0.0) for day in _days(span) if self._was_collected(day)]

    def _was_collected(self, day: date) -> bool:
        inside = self.collected[0] <= day <= self.collected[1]
        return inside and not any(first <= day <= last for first, last in self.gaps)


def read_volume(results: Results) -> list[Volume]:
    """Posts by platform; by scope `all` where no platform is known."""
    gaps: dict[str, list[Span]] = {}
    for row in records(results.gaps):
        span = (date.fromisoformat(str(row["first"])), date.fromisoformat(str(row["last"])))
        gaps.setdefault(str(row["platform"]), []).append(span)
    scopes = results.mood["scope"].astype(str)
    platforms = results.mood[scopes.str.startswith("platform:")]
    if platforms.empty:
        return [_volume(results.mood[scopes == "all"], [])] if (scopes == "all").any() else []
    return [
        _volume(rows, gaps.get(str(scope).removeprefix("platform:"), []))
        for scope, rows in platforms.groupby("scope", sort=True)
    ]


def _volume(rows: pd.DataFrame, gaps: list[Span]) -> Volume:
    days = [date.fromisoformat(str(day)) for day in rows["day"]]
    posts = dict(zip(days, rows["n_posts"].astype(float), strict=True))
    return Volume(posts, (min(days), max(days)), tuple(gaps))


def attention(volumes: list[Volume], window: Span, baseline: Span) -> Attention | None:
    """Posts a day in window and baseline, over the platforms that were collected in both.

    A source that begins or ends in between says nothing about attention, so it is left out. ``None`` if that
    leaves too little to compare.
    """
    during = before = 0.0
    posts = usual = 0.0
    for volume in volumes:
        now, then = volume.of(window), volume.of(baseline)
        if now and len(then) >= LEAST_DAYS:
            during += sum(now) / len(now)
            before += sum(then) / len(then)
            posts, usual = posts + sum(now), usual + sum(then)
    return Attention(during, before, posts) if usual >= LEAST_POSTS else None


def _days(span: Span) -> Iterator[date]:
    return (span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1))
