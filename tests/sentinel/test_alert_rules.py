from __future__ import annotations

from datetime import timedelta

import pytest

from sentinel.alert_rules import (
    DEFAULT_RULES,
    UNDERSTOOD,
    Failures,
    Finding,
    Move,
    Rejects,
    Rule,
    Silence,
    parse_rule,
)
from sentinel.errors import SettingsError

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "mood falls by 3 sigma in 24 h and n_authors >= 30",
            Move("mood", "all", -1, DAY, sigma=3.0, min_authors=30),
        ),
        (
            "Mood  of topic:pricing rises by 0.2 points in 3 days",
            Move("mood", "topic:pricing", 1, 3 * DAY, points=0.2),
        ),
        (
            "mood moves by 2 sigma and 0.1 points within 6 h",
            Move("mood", "all", 0, DAY / 4, sigma=2.0, points=0.1),
        ),
        (
            "volume of entity:qwen rises by 200 % in 12 h",
            Move("volume", "entity:qwen", 1, DAY / 2, percent=200.0),
        ),
        ("volume falls by 3 σ in 2 days", Move("volume", "all", -1, 2 * DAY, sigma=3.0)),
        ("finding", Finding()),
        ("finding of topic:pricing fell", Finding("topic:pricing", "fell")),
        ("no posts from Weibo for 6 h", Silence("weibo", DAY / 4)),
        ("no posts from reddit/LocalLLaMA for 2 days", Silence("reddit/localllama", 2 * DAY)),
        ("no posts for 1 day", Silence("", DAY)),
        ("rejects above 1 %", Rejects(0.01)),
        ("rejects above 0.5%", Rejects(0.005)),
        ("3 failures in a row", Failures(3)),
        ("2 failures in a row of collect 1 folder", Failures(2, "collect 1 folder")),
    ],
)
def test_rules(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


def test_what_is_given_as_understood_is() -> None:
    for text in (*UNDERSTOOD, *DEFAULT_RULES):
        parse_rule(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mood drops a lot", "is no rule; understood are such as 'mood falls by 3 sigma"),
        ("", "is no rule"),
        ("mood falls by 3 percent in 24 h", "'3 percent' is no size of a change"),
        ("mood falls by 20 % in 24 h", "mood has no percents"),
        ("mood falls by 3 points in 24 h", "cannot move by more than 2 points"),
        ("mood falls by 0 sigma in 24 h", "a change by 0 is none"),
        ("mood of qwen falls by 3 sigma in 24 h", "'qwen' is no scope; expected all"),
        ("mood falls by 3 sigma in 36 h", "up to 24 h, or whole days"),
        ("mood falls by 3 sigma in 90 days", "a time from 1 h to 7 days"),
        ("mood falls by 3 sigma in 5 min", "a time from 1 h"),
        ("mood falls by 3 sigma in 24 fortnights", "is no duration"),
        ("mood falls by 3 sigma in 24 h and n_posts >= 3", "'n_posts >= 3' is no condition"),
        ("no posts from x for 5 min", "a time from 1 h"),
        ("rejects above 0 %", "a share between 0 % and 100 %"),
        ("0 failures in a row", "at least 1 failure"),
    ],
)
def test_what_is_no_rule_says_what_is_understood(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse_rule(text)
