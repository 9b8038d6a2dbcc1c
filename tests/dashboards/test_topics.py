from __future__ import annotations

import pandas as pd
from sentinel_dashboards.series import all_series
from sentinel_dashboards.topics import topics
from sentinel_dashboards.words import Words

from sentinel.results import Results


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


def test_the_most_frequent_topic_is_one_of_ours_and_need_not_be_most_posts(results: Results) -> None:
    heat = topics(all_series(results.mood), Words("en"))
    assert heat is not None
    usual = heat["answer"]
    assert usual.startswith("The most frequent topic was ")
    left = results.mood[results.mood["scope"] == "all"].assign(scope="topic:other", mood=-0.9)
    with_rest = topics(all_series(pd.concat([results.mood, left], ignore_index=True)), Words("en"))
    assert with_rest is not None
    assert with_rest["answer"] == usual


def test_without_topics_there_is_nothing_to_draw(results: Results) -> None:
    mood = results.mood[results.mood["scope"] == "all"]
    assert topics(all_series(mood), Words("en")) is None


def test_few_stray_posts_do_not_stretch_the_periods(results: Results) -> None:
    mood = results.mood.copy()
    mood.loc[mood.index[0], "day"] = "2015-01-06"
    heat = topics(all_series(mood), Words("en"))
    assert heat is not None
    assert heat["part"] is not None
    assert heat["periods"][0] >= "2024-12-30"


def test_mood_of_few_authors_is_blank(results: Results) -> None:
    mood = results.mood.assign(n_authors=0)
    heat = topics(all_series(mood), Words("en"))
    assert heat is not None
    assert all(value is None for row in heat["mood_figure"]["data"][0]["z"] for value in row)


def test_a_topic_of_few_voices_is_not_named_the_best_or_the_worst_liked(results: Results) -> None:
    def answer(few: str, n_authors: int) -> str:
        mood = results.mood.copy()
        rows = mood.index[(mood["scope"] == few) & mood["mood"].notna()]
        mood.loc[rows, "mood"], mood.loc[rows, "n_authors"] = float("nan"), 0
        mood.loc[rows[0], "mood"], mood.loc[rows[0], "n_authors"] = 0.99, n_authors
        heat = topics(all_series(mood), Words("en"))
        assert heat is not None
        return str(heat["answer"])

    scope = next(s.scope for s in all_series(results.mood) if s.scope.startswith("topic:"))
    assert "0.99" not in answer(scope, 29)
    assert "best on" in answer(scope, 30)
    assert "0.99" in answer(scope, 30)
