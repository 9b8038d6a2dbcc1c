"""When a timing comes next, on the clock of a time zone and over its clock changes.

A time that the clock shows twice (autumn) comes at its first; one that it skips (spring) comes as much later as the
clock was put forward. A cron line whose hour is ``*`` follows the hours that really pass instead, all of them.
APScheduler works out which wall-clock times match; which instants they are is settled here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from sentinel.days import NYSE
from sentinel.errors import SettingsError
from sentinel.timing import CronFields, RunWindow, Timing

__all__ = ["check", "following", "following_interval", "opening", "preview", "warnings", "zone_of"]

_NEAR: Final = timedelta(hours=26)  # no clock was ever changed by more than a day
_END: Final = datetime(2199, 12, 31, tzinfo=UTC)  # a line that never comes is given up there
_LOOK_AHEAD: Final = 400  # days that are searched for clock changes
_MINUTE: Final = timedelta(minutes=1)
_WINDOWS: Final = 800  # of hours that are looked through for a time of a cron line


def zone_of(timing: Timing, default: str) -> ZoneInfo:
    """Whose clock a timing means."""
    name = timing.zone or default
    return ZoneInfo("America/New_York" if name == NYSE else name)


def check(timing: Timing) -> None:
    """Refuse a cron line that is out of range or never comes.

    Raises
    ------
    SettingsError
        With the line and what is wrong with it.
    """
    if timing.cron is None:
        return
    line = " ".join(timing.cron)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        first = _next_wall(timing.cron, start)
    except ValueError as error:
        raise SettingsError(f"cron: {line!r}: {error}") from None
    if first is None:
        raise SettingsError(f"cron: {line!r} never comes")
    if timing.between is not None and following(timing, ZoneInfo("UTC"), start) is None:
        raise SettingsError(f"cron: {line!r} never comes within the hours of 'between'")


def following(timing: Timing, zone: ZoneInfo, after: datetime) -> datetime | None:
    """When a cron line comes first after `after`, within its window of hours; ``None`` if never."""
    for _ in range(_WINDOWS):
        moment = _following_line(timing.cron or ("*",) * 5, zone, after)
        if moment is None or timing.between is None or timing.between.holds(moment.astimezone(zone)):
            return moment
        after = max(moment, opening(timing.between, zone, moment) - timedelta(microseconds=1))
    return None


def following_interval(timing: Timing, zone: ZoneInfo, slot: datetime, now: datetime) -> datetime:
    """When an interval comes next after `now`, counted from `slot`; outside its window, when that opens."""
    every = timing.every or _MINUTE
    passed = max(0, (now - slot) // every)
    return opening(timing.between, zone, slot + (passed + 1) * every)


def opening(window: RunWindow | None, zone: ZoneInfo, moment: datetime) -> datetime:
    """`moment`, if the window is open then; else when it opens next."""
    if window is None or window.holds(moment.astimezone(zone)):
        return moment
    opens = CronTrigger(
        minute=window.opens % 60, hour=window.opens // 60, second=0, timezone=UTC, end_date=_END
    )
    wall = moment.astimezone(zone).replace(tzinfo=UTC) - _NEAR
    while True:
        wall = opens.get_next_fire_time(None, wall)
        instant = _instants(wall, zone, both=False)[0]
        if instant > moment and window.holds(instant.astimezone(zone)):
            return instant
        wall += _MINUTE


def preview(timing: Timing, default_zone: str, due: datetime | None, n: int = 3) -> list[datetime]:
    """The next `n` runs, if each ends well before the next; the first of them at `due`."""
    zone = zone_of(timing, default_zone)
    found: list[datetime] = []
    while due is not None and len(found) < n:
        found.append(due)
        due = (
            following_interval(timing, zone, due, due)
            if timing.every is not None
            else following(timing, zone, due)
        )
    return found


def warnings(timing: Timing, default_zone: str, now: datetime) -> Iterator[str]:
    """What a clock change of the coming year does to a timing, a sentence each."""
    zone = zone_of(timing, default_zone)
    changes = [day for day in range(_LOOK_AHEAD) if _changes(zone, now, day)]
    if timing.every is not None:
        if changes and timing.every >= timedelta(days=1) and timing.between is None:
            yield (
                f"an interval of {timing.every.days} days moves by an hour on the clock of {zone.key} at its "
                "clock changes; 'at' and 'cron' do not"
            )
        return
    if timing.cron is None or timing.cron[1].startswith("*"):
        return
    for day in changes:
        start = _midnight(zone, now, day)
        wall = _next_wall(timing.cron, start)
        while wall is not None and wall < start + timedelta(days=1):
            sentence = _odd(wall, zone)
            if sentence:
                yield sentence
                break  # one a clock change says it
            wall = _next_wall(timing.cron, wall + _MINUTE)


def _midnight(zone: ZoneInfo, now: datetime, day: int) -> datetime:
    """Midnight on the clock, `day` days from today, written as if it were UTC."""
    wall = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC, fold=0)
    return wall + timedelta(days=day)


def _changes(zone: ZoneInfo, now: datetime, day: int) -> bool:
    """Whether the clock is changed on that day."""
    start = _midnight(zone, now, day).replace(tzinfo=zone)
    return start.utcoffset() != (start + timedelta(days=1)).utcoffset()  # wall-clock arithmetic


def _odd(wall: datetime, zone: ZoneInfo) -> str:
    first, *second = _instants(wall, zone, both=True)
    shown = f"{wall:%H:%M} on {wall:%Y-%m-%d}"
    if second:
        return f"{shown} comes twice in {zone.key}; it runs the first time only"
    real = first.astimezone(zone)
    if real.replace(tzinfo=UTC, fold=0) != wall:
        return f"{shown} does not exist in {zone.key}; it runs at {real:%H:%M}"
    return ""


def _following_line(fields: CronFields, zone: ZoneInfo, after: datetime) -> datetime | None:
    wall = after.astimezone(zone).replace(tzinfo=UTC, fold=0)
    found = _next_wall(fields, wall + timedelta(microseconds=1))
    if found is not None and not _unsteady(zone, after) and not _unsteady(zone, found.replace(tzinfo=zone)):
        return found.replace(tzinfo=zone).astimezone(UTC)
    return _around_a_change(fields, zone, after)


def _unsteady(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether the clock is changed within a day or so of a moment."""
    instant = moment.astimezone(UTC)
    before, later = (instant - _NEAR).astimezone(zone), (instant + _NEAR).astimezone(zone)
    return before.utcoffset() != later.utcoffset()


def _around_a_change(fields: CronFields, zone: ZoneInfo, after: datetime) -> datetime | None:
    """As `_following_line`, looking at every time around a clock change: their order there is not the clock's."""
    both = fields[1].startswith("*")
    best: datetime | None = None
    wall = _next_wall(fields, after.astimezone(zone).replace(tzinfo=UTC, fold=0) - _NEAR)
    while wall is not None:
        later = [instant for instant in _instants(wall, zone, both=both) if instant > after]
        best = min([*later, best] if best is not None else later, default=None)
        if best is not None and wall > best.astimezone(zone).replace(tzinfo=UTC, fold=0) + _NEAR:
            break
        wall = _next_wall(fields, wall + _MINUTE)
    return best


def _instants(wall: datetime, zone: ZoneInfo, *, both: bool) -> list[datetime]:
    """The instants at which a clock shows a time; of one that it skips, the one that it would have been."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if not both:
        return [first]
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return [first, second] if second > first else [first]


def _next_wall(fields: CronFields, start: datetime) -> datetime | None:
    """The first time on the clock from `start` on that a line names, written as if it were UTC.

    As in cron, a line that names days of the month and weekdays means both the ones and the others.
    """
    found = [trigger.get_next_fire_time(None, start) for trigger in _matching(fields)]
    return min((moment for moment in found if moment is not None), default=None)


@lru_cache(maxsize=256)
def _matching(fields: CronFields) -> tuple[CronTrigger, ...]:
    minute, hour, day, month, weekday = fields
    pairs = [(day, weekday)]
    if not day.startswith("*") and not weekday.startswith("*"):
        pairs = [(day, "*"), ("*", weekday)]
    return tuple(
        CronTrigger(
            minute=minute,
            hour=hour,
            day=one_day,
            month=month,
            day_of_week=one_weekday,
            second="0",
            timezone=UTC,
            end_date=_END,
        )
        for one_day, one_weekday in pairs
    )
