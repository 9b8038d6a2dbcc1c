"""The price beside the mood: both over time, what the price did after each announcement, and which went first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from sentinel.results import Results

from .answer import event_title
from .axes import date_ticks
from .events import Story
from .numerals import count, decimal, equal, p_value, plain, records, signed
from .series import Series
from .words import Words

__all__ = ["price"]

_SHARE: Final = 100.0  #: a return in percent
_APART: Final = 0.09  #: share of the calendar that a number needs for itself


def price(results: Results, story: Story, series: list[Series], words: Words) -> dict[str, Any] | None:
    """Answer, figure and table; None without prices."""
    sessions = records(results.price)
    if not sessions:
        return None
    mood = next((one for one in series if one.scope == "all"), None)
    rows = records(results.price_effects)
    tested = [row for row in rows if row["p"] is not None]
    apart = [row for row in tested if row["low"] > 0 or row["high"] < 0]
    return {
        "answer": words("price.answer", n=len(tested), k=len(apart)) if tested else words("price.untested"),
        "lead": _lead(results.price_lead, words),
        "model": words(
            "price.market" if any(row["market"] is not None for row in sessions) else "price.constant"
        ),
        "figure": _figure(sessions, mood, story, words),
        "rows": [_row(row, story, words) for row in tested],
        "untested": [
            (_title(row, story, words), words.reason(row["reason"])) for row in rows if row["p"] is None
        ],
    }


def _lead(lead: Mapping[str, Any], words: Words) -> str:
    if lead.get("p") is None:
        return words("price.no_lead", n=int(lead.get("sessions") or 0))
    lag = int(lead["lag"])
    when = (
        words("price.same")
        if lag == 0
        else words("price.mood_first" if lag > 0 else "price.price_first", n=abs(lag))
    )
    key = "price.lead" if lead["p"] <= 0.05 else "price.no_link"
    return words(key, n=int(lead["sessions"]), size=signed(lead["largest"]), when=when, p=equal(lead["p"]))


def _title(row: Mapping[str, Any], story: Story, words: Words) -> str:
    events = [event for event in (*story.events, *story.outside) if event.cluster == row["cluster"]]
    return event_title(events[0], words, 90) if events else plain(row["cluster"])


def _row(row: Mapping[str, Any], story: Story, words: Words) -> list[str]:
    span = [signed(_SHARE * row[name], 1) for name in ("low", "high")]
    return [
        plain(row["session"]),
        _title(row, story, words),
        _percent(row["abnormal"]),
        _percent(row["car"]),
        f"{span[0]} … {span[1]}",
        p_value(row["p"]),
        words("price.no_proxy") if row["beta"] is None else decimal(row["beta"]),
        count(row["sums"]),
    ]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{signed(_SHARE * value, 1)}%"


def _figure(
    sessions: list[dict[str, Any]], mood: Series | None, story: Story, words: Words
) -> dict[str, Any]:
    """Two panels over one calendar: close above, smoothed mood below, numbered announcements between."""
    if story.span is not None:
        first, last = (day.isoformat() for day in story.span)
        sessions = [row for row in sessions if first <= row["day"] <= last] or sessions
    days = [row["day"] for row in sessions]
    data: list[dict[str, Any]] = [
        _line(days, [row["close"] for row in sessions], words("price.close"), "y", "@ink", 2)
    ]
    if mood is not None:
        inside = [at for at, day in enumerate(mood.days) if days[0] <= day.isoformat() <= days[-1]]
        smoothed = [None if np.isnan(mood.smoothed[at]) else float(mood.smoothed[at]) for at in inside]
        when = [mood.days[at].isoformat() for at in inside]
        data.append(_line(when, smoothed, words("price.mood"), "y2", "@mood", 2))
    marked = [e for e in story.events if days[0] <= e.announced[0].zero.isoformat() <= days[-1]]
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [event.announced[0].zero.isoformat() for event in marked],
            "y": [0.5] * len(marked),
            "yaxis": "y3",
            "text": _labels([(e.announced[0].zero, e.numbers) for e in marked], _APART * len(days) * 7 / 5),
            "textfont": {"size": 10, "color": "@muted"},
            "hoverinfo": "skip",
        }
    )
    axis = {"fixedrange": True, "gridcolor": "@grid", "zerolinecolor": "@rule"}
    return {
        "data": data,
        "layout": {
            "margin": {"l": 56, "r": 10, "t": 6, "b": 30},
            "showlegend": False,
            "xaxis": {
                "type": "date",
                "fixedrange": True,
                "anchor": "y2",
                "tickangle": 0,
                "tickformatstops": date_ticks(words),
            },
            "yaxis": {**axis, "domain": [0.52, 1], "title": {"text": words("price.close")}},
            "yaxis3": {**axis, "domain": [0.45, 0.51], "range": [0, 1], "visible": False},
            "yaxis2": {**axis, "domain": [0, 0.44], "title": {"text": words("price.mood")}},
        },
    }


def _labels(marks: list[tuple[date, str]], apart: float) -> list[str]:
    """Numbers that have room beside the one before, else a dot: a phone is narrow."""
    labels: list[str] = []
    last: date | None = None
    for day, number in marks:
        room = last is None or (day - last).days >= apart
        labels.append(number if room else "·")
        last = day if room else last
    return labels


def _line(
    days: list[str], values: list[Any], name: str, axis: str, colour: str, digits: int
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "y": [None if value is None else round(value, 4) for value in values],
        "yaxis": axis,
        "line": {"color": colour, "width": 1.6},
        "name": name,
        "hovertemplate": f"%{{x|%Y-%m-%d}}<br>{name} %{{y:.{digits}f}}<extra></extra>",
    }
