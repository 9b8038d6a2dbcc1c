"""`sentinel.alert_baseline.mood_move` of one source, at thousands of moments at once.

A look at the mood takes some milliseconds, most of it for small arrays; a year of a world takes 4,000 looks. Days that
end at the same hour are the same days in each look, so that their sums are made once; all looks then go through the
same sums side by side. Every so often a look is compared with what the product says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sentinel.alert_baseline import HISTORY, MIN_DATES, Moved, mood_move
from sentinel.clusters import BASELINE
from sentinel.contrast import NAMED, distinct_authors
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS, MIN_BASELINE_DAYS
from sentinel.index import mood_index
from sentinel.variance import between_days, persistence, weekday_effects
from sentinel.votes import AuthorDays

DAYS = HISTORY.days
FIRST = -BASELINE.first  # days before the first date with a whole baseline
LENGTH = BASELINE.last - BASELINE.first + 1
COMPARED = 97  # one look of so many is made by the product too
AT_ONCE = 64  # looks; more do not fit the processor's cache


@dataclass(frozen=True)
class Sums:
    """Of days that end at one hour: authors, their scores and squares; of spans: different authors, by first day."""

    n: Any
    total: Any
    squares: Any
    of_baseline: Any
    of_window: dict[int, Any]


def sums_of(days: AuthorDays, lengths: Sequence[int]) -> Sums:
    """Sums of all days of a world of one source, each author with one score a day."""
    votes = days.scopes["all"]
    mean = votes.total / votes.n_posts
    n, total, squares = (np.bincount(votes.day, one, days.n_days) for one in (None, mean, mean**2))
    index = mood_index(votes, days)
    everyone = np.ones(days.n_days, dtype=bool)

    def authors(length: int) -> Any:
        starts = np.arange(days.n_days - length + 1)
        return distinct_authors(index, everyone, starts, length, 1, 1)[0]

    return Sums(n.astype(float), total, squares, authors(LENGTH), {one: authors(one) for one in lengths})


def looks(
    sums: Sums, todays: Any, length: int, days_of: Callable[[int], tuple[AuthorDays, np.datetime64]]
) -> list[Moved]:
    """What is seen at the end of each of `todays`."""
    found: list[Moved] = []
    for at in range(0, len(todays), AT_ONCE):
        found += _looks(sums, todays[at : at + AT_ONCE], length)
    for today, moved in list(zip(todays, found, strict=True))[::COMPARED]:
        _agree(moved, mood_move(*_given(days_of(int(today)), length)))
    return found


def _given(seen: tuple[AuthorDays, np.datetime64], length: int) -> tuple[Any, ...]:
    return seen[0], "all", length, seen[1]


def _agree(fast: Moved, told: Moved) -> None:
    same = fast.n_authors == told.n_authors and bool(fast.obstacle) == bool(told.obstacle)
    numbers = np.allclose([fast.effect, fast.sigma], [told.effect, told.sigma], 1e-6, 1e-9, equal_nan=True)
    if not (same and numbers):
        raise SystemExit(f"the fast sums say {fast}, the product {told}")


def _looks(sums: Sums, todays: Any, length: int) -> list[Moved]:
    day = np.asarray(todays)[:, None] - DAYS + 1 + np.arange(DAYS)
    # At an hour of 0 the first day holds nothing.
    there, day = day >= np.argmax(sums.n > 0), np.maximum(day, 0)
    n, s1, s2 = (np.where(there, column[day], 0.0) for column in (sums.n, sums.total, sums.squares))
    if not (n[there] > 0).all():
        raise SystemExit("a day without posts: not for worlds as small as this")
    mean = s1.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True)
    mood = np.divide(s1 - mean * n, n, out=np.zeros_like(n), where=there)
    within = np.divide(s1**2, n, out=np.zeros_like(n), where=there)
    sigma2 = (s2 - within).sum(axis=1) / (n - there).sum(axis=1)
    fits = [_fitted(*one) for one in zip(mood, n, there, sigma2, strict=True)]
    weight, weekday = np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits])
    drift2, phi = np.array([fit[2] for fit in fits]), np.array([fit[3] for fit in fits])

    difference, contrast = _differences(mood - weekday, weight, length)
    variance = drift2[:, None] * _persisting(contrast, phi, length)
    spans = np.concatenate([_slid(n, LENGTH, 0, length), _slid(n, length, FIRST, length)], axis=2)
    variance += (contrast**2 * sigma2[:, None, None] / np.where(spans > 0, spans, 1.0)).sum(axis=2)

    first = np.where(there.all(axis=1), 0, DAYS - there.sum(axis=1))  # of the days that are there
    date = np.arange(difference.shape[1])  # FIRST days later
    begins = np.asarray(todays)[:, None] - DAYS + 1 + date
    voices = sums.of_window[length][np.maximum(begins + FIRST, 0)]
    heard = (voices * NAMED >= MIN_AUTHORS * NAMED) & (date >= first[:, None])
    heard &= sums.of_baseline[np.maximum(begins, 0)] >= MIN_BASELINE_AUTHORS
    heard &= (spans[:, :, :LENGTH] > 0).sum(axis=2) >= MIN_BASELINE_DAYS
    return [_moved(*one, length) for one in zip(difference, variance, heard, voices, strict=True)]


def _fitted(mood: Any, n: Any, there: Any, sigma2: float) -> tuple[Any, Any, float, float]:
    """Weight and weekday's effect of each day, variance and persistence of the mood."""
    tau2 = between_days(mood, n, sigma2)
    weight = np.where(there, 1.0 / (tau2 + sigma2 / np.where(there, n, 1.0)), 0.0)
    weekday = np.arange(DAYS) % 7
    effect = weekday_effects(mood, weight, weekday)[weekday]
    residual = mood - effect
    first = int(np.argmax(there))
    drift2 = between_days(residual, n, sigma2)
    return weight, effect, drift2, persistence(residual[first:], weight[first:], drift2, sigma2)


def _slid(values: Any, span: int, first: int, length: int) -> Any:
    """The `span` days from `first` days after the start of each date's baseline."""
    dates = DAYS - FIRST - length + 1
    return np.lib.stride_tricks.sliding_window_view(values, span, axis=1)[:, first : first + dates]


def _differences(mood: Any, weight: Any, length: int) -> tuple[Any, Any]:
    """Differences between window and baseline, and what each day weighs in them."""
    before, after = _slid(weight, LENGTH, 0, length), _slid(weight, length, FIRST, length)
    sums = before.sum(axis=2, keepdims=True), after.sum(axis=2, keepdims=True)
    contrast = np.concatenate(
        [-before / np.where(sums[0] > 0, sums[0], 1.0), after / np.where(sums[1] > 0, sums[1], 1.0)], axis=2
    )
    days = np.concatenate([_slid(mood, LENGTH, 0, length), _slid(mood, length, FIRST, length)], axis=2)
    return (contrast * days).sum(axis=2), contrast


def _persisting(contrast: Any, phi: Any, length: int) -> Any:
    offsets = np.concatenate([np.arange(BASELINE.first, BASELINE.last + 1), np.arange(length)])
    correlation = phi[:, None, None] ** np.abs(offsets[:, None] - offsets)
    return (np.matmul(contrast, correlation) * contrast).sum(axis=2)


def _moved(difference: Any, variance: Any, heard: Any, voices: Any, length: int) -> Moved:
    n_authors = int(voices[-1])
    heard = heard & (variance > 0)
    if not heard[-1]:
        return Moved(n_authors=n_authors, obstacle="too few authors")
    z = np.where(heard, difference, 0.0) / np.sqrt(np.where(heard, variance, 1.0))
    before = heard.copy()
    before[len(z) - length :] = False
    spread = max(1.0, float(np.sqrt((z[before] ** 2).mean()))) if before.sum() >= MIN_DATES else 1.0
    return Moved(effect=float(difference[-1]), sigma=float(z[-1] / spread), n_authors=n_authors)
