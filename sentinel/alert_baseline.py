"""Mood or volume of the last hours or days against the same scope's own baseline, in ordinary swings.

The days compared end at the moment of looking, not at midnight: day 0 is the last 24 hours. For a shorter look back
they are the same hours of each of these days. Otherwise it is the sum of method.md, section 2: the baseline lies 35
to 8 days back, weekdays and the mix of sources are taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from sentinel.clusters import BASELINE
from sentinel.contrast import Contrasts, Shape, contrasts, distinct_authors, ground
from sentinel.index import WEEKDAY_DAYS, MoodIndex, mood_index
from sentinel.scored import Bools, Floats, Ints
from sentinel.settings import Break
from sentinel.variance import weekday_effects
from sentinel.votes import AuthorDays, Votes, author_days

__all__ = ["HISTORY", "Moved", "mood_move", "recent_days", "volume_move"]

HISTORY: Final = timedelta(days=180)  #: that is looked at; older posts do not describe an ordinary day of now
MIN_DATES: Final = 20  #: ordinary dates before their own spread is believed
_DAY: Final = timedelta(days=1)
_NO_POSTS: Final = "no posts in this time"


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a scope moved. Numbers that could not be had are NaN."""

    effect: float = np.nan  #: of mood points; of volume authors a day
    sigma: float = np.nan  #: the same in standard deviations of ordinary dates
    ratio: float = np.nan  #: of volume, to the baseline
    n_authors: int = 0  #: in the window
    obstacle: str = ""  #: why there is no number


def recent_days(posts: pd.DataFrame, now: datetime, span: timedelta) -> AuthorDays:
    """Posts of the last half year by days that end `now`; of a `span` below a day only its hours of each.

    Parameters
    ----------
    posts : as `sentinel.scored.scored_posts`. A post of which only the day is known counts as of its noon.
    """
    published = posts["published"].astype("str").fillna("")
    bare = published.str.len() == len("2025-04-28")
    times = pd.to_datetime(
        published.where(~bare, published + "T12:00:00Z"), format="ISO8601", utc=True, errors="coerce"
    )
    age = (pd.Timestamp(now) - times).dt.total_seconds().to_numpy(dtype=np.float64, na_value=np.nan)
    day = np.floor(age / 86_400)
    with np.errstate(invalid="ignore"):
        kept = (age >= 0) & (age < HISTORY.total_seconds())
        if span < _DAY:
            kept &= age - day * 86_400 < span.total_seconds()
    dates = np.datetime64(now.date(), "D") - day[kept].astype(np.int64)
    table = posts[kept].assign(published=np.datetime_as_string(dates), precision="day")
    return author_days(table, "UTC")


def mood_move(
    days: AuthorDays, scope: str, length: int, today: np.datetime64, breaks: Sequence[Break] = ()
) -> Moved:
    """The mood of the last `length` days of a scope against its baseline."""
    votes = days.scopes.get(scope)
    obstacle = _obstacle(days, votes, length, today)
    if obstacle or votes is None:
        return Moved(obstacle=obstacle)
    index = mood_index(votes, days)
    nothing = np.zeros(days.n_days, dtype=np.int64)
    common = ground(index, days, breaks, nothing, nothing > 0)
    found = contrasts(index, Shape(0, length - 1), common, nothing > 0)
    n_authors = _authors(index, found, length)
    if not found.heard[-1]:
        return Moved(n_authors=n_authors, obstacle=f"too few authors ({n_authors} in this time)")
    heard = found.heard & np.isfinite(found.variance) & (found.variance > 0)
    if not heard[-1]:
        return Moved(n_authors=n_authors, obstacle="all scores are alike")
    z = np.where(heard, found.difference, 0.0) / np.sqrt(np.where(heard, found.variance, 1.0))
    return Moved(
        effect=float(found.difference[-1]),
        sigma=float(z[-1] / _spread(z, heard, length, 1.0)),
        n_authors=n_authors,
    )


def volume_move(days: AuthorDays, scope: str, length: int, today: np.datetime64) -> Moved:
    """How many people posted a day in the last `length` days, against the baseline; on the scale of logarithms."""
    votes = days.scopes.get(scope)
    if not days.n_days:
        return Moved(obstacle=_NO_POSTS)
    missing = int((today - (days.first_day + (days.n_days - 1))).astype(np.int64))
    counts = np.pad(_voices(days, votes, scope), (0, missing))  # days without a post of anybody
    dates = np.arange(-BASELINE.first, len(counts) - length + 1)
    if not len(dates):
        return Moved(obstacle=_too_short(len(counts), length))
    level = np.log1p(counts)
    if len(level) >= WEEKDAY_DAYS:
        weekday = np.arange(len(level)) % 7
        level = level - weekday_effects(level, np.ones(len(level)), weekday)[weekday]
    difference = _means(level, dates, 0, length - 1) - _means(level, dates, BASELINE.first, BASELINE.last)
    usual = float(_means(counts, dates, BASELINE.first, BASELINE.last)[-1])
    spread = _spread(difference, np.ones(len(dates), dtype=bool), length, 0.0)
    window = float(_means(counts, dates, 0, length - 1)[-1])
    obstacle = "" if spread > 0 else _too_short(len(counts) - MIN_DATES - 2 * length, length)
    return Moved(
        effect=window - usual,
        sigma=float(difference[-1]) / spread if spread > 0 else np.nan,
        ratio=window / usual if usual > 0 else np.nan,
        n_authors=round(window * length),
        obstacle=obstacle,
    )


def _obstacle(days: AuthorDays, votes: Votes | None, length: int, today: np.datetime64) -> str:
    if not days.n_days or votes is None or not len(votes.day):
        return _NO_POSTS
    if days.first_day + (days.n_days - 1) != today:
        return _NO_POSTS
    if days.n_days < -BASELINE.first + length:
        return _too_short(days.n_days, length)
    return ""


def _too_short(n_days: int, length: int) -> str:
    return f"history too short (needs {-BASELINE.first + length - n_days} more days)"


def _authors(index: MoodIndex, found: Contrasts, length: int) -> int:
    """Authors in the last window, of the strata that are compared; a nameless post counts as one."""
    everyone = np.ones(index.count.shape[1], dtype=bool)
    authors = distinct_authors(index, everyone, found.dates[-1:], length, 1, 1)
    return int(np.where(found.used[:, -1:], authors, 0).sum())


def _spread(values: Floats, known: Bools, length: int, least: float) -> float:
    """Root mean square of `values` at the dates before the last window; `least` if there are too few, or below."""
    before = known.copy()
    before[len(values) - length :] = False
    if before.sum() < MIN_DATES:
        return least
    return max(least, float(np.sqrt((values[before] ** 2).mean())))


def _voices(days: AuthorDays, votes: Votes | None, scope: str) -> Floats:
    """Authors a day, of the platforms that were there before the last baseline: a new source is no new interest."""
    start = days.n_days + BASELINE.first - 1
    if scope == "all":
        by_platform: Ints = days.voices
    else:
        by_platform = np.zeros((len(days.platforms), days.n_days), dtype=np.int64)
        if votes is not None:
            first = votes.starts
            places = {name: code for code, name in enumerate(days.platforms)}
            platform = np.array([places[stratum.platform] for stratum in days.strata], dtype=np.int64)
            np.add.at(by_platform, (platform[votes.stratum[first]], votes.day[first]), 1)
    there = (days.collected[:, : max(start, 1)] > 0).any(axis=1)
    counts: Floats = by_platform[there].sum(axis=0).astype(np.float64)
    return counts


def _means(values: Floats, dates: Ints, first: int, last: int) -> Floats:
    running = np.concatenate([[0.0], np.cumsum(values)])
    means: Floats = (running[dates + last + 1] - running[dates + first]) / (last - first + 1)
    return means
