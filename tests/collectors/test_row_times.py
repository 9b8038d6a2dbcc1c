from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.row_times import RowTimes

from sentinel.batcher import Batcher

ID = "1916966000000000001"  # made at 21:21:24 UTC on 28 April 2025


def published(
    cells: dict[str, Any], platform: str, post_id: str | None = None, **settings: Any
) -> tuple[Any, ...]:
    batcher = Batcher()
    dates = [str(cells["published"])] if "published" in cells else []
    times = RowTimes(dates, settings.get("timezone"), settings.get("first"))
    found = times.published(cells, platform, post_id, batcher)
    return *found, *batcher.flush().warnings


@pytest.mark.parametrize(
    ("stated", "platform", "expected"),
    [
        ("2025-04-28T21:03:11Z", "x", ("2025-04-28T21:03:11Z", "second")),
        (
            "2025-04-28 21:03",
            "reddit",
            ("2025-04-28T21:03:00Z", "minute", "time without a zone, taken as UTC"),
        ),
        (
            "2025-04-28 21:03",
            "weibo",
            ("2025-04-28T13:03:00Z", "minute", "time without a zone, taken as Asia/Shanghai"),
        ),
        ("2025-04", "weibo", (None, "none", "date not understood or without a day; kept as undated")),
        ("2025-04-28", "weibo", ("2025-04-28", "day")),
        (1745874191, "weibo", ("2025-04-28T21:03:11Z", "second")),
    ],
)
def test_zones(stated: Any, platform: str, expected: tuple[Any, ...]) -> None:
    assert published({"published": stated}, platform) == expected


@pytest.mark.parametrize(
    ("first", "others", "told"),
    [
        ("05/01/2031 09:30", ["06/01/2031", "12/01/2031", "13/01/2031"], "2031-01-05T09:30:00Z"),
        ("01/05/2031 09:30", ["01/06/2031", "01/12/2031", "01/13/2031"], "2031-01-05T09:30:00Z"),
        ("01/01/2031 09:30", ["05/01/2031", "25/01/2031"], "2031-01-01T09:30:00Z"),
        ("05.01.2031 09:30", ["06.01.2031"], "2031-01-05T09:30:00Z"),
        ("01.05.2031 09:30", ["01.25.2031"], "2031-01-05T09:30:00Z"),
    ],
)
def test_later_rows_tell_day_from_month(first: str, others: list[str], told: str) -> None:
    batcher = Batcher()
    times = RowTimes([first], "UTC", None, lambda: [first, *others])
    assert times.published({"published": first}, "x", None, batcher) == (told, "minute")
    for other in others:
        assert str(times.published({"published": other}, "x", None, batcher)[0]).startswith("2031-01")
    assert not batcher.flush().warnings


def test_it_is_warned_where_no_row_tells_day_from_month() -> None:
    assert published({"published": "05/01/2031"}, "x") == (
        "2031-05-01",
        "day",
        "no row tells day from month; month first was taken (the setting day_first says)",
    )
    assert published({"published": "05/01/2031"}, "x", first=True) == ("2031-01-05", "day")
    assert published({"published": "05/05/2031"}, "x") == ("2031-05-05", "day")


def test_zone_of_the_settings_is_no_assumption() -> None:
    found = published({"published": "2025-04-28 21:03"}, "reddit", timezone="Asia/Tokyo")
    assert found == ("2025-04-28T12:03:00Z", "minute")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, "2025-04-28T21:21:24Z"),
        ("2025-04-28", "2025-04-28T21:21:24Z"),
        ("2025-04-29 05:21:24", "2025-04-28T21:21:24Z"),
        ("2025-04-28 21:21", "2025-04-28T21:21:00Z"),
        ("2025-04-28 20:00:00", "2025-04-28T20:00:00Z"),
        ("2024-04-28", "2024-04-28"),
        ("nonsense", "2025-04-28T21:21:24Z"),
    ],
)
def test_an_id_of_x_mends_times(stated: str | None, expected: str) -> None:
    cells = {} if stated is None else {"published": stated}
    assert published(cells, "x", ID)[0] == expected


def test_clock_in_a_column_of_its_own() -> None:
    cells = {"published": "28/04/2025", "clock": "9:03 PM"}
    assert published(cells, "reddit")[:2] == ("2025-04-28T21:03:00Z", "minute")
