"""Which day a time belongs to."""

from __future__ import annotations

import numpy as np
import pytest

from sentinel.days import mood_days
from sentinel.errors import UsageError


def test_midnight_of_the_zone_ends_a_day() -> None:
    found = mood_days(["2025-04-28T15:59:59Z", "2025-04-28T16:00:00Z"], "Asia/Shanghai")
    assert found.tolist() == [np.datetime64("2025-04-28").item(), np.datetime64("2025-04-29").item()]


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2014-09-19T19:59:59Z", "2014-09-19"),  # 15:59:59 in summer
        ("2014-09-19T20:00:00Z", "2014-09-20"),
        ("2015-01-28T20:59:59Z", "2015-01-28"),  # 15:59:59 in winter
        ("2015-01-28T21:00:00Z", "2015-01-29"),
    ],
)
def test_posts_after_the_close_belong_to_the_next_market_day(published: str, day: str) -> None:
    assert str(mood_days([published], "NYSE")[0]) == day


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "NYSE"])
def test_a_bare_date_is_its_own_day_everywhere(zone: str) -> None:
    assert str(mood_days(["2025-04-28"], zone)[0]) == "2025-04-28"


@pytest.mark.parametrize("published", [None, "", "  ", "2025", "2025-04"])
def test_what_has_no_day_is_undated(published: str | None) -> None:
    assert np.isnat(mood_days([published, "2025-04-28"], "UTC")).tolist() == [True, False]


def test_offsets_are_honoured() -> None:
    found = mood_days(["2025-04-28T23:30:00+08:00", "2025-04-28 15:30:00.250", "2025-04-28T15:30:00Z"], "UTC")
    assert len(set(found.tolist())) == 1


def test_nothing_has_no_days() -> None:
    assert len(mood_days([], "UTC")) == 0


@pytest.mark.parametrize("published", ["yesterday", "2025-13-01", "28/04/2025", "2025-4"])
def test_an_unreadable_time_is_named_with_its_row(published: str) -> None:
    with pytest.raises(UsageError, match="row 2: '"):
        mood_days(["2025-04-28", published], "UTC")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="'Shanghai' is no time zone"):
        mood_days(["2025-04-28"], "Shanghai")
