"""An announcement's own panel: its curve over that of ordinary dates, the volume below, words and topics that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from sentinel.results import Results

from .axes import ZERO
from .events import Event, Story, tone
from .numerals import count, interval, p_value, percent, plain, records, signed, unmarked
from .series import Series
from .words import Words

__all__ = ["Closeups"]

MOST_TOPICS: Final = 6
LEAST_POSTS: Final = 3  #: of a topic, in the window, to be told
_FAN: Final = ("q05", "q25", "q50", "q75", "q95")
_LINE: Final = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}


class Closeups:
    """What the cards of all announcements share: tables by cluster, and the figure without values."""

    def __init__(self, results: Results, story: Story, series: Sequence[Series], words: Words) -> None:
        self._words = words
        self._story = story
        self._curves = _by_cluster(results.curves)
        self._moved = _by_cluster(results.words)
        self._overall = next((one for one in series if one.scope == "all"), None)
        self._topics = [one for one in series if one.scope.startswith("topic:")]
        self._windows: Mapping[str, Any] = results.options.get("windows") or {}

    def figure(self) -> dict[str, Any]:
        """Traces and layout without values, for the page's script."""
        return _figure(self._words)

    def curve(self, event: Event) -> dict[str, Any] | None:
        """Values of an event's figure; None where it has no effect."""
        rows = self._curves.get(event.cluster)
        if not rows:
            return None
        zero = event.announced[0].zero
        offsets = [int(row["offset"]) for row in rows]
        days = [zero + timedelta(days=offset) for offset in offsets]
        posts = _on(self._overall, days)
        return {
            "offsets": offsets,
            "days": [day.isoformat() for day in days],
            "window": [(event.first - zero).days, (event.last - zero).days],
            "posts": posts,
            "authors": [int(row["n_authors"]) for row in rows],
            "marks": self._marks(event, zero, offsets),
            "placebos": int(rows[0]["placebos"]),
            **{name: [row[name] for row in rows] for name in ("mood", "curve", *_FAN)},
        }

    def table(self, event: Event) -> list[list[str]]:
        """The same values as text."""
        rows, words = self._curves.get(event.cluster, []), self._words
        zero = event.announced[0].zero
        days = [zero + timedelta(days=int(row["offset"])) for row in rows]
        return [
            [
                words("closeup.day", day=signed(row["offset"], 0), date=day.isoformat()),
                signed(row["curve"]),
                interval(row["q05"], row["q95"]),
                signed(row["mood"]),
                count(row["n_authors"]),
                count(posts),
            ]
            for row, day, posts in zip(rows, days, _on(self._overall, days), strict=True)
        ]

    def words(self, event: Event) -> dict[str, Any] | None:
        """Words that more and fewer authors used; None where there are none."""
        rows = self._moved.get(event.cluster)
        if not rows:
            return None
        sides = {"rose": [r for r in rows if r["z"] > 0], "fell": [r for r in rows if r["z"] < 0]}
        return {
            "n_after": count(rows[0]["authors_after"]),
            "n_before": count(rows[0]["authors_before"]),
            "sides": [
                {
                    "key": key,
                    "words": [
                        {
                            "word": plain(row["word"]),
                            "after": percent(row["after"], row["authors_after"]),
                            "before": percent(row["before"], row["authors_before"])
                            if row["before"]
                            else "0%",
                        }
                        for row in found
                    ],
                }
                for key, found in sides.items()
                if found
            ],
        }

    def topics(self, event: Event) -> list[dict[str, str]]:
        """Topics that took more or less of the posts, with the change of their mood, the largest shift first."""
        before = self._span(event, "baseline")
        if self._overall is None or before is None:
            return []
        window = _days(event.first, event.last)
        totals = (sum(_on(self._overall, window)), sum(_on(self._overall, before)))
        if not all(totals):
            return []
        effects = {str(row.get("scope")): row for row in event.others if row.get("window") == "reaction"}
        found = []
        for one in self._topics:
            after, earlier = sum(_on(one, window)), sum(_on(one, before))
            if after < LEAST_POSTS and earlier < LEAST_POSTS:
                continue
            row = effects.get(one.scope, {})
            found.append((after / totals[0] - earlier / totals[1], one.scope, after, earlier, row))
        found.sort(key=lambda item: (-abs(item[0]), item[1]))
        return [
            {
                "name": self._words.scope(scope),
                "before": percent(earlier, totals[1]) if earlier else "0%",
                "after": percent(after, totals[0]) if after else "0%",
                "n": count(after),
                "effect": signed(row.get("effect")),
                "interval": interval(row.get("low"), row.get("high")),
                "p": p_value(row.get("p")),
                "tone": tone(row) if row.get("effect") is not None else "",
            }
            for _, scope, after, earlier, row in found[:MOST_TOPICS]
        ]

    def sentence(self, event: Event) -> str:
        """The figure in a sentence, for who cannot see it."""
        rows = self._curves.get(event.cluster)
        if not rows:
            return ""
        seen = [row for row in rows if row["curve"] is not None]
        if not seen:
            return ""
        top, bottom = max(seen, key=lambda r: r["curve"]), min(seen, key=lambda r: r["curve"])
        fan = [row for row in seen if row["q95"] is not None]
        outside = sum(row["curve"] > row["q95"] or row["curve"] < row["q05"] for row in fan)
        text = self._words(
            "closeup.sentence",
            top=signed(top["curve"]),
            top_day=signed(top["offset"], 0),
            bottom=signed(bottom["curve"]),
            bottom_day=signed(bottom["offset"], 0),
        )
        if fan:
            text += self._words("sentence.space") + self._words(
                "closeup.outside", k=outside, all=len(fan), placebos=int(rows[0]["placebos"])
            )
        return text

    def _span(self, event: Event, name: str) -> list[date] | None:
        offsets = self._windows.get(name)
        if not offsets:
            return None
        zero = event.announced[0].zero
        return _days(*(zero + timedelta(days=int(offset)) for offset in offsets))

    def _marks(self, event: Event, zero: date, offsets: list[int]) -> list[dict[str, Any]]:
        """Announcements on the days shown, the event's own too."""
        numbered = [a for one in self._story.events for a in one.announced]
        marks = []
        for announced in [*numbered, *self._story.lesser]:
            offset = (announced.zero - zero).days
            if offsets[0] <= offset <= offsets[-1]:
                own = announced in event.announced
                marks.append(
                    {"at": offset, "number": announced.number, "title": unmarked(announced.title), "own": own}
                )
        return sorted(marks, key=lambda mark: (mark["at"], mark["number"], mark["title"]))


def _by_cluster(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(table):
        found.setdefault(str(row["cluster"]), []).append(row)
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _on(series: Series | None, days: Sequence[date]) -> list[int]:
    """Posts of a scope on these days; none outside its calendar."""
    if series is None:
        return [0] * len(days)
    places = [(day - series.first).days for day in days]
    return [int(series.n_posts[at]) if 0 <= at < len(series.n_posts) else 0 for at in places]


def _figure(words: Words) -> dict[str, Any]:
    """In this order: posts, nine in ten ordinary dates, half of them, their middle, days, the curve."""
    fixed = {"fixedrange": True, "gridcolor": "@grid"}
    mood = {"tickformat": "+.2f", "labelalias": ZERO, "zerolinecolor": "@muted", "nticks": 6}
    return {
        "data": [
            {
                "type": "bar",
                "yaxis": "y2",
                "hoverinfo": "skip",
                "marker": {"color": "@volume"},
                "width": 0.86,
            },
            {**_LINE, "fill": "toself", "fillcolor": "@fan", "line": {"width": 0}},
            {**_LINE, "fill": "toself", "fillcolor": "@fan", "line": {"width": 0}},
            {**_LINE, "line": {"color": "@muted", "width": 1, "dash": "dot"}},
            {
                "type": "scatter",
                "mode": "markers",
                "hoverinfo": "skip",
                "marker": {"color": "@dot", "size": 5},
            },
            {
                "type": "scatter",
                "mode": "lines",
                "line": {"color": "@mood", "width": 2.4},
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        ],
        "layout": {
            "hovermode": "x",
            "showlegend": False,
            "margin": {"l": 54, "r": 12, "t": 18, "b": 44},
            "xaxis": {
                **fixed,
                "showgrid": False,
                "zeroline": False,
                "anchor": "y2",
                "tickformat": "+d",
                "labelalias": {"+0": "0"},
                "dtick": 7,
                "ticks": "outside",
                "tickcolor": "@rule",
                "linecolor": "@rule",
                "title": {"text": words("closeup.x_axis")},
            },
            "yaxis": {**fixed, **mood, "domain": [0.3, 1], "title": {"text": words("closeup.mood_axis")}},
            "yaxis2": {
                **fixed,
                "domain": [0, 0.2],
                "nticks": 3,
                "rangemode": "tozero",
                "title": {"text": words("timeline.posts_axis")},
            },
        },
    }
