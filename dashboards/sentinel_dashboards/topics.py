"""Section 4: which topics the posts were about, and in what mood, over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from .axes import date_ticks
from .numerals import count, percent, signed
from .series import Series, binned, bulk, cut
from .words import Words

__all__ = ["FEWEST_AUTHORS", "by_period", "mean_mood", "share_of", "topics", "unit_of", "view", "votes"]

MOST_TOPICS: Final = 12
OTHER: Final = "topic:other"
FEWEST_AUTHORS: Final = 5  #: of a cell whose mood is drawn
FEWEST_VOTES: Final = 30  #: by authors and day, of a topic that is named the best or the worst liked one
NOTABLE: Final = 0.03  #: mood points between topics that are worth naming the best and the worst
STRETCHED: Final = 0.6  #: share of the calendar below which the days that hold most posts are drawn alone
_SHARE: Final = [[0, "@few"], [1, "@many"]]
_MOOD: Final = [[0, "@low"], [0.5, "@middle"], [1, "@high"]]
MOST_WEEKS: Final = 60  #: periods are months beyond this many weeks, quarters beyond five years


def topics(series: list[Series], words: Words) -> dict[str, Any] | None:
    """Answer, two heat maps (share of posts, mood) and their table; None without topics."""
    found = sorted(
        (s for s in series if s.scope.startswith("topic:")), key=lambda s: (-s.n_posts.sum(), s.scope)
    )
    overall = next((s for s in series if s.scope == "all"), None)
    if not found or overall is None:
        return None
    shown = found[:MOST_TOPICS]
    first, last = view(overall)
    unit = unit_of(last - first + 1)
    posts_all = by_period(cut(overall, first, last), unit)[0]
    periods = list(posts_all)
    rows = [(words.scope(s.scope), s, by_period(cut(s, first, last), unit)) for s in shown]
    share = [[share_of(cells[0].get(p, 0), posts_all[p]) for p in periods] for _, _, cells in rows]
    mood = [[cells[1].get(p) for p in periods] for _, _, cells in rows]
    names = [name for name, _, _ in rows]
    return {
        "answer": _answer(rows, overall, words),
        "unit": words(f"topics.by_{unit}"),
        "part": (overall.days[first].isoformat(), overall.days[last].isoformat())
        if last - first + 1 < len(overall.mood)
        else None,
        "hidden": len(found) - len(shown),
        "fewest": FEWEST_AUTHORS,
        "height": 90 + 26 * len(shown),
        "share_figure": _figure(
            words, periods, names, share, words.template("topics.share_hover"), _SHARE, 0.0, _top(share)
        ),
        "mood_figure": _figure(
            words, periods, names, mood, words.template("topics.mood_hover"), _MOOD, *_balanced(mood)
        ),
        "periods": periods,
        "totals": [_total(name, s, overall) for name, s, _ in rows],
        "cells": [
            [name, [[percent(cells[0].get(p, 0), posts_all[p]), signed(cells[1].get(p))] for p in periods]]
            for name, _, cells in rows
        ],
    }


def _answer(rows: list[tuple[str, Series, Any]], overall: Series, words: Words) -> str:
    """The most discussed topic, the best and the worst liked one; what is on none of ours is no topic of its own."""
    rows = [row for row in rows if row[1].scope != OTHER] or rows
    moods = {name: mean_mood(s) for name, s, _ in rows if votes(s) >= FEWEST_VOTES}
    name, first, _ = rows[0]
    text = words("topics.answer", topic=name, share=percent(first.n_posts.sum(), overall.n_posts.sum()))
    known = {topic: mood for topic, mood in moods.items() if mood is not None}
    if len(known) > 1:
        best, worst = max(known, key=lambda t: known[t]), min(known, key=lambda t: known[t])
        key = "topics.extremes" if known[best] - known[worst] >= NOTABLE else "topics.alike"
        text += words("sentence.space") + words(
            key, best=best, best_mood=signed(known[best]), worst=worst, worst_mood=signed(known[worst])
        )
    return text


def votes(series: Series) -> int:
    """Author-days whose posts have a mood."""
    return int(np.where(np.isnan(series.mood), 0, series.n_authors).sum())


def mean_mood(series: Series) -> float | None:
    """Mean mood over author-days; None without any."""
    weights = np.where(np.isnan(series.mood), 0, series.n_authors)
    return float(np.nansum(series.mood * weights) / weights.sum()) if weights.sum() else None


def view(overall: Series) -> tuple[int, int]:
    """First and last day drawn: all, unless a few stray posts stretch the calendar."""
    first, last = bulk(overall)
    n_days = len(overall.mood)
    return (first, last) if last - first + 1 < STRETCHED * n_days else (0, n_days - 1)


def unit_of(n_days: int) -> str:
    """What a column of the heat maps covers: week, month or quarter."""
    if n_days <= MOST_WEEKS * 7:
        return "week"
    return "month" if n_days <= 5 * 366 else "quarter"


def _begin(day: date, unit: str) -> date:
    """First day of the period that holds `day`."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if unit == "month" else (day.month - 1) // 3 * 3 + 1)


def by_period(series: Series, unit: str) -> tuple[dict[str, float], dict[str, float | None]]:
    """Posts and mood of each period, by its first day; mood None below `FEWEST_AUTHORS`."""
    begins = [_begin(day, unit).isoformat() for day in series.days]
    order = {begin: place for place, begin in enumerate(dict.fromkeys(begins))}
    cells = binned(series, np.array([order[begin] for begin in begins]), 1)
    enough = cells.n_authors >= FEWEST_AUTHORS
    mood = [float(v) if ok and not np.isnan(v) else None for v, ok in zip(cells.mood, enough, strict=True)]
    return dict(zip(order, cells.n_posts.tolist(), strict=True)), dict(zip(order, mood, strict=True))


def share_of(part: float, whole: float) -> float | None:
    """Share of posts in percent; None where there is no post at all."""
    return round(100 * part / whole, 2) if whole else None


def _top(cells: list[list[float | None]]) -> float:
    """Largest share, at least one percent."""
    return max((v for row in cells for v in row if v is not None), default=1.0) or 1.0


def _balanced(cells: list[list[float | None]]) -> tuple[float, float]:
    """Ends of a mood scale with 0 in the middle."""
    values = [abs(v) for row in cells for v in row if v is not None]
    reach = max(0.1, float(np.quantile(values, 0.98))) if values else 0.1
    return -reach, reach


def _total(name: str, series: Series, overall: Series) -> list[str]:
    """One row of the totals: topic, posts, share, author-days' mean mood."""
    posts = series.n_posts.sum()
    return [name, count(posts), percent(posts, overall.n_posts.sum()), signed(mean_mood(series))]


def _figure(
    words: Words,
    periods: list[str],
    names: list[str],
    cells: list[list[float | None]],
    hover: str,
    colours: list[list[Any]],
    low: float,
    high: float,
) -> dict[str, Any]:
    """One heat map, the most discussed topic on top."""
    bar = {"thickness": 8, "outlinewidth": 0, "len": 1, "nticks": 5, "x": 1.01, "xpad": 4}
    plain_axis = {"showgrid": False, "fixedrange": True}
    return {
        "data": [
            {
                "type": "heatmap",
                "x": periods,
                "y": names,
                "z": [[None if v is None else round(v, 3) for v in row] for row in cells],
                "colorscale": colours,
                "zmin": low,
                "zmax": high,
                "hovertemplate": hover,
                "hoverongaps": False,
                "xgap": 1,
                "ygap": 2,
                "colorbar": bar,
            }
        ],
        "layout": {
            "margin": {"l": 10, "r": 10, "t": 6, "b": 30},
            "xaxis": {**plain_axis, "type": "date", "tickangle": 0, "tickformatstops": date_ticks(words)},
            "yaxis": {**plain_axis, "autorange": "reversed", "automargin": True, "ticklabelstandoff": 6},
        },
    }
