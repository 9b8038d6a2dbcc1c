from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from sentinel_dashboards.measured import figures
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


def test_the_figures_of_others_are_not_those_of_a_scorer(
    results: Results, changed: Callable[..., Results]
) -> None:
    context = {"name": "spam", "version": "1", "scores": False, "quality": {"en": {"spam = y, F1": "0.95"}}}
    for own in (
        "not measured",
        {"zh": {"macro_f1": 0.6}},
        {"en": {"confusion": {"negative": {"negative": 9}}}},
    ):
        models = [context, {"name": "odd", "version": "1", "scores": True, "quality": own}]
        rows = quality(changed(models=models), [], Words("en"))["languages"]
        assert {row[0]: row[3] for row in rows}["English"].removeprefix("odd: ") == "not measured"


def test_unnamed_values_are_told(results: Results, changed: Callable[..., Results]) -> None:
    made = quality(changed(shares={"platform": {"x": 3, "": 1}}), [], Words("en"))
    assert made["platforms"] == [["X", "3", "75%"], ["not stated", "1", "25%"]]


def test_a_figure_names_the_posts_it_was_measured_on_in_both_languages() -> None:
    quality = {"macro-F1, gold 2022-26 English": "0.65 (0.57-0.72, n 184)", "n": 1000}
    assert (
        figures(quality, Words("en")) == "macro-F1 0.65 (0.57-0.72, n 184) on gold posts of 2022-26, n 1,000"
    )
    assert figures(quality, Words("zh")).startswith("2022-26 年人工标注集：宏平均 F1 0.65 (0.57-0.72, n 184)")
    assert figures({"F1, a set of theirs": "0.5"}, Words("en")) == "F1, a set of theirs 0.5"


def test_corrected_posts_are_counted(results: Results, changed: Callable[..., Results]) -> None:
    made = quality(changed(counts={**results.counts, "corrected": 12}), [], Words("en"))
    assert [row["n"] for row in made["traits"] if row["name"] == "corrected by hand"] == ["12"]


def test_every_measured_figure_of_our_models_is_told_in_chinese() -> None:
    path = Path(str(files("sentinel_models"))) / "artifacts" / "quality.json"
    measured = json.loads(path.read_text(encoding="utf-8"))
    assert measured
    for by_lang in measured.values():
        for by_measure in by_lang.values():
            told = figures({name: "" for name in by_measure}, Words("zh"))
            assert not re.search("gold|English|macro|topics|spam|about", told), told


def test_what_is_to_be_known_is_told_in_the_readers_language(
    results: Results, changed: Callable[..., Results]
) -> None:
    notes = [
        "3 of 1,200 posts name no author; each counts as an author of its own",
        "a.csv: was not read to its end; run again",
        "12 posts are dated before 1990-01-01 or after 2100-01-01; in no series",
        "5 posts were erased on request; among the skipped rows",
        "posts of days before 2025-01-01 are not kept; every series begins on that day at the earliest",
    ]
    told = quality(changed(notes=notes), [], Words("zh"))["notes"]
    assert told[1] == "a.csv：没有读完，请再运行一次"
    assert not any("posts" in note for note in told)
    assert quality(changed(notes=notes), [], Words("en"))["notes"] == notes


def test_many_gaps_are_counted_by_platform(results: Results, changed: Callable[..., Results]) -> None:
    spans = [(f"2025-{month:02d}-01", f"2025-{month:02d}-0{4 + month % 3}") for month in range(1, 11)]
    gaps = pd.DataFrame(
        [("x", *span) for span in spans] + [("github", *span) for span in spans[:3]],
        columns=["platform", "first", "last"],
    )
    made = quality(changed(gaps=gaps), [], Words("zh"))
    assert made["gap_sums"] == [
        ["X", "10", "50", "2025-02-01 – 2025-02-06"],
        ["GitHub", "3", "15", "2025-02-01 – 2025-02-06"],
    ]
    assert len(made["gaps"]) == 13
    assert quality(changed(gaps=gaps.head(5)), [], Words("en"))["gap_sums"] == []
