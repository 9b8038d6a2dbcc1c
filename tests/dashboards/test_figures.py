"""Figures of all families are what plotly takes, in both themes; the page's script fills in values only."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest
from sentinel_dashboards.effects import effects
from sentinel_dashboards.events import read_story
from sentinel_dashboards.palette import LIGHT, SHAPES, THEMES, painted
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


def test_timeline_packs_every_scope(results: Results) -> None:
    series = all_series(results.mood)
    made = timeline(results, read_story(results), series, Words("en"))
    packed = made["payload"]["series"]
    assert [one["scope"] for one in packed] == [s.scope for s in series]
    assert all(len(one[name]) == 300 for one in packed for name in ("mood", "low", "posts", "authors"))
    assert packed[0]["mood"][185] is None
    assert packed[0]["posts"][185] == 0
    json.dumps(made["payload"], allow_nan=False)


def test_timeline_axis_holds_the_band_and_counts_what_it_leaves_out(results: Results) -> None:
    first = timeline(results, read_story(results), all_series(results.mood), Words("en"))["payload"][
        "series"
    ][0]
    low, high = first["range"]
    assert low <= min(v for v in first["low"] if v is not None) / 1000
    assert high >= max(v for v in first["high"] if v is not None) / 1000
    dots = [v / 1000 for v in first["mood"] if v is not None]
    assert first["outside"] == sum(not low <= v <= high for v in dots)


def test_breaks_are_drawn(results: Results) -> None:
    from dataclasses import replace

    breaks = [{"date": "2025-05-01", "source": "x", "reason": "new search query"}]
    with_break = replace(results, options={**results.options, "breaks": breaks})
    made = timeline(with_break, read_story(with_break), all_series(results.mood), Words("en"))
    assert made["payload"]["breaks"] == ["2025-05-01"]
    assert made["breaks"][0]["reason"] == "new search query"


def test_share_and_mood_of_topics(results: Results) -> None:
    heat = topics(all_series(results.mood), Words("en"))
    assert heat is not None
    assert heat["periods"][0] == "2025-01-06"
    assert len(heat["periods"]) == 43
    share = heat["share_figure"]["data"][0]["z"]
    assert all(0 < v < 100 for row in share for v in row if v is not None)
    assert heat["mood_figure"]["data"][0]["zmin"] == -heat["mood_figure"]["data"][0]["zmax"]
    gap = heat["periods"].index("2025-07-07")
    assert all(row[gap] is None for row in heat["mood_figure"]["data"][0]["z"])


def test_effects_are_packed_once_a_cluster(results: Results) -> None:
    made = effects(results, read_story(results), Words("en"))
    columns, texts = made["payload"]["columns"], made["payload"]["texts"]
    assert len(columns["day"]) == 6 * 3 * 4  # clusters, windows, scopes
    assert "SAIC white paper <b>& reply</b> + Quarterly earnings beat expectations" in texts["title"]
    assert [row["number"] for row in made["table"]] == ["1", "2", "3", "4–5", "6", "7"]
    json.dumps(made["payload"], allow_nan=False)
