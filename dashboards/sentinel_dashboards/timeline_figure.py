"""Traces and layout of the timeline without values: the page's script fills in the scope that is chosen."""

from __future__ import annotations

from typing import Any, Final

from .axes import ZERO, date_ticks
from .words import Words

__all__ = ["timeline_figure"]

_POINTS: Final = {"type": "scatter", "mode": "markers", "hoverinfo": "skip"}
_LINE: Final = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
_EVENTS: Final = {"type": "scatter", "yaxis": "y3", "hovertemplate": "%{customdata}<extra></extra>"}
MOOD: Final = (0.31, 0.86)  #: part of the height that shows mood; the page's script knows it too
_AXIS: Final = {"fixedrange": True, "gridcolor": "@grid"}
_NUMBERS: Final = {
    "mode": "markers+text",
    "cliponaxis": False,
    "marker": {"size": 9},
    "textposition": "middle right",
    "textfont": {"size": 11.5, "color": "@ink"},
}
_DAYS: Final = {
    "type": "date",
    "showgrid": False,
    "linecolor": "@rule",
    "tickcolor": "@rule",
    "ticks": "outside",
    "anchor": "y4",
    "tickangle": 0,
}


def timeline_figure(words: Words, last_number: int) -> dict[str, Any]:
    """In this order: posts, band, days, line, what it is compared with, coverage, lesser announcements, numbered ones.

    The right margin has room for the longest label of a group of announcements, "98–101".
    """
    mood = {"tickformat": "+.2f", "labelalias": ZERO, "zerolinecolor": "@muted"}
    return {
        "data": [
            {"type": "bar", "yaxis": "y2", "hoverinfo": "skip", "marker": {"color": "@volume"}},
            {**_LINE, "fill": "toself", "fillcolor": "@band", "line": {"color": "@band", "width": 1}},
            {**_POINTS, "marker": {"color": "@dot"}},
            {
                "type": "scatter",
                "mode": "lines",
                "line": {"color": "@mood"},
                "connectgaps": False,
                "hovertemplate": words.template("timeline.hover"),
            },
            {**_LINE, "line": {"color": "@second", "width": 2, "dash": "dash"}, "connectgaps": False},
            {**_LINE, "yaxis": "y4", "line": {"color": "@muted", "width": 1.2, "shape": "hvh"}},
            {
                **_EVENTS,
                "mode": "markers",
                "marker": {"color": "@muted", "size": 6, "symbol": "line-ns-open"},
            },
            {**_EVENTS, **_NUMBERS},
        ],
        "layout": {
            "hovermode": "x",
            "showlegend": False,
            "margin": {"l": 54, "r": 24 + 7 * (2 * len(str(last_number)) + 1), "t": 4, "b": 28},
            "xaxis": {**_DAYS, "tickformatstops": date_ticks(words)},
            "yaxis": {
                **_AXIS,
                **mood,
                "domain": [MOOD[0], MOOD[1]],
                "title": {"text": words("timeline.mood_axis")},
            },
            "yaxis2": {
                **_AXIS,
                "domain": [0.13, 0.25],
                "nticks": 3,
                "rangemode": "tozero",
                "title": {"text": words("timeline.posts_axis")},
            },
            "yaxis4": {
                **_AXIS,
                "domain": [0, 0.06],
                "range": [0, 100],
                "tickvals": [0, 100],
                "ticktext": ["0%", "100%"],
                "title": {"text": words("timeline.coverage_axis")},
            },
            "yaxis3": {"domain": [0.88, 1], "fixedrange": True, "visible": False, "range": [0, 3.1]},
        },
    }
