"""Section 2: mood over time with its band, the days behind it, the volume, gaps and numbered announcements."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sentinel.results import Results

from .axes import ZERO, date_ticks
from .events import Story
from .gaps import gaps_by_scope
from .numerals import count, signed, unmarked
from .palette import SHAPES
from .series import Series, bulk, weekly
from .words import Words

__all__ = ["timeline"]

MOST_DAYS: Final = 800  #: scopes other than the first are drawn by week beyond this many days
SOLID: Final = 5  #: authors from which a step shapes the axis and can be called the highest or lowest
LEAST_SPAN: Final = 0.2  #: mood points that the axis shows at least, so that noise is not blown up


def timeline(results: Results, story: Story, series: list[Series], words: Words) -> dict[str, Any]:
    """Answer, figure skeleton, one packed series a scope, markers and the table of the first scope."""
    if not series:
        return {
            "answer": words("timeline.none"),
            "payload": None,
            "groups": [],
            "rows": [],
            "listed": [],
            "lesser": [],
        }
    overall = series[0]
    drawn = [overall, *(weekly(s) if len(s.mood) > MOST_DAYS else s for s in series[1:])]
    return {
        "answer": _answer(overall, words),
        "label": words("timeline.label"),
        "groups": _groups(series, words),
        "rows": _table(overall, words),
        "zone": str(results.options.get("timezone") or "UTC"),
        "breaks": [
            {
                "day": str(b.get("date"))[:10],
                "source": str(b.get("source") or ""),
                "reason": str(b.get("reason") or ""),
            }
            for b in results.options.get("breaks") or ()
        ],
        "coarse": any(s.step_days > 1 for s in drawn),
        "listed": [
            {
                "number": a.number,
                "day": a.day.isoformat(),
                "zero": a.zero.isoformat(),
                "title": a.title,
                "tone": event.tone,
            }
            for event in story.events
            for a in event.announced
        ],
        "lesser": story.lesser,
        "tones": [tone for tone in SHAPES if any(event.tone == tone for event in story.events)],
        "payload": {
            "figure": _figure(
                words, last=max((a.number for e in story.events for a in e.announced), default=0)
            ),
            "gaps": gaps_by_scope(results, series),
            "lesser": [{"day": a.zero.isoformat(), "title": unmarked(a.title)} for a in story.lesser],
            "markers": [
                {
                    "number": a.number,
                    "day": a.zero.isoformat(),
                    "title": unmarked(a.title),
                    "tone": event.tone,
                }
                for event in story.events
                for a in event.announced
            ],
            "series": [_packed(s) for s in drawn],
            "breaks": [str(b.get("date"))[:10] for b in results.options.get("breaks") or ()],
            "windows": {
                k: list(v)
                for k, v in (results.options.get("windows") or {}).items()
                if k in ("baseline", "reaction")
            },
        },
    }


def _answer(overall: Series, words: Words) -> str:
    """Mean, highest and lowest of the smoothed line, in a sentence."""
    seen = ~np.isnan(overall.smoothed)
    if not seen.any():
        return words("timeline.none")
    weights = np.where(np.isnan(overall.mood), 0, overall.n_authors)
    mean = float(np.nansum(overall.mood * weights) / max(weights.sum(), 1))
    days = overall.days
    solid = np.where(_solid(overall) & seen, overall.smoothed, np.nan)
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
        "range": [round(low, 3), round(high, 3)],
        "outside": outside,
        "bulk": list(bulk(series)),
    }


def _solid(series: Series) -> np.ndarray:
    """Steps that enough authors speak for; all of them if there is no such step."""
    solid = (series.n_authors >= SOLID) & ~np.isnan(series.smoothed)
    return solid if solid.any() else np.ones(len(series.mood), dtype=bool)


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


def _table(overall: Series, words: Words) -> list[list[str]]:
    """The first scope by week (by day if it has less than three weeks)."""
    shown = weekly(overall) if len(overall.mood) > 21 else overall
    return [
        [day.isoformat(), count(posts), count(authors), *(signed(None if np.isnan(v) else v) for v in values)]
        for day, posts, authors, *values in zip(
            shown.days,
            shown.n_posts.tolist(),
            shown.n_authors.tolist(),
            shown.mood.tolist(),
            shown.smoothed.tolist(),
            shown.low.tolist(),
            shown.high.tolist(),
            strict=True,
        )
    ]


def _figure(words: Words, last: int) -> dict[str, Any]:
    """Traces and layout without values: the script fills in the scope that is chosen."""
    line = {"color": "@mood", "width": 2.2}
    hover = words.template("timeline.hover")
    return {
        "data": [
            {
                "type": "bar",
                "yaxis": "y2",
                "marker": {"color": "@volume"},
                "hoverinfo": "skip",
                "name": words("timeline.volume"),
            },
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "fillcolor": "@band",
                "hoverinfo": "skip",
                "line": {"color": "@band", "width": 1},
                "name": words("timeline.band"),
            },
            {
                "type": "scatter",
                "mode": "markers",
                "hoverinfo": "skip",
                "marker": {"color": "@dot", "size": 4},
                "name": words("timeline.dots"),
            },
            {
                "type": "scatter",
                "mode": "lines",
                "line": line,
                "connectgaps": False,
                "hovertemplate": hover,
                "name": words("timeline.line"),
            },
            {
                "type": "scatter",
                "mode": "markers",
                "yaxis": "y3",
                "hovertemplate": "%{customdata}<extra></extra>",
                "marker": {"color": "@muted", "size": 6, "symbol": "line-ns-open"},
                "name": words("timeline.lesser"),
            },
            {
                "type": "scatter",
                "mode": "markers+text",
                "yaxis": "y3",
                "cliponaxis": False,
                "hovertemplate": "%{customdata}<extra></extra>",
                "marker": {"size": 9},
                "textposition": "middle right",
                "textfont": {"size": 11.5, "color": "@ink"},
                "name": words("timeline.announcements"),
            },
        ],
        "layout": {
            "bargap": 0.1,
            "hovermode": "x",
            "showlegend": False,
            "margin": {"l": 54, "r": 24 + 7 * (2 * len(str(last)) + 1), "t": 4, "b": 28},
            "xaxis": {
                "type": "date",
                "showgrid": False,
                "linecolor": "@rule",
                "tickcolor": "@rule",
                "ticks": "outside",
                "anchor": "y2",
                "tickangle": 0,
                "tickformatstops": date_ticks(words),
            },
            "yaxis": {
                "domain": [0.26, 0.84],
                "fixedrange": True,
                "tickformat": "+.2f",
                "labelalias": ZERO,
                "gridcolor": "@grid",
                "zerolinecolor": "@muted",
                "title": {"text": words("timeline.mood_axis")},
            },
            "yaxis2": {
                "domain": [0, 0.18],
                "fixedrange": True,
                "gridcolor": "@grid",
                "nticks": 3,
                "rangemode": "tozero",
                "title": {"text": words("timeline.posts_axis")},
            },
            "yaxis3": {"domain": [0.86, 1], "fixedrange": True, "visible": False, "range": [0, 3.1]},
        },
    }
