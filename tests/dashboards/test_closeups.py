from __future__ import annotations

from collections.abc import Callable

import pytest
from sentinel_dashboards.closeups import Closeups
from sentinel_dashboards.events import Event, Story, read_story
from sentinel_dashboards.series import all_series
from sentinel_dashboards.words import Words

from sentinel.results import Results


@pytest.fixture
def story(results: Results) -> Story:
    return read_story(results)


@pytest.fixture
def closeups(results: Results, story: Story) -> Closeups:
    return Closeups(results, story, all_series(results.mood), Words("en"))


def named(story: Story, title: str) -> Event:
    return next(event for event in story.events if event.announced[0].title.startswith(title))


def test_a_panel_holds_curve_fan_volume_and_other_announcements(closeups: Closeups, story: Story) -> None:
    curve = closeups.curve(named(story, "Qwen3 open"))
    assert curve is not None
    assert {len(curve[name]) for name in ("offsets", "days", "posts", "curve", "q05", "q95", "authors")} == {
        29
    }
    assert curve["window"] == [0, 2]
    assert curve["posts"][14] > 3 * curve["posts"][10]
    assert [(mark["at"], mark["own"]) for mark in curve["marks"]] == [(0, True), (2, False)]
    assert curve["curve"][5] is None


def test_what_has_no_effect_has_no_panel(closeups: Closeups, story: Story) -> None:
    event = named(story, "Qwen2.5-Max")
    assert closeups.curve(event) is None
    assert closeups.table(event) == []
    assert closeups.sentence(event) == ""
    assert closeups.words(event) is None


def test_the_figure_is_told_in_a_sentence(closeups: Closeups, story: Story) -> None:
    text = closeups.sentence(named(story, "Qwen3 open"))
    assert "of 28 days it lies outside what nine in ten of the 240 ordinary dates show" in text
    assert "ordinary dates" not in closeups.sentence(named(story, "Alibaba pledges"))


def test_words_tell_shares_of_authors(closeups: Closeups, story: Story) -> None:
    found = closeups.words(named(story, "Qwen3 open"))
    assert found is not None
    assert [side["key"] for side in found["sides"]] == ["rose", "fell"]
    assert [word["after"] for word in found["sides"][0]["words"]] == ["28%", "19%"]
    assert found["sides"][0]["words"][1]["before"] == "0%"


def test_topics_are_sorted_by_their_shift(closeups: Closeups, story: Story) -> None:
    rows = closeups.topics(named(story, "Qwen3 open"))
    assert {row["name"] for row in rows} >= {"models", "open source"}
    assert next(row for row in rows if row["name"] == "models")["effect"] == "+0.12"


def test_words_are_text_and_nothing_else(page: str) -> None:
    assert "<b>千问</b>" not in page
    assert "&lt;b&gt;千问&lt;/b&gt;" in page


def test_reports_without_panels_are_whole(
    results: Results, changed: Callable[..., Results], render: Callable[[Results], str]
) -> None:
    assert "data-closeup=" not in render(changed(curves=results.curves.head(0), words=results.words.head(0)))
