from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sentinel_dashboards.events import read_story, tone

from sentinel.results import Results


def test_announcements_are_numbered_by_day_and_joined_by_cluster(results: Results) -> None:
    story = read_story(results)
    assert [event.numbers for event in story.events] == ["1", "2", "3", "4–5", "6", "7"]
    assert [event.tone for event in story.events] == ["untested", "flat", "rose", "fell", "flat", "flat"]
    assert len(story.tested) == 5


def test_windows_follow_the_options_and_begin_a_day_earlier_without_a_time(results: Results) -> None:
    events = read_story(results).events
    assert (events[2].first, events[2].last) == (date(2025, 4, 28), date(2025, 4, 30))
    assert (events[3].first, events[3].last) == (date(2025, 6, 13), date(2025, 6, 16))


def test_windows_that_the_effects_state_are_taken(results: Results, changed: Callable[..., Results]) -> None:
    effects = results.effects.assign(first_day="2025-02-01", last_day="2025-02-04")
    event = read_story(changed(effects=effects)).events[2]
    assert (event.first, event.last) == (date(2025, 2, 1), date(2025, 2, 4))


def test_the_rest_of_the_calendar_is_lesser_or_left_out(results: Results) -> None:
    story = read_story(results)
    assert [a.title for a in story.lesser] == [
        "Partnership with a car maker",
        "Minor update of the model hub",
    ]
    assert story.outside == ()


def test_attention_compares_posts_a_day(results: Results) -> None:
    event = read_story(results).events[2]
    assert event.attention is not None
    assert 2 < event.attention.ratio < 4
    assert read_story(results).events[0].attention is None  # five days of history


def test_market_days(results: Results, changed: Callable[..., Results]) -> None:
    announcements = results.announcements.assign(time_utc="")
    late = announcements["title"] == "Qwen3 open weights released"
    announcements.loc[late, "time_utc"] = "2025-04-28T21:00:00Z"  # after the close in New York
    options = {**results.options, "timezone": "NYSE"}
    event = read_story(changed(announcements=announcements, options=options)).events[2]
    assert event.announced[0].day == date(2025, 4, 28)
    assert event.announced[0].zero == date(2025, 4, 29)


def test_without_a_primary_family_all_are_told(results: Results, changed: Callable[..., Results]) -> None:
    effects = results.effects.assign(family="exploratory", verdict="")
    story = read_story(changed(effects=effects))
    assert [event.tone for event in story.events].count("exploratory") == 5
    assert story.tested == ()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"family": "primary", "verdict": "rose", "p": 0.01}, "rose"),
        ({"family": "opened", "verdict": "fell", "p": 0.01}, "fell"),
        ({"family": "primary", "verdict": "not tested", "effect": 0.1}, "untested"),
        ({"family": "exploratory", "verdict": "", "p": 0.01}, "exploratory"),
        ({"family": "exploratory", "verdict": "rose", "p": 0.01}, "exploratory"),
        ({"family": "exploratory", "verdict": "", "p": None}, "untested"),
        ({}, "untested"),
    ],
)
def test_exploratory_rows_have_no_verdict(row: dict[str, object], expected: str) -> None:
    assert tone(row) == expected
