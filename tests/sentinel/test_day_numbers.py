from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from sentinel.day_numbers import day_numbers
from sentinel.days import mood_days
from sentinel.errors import UsageError

ZONES = (
    "Asia/Shanghai",
    "NYSE",
    "UTC",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Monrovia",
)


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_those_of_the_mood_on_the_second(zone: str) -> None:
    chance = random.Random(zone)
    first = datetime(1969, 1, 1, tzinfo=UTC)
    moments = [first + timedelta(seconds=chance.randrange(90 * 365 * 86_400)) for _ in range(2_000)]
    midnight = datetime(2025, 3, 8, tzinfo=UTC)  # the clocks of New York change on the next day
    moments += [midnight + timedelta(minutes=15 * n, seconds=s) for n in range(300) for s in (-1, 0, 1)]
    texts = [f"{moment:%Y-%m-%dT%H:%M:%S}Z" for moment in moments]
    assert day_numbers(texts, zone) == mood_days(texts, zone).astype("int64").tolist()


def test_other_ways_to_write_a_time_are_read_as_ever() -> None:
    texts = [None, "", "2025-04-28", "2025-04-28T21:00:00Z", "2025-04-28 21:00:00+08:00", "2025"]
    assert day_numbers(texts, "Asia/Shanghai") == [None, None, 20_206, 20_207, 20_206, None]
    assert day_numbers([None, "2025-04-28T21:00:00Z"], "Asia/Shanghai") == [None, 20_207]
    assert day_numbers(["0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z"], "America/New_York") == [
        -719_163,
        2_932_896,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30T21:00:00Z",
        "2025-02-03T25:00:00Z",
        "2025-02-03T0x:00:00Z",
        "2025-W01-T21:00:00Z",
        "T21:00:00Z",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="row 2"):
        day_numbers(["2025-02-28T21:00:00Z", text], "Asia/Shanghai")


def test_no_such_zone() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        day_numbers(["2025-02-28T21:00:00Z"], "Asia/Nowhere")
