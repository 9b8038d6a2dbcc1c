from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from sentinel.dates import BEIJING, UNDATED, day_first, epoch, iso, snowflake, when, x_time, zone_named
from sentinel.errors import SettingsError

T = ("2025-04-28T21:03:11Z", "second")


@pytest.mark.parametrize(
    "written",
    [
        "Mon Apr 28 21:03:11 +0000 2025",
        "2025-04-28T21:03:11Z",
        "2025-04-28T21:03:11.9999999Z",
        "2025-04-28 21:03:11+00:00",
        "2025-04-29T05:03:11+0800",
        "2025/04/28 21:03:11",
        "2025-04-28 21:03:11 UTC",
        "2025-04-28 16:03:11 EST",
        "2025-04-28 23:03:11 CEST",
        "Mon Apr 28 14:03:11 PDT 2025",
        "Mon Apr 28 21:03:11 2025",
        "Mon, 28 Apr 2025 21:03:11 +0000",
        "Mon, 28 Apr 2025 17:03:11 EDT",
        "04/28/2025 09:03:11 PM",
        "Apr 28, 2025, 9:03:11 PM",
        "20250428210311",
        "20250428T210311Z",
        "20250429T050311+0800",
        "1745874191",
        "1745874191.7",
        "1745874191000",
        1745874191,
        1745874191.0,
        1745874191999,
        1745874191000000,
        1745874191000000000,
    ],
)
def test_seconds(written: Any) -> None:
    assert when(written) == T


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-09-28 21:57 +0000", ("2018-09-28T21:57:00Z", "minute")),
        ("9:03 PM · Apr 28, 2025", ("2025-04-28T21:03:00Z", "minute")),
        ("2025年4月28日 21:03", ("2025-04-28T21:03:00Z", "minute")),
        ("2025-04-28", ("2025-04-28", "day")),
        ("20250428", ("2025-04-28", "day")),
        ("20250428 21:03", ("2025-04-28T21:03:00Z", "minute")),
        ("Tue, Jul 14, 2026", ("2026-07-14", "day")),
        ("28 April 2025", ("2025-04-28", "day")),
        ("28-Apr-25", ("2025-04-28", "day")),
        ("2025年4月28日 下午9:03", ("2025-04-28T21:03:00Z", "minute")),
        ("2025年4月28日 上午12：03", ("2025-04-28T00:03:00Z", "minute")),
        ("2025-04-29T05:03:11+08:00[Asia/Shanghai]", ("2025-04-28T21:03:11Z", "second")),
        ("28-Apr-2025 09:03PM", ("2025-04-28T21:03:00Z", "minute")),
        ("4/28/25", ("2025-04-28", "day")),
        ("Mon 4/28/2025 9:03 pm", ("2025-04-28T21:03:00Z", "minute")),
    ],
)
def test_minutes_and_days(written: str, expected: tuple[str, str]) -> None:
    assert when(written) == expected


NO_DATES: tuple[Any, ...] = (
    "",
    "2025-04",
    "2025",
    "31/02/2025",
    "2025-02-30",
    "2 hours ago",
    "0",
    "NaN",
    "9" * 500,
)
NO_MOMENTS: tuple[Any, ...] = (0, -5, True, None, float("nan"), float("inf"), 10**30, "0001-01-01", [], {})


@pytest.mark.parametrize("written", [*NO_DATES, *NO_MOMENTS, "9999-12-31T23:59:59-14:00"])
def test_what_is_no_date_is_undated(written: Any) -> None:
    assert when(written) == UNDATED


def test_zone_of_times_that_name_none() -> None:
    assert iso("2025-04-29 05:03:11", BEIJING) == T
    assert iso("2025-04-28 21:03:11", UTC) == T
    assert iso("2025-04-28T21:03:11Z", BEIJING) == T


def test_order_of_day_and_month() -> None:
    assert day_first(["03/04/2025", "28/04/2025"]) is True
    assert day_first(["03/04/2025", "04/28/2025"]) is False
    assert day_first(["03/04/2025"]) is None
    assert day_first(["03.04.2025"]) is None
    assert day_first(["03.04.2025", "04.28.2025"]) is False
    assert when("03.04.2025 21:03") == ("2025-04-03T21:03:00Z", "minute")
    assert when("03.04.2025", days_first=False)[0] == "2025-03-04"
    assert when("03/04/2025")[0] == "2025-03-04"
    assert when("03/04/2025", days_first=True)[0] == "2025-04-03"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat Nov 09 12:14:18 +0000 2024", ("2024-11-09T12:14:18Z", "second")),
        ("Sat Nov 09 00:14:18 +0800 2024", ("2024-11-08T16:14:18Z", "second")),
        ("Thu Feb 29 23:59:59 +0000 2024", ("2024-02-29T23:59:59Z", "second")),
        ("Wed Feb 29 23:59:59 +0000 2023", UNDATED),
        ("Sat Nov 09 24:00:00 +0000 2024", UNDATED),
        ("Sat Nov 09 12:14:60 +0000 2024", UNDATED),
        ("Sat Nov 09 12:14:18 +0000 1970", UNDATED),
        ("Sat Nov 09 12:14:18 +0000 20244", UNDATED),
        ("Sat Nov  9 12:14:18 +0000 2024", UNDATED),
    ],
)
def test_times_of_x_whether_in_utc_or_not(text: str, expected: tuple[str | None, str]) -> None:
    assert x_time(text) == expected


def test_x_time_knows_english_months_only() -> None:
    assert x_time("Mon Avr 28 21:03:11 +0000 2025") == UNDATED


def test_epoch_of_a_text() -> None:
    assert epoch("1745874191") == T
    assert epoch("soon") == UNDATED


def test_snowflake() -> None:
    assert snowflake("1916966000000000001") == ("2025-04-28T21:21:24Z", "second")
    assert snowflake("20") == UNDATED
    assert snowflake("not an id") == UNDATED
    assert snowflake(None) == UNDATED


def test_unknown_zone_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="timezone 'Beijing' is not known"):
        zone_named("Beijing")


def test_digits_alone_are_in_the_zone_of_the_source() -> None:
    assert when("20250429050311", BEIJING) == T
