"""D: the mood of a window less that of its baseline, at every date at once, with its model variance V."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np

from sentinel.clusters import BASELINE
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS, MIN_BASELINE_DAYS
from sentinel.gaps import break_days, uncollected
from sentinel.index import MoodIndex
from sentinel.scored import Bools, Floats, Ints
from sentinel.settings import Break
from sentinel.variance import precision
from sentinel.votes import AuthorDays

__all__ = [
    "Contrasts",
    "Ground",
    "Shape",
    "compare",
    "contrasts",
    "distinct_authors",
    "ground",
    "mood_of_used",
]

Values = TypeVar("Values", Floats, Ints)

NAMED: Final = 3  #: what a named author counts against `Contrasts.voices`
NAMELESS: Final = 1  #: what a post without author counts: 30 of them are needed where 10 authors would do


class Shape(NamedTuple):
    """Window in days from day 0, first and last; the baseline is the same for all."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Days of the window."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for every contrast of a scope. S strata, T days."""

    first_day: np.datetime64
    taken: Ints  #: (T,): in how many clusters' reaction windows a day lies
    moved: Bools  #: (T,): from day 0 on in such a window, hence in no baseline
    uncollected: Bools  #: (S, T): nothing was collected from the stratum's platform
    breaks: Ints  #: (S, T): breaks of the stratum's source so far
    before: Bools  #: (S, T): whether the baseline of a day 0 holds votes
    authors: Ints  #: (S, T): authors in the baseline of a day 0


def ground(index: MoodIndex, days: AuthorDays, breaks: Sequence[Break], taken: Ints, moved: Bools) -> Ground:
    """Put together what `contrasts` asks for; baselines that do not lie inside the data are empty."""
    shape = index.count.shape
    authors = np.zeros(shape, dtype=np.int64)
    firsts = np.arange(max(days.n_days + BASELINE.first, 0))
    length = BASELINE.last - BASELINE.first + 1
    authors[:, firsts - BASELINE.first] = distinct_authors(index, ~moved, firsts, length, 1, 1)
    return Ground(
        first_day=days.first_day,
        taken=taken,
        moved=moved,
        uncollected=uncollected(days)[index.platform],
        breaks=break_days(days, breaks, index.strata),
        before=authors > 0,
        authors=authors,
    )


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Contrasts of one shape at K dates: those whose baseline and window lie inside the data."""

    dates: Ints  #: (K,): day 0
    used: Bools  #: (S, K): strata that have votes in baseline and window, and neither gap nor break
    difference: Floats  #: (K,): D; NaN where no stratum is used
    variance: Floats  #: (K,): V
    votes: Floats  #: (S, K): votes in the window, of used strata
    voices: Ints  #: (K,): authors in the window times `NAMED`, plus nameless posts times `NAMELESS`
    authors: Ints  #: (K,): authors in the baseline
    days: Ints  #: (K,): days with votes in the baseline
    free: Bools  #: (K,): no day of the window belongs to an announcement
    mood: Floats  #: (K, L): of the used strata, weekdays taken out, on the days of baseline and window
    n: Floats  #: (K, L): votes behind it; 0 on days that are kept out

    @property
    def heard(self) -> Bools:
        """Shape (K,): dates with voices enough in window and baseline."""
        heard: Bools = (
            np.isfinite(self.difference)
            & (self.voices >= MIN_AUTHORS * NAMED)
            & (self.authors >= MIN_BASELINE_AUTHORS)
            & (self.days >= MIN_BASELINE_DAYS)
        )
        return heard


def contrasts(index: MoodIndex, shape: Shape, ground: Ground, own: Bools) -> Contrasts:
    """Contrasts at all dates.

    Parameters
    ----------
    own : shape (T,). Day 0 of the clusters whose own reaction window is this shape's: their days, where they
        share them with no other cluster, are not taken.
    """
    n_days = index.count.shape[1]
    dates = np.arange(-BASELINE.first, n_days - max(shape.last, 0))
    window = dates[:, None] + np.arange(shape.first, shape.last + 1)
    baseline = dates[:, None] + np.arange(BASELINE.first, BASELINE.last + 1)
    in_baseline = ~ground.moved[baseline]
    in_window = ground.taken[window] <= own[dates, None]
    used = _used(index, shape, ground, dates, in_window, window)
    mood, n = mood_of_used(index, used, dates, (BASELINE.first, BASELINE.last), (shape.first, shape.last))
    n[~np.concatenate([in_baseline, in_window], axis=1)] = 0.0
    difference, variance = compare(index, shape, mood, n)
    return Contrasts(
        dates=dates,
        used=used,
        difference=difference,
        variance=variance,
        votes=np.where(used, span_sum(index.count, dates + shape.first, dates + shape.last), 0.0),
        voices=_voices(index, shape, dates, used),
        authors=np.where(used, ground.authors[:, dates], 0).sum(axis=0),
        days=(n[:, : baseline.shape[1]] > 0).sum(axis=1),
        free=(ground.taken[window] == 0).all(axis=1),
        mood=mood,
        n=n,
    )


def _used(
    index: MoodIndex, shape: Shape, ground: Ground, dates: Ints, in_window: Bools, window: Ints
) -> Bools:
    present = index.count > 0
    # Most windows hold no taken day; only the others need a look at each of their days.
    after = _span_any(present, dates + shape.first, dates + shape.last)
    partly = np.flatnonzero(~in_window.all(axis=1))
    after[:, partly] = (present[:, window[partly]] & in_window[partly]).any(axis=2)
    gap = _span_any(ground.uncollected, dates + shape.first, dates + shape.last)
    broken = ground.breaks[:, dates + BASELINE.first] != ground.breaks[:, dates + shape.last]
    used: Bools = ground.before[:, dates] & after & ~gap & ~broken
    return used


def mood_of_used(
    index: MoodIndex, used: Bools, dates: Ints, *spans: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Mood without its weekday effect, and votes, of the used strata of each date: shape (K, L).

    Parameters
    ----------
    dates : consecutive days.
    spans : offsets from each date, first and last, side by side in the result; outside the data there is no vote.
    """
    weight = used.astype(np.float64)
    n = np.concatenate([_of_used(index.count, weight, dates, span) for span in spans], axis=1)
    total = np.concatenate([_of_used(index.total, weight, dates, span) for span in spans], axis=1)
    one = np.ones((1, len(dates)))
    weekday = np.concatenate([_of_used(index.weekday[None], one, dates, span) for span in spans], axis=1)
    return np.divide(total, n, out=np.zeros_like(n), where=n > 0) - weekday, n


def _of_used(values: Floats, weight: Floats, dates: Ints, span: tuple[int, int]) -> Floats:
    """Weighted sum over strata on the days of a span around each date: (S, T) and (S, K) become (K, L)."""
    if not len(dates):
        return np.zeros((0, span[1] - span[0] + 1))
    n_days, first, last = values.shape[1], int(dates[0]) + span[0], int(dates[-1]) + span[1]
    outside = (max(-first, 0), max(last + 1 - n_days, 0))
    padded = np.pad(values[:, max(first, 0) : last + 1], ((0, 0), outside))
    slid = np.lib.stride_tricks.sliding_window_view(padded, span[1] - span[0] + 1, axis=1)
    # No matrix product over all days: each date has strata of its own, and that took forty times as long.
    sums: Floats = np.einsum("sk,skl->kl", weight, slid)
    return sums


def compare(index: MoodIndex, shape: Shape, mood: Floats, n: Floats) -> tuple[Floats, Floats]:
    """D and V from mood and votes on the days of baseline and window, shape (K, L) each."""
    split = BASELINE.last - BASELINE.first + 1
    weight = precision(n, index.sigma2, index.tau2)
    before, after = weight[:, :split], weight[:, split:]
    with np.errstate(invalid="ignore"):
        contrast = np.concatenate(
            [-before / before.sum(axis=1, keepdims=True), after / after.sum(axis=1, keepdims=True)], axis=1
        )
    difference: Floats = (contrast * mood).sum(axis=1)
    offsets = np.concatenate(
        [np.arange(BASELINE.first, BASELINE.last + 1), np.arange(shape.first, shape.last + 1)]
    )
    correlation = index.phi ** np.abs(offsets[:, None] - offsets)
    drift = index.drift2 * (np.einsum("kl,lm->km", contrast, correlation) * contrast).sum(axis=1)
    sampling = (contrast**2 * index.sigma2 / np.where(n > 0, n, 1.0)).sum(axis=1)
    return difference, drift + sampling


def _voices(index: MoodIndex, shape: Shape, dates: Ints, used: Bools) -> Ints:
    everyone = np.ones(index.count.shape[1], dtype=bool)
    authors = distinct_authors(index, everyone, dates + shape.first, shape.length, NAMED, NAMELESS)
    voices: Ints = np.where(used, authors, 0).sum(axis=0)
    return voices


def distinct_authors(
    index: MoodIndex, keep: Bools, starts: Ints, length: int, named: int, nameless: int
) -> Ints:
    """Authors who posted in each window of `length` days, by stratum: shape (S, K).

    An author's day counts in the windows that hold it but not the author's day before it; those windows start
    one after another, so a running sum over the starts counts everybody once.
    """
    rows = index.by_author[keep[index.votes.day[index.by_author]]]
    day, stratum, author = index.votes.day[rows], index.stratum[rows], index.votes.author[rows]
    again = np.zeros(len(rows), dtype=bool)
    again[1:] = (author[1:] == author[:-1]) & (stratum[1:] == stratum[:-1])
    opens = day - length + 1
    opens[1:] = np.where(again[1:], np.maximum(opens[1:], day[:-1] + 1), opens[1:])
    n_strata, n_days = index.count.shape
    width = n_days + length + 1
    weight = np.where(author < index.votes.n_named, named, nameless)
    place = stratum * width + length  # windows may start up to `length` days before the data
    size = n_strata * width
    changes = np.bincount(place + opens, weight, size) - np.bincount(place + day + 1, weight, size)
    counts = np.rint(changes).astype(np.int64).reshape(n_strata, width).cumsum(axis=1)
    found: Ints = counts[:, starts + length]
    return found


def _span_any(marks: Bools, firsts: Ints, lasts: Ints) -> Bools:
    found: Bools = span_sum(marks.astype(np.int64), firsts, lasts) > 0
    return found


def span_sum(values: Values, firsts: Ints, lasts: Ints) -> Values:
    """Sum of the days from first to last, both included: (S, T) becomes (S, K)."""
    running = np.zeros((values.shape[0], values.shape[1] + 1), dtype=values.dtype)
    np.cumsum(values, axis=1, out=running[:, 1:])
    return running[:, lasts + 1] - running[:, firsts]
