"""Colours of page and figures, light and dark.

Figures name colours by token ("@rose"); the page replaces tokens with the values of the theme that is shown, so
that a figure is drawn once and worn twice. A verdict has a shape as well as a colour. Blue and vermilion are
told apart by every common kind of colour blindness, and by neither market's convention for up and down.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LIGHT", "SHAPES", "THEMES"]

LIGHT: Final = {
    "paper": "#ffffff",
    "panel": "#f6f6f3",
    "ink": "#1a1e24",
    "muted": "#59616c",
    "rule": "#dcdcd6",
    "grid": "#ecece7",
    "mood": "#40407a",
    "band": "rgba(64,64,122,0.16)",
    "second": "#8a5a00",
    "fan": "rgba(110,114,124,0.17)",
    "dot": "rgba(64,64,122,0.34)",
    "volume": "#b9bcc3",
    "gap": "rgba(120,110,90,0.15)",
    "span": "rgba(64,64,122,0.09)",
    "rose": "#0a66b2",
    "fell": "#b84a00",
    "flat": "#5f6772",
    "untested": "#686f79",
    "exploratory": "#7b5a94",
    "reach": "#e6e6e1",
    "low": "#b84a00",
    "middle": "#f4f3ee",
    "high": "#0a66b2",
    "few": "#f7f7f4",
    "many": "#40407a",
    "warn": "#7a4b00",
    "warn_paper": "#fff4dc",
}
_DARK: Final = {
    "paper": "#14171c",
    "panel": "#1c2027",
    "ink": "#e8eaed",
    "muted": "#a6aeb9",
    "rule": "#343a44",
    "grid": "#262b33",
    "mood": "#b6b4f2",
    "band": "rgba(182,180,242,0.20)",
    "second": "#e0b050",
    "fan": "rgba(170,176,186,0.17)",
    "dot": "rgba(182,180,242,0.38)",
    "volume": "#525a66",
    "gap": "rgba(220,205,170,0.13)",
    "span": "rgba(182,180,242,0.12)",
    "rose": "#63b3f5",
    "fell": "#f79a5c",
    "flat": "#a3abb6",
    "untested": "#8d95a0",
    "exploratory": "#c3a2dc",
    "reach": "#2b313a",
    "low": "#f08a45",
    "middle": "#242931",
    "high": "#58aaf0",
    "few": "#1c2027",
    "many": "#b6b4f2",
    "warn": "#ffd28a",
    "warn_paper": "#33270f",
}
THEMES: Final = {"dark": _DARK, "light": LIGHT}

SHAPES: Final = {
    "rose": "triangle-up",
    "fell": "triangle-down",
    "flat": "circle",
    "untested": "circle-open",
    "exploratory": "diamond-open",
}
"""Plotly's symbol of each verdict."""
