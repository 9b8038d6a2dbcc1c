from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from sentinel_dashboards.events import read_story
from sentinel_dashboards.series import all_series
from sentinel_dashboards.timeline import timeline
from sentinel_dashboards.words import Words

from sentinel.results import Results


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


def test_a_day_with_a_wide_band_is_not_called_the_highest(results: Results) -> None:
    """The first days of a series have none before to lean on."""
    mood = results.mood.copy()
    mood.loc[mood.index[0], ["n_authors", "mood", "low", "high", "smoothed"]] = [20, 0.9, 0.4, 1.0, 0.7]
    usual = timeline(results, read_story(results), all_series(results.mood), Words("en"))["answer"]
    told = timeline(results, read_story(results), all_series(mood), Words("en"))["answer"]
    assert "highest on" in told
    assert told.partition("highest")[2] == usual.partition("highest")[2]


def test_breaks_are_drawn(results: Results) -> None:
    breaks = [{"date": "2025-05-01", "source": "x", "reason": "new search query"}]
    with_break = replace(results, options={**results.options, "breaks": breaks})
    made = timeline(with_break, read_story(with_break), all_series(results.mood), Words("en"))
    assert made["payload"]["breaks"] == ["2025-05-01"]
    assert made["breaks"][0]["reason"] == "new search query"


def test_single_posts_do_not_stretch_the_axis(results: Results, changed: Callable[..., Results]) -> None:
    mood = results.mood.copy()
    mood.loc[mood.index[0], ["n_authors", "mood", "low", "high", "smoothed"]] = [1, 1.0, 0.2, 1.0, 0.9]
    first = timeline(results, read_story(results), all_series(mood), Words("en"))["payload"]["series"][0]
    assert first["range"][1] < 0.6


def test_first_view_holds_nearly_all_posts(results: Results) -> None:
    mood = results.mood[results.mood["scope"] == "all"].copy()
    mood.loc[mood.index[0], "day"] = "2015-01-06"
    series = all_series(mood)
    first = timeline(results, read_story(results), series, Words("en"))["payload"]["series"][0]
    begin, end = first["bulk"]
    assert begin > 3_000
    assert sum(first["posts"][begin : end + 1]) >= 0.99 * sum(first["posts"])


def test_mood_weighted_by_reach_is_that_of_a_week(results: Results) -> None:
    made = timeline(results, read_story(results), all_series(results.mood), Words("en"))
    assert made["reach"]
    assert set(made["payload"]["reach"][:290]) == {250}
    bare = replace(results, reach=results.reach.head(0))
    without = timeline(bare, read_story(bare), all_series(bare.mood), Words("en"))
    assert not without["reach"]
    assert set(without["payload"]["reach"]) == {None}
