from __future__ import annotations

from datetime import timedelta

import pytest

from sentinel.errors import SettingsError
from sentinel.timing import Timing, parse_duration, parse_timing


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 s", 30),
        ("15 min", 900),
        ("15min", 900),
        ("2 h", 7200),
        ("2 hours", 7200),
        ("1 day", 86_400),
        ("3 Days", 259_200),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "15", "min", "0 min", "-5 min", "5 fortnights", "1.5 h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="is no duration; expected such as"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("line", "weekdays"),
    [
        ("0 9 * * 1", "mon"),
        ("0 9 * * 0", "sun"),
        ("0 9 * * 7", "sun"),
        ("0 9 * * 1-5", "mon,tue,wed,thu,fri"),
        ("0 9 * * fri-sun", "fri,sat,sun"),
        ("0 9 * * 5-7", "fri,sat,sun"),
        ("0 9 * * sat-mon", "sat,sun,mon"),
        ("0 9 * * Monday,3", "mon,wed"),
        ("0 9 * * *", "*"),
        ("@weekly", "sun"),
    ],
)
def test_weekdays_are_counted_as_people_count_them(line: str, weekdays: str) -> None:
    timing = parse_timing(cron=line)
    assert timing is not None
    assert timing.cron is not None
    assert timing.cron[4] == weekdays


def test_a_time_of_day_is_a_daily_cron() -> None:
    assert parse_timing(at="07:05") == Timing(cron=("5", "7", "*", "*", "*"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"every": "1 h", "at": "07:00"}, "every and at are given together"),
        ({"at": "25:00"}, "no time of day"),
        ({"cron": "0 9 * *"}, "has 4 fields"),
        ({"cron": "0 9 * * 8"}, "'8' is no weekday"),
        ({"cron": "@often"}, "has 1 fields"),
    ],
)
def test_a_wrong_timing_says_what_is_expected(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse_timing(**given)


def test_no_timing_is_none() -> None:
    assert parse_timing() is None
