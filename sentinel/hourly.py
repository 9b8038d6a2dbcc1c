"""The first day after an announcement hour by hour, where posts are many enough: the same sum as for days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel import reasons
from sentinel.clusters import Cluster, find_clusters
from sentinel.contrast import NAMED, NAMELESS
from sentinel.effects import EffectOptions
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS
from sentinel.gaps import break_days
from sentinel.placebo import Judgement, judge, nearby, too_few
from sentinel.scopes import headline_posts
from sentinel.scored import Bools, Floats, Ints, scored_posts
from sentinel.settings import Break
from sentinel.typed_table import typed_table
from sentinel.variance import between_days, floor_variance, pooled_variance, precision, weekday_effects
from sentinel.votes import AuthorDays

__all__ = [
    "HOURLY_COLUMNS",
    "HourIndex",
    "could_be_hourly",
    "hour_index",
    "hourly_effects",
    "hourly_reaction",
]

HOURLY_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "first_hour",  # that of the earliest announcement of the cluster, UTC
    "last_hour",  # of the window: 24 hours from the latest one
    "n_authors",  # in the window
    "effect",  # mood of the window less that of the baseline, hours of the week evened out
    "se",
    "low",  # 95 % interval
    "high",
    "p",
    "placebos",  # the same hours of other weeks
    "smallest_visible",
    "reason",  # why not tested; "" if tested
)
WINDOW: Final = 24  #: hours
#: First hour, and the one after the last: four of each hour of the week.
BASELINE: Final = (-35 * 24, -7 * 24)
TAKEN: Final = 72  #: hours after an announcement that are in nobody's baseline or placebo
WEEK: Final = 168
MIN_VOICES: Final = 5  #: authors in the median hour
MIN_WEEKS: Final = 8
_SHRINKAGE: Final = 30
_LAGS: Final = np.array([1, 2, 3, 6, 12, 24])
_GRID: Final = 1 - np.geomspace(1, 0.005, 40)  # of the persistence from hour to hour: 0 ... .995
_HOUR: Final = len("2025-04-28T21")
NO_BREAKS: Final[Mapping[str, Ints]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HourIndex:
    """Mood by hour. H hours; author-hours are sorted by hour."""

    hour: Ints  #: of each author-hour
    author: Ints  #: of each author-hour; from `n_named` on: a post whose author is not named
    n_named: int
    n: Floats  #: (H,): authors
    mood: Floats  #: (H,): hours of the week taken out; 0 without authors
    weight: Floats  #: (H,)
    sigma2: float
    drift2: float
    phi: float  #: persistence from hour to hour


def hour_index(
    hour: Ints, author: Ints, score: Floats, n_hours: int, n_named: int | None = None
) -> HourIndex:
    """From posts as equally long arrays: one author, one vote an hour.

    Parameters
    ----------
    n_named : number of the first author that is none; ``None`` if all are named.
    """
    key, where = np.unique(hour * (int(author.max(initial=0)) + 1) + author, return_inverse=True)
    votes = np.bincount(where, score) / np.bincount(where)
    size = int(author.max(initial=0)) + 1
    hour, author = key // size, key % size
    n = np.bincount(hour, minlength=n_hours).astype(np.float64)
    raw = np.divide(np.bincount(hour, votes, n_hours), n, out=np.zeros(n_hours), where=n > 0)
    sigma2 = pooled_variance(votes, hour, n_hours)
    tau2 = between_days(raw, n, sigma2)
    weight = precision(n, sigma2, tau2)
    of_week = np.arange(n_hours) % WEEK
    usual = np.zeros(WEEK)
    if n_hours >= MIN_WEEKS * WEEK:
        usual = weekday_effects(raw, weight, of_week, WEEK)
    mood = np.where(n > 0, raw - usual[of_week], 0.0)
    drift2 = between_days(mood, n, sigma2)
    phi = _persistence(mood, weight, drift2, sigma2)
    named = size if n_named is None else n_named
    return HourIndex(hour, author, named, n, mood, weight, sigma2, drift2, phi)


def _persistence(mood: Floats, weight: Floats, drift2: float, sigma2: float) -> float:
    """As `sentinel.variance.persistence`, over lags up to a day."""
    if drift2 <= floor_variance(sigma2) or len(mood) <= int(_LAGS[-1]):
        return 0.0
    x = np.where(weight > 0, mood - (weight * mood).sum() / weight.sum(), 0.0)
    products = []
    for lag in _LAGS:
        w = weight[lag:] * weight[:-lag]
        products.append((w * x[lag:] * x[:-lag]).sum() / max(float(w.sum()), 1e-300))
    misfit = ((np.array(products) - drift2 * _GRID[:, None] ** _LAGS) ** 2).sum(axis=1)
    return float(_GRID[int(np.argmin(misfit))])


def hourly_reaction(
    index: HourIndex, start: int, length: int, taken: Bools, breaks: Mapping[str, Ints] = NO_BREAKS
) -> dict[str, Any]:
    """Effect on the `length` hours from `start`, against the same hours of other weeks.

    Parameters
    ----------
    taken : shape (H,). Hours that belong to announcements, this one's among them.
    breaks : of each platform, shape (H,): how many breaks it has had so far. Nothing is compared across one.
    """
    n_hours = len(index.n)
    starts = np.arange(start % WEEK, n_hours - length + 1, WEEK)
    starts = starts[starts + BASELINE[0] >= 0]
    if start not in starts:
        return {"reason": f"too little history before it: {-BASELINE[0] // 24} days needed"}
    at = int(np.searchsorted(starts, start))
    offsets = np.concatenate([np.arange(*BASELINE), np.arange(length)])
    split = BASELINE[1] - BASELINE[0]
    where = starts[:, None] + offsets
    n = index.n[where]
    n[:, :split][taken[where[:, :split]]] = 0.0
    difference, variance = _compare(index, index.mood[where], n, offsets, split)
    everyone = np.ones(n_hours, dtype=bool)
    people = [_people(index, first, first + length, everyone) for first in starts.tolist()]
    usual = [_people(index, first + BASELINE[0], first + BASELINE[1], ~taken) for first in starts.tolist()]
    heard = np.array([not _too_few(*both) for both in zip(people, usual, strict=True)])
    facts: dict[str, Any] = {"n_authors": sum(people[at])}
    across = {
        name: so_far[starts + BASELINE[0]] != so_far[starts + length - 1] for name, so_far in breaks.items()
    }
    if broken := [name for name, crossed in across.items() if crossed[at]]:
        return facts | {"reason": reasons.broken(broken)}
    if obstacle := _too_few(people[at], usual[at]):
        return facts | {"reason": obstacle}
    fit = np.isfinite(difference) & heard & ~np.any([np.zeros_like(heard), *across.values()], axis=0)
    apart = ~taken[where[:, split:]].any(axis=1) & (starts != start)
    z = np.where(fit, difference / np.sqrt(np.where(fit, variance, 1.0)), 0.0)
    placebos = nearby((fit & apart)[None], starts // 24, np.array([start // 24]))
    judgement = judge(z, placebos, z[[at]], 1)
    return facts | _numbers(float(difference[at]), float(np.sqrt(variance[at])), judgement)


def _numbers(effect: float, se: float, judgement: Judgement) -> dict[str, Any]:
    k = int(judgement.placebos[0])
    return {
        "effect": effect,
        "se": se,
        **judgement.interval(effect, se),
        "placebos": k,
        "smallest_visible": float(judgement.visible[0]) * se,
        "reason": too_few(k, 1, apart=7),
    }


def _compare(index: HourIndex, mood: Floats, n: Floats, offsets: Ints, split: int) -> tuple[Floats, Floats]:
    """D and V, as for days."""
    weight = precision(n, index.sigma2, index.drift2)
    before, after = weight[:, :split], weight[:, split:]
    with np.errstate(invalid="ignore"):
        contrast = np.concatenate(
            [-before / before.sum(axis=1, keepdims=True), after / after.sum(axis=1, keepdims=True)], axis=1
        )
    difference: Floats = (contrast * mood).sum(axis=1)
    correlation = index.phi ** np.abs(offsets[:, None] - offsets)
    drift = index.drift2 * (np.einsum("kl,lm->km", contrast, correlation, optimize=True) * contrast).sum(
        axis=1
    )
    sampling = (contrast**2 * index.sigma2 / np.where(n > 0, n, 1.0)).sum(axis=1)
    return difference, drift + sampling


def _people(index: HourIndex, first: int, end: int, hours: Bools) -> tuple[int, int]:
    """Named authors, and posts without author, in those of `hours` from one to another (not included)."""
    rows = slice(*np.searchsorted(index.hour, (first, end)))
    authors = np.unique(index.author[rows][hours[index.hour[rows]]])
    named = int(np.count_nonzero(authors < index.n_named))
    return named, len(authors) - named


def _enough(named: int, nameless: int) -> bool:
    return named * NAMED + nameless * NAMELESS >= MIN_AUTHORS * NAMED


def _too_few(window: tuple[int, int], baseline: tuple[int, int]) -> str:
    """Which of the two has too few voices; "" if neither."""
    if not _enough(*window):
        return reasons.few_authors(*window, MIN_AUTHORS, NAMED // NAMELESS)
    if sum(baseline) < MIN_BASELINE_AUTHORS:
        return reasons.few_before(sum(baseline), MIN_BASELINE_AUTHORS, not window[0])
    return ""


def could_be_hourly(days: AuthorDays) -> bool:
    """Whether the median hour may hold five authors: else the posts need not be read again by the hour."""
    posts = days.scopes["all"].posts_a_day if "all" in days.scopes else np.zeros(0)
    return bool(len(posts)) and float(np.median(posts)) >= MIN_VOICES * WINDOW / 2


def hourly_effects(
    posts: pd.DataFrame | None, days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions
) -> pd.DataFrame:
    """The first 24 hours after each cluster of importance 3 whose times of day are known: columns `HOURLY_COLUMNS`.

    Without rows where the median hour has fewer than five authors. Exploratory: p has no family.

    Parameters
    ----------
    posts : as of `sentinel.scored.scored_posts`, one row a post in any order, ``published`` in UTC;
        ``None`` if there is no need.
    """
    index: HourIndex | None
    first: Any
    index, first = _index_of(posts) if posts is not None else (None, None)
    if index is None or float(np.median(index.n)) < MIN_VOICES:
        return _frame([])
    clusters = [one for one in find_clusters(announcements, days, options.exclude_importance) if one.major]
    stamps = announcements["time_utc"].str.slice(0, _HOUR).where(announcements["time_utc"] != "", None)
    hours = pd.to_datetime(stamps).to_numpy().astype("datetime64[h]")
    taken = np.zeros(len(index.n), dtype=bool)
    spans = [_span(one, hours, first, days) for one in clusters]
    breaks = _breaks(days, options.breaks, first, len(index.n))
    for start, end in spans:
        taken[max(start, 0) : max(end - WINDOW + TAKEN, 0)] = True
    rows = []
    for cluster, (start, end) in zip(clusters, spans, strict=True):
        if start < 0 or start >= len(index.n):
            continue
        row: dict[str, Any] = {
            "cluster": str(days.first_day + cluster.first),
            "first_hour": f"{first + start}:00Z",
            "last_hour": f"{first + end - 1}:00Z",
        }
        if not cluster.time_known:
            row["reason"] = "time of day unknown"
        elif end > len(index.n):
            row["reason"] = reasons.preliminary(len(index.n) - start, end - start).replace("days", "hours")
        else:
            row |= hourly_reaction(index, start, end - start, taken, breaks)
        rows.append(row)
    return _frame(rows)


def _span(cluster: Cluster, hours: Any, first: Any, days: AuthorDays) -> tuple[int, int]:
    """First hour of a cluster and the one after its window, counted from `first`; whole days where it has no time."""
    own = hours[list(cluster.members)]
    known = own[~np.isnat(own)]
    if not len(known) or not cluster.time_known:
        begin = (days.first_day + cluster.first).astype("datetime64[h]")
        return int((begin - first).astype(np.int64)), int((begin - first).astype(np.int64)) + WINDOW
    ends = (known.min() - first, known.max() - first)
    return int(ends[0].astype(np.int64)), int(ends[1].astype(np.int64)) + WINDOW


def _breaks(days: AuthorDays, breaks: Sequence[Break], first: Any, n_hours: int) -> dict[str, Ints]:
    """Of each platform with a break, how many it has had up to the day of each hour."""
    so_far = break_days(days, breaks, days.strata)
    day = ((first + np.arange(n_hours)).astype("datetime64[D]") - days.first_day).astype(np.int64)
    day = np.clip(day, 0, days.n_days - 1)
    found: dict[str, Ints] = {}
    for stratum, row in zip(days.strata, so_far, strict=True):
        if row.any():
            found[stratum.platform] = found.get(stratum.platform, 0) + row[day]
    return found


def _index_of(posts: pd.DataFrame) -> tuple[HourIndex | None, Any]:
    """Hours of the scored, timed posts of the headline mood, each source centred on its own mean; and the first."""
    table = scored_posts(posts, "UTC")
    published = posts["published"].astype("str").fillna("")
    timed = (published.str.len() > _HOUR).to_numpy(dtype=bool) & ~table.bare_date
    rows = np.flatnonzero(headline_posts(table) & timed & ~np.isnan(table.score) & ~np.isnat(table.day))
    if not len(rows):
        return None, None
    hour = published.iloc[rows].str.slice(0, _HOUR).to_numpy().astype("datetime64[h]")
    first = hour.min()
    since = (hour - first).astype(np.int64)
    key = np.zeros(len(rows), dtype=np.int64)
    for column in (table.platform, table.community, table.lang, table.kind, table.model):
        key = key * len(column.names) + column.codes[rows]
    _, stratum = np.unique(key, return_inverse=True)
    author = table.platform.codes[rows] * len(table.author.names) + table.author.codes[rows]
    nameless = table.author.rows("")[rows]
    author[nameless] = author.max() + 1 + np.arange(int(nameless.sum()))
    found, author = np.unique(author, return_inverse=True)
    n_named = len(found) - int(nameless.sum())
    score = table.score[rows]
    # Sums of floats depend on their order: rows are put into one that does not depend on the table's.
    order = np.lexsort((score, stratum, author, since))
    since, author, stratum, score = since[order], author[order], stratum[order], score[order]
    n = np.bincount(stratum)
    own, overall = np.bincount(stratum, score) / n, float(score.mean())
    centred = score - (overall + (own - overall) * n / (n + _SHRINKAGE))[stratum]
    return hour_index(since, author.astype(np.int64), centred, int(since.max()) + 1, n_named), first


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    texts = ("cluster", "first_hour", "last_hour", "reason")
    return typed_table(rows, HOURLY_COLUMNS, texts=texts, counts=("n_authors", "placebos"))
