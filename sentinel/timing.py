"""When a job runs, as people write it: ``every = "15 min"``, ``at = "07:00"``, ``cron = "0 7 * * mon-fri"``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sentinel.errors import SettingsError

__all__ = ["CronFields", "RunWindow", "Timing", "parse_between", "parse_duration", "parse_timing"]

CronFields = tuple[str, str, str, str, str]  #: minute, hour, day, month, weekday by name

_UNITS: Final = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "day": 86_400,
}
_DURATION: Final = re.compile(r"(\d{1,9})\s*([a-z]+)", re.IGNORECASE)
_LONGEST: Final = timedelta(days=3660)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_BETWEEN: Final = re.compile(
    rf"(?:(?P<days>[a-z0-7,\-]+)\s+)?{_CLOCK.pattern}\s*(?:and|to|-|–)\s*{_CLOCK.pattern}", re.IGNORECASE
)
_SHORTHANDS: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
# Numbers of weekdays as cron and people count them: 0 and 7 are Sunday. APScheduler's 0 is Monday.
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class RunWindow:
    """Hours of the day in which a job may start: from `opens` on, and before `closes`."""

    opens: int  #: minutes since midnight
    closes: int  #: the same; before `opens` if the window lasts over midnight
    weekdays: frozenset[int] = frozenset(range(7))  #: on which it opens; 0 is Monday, as Python counts

    def holds(self, wall: datetime) -> bool:
        """Whether a time on the clock lies in the window."""
        minute, weekday = wall.hour * 60 + wall.minute, wall.weekday()
        if self.opens < self.closes:
            return self.opens <= minute < self.closes and weekday in self.weekdays
        if minute >= self.opens:
            return weekday in self.weekdays
        return minute < self.closes and (weekday - 1) % 7 in self.weekdays


@dataclass(frozen=True, slots=True)
class Timing:
    """An interval, or the five fields of a cron line; exactly one of them. Perhaps a window of hours beside it."""

    every: timedelta | None = None
    cron: CronFields | None = None
    between: RunWindow | None = None
    zone: str | None = None  #: whose clock is meant; ``None`` is that of the settings


def parse_duration(text: str) -> timedelta:
    """A duration such as ``15 min``, ``2 h`` or ``1 day``.

    Raises
    ------
    SettingsError
        If it is none, is not longer than 0, or longer than ten years.
    """
    match = _DURATION.fullmatch(text.strip())
    unit = match[2].lower() if match else ""
    seconds = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if match is None or seconds is None or int(match[1]) == 0:
        raise SettingsError(f"{text!r} is no duration; expected such as '15 min', '2 h', '1 day'")
    if int(match[1]) * seconds > _LONGEST.total_seconds():
        raise SettingsError(f"{text!r} is longer than ten years; expected such as '15 min', '2 h', '1 day'")
    return timedelta(seconds=int(match[1]) * seconds)


def parse_timing(
    every: str | None = None,
    at: str | None = None,
    cron: str | None = None,
    between: str | None = None,
    zone: str | None = None,
) -> Timing | None:
    """The timing of a ``[[collect]]``, ``[[report]]`` or ``[[alert]]``; ``None`` if it has none.

    Raises
    ------
    SettingsError
        If more than one is given, or one is not understood.
    """
    given = {name: value for name, value in (("every", every), ("at", at), ("cron", cron)) if value}
    if len(given) > 1:
        raise SettingsError(f"{' and '.join(given)} are given together; give one of them")
    window = parse_between(between) if between else None
    if every:
        return Timing(every=parse_duration(every), between=window, zone=zone)
    if at:
        match = _CLOCK.fullmatch(at.strip())
        if match is None:
            raise SettingsError(f"at: {at!r} is no time of day; expected such as '07:00'")
        return Timing(cron=(str(int(match[2])), str(int(match[1])), "*", "*", "*"), between=window, zone=zone)
    return Timing(cron=_cron_fields(cron), between=window, zone=zone) if cron else None


def parse_between(text: str) -> RunWindow:
    """A window of hours such as ``09:00 and 17:00`` or ``mon-fri 09:30 and 16:00``.

    Raises
    ------
    SettingsError
        If it is none, or has no length.
    """
    match = _BETWEEN.fullmatch(text.strip())
    if match is None:
        raise SettingsError(
            f"between: {text!r} is no window of hours; expected such as '09:00 and 17:00' or "
            "'mon-fri 09:30 and 16:00'"
        )
    hour, minute, end_hour, end_minute = map(int, match.groups()[1:])
    opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
    if opens == closes:
        raise SettingsError(f"between: {text!r} ends when it begins; without it, the whole day is meant")
    if not match["days"]:
        return RunWindow(opens, closes)
    names = _named_weekdays(match["days"], f"between: {text!r}")
    order = _WEEKDAYS[1:]
    return RunWindow(opens, closes, frozenset(order.index(name) for name in names.split(",")))


def _cron_fields(line: str) -> CronFields:
    fields = _SHORTHANDS.get(line.strip().lower(), line).lower().split()
    if len(fields) != 5:
        raise SettingsError(
            f"cron: {line!r} has {len(fields)} fields; expected minute, hour, day, month, weekday, or one of "
            f"{', '.join(_SHORTHANDS)}"
        )
    minute, hour, day, month, weekday = fields
    return minute, hour, day, month, _named_weekdays(weekday, f"cron: {line!r}")


def _named_weekdays(field: str, where: str) -> str:
    """Weekdays by name, ranges written out, so that Sunday may begin or end them."""
    if field == "*":
        return field
    names: list[str] = []
    for part in field.lower().split(","):
        days, _, step = part.partition("/")
        if step and (not step.isdigit() or not 1 <= int(step) <= 7):
            raise SettingsError(f"{where}: {step!r} is no step of weekdays; expected 1 to 7")
        first, _, last = ("sun", "", "sat") if days == "*" else days.partition("-")
        start = _weekday(first, where)
        end = _weekday(last, where) if last else (6 if step else start)
        if end < start:
            end += 7
        names += [_WEEKDAYS[day % 7] for day in range(start, end + 1, int(step or 1))]
    return ",".join(dict.fromkeys(names))


def _weekday(text: str, where: str) -> int:
    if text.isdigit() and int(text) <= 7:
        return int(text)
    for names in (_WEEKDAYS, _FULL):
        if text in names:
            return names.index(text)
    raise SettingsError(f"{where}: {text!r} is no weekday; expected 0 to 7 or sun to sat")
