"""Section 2: mood over time with its band, the days behind it, the volume, gaps and numbered announcements."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from sentinel.results import Results

from .events import Announced, Event, Story
from .gaps import gaps_by_scope
from .numerals import count, percent, records, signed, unmarked
from .palette import SHAPES
from .series import Series, bulk, weekly
from .timeline_figure import timeline_figure
from .words import Words

__all__ = ["timeline"]

MOST_DAYS: Final = 800  #: scopes other than the first are drawn by week beyond this many days
WIDE: Final = 1.5  #: times the usual band, beyond which a step is not called the highest or lowest
SOLID: Final = 5  #: authors from which a step shapes the axis and can be called the highest or lowest
WEEK: Final = 7  #: days over which the mood weighted by reach is drawn
LEAST_SPAN: Final = 0.2  #: mood points that the axis shows at least, so that noise is not blown up


def timeline(results: Results, story: Story, series: list[Series], words: Words) -> dict[str, Any]:
    """Answer, what the script draws, and the same in text: scopes, announcements, breaks, a table."""
    if not series:
        return {"answer": words("timeline.none"), "payload": None}
    overall = series[0]
    drawn = [overall, *(weekly(s) if len(s.mood) > MOST_DAYS else s for s in series[1:])]
    breaks = [
        {key: str(entry.get(key) or "") for key in ("date", "source", "reason")}
        for entry in results.options.get("breaks") or ()
    ]
    listed = [_listed(a, event) for event in story.events for a in event.announced]
    return {
        "answer": _answer(overall, words),
        "groups": _groups(series, words),
        "rows": _table(overall),
        "reach": bool(len(results.reach)),
        "zone": words.sentence(words.zone(str(results.options.get("timezone") or "UTC"))),
        "breaks": breaks,
        "coarse": any(s.step_days > 1 for s in drawn),
        "listed": listed,
        "lesser": story.lesser,
        "tones": [tone for tone in SHAPES if any(event.tone == tone for event in story.events)],
        "payload": {
            "figure": timeline_figure(words, max((a["number"] for a in listed), default=0)),
            "gaps": gaps_by_scope(results, series),
            "lesser": [{"day": a.zero.isoformat(), "title": unmarked(a.title)} for a in story.lesser],
            "markers": sorted(
                ({**a, "title": unmarked(a["title"])} for a in listed), key=lambda a: (a["zero"], a["number"])
            ),
            "series": [_packed(s) for s in drawn],
            "reach": _reach(results, overall),
            "breaks": [entry["date"][:10] for entry in breaks],
            "windows": dict(results.options.get("windows") or {}),
        },
    }


def _listed(announced: Announced, event: Event) -> dict[str, Any]:
    """One numbered announcement."""
    return {
        "number": announced.number,
        "day": announced.day.isoformat(),
        "zero": announced.zero.isoformat(),
        "title": announced.title,
        "tone": event.tone,
    }


def _answer(overall: Series, words: Words) -> str:
    """Mean, highest and lowest of the smoothed line, in a sentence."""
    seen = ~np.isnan(overall.smoothed)
    if not seen.any():
        return words("timeline.none")
    weights = np.where(np.isnan(overall.mood), 0, overall.n_authors)
    mean = float(np.nansum(overall.mood * weights) / max(weights.sum(), 1))
    days = overall.days
    solid = np.where(_sure(overall) & seen, overall.smoothed, np.nan)
    solid = overall.smoothed if np.isnan(solid).all() else solid
    top, bottom = int(np.nanargmax(solid)), int(np.nanargmin(solid))
    if seen.sum() == 1:
        return words("timeline.one_day", mean=signed(mean), day=words.period(days[top], days[top]))
    return words(
        "timeline.answer",
        mean=signed(mean),
        n=int(seen.sum()),
        top=signed(float(overall.smoothed[top])),
        top_day=words.period(days[top], days[top]),
        bottom=signed(float(overall.smoothed[bottom])),
        bottom_day=words.period(days[bottom], days[bottom]),
    )


def _groups(series: list[Series], words: Words) -> list[dict[str, Any]]:
    """Options of the selector, by family."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for place, one in enumerate(series):
        option = {"value": place, "name": words.scope(one.scope), "posts": int(one.n_posts.sum())}
        groups.setdefault(words.family(one.scope), []).append(option)
    return [{"name": name, "options": options} for name, options in groups.items()]


def _packed(series: Series) -> dict[str, Any]:
    """A series as short integers: mood in thousandths, null where there is none."""

    def thousandths(values: np.ndarray) -> list[int | None]:
        return [None if np.isnan(v) else round(v * 1000) for v in values.tolist()]

    low, high, outside = _extent(series)
    return {
        "scope": series.scope,
        "first": series.first.isoformat(),
        "step": series.step_days,
        "mood": thousandths(series.mood),
        "low": thousandths(series.low),
        "high": thousandths(series.high),
        "smoothed": thousandths(series.smoothed),
        "posts": series.n_posts.astype(int).tolist(),
        "authors": series.n_authors.astype(int).tolist(),
        "seen": np.rint(series.n_seen).astype(int).tolist(),
        "range": [round(low, 3), round(high, 3)],
        "outside": outside,
        "bulk": list(bulk(series)),
    }


def _reach(results: Results, overall: Series) -> list[int | None]:
    """Mood weighted by reach, in thousandths, over the week that ends on each day of `overall`."""
    total, weight = np.zeros(len(overall.mood)), np.zeros(len(overall.mood))
    for row in records(results.reach):
        place = (date.fromisoformat(str(row["day"])) - overall.first).days
        if 0 <= place < len(total):
            total[place] = float(row["total"])
            weight[place] = float(row["weight"])
    week = np.ones(WEEK)
    sums = [np.convolve(values, week)[: len(values)] for values in (total, weight)]
    return [round(1000 * t / w) if w > 0 else None for t, w in zip(sums[0], sums[1], strict=True)]


def _solid(series: Series) -> np.ndarray:
    """Steps that enough authors speak for; all of them if there is no such step."""
    solid = (series.n_authors >= SOLID) & ~np.isnan(series.smoothed)
    return solid if solid.any() else np.ones(len(series.mood), dtype=bool)


def _sure(series: Series) -> np.ndarray:
    """Solid steps whose band is not much wider than usual: the first days of a series have none before to lean on."""
    solid = _solid(series)
    width = series.high - series.low
    sure: np.ndarray = solid & (width <= WIDE * np.nanmedian(np.where(solid, width, np.nan)))
    return sure


def _extent(series: Series) -> tuple[float, float, int]:
    """Ends of the mood axis and how many dots they leave out.

    The axis holds the band and 96 in 100 dots of the steps that at least `SOLID` authors speak for: a single
    post has a mood between -1 and 1 and would flatten everything else.
    """
    solid = _solid(series)
    dots = series.mood[~np.isnan(series.mood)]
    band = np.concatenate([series.low[solid], series.high[solid], series.smoothed[solid]])
    band = band[~np.isnan(band)]
    inner = series.mood[solid & ~np.isnan(series.mood)]
    if not len(inner) and not len(band):
        return -1.0, 1.0, 0
    values = np.concatenate([band, np.quantile(inner, [0.02, 0.98])]) if len(inner) else band
    low, high = float(values.min()), float(values.max())
    room = max(LEAST_SPAN - (high - low), 0.08 * (high - low)) / 2
    low, high = max(low - room, -1.02), min(high + room, 1.02)
    return low, high, int(((dots < low) | (dots > high)).sum())


def _table(overall: Series) -> list[list[str]]:
    """The first scope by week (by day if it has less than three weeks)."""
    shown = weekly(overall) if len(overall.mood) > 21 else overall
    return [
        [
            day.isoformat(),
            count(posts),
            percent(posts, seen) if posts else "–",
            count(authors),
            *(signed(None if np.isnan(v) else v) for v in values),
        ]
        for day, posts, seen, authors, *values in zip(
            shown.days,
            shown.n_posts.tolist(),
            np.rint(shown.n_seen).tolist(),
            shown.n_authors.tolist(),
            shown.mood.tolist(),
            shown.smoothed.tolist(),
            shown.low.tolist(),
            shown.high.tolist(),
            strict=True,
        )
    ]
