from __future__ import annotations

from collections.abc import Callable

import pytest
from sentinel_dashboards.quality import quality, voices
from sentinel_dashboards.series import all_series
from sentinel_dashboards.words import Words

from sentinel.results import Results


@pytest.mark.parametrize(("unnamed", "expected"), [(0, "authors"), (5_000, "voices"), (22_410, "posts")])
def test_voices(unnamed: int, expected: str, results: Results, changed: Callable[..., Results]) -> None:
    assert voices(changed(counts={**results.counts, "no_author": unnamed})) == expected


def test_rows_add_up(results: Results) -> None:
    made = quality(results, all_series(results.mood), Words("en"))
    assert made["adds_up"]
    assert made["answer"] == (
        "Every row is accounted for: 23,520 rows = 22,410 posts + 900 duplicates + 42 unreadable + 168 skipped."
    )


def test_mood_with_and_without_what_is_left_out(results: Results) -> None:
    made = quality(results, all_series(results.mood), Words("en"))
    assert made["filtered"].startswith(
        "With spam, copies, reposts and posts on other subjects the mean mood is +0.1"
    )


def test_quality_is_told_by_language_or_as_not_measured(results: Results) -> None:
    languages = {row[0]: row[3] for row in quality(results, [], Words("en"))["languages"]}
    assert languages["English"] == "linear: macro F1 0.71, n 1,000"
    assert languages["Japanese"] == "not measured"


def test_unnamed_values_are_told(results: Results, changed: Callable[..., Results]) -> None:
    made = quality(changed(shares={"platform": {"x": 3, "": 1}}), [], Words("en"))
    assert made["platforms"] == [["X", "3", "75%"], ["not stated", "1", "25%"]]
