"""When timings come, over the clock changes of New York and on the clock of Shanghai, which has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sentinel.errors import SettingsError
from sentinel.schedule_triggers import check, following, following_interval, opening, preview, warnings
from sentinel.timing import Timing, parse_between, parse_timing

NEW_YORK = ZoneInfo("America/New_York")
SPRING = datetime(2031, 3, 9, 5, 0, tzinfo=UTC)  # midnight in New York; 02:00 to 03:00 is skipped
AUTUMN = datetime(2031, 11, 2, 4, 0, tzinfo=UTC)  # midnight in New York; 01:00 to 02:00 comes twice
DAY = timedelta(days=1)


def cron(line: str, between: str | None = None) -> Timing:
    return parse_timing(cron=line, between=between) or Timing()


def fires(timing: Timing, zone: ZoneInfo, start: datetime, end: datetime) -> list[str]:
    """Local times with offset."""
    found = []
    moment = following(timing, zone, start - timedelta(microseconds=1))
    while moment is not None and moment < end:
        found.append(moment.astimezone(zone).strftime("%d %H:%M%z"))
        moment = following(timing, zone, moment)
    return found


@pytest.mark.parametrize(
    ("line", "start", "expected"),
    [
        ("30 2 * * *", SPRING, ["09 03:30-0400"]),  # does not exist: as much later
        ("30 1 * * *", AUTUMN, ["02 01:30-0400"]),  # twice: the first
        ("0 1,2 * * *", AUTUMN, ["02 01:00-0400", "02 02:00-0500"]),
        ("0 2,3 * * *", SPRING, ["09 03:00-0400"]),  # both are the same moment: one run
    ],
)
def test_a_time_of_day_comes_once_a_day(line: str, start: datetime, expected: list[str]) -> None:
    assert fires(cron(line), NEW_YORK, start, start + timedelta(hours=20)) == expected


@pytest.mark.parametrize(("start", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_an_hourly_line_follows_the_hours_that_pass(start: datetime, hours: int) -> None:
    end = start.astimezone(NEW_YORK) + DAY  # midnight to midnight on the clock
    found = fires(cron("15 * * * *"), NEW_YORK, start, end.astimezone(UTC))
    assert len(found) == len(set(found)) == hours


def test_days_and_weekdays_of_a_line_are_both_meant() -> None:
    start = datetime(2031, 6, 1, tzinfo=UTC)
    found = fires(cron("0 0 13 * 5"), ZoneInfo("UTC"), start, start + 30 * DAY)
    assert [moment[:2] for moment in found] == ["06", "13", "20", "27"]  # Fridays, and Friday the 13th
    found = fires(cron("0 0 10 * 5"), ZoneInfo("UTC"), start, start + 30 * DAY)
    assert [moment[:2] for moment in found] == ["06", "10", "13", "20", "27"]


def test_monday_is_monday() -> None:
    start = datetime(2031, 3, 10, 12, tzinfo=UTC)  # a Monday
    assert following(cron("0 9 * * 1"), ZoneInfo("UTC"), start) == datetime(2031, 3, 17, 9, tzinfo=UTC)


@pytest.mark.parametrize("line", ["99 9 * * 1", "0 9 x * 1", "0 0 31 2 *"])
def test_a_line_that_never_comes_is_refused(line: str) -> None:
    with pytest.raises(SettingsError, match="cron: "):
        check(cron(line))


def test_a_line_outside_its_window_is_refused() -> None:
    with pytest.raises(SettingsError, match="never comes within the hours of 'between'"):
        check(cron("0 7 * * *", between="09:00 and 17:00"))


def test_a_leap_day_comes() -> None:
    check(cron("0 0 29 2 *"))
    found = following(cron("0 0 29 2 *"), ZoneInfo("UTC"), datetime(2097, 1, 1, tzinfo=UTC))
    assert found == datetime(2104, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("09:00 and 17:00", ["10 09:00", "10 16:59", "15 12:00"], ["10 08:59", "10 17:00"]),
        ("mon-fri 09:30-16:00", ["10 09:30", "14 15:59"], ["15 12:00", "10 09:29"]),
        ("22:00 to 06:00", ["10 23:00", "10 05:59"], ["10 06:00", "10 21:59"]),
        ("fri 22:00 to 06:00", ["14 23:00", "15 05:59"], ["14 05:59", "15 23:00"]),
        ("7 00:00 and 23:59", ["16 12:00"], ["15 12:00"]),
    ],
)
def test_windows_of_hours(text: str, inside: list[str], outside: list[str]) -> None:
    window = parse_between(text)
    for moments, held in ((inside, True), (outside, False)):
        for moment in moments:
            assert window.holds(datetime.strptime(f"2031-03-{moment}", "%Y-%m-%d %H:%M")) is held, moment


@pytest.mark.parametrize(
    "text", ["9 to 17", "09:00", "09:00 and 09:00", "25:00 and 26:00", "foo 09:00 and 10:00"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="between: "):
        parse_between(text)


def test_an_interval_waits_for_its_window() -> None:
    timing = parse_timing(every="15 min", between="mon-fri 09:00 and 17:00") or Timing()
    friday = datetime(2031, 3, 7, 21, 45, tzinfo=UTC)  # 16:45 in New York
    found = preview(Timing(timing.every, None, timing.between, "America/New_York"), "UTC", friday)
    monday = datetime(2031, 3, 10, 13, 0, tzinfo=UTC)  # the clock has changed meanwhile
    assert found == [friday, monday, monday + timedelta(minutes=15)]


def test_an_interval_keeps_its_grid_and_skips_what_passed() -> None:
    timing = parse_timing(every="15 min") or Timing()
    slot = datetime(2031, 3, 7, 12, tzinfo=UTC)
    assert following_interval(timing, NEW_YORK, slot, slot) == slot + timedelta(minutes=15)
    assert following_interval(timing, NEW_YORK, slot, slot + timedelta(minutes=47)) == slot + timedelta(
        hours=1
    )


def test_an_open_window_is_no_reason_to_wait() -> None:
    now = datetime(2031, 3, 7, 12, tzinfo=UTC)
    assert opening(None, NEW_YORK, now) == now
    assert opening(parse_between("07:00 and 08:00"), NEW_YORK, now) == now


def test_doubtful_times_are_told() -> None:
    now = datetime(2031, 1, 1, tzinfo=UTC)
    assert list(warnings(cron("30 2 * * *"), "America/New_York", now)) == [
        "02:30 on 2031-03-09 does not exist in America/New_York; it runs at 03:30"
    ]
    assert list(warnings(cron("30 1 * * *"), "America/New_York", now)) == [
        "01:30 on 2031-11-02 comes twice in America/New_York; it runs the first time only"
    ]
    for line, zone in (
        ("30 2 * * *", "Asia/Shanghai"),
        ("30 * * * *", "America/New_York"),
        ("0 7 * * *", "NYSE"),
    ):
        assert not list(warnings(cron(line), zone, now))
    daily = parse_timing(every="1 day") or Timing()
    assert "moves by an hour" in next(warnings(daily, "America/New_York", now))
    assert not list(warnings(daily, "Asia/Shanghai", now))
