"""Colours and shapes: readable, told apart, and taken by plotly in both themes."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest
from sentinel_dashboards.effects import effects
from sentinel_dashboards.events import read_story
from sentinel_dashboards.palette import LIGHT, SHAPES, THEMES
from sentinel_dashboards.series import all_series
from sentinel_dashboards.timeline import timeline
from sentinel_dashboards.topics import topics
from sentinel_dashboards.words import Words

from sentinel.results import Results


@pytest.fixture(scope="module")
def figures(results: Results) -> dict[str, dict[str, Any]]:
    words, story, series = Words("en"), read_story(results), all_series(results.mood)
    heat = topics(series, words)
    assert heat is not None
    return {
        "timeline": timeline(results, story, series, words)["payload"]["figure"],
        "effects": effects(results, story, words)["payload"]["figure"],
        "share": heat["share_figure"],
        "mood": heat["mood_figure"],
    }


def painted(value: Any, theme: str) -> Any:
    """The figure in the colours of a theme, as the page's script paints it."""
    if isinstance(value, dict):
        return {key: painted(part, theme) for key, part in value.items()}
    if isinstance(value, list):
        return [painted(part, theme) for part in value]
    return THEMES[theme][value[1:]] if isinstance(value, str) and value.startswith("@") else value


def tokens(value: Any) -> set[str]:
    """Colour names a figure uses."""
    if isinstance(value, dict):
        return set().union(*map(tokens, value.values()), set())
    if isinstance(value, list):
        return set().union(*map(tokens, value), set())
    return {value[1:]} if isinstance(value, str) and value.startswith("@") else set()


@pytest.mark.parametrize("name", ["timeline", "effects", "share", "mood"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_takes_every_figure(figures: dict[str, dict[str, Any]], name: str, theme: str) -> None:
    assert go.Figure(painted(figures[name], theme)).data


def test_every_colour_exists_in_both_themes(figures: dict[str, dict[str, Any]]) -> None:
    assert set(THEMES["dark"]) == set(LIGHT)
    assert tokens(figures) <= set(LIGHT)
    assert set(SHAPES) <= set(LIGHT)


def test_every_verdict_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "panel"])
@pytest.mark.parametrize("ink", ["ink", "muted", "rose", "fell", "flat", "untested", "exploratory"])
def test_text_can_be_read(theme: str, paper: str, ink: str) -> None:
    light, dark = sorted((luminance(THEMES[theme][ink]), luminance(THEMES[theme][paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
