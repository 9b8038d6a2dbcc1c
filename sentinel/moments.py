"""A moment as the post columns have it: UTC text, and how precise it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sentinel.errors import SettingsError

__all__ = ["BEIJING", "MONTHS", "UNDATED", "When", "built", "offset", "utc", "zone_named"]

When = tuple[str | None, str]  #: as the post columns published and precision

UNDATED: Final[When] = (None, "none")
BEIJING: Final = ZoneInfo("Asia/Shanghai")
# Social networks began in the nineties; anything outside is a default, a counter or damage.
FIRST_YEAR, LAST_YEAR = 1990, 2100
MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def zone_named(name: str) -> tzinfo:
    """A time zone, as a user names it.

    Raises
    ------
    SettingsError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise SettingsError(f"timezone {name!r} is not known; give a name such as 'Asia/Shanghai'") from error


def utc(moment: datetime, precision: str = "second") -> When:
    """An aware time as the post columns have it; undated if its year is no year of a post."""
    if moment.tzinfo is not UTC:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            return UNDATED
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return UNDATED
    return f"{moment.isoformat(timespec='seconds')[:19]}Z", precision


def built(
    year: str,
    month: str | int,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    zone: tzinfo,
) -> When:
    """A moment from its parts; a bare date stays one, in whatever zone; undated if there is no such moment."""
    try:
        if hour is None:
            day_alone = date(int(year), int(month), int(day))
            return (day_alone.isoformat(), "day") if FIRST_YEAR <= day_alone.year <= LAST_YEAR else UNDATED
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute or 0), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return UNDATED
    return utc(moment, "minute" if second is None else "second")


@lru_cache(maxsize=256)
def offset(text: str) -> tzinfo:
    """The zone that ``Z``, ``UTC``, ``+0800`` or ``-05:30`` stands for."""
    if text.upper() in ("Z", "UTC", "GMT", "+0000", "+00:00"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60:
        return UTC
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
