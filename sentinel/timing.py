"""When a job runs, as people write it: ``every = "15 min"``, ``at = "07:00"``, ``cron = "0 7 * * mon-fri"``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sentinel.errors import SettingsError

__all__ = ["Timing", "parse_duration", "parse_timing"]

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
_DURATION: Final = re.compile(r"(\d+)\s*([a-z]+)", re.IGNORECASE)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SHORTHANDS: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
# Numbers of weekdays as cron and people count them: 0 and 7 are Sunday. APScheduler's 0 is Monday.
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Timing:
    """An interval, or the five fields of a cron line; exactly one of them."""

    every: timedelta | None = None
    cron: tuple[str, str, str, str, str] | None = None  #: minute, hour, day, month, weekday by name


def parse_duration(text: str) -> timedelta:
    """A duration such as ``15 min``, ``2 h`` or ``1 day``.

    Raises
    ------
    SettingsError
        If it is none, or is not longer than 0.
    """
    match = _DURATION.fullmatch(text.strip())
    unit = match[2].lower() if match else ""
    seconds = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if match is None or seconds is None or int(match[1]) == 0:
        raise SettingsError(f"{text!r} is no duration; expected such as '15 min', '2 h', '1 day'")
    return timedelta(seconds=int(match[1]) * seconds)


def parse_timing(every: str | None = None, at: str | None = None, cron: str | None = None) -> Timing | None:
    """The timing of a ``[[collect]]`` or ``[[report]]``; ``None`` if it has none.

    Raises
    ------
    SettingsError
        If more than one is given, or one is not understood.
    """
    given = {name: value for name, value in (("every", every), ("at", at), ("cron", cron)) if value}
    if len(given) > 1:
        raise SettingsError(f"{' and '.join(given)} are given together; give one of them")
    if every:
        return Timing(every=parse_duration(every))
    if at:
        match = _CLOCK.fullmatch(at.strip())
        if match is None:
            raise SettingsError(f"at: {at!r} is no time of day; expected such as '07:00'")
        return Timing(cron=(str(int(match[2])), str(int(match[1])), "*", "*", "*"))
    return Timing(cron=_cron_fields(cron)) if cron else None


def _cron_fields(line: str) -> tuple[str, str, str, str, str]:
    fields = _SHORTHANDS.get(line.strip(), line).split()
    if len(fields) != 5:
        raise SettingsError(
            f"cron: {line!r} has {len(fields)} fields; expected minute, hour, day, month, weekday, or one of "
            f"{', '.join(_SHORTHANDS)}"
        )
    minute, hour, day, month, weekday = fields
    return minute, hour, day, month, _named_weekdays(weekday, line)


def _named_weekdays(field: str, line: str) -> str:
    """Weekdays by name, ranges written out, so that Sunday may begin or end them."""
    names: list[str] = []
    for part in field.lower().split(","):
        if part.startswith("*"):
            return field if part == "*" else ",".join(_WEEKDAYS[:7][:: int(part.removeprefix("*/") or 1)])
        first, _, last = part.partition("-")
        start = _weekday(first, line)
        end = _weekday(last, line) if last else start
        if end < start:
            end += 7
        names += [_WEEKDAYS[day % 7] for day in range(start, end + 1)]
    return ",".join(dict.fromkeys(names))


def _weekday(text: str, line: str) -> int:
    if text.isdigit() and int(text) <= 7:
        return int(text)
    if text[:3] in _WEEKDAYS:
        return _WEEKDAYS.index(text[:3])
    raise SettingsError(f"cron: {line!r}: {text!r} is no weekday; expected 0 to 7 or sun to sat")
