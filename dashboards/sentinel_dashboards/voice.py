"""Share of voice: how often posts name Qwen and how often its rivals, and in what mood."""

from __future__ import annotations

from typing import Any, Final

from sentinel.scopes import RIVALS

from .axes import ZERO, date_ticks
from .numerals import count, percent, signed
from .series import Series, cut
from .topics import FEWEST_AUTHORS, by_period, mean_mood, share_of, unit_of, view
from .words import Words

__all__ = ["voice"]

OWN: Final = "entity:qwen"
MOST_RIVALS: Final = 4
#: Rivals are named less often than topics.
_COARSER: Final = {"week": "month", "month": "quarter", "quarter": "quarter"}
_STYLES: Final = (
    ("mood", "solid"),
    ("second", "dash"),
    ("fell", "dot"),
    ("rose", "dashdot"),
    ("exploratory", "longdash"),
)


def voice(series: list[Series], words: Words) -> dict[str, Any] | None:
    """Answer, two figures and a table; None where Qwen or every rival is named by no post."""
    named = {one.scope: one for one in series}
    rivals = [one for name, one in named.items() if name.removeprefix("entity:") in RIVALS - {"rivals"}]
    rivals = sorted((one for one in rivals if one.n_posts.sum()), key=lambda s: (-s.n_posts.sum(), s.scope))
    if OWN not in named or not rivals or not named[OWN].n_posts.sum():
        return None
    shown = [named[OWN], *rivals[:MOST_RIVALS]]
    first, last = view(named.get("all", named[OWN]))
    unit = _COARSER[unit_of(last - first + 1)]
    cells = [by_period(cut(one, first, last), unit) for one in shown]
    periods = list(cells[0][0])
    totals = {period: sum(posts.get(period, 0) for posts, _ in cells) for period in periods}
    share = [[share_of(posts.get(p, 0), totals[p]) for p in periods] for posts, _ in cells]
    mood = [[moods.get(p) for p in periods] for _, moods in cells]
    names = [words.scope(one.scope) for one in shown]
    return {
        "answer": _answer(shown, names, words),
        "unit": words(f"topics.by_{unit}"),
        "fewest": FEWEST_AUTHORS,
        "hidden": len(rivals) - len(shown) + 1,
        "legend": [
            {"name": name, "colour": _STYLES[at][0], "dash": _STYLES[at][1]} for at, name in enumerate(names)
        ],
        "rows": _rows(shown, names),
        "periods": periods,
        "cells": [
            [name, [[_percent(s), signed(m)] for s, m in zip(*own, strict=True)]]
            for name, *own in zip(names, share, mood, strict=True)
        ],
        "figures": {
            "plot-voice-share": _figure(
                words, periods, names, share, "%{y:.0f}%", {"rangemode": "tozero", "ticksuffix": "%"}
            ),
            "plot-voice-mood": _figure(
                words,
                periods,
                names,
                mood,
                "%{y:+.2f}",
                {"tickformat": "+.2f", "labelalias": ZERO, "zerolinecolor": "@muted"},
            ),
        },
    }


def _answer(shown: list[Series], names: list[str], words: Words) -> str:
    """Qwen's share among those shown, and where the mood on it ranks."""
    total = sum(one.n_posts.sum() for one in shown)
    text = words(
        "voice.answer",
        own=names[0],
        rivals=words("list.comma").join(names[1:]),
        share=percent(shown[0].n_posts.sum(), total),
        n=int(total),
    )
    moods = {name: mean_mood(one) for name, one in zip(names, shown, strict=True)}
    known = {name: mood for name, mood in moods.items() if mood is not None}
    if names[0] in known and len(known) > 1:
        others = {name: mood for name, mood in known.items() if name != names[0]}
        best, worst = max(others, key=lambda n: others[n]), min(others, key=lambda n: others[n])
        text += words("sentence.space") + words(
            "voice.mood",
            own=names[0],
            mood=signed(known[names[0]]),
            worst=worst,
            worst_mood=signed(others[worst]),
            best=best,
            best_mood=signed(others[best]),
        )
    return text


def _rows(shown: list[Series], names: list[str]) -> list[list[str]]:
    """Name, posts, share, mood, and that less the mood on Qwen."""
    total = sum(one.n_posts.sum() for one in shown)
    own = mean_mood(shown[0])
    rows = []
    for at, (name, one) in enumerate(zip(names, shown, strict=True)):
        mood = mean_mood(one)
        less = None if not at or mood is None or own is None else mood - own
        posts = one.n_posts.sum()
        rows.append([name, count(posts), percent(posts, total), signed(mood), signed(less)])
    return rows


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0f}%"


def _figure(
    words: Words,
    periods: list[str],
    names: list[str],
    lines: list[list[float | None]],
    value: str,
    axis: dict[str, Any],
) -> dict[str, Any]:
    """One line each, told apart by colour and by dashes."""
    fixed = {"fixedrange": True, "gridcolor": "@grid"}
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": periods,
                "y": [None if v is None else round(v, 3) for v in line],
                "line": {"color": f"@{colour}", "dash": dash, "width": 2.4 if colour == "mood" else 1.8},
                "marker": {"size": 4, "color": f"@{colour}"},
                "connectgaps": False,
                "hovertemplate": f"<b>{name}</b> {value}<extra></extra>",
            }
            for name, line, (colour, dash) in zip(names, lines, _STYLES, strict=False)
        ],
        "layout": {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 50, "r": 12, "t": 6, "b": 30},
            "xaxis": {
                "type": "date",
                "fixedrange": True,
                "showgrid": False,
                "tickangle": 0,
                "tickformatstops": date_ticks(words),
            },
            "yaxis": {**fixed, **axis},
        },
    }
