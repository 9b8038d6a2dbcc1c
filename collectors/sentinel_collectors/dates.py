"""Dialects of time in exports, one function each; every one gives UTC text and how precise it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sentinel.errors import SettingsError

__all__ = [
    "BEIJING",
    "UNDATED",
    "When",
    "day_first",
    "epoch",
    "iso",
    "snowflake",
    "utc",
    "when",
    "x_time",
    "zone_named",
]

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
X_TIME: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})")
ISO: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
CHINESE: Final = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日?(?:\s*(\d{1,2})[:时](\d{2})(?:[:分](\d{2})秒?)?)?"
)
SLASHED: Final = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
NAMED: Final = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:([A-Za-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\s+([A-Za-z]{3,9})\.?),?\s+(\d{4})"
    r"(?:[,\s]+(?:at\s+|·\s*)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?\s*(UTC|GMT|Z|[+-]\d{2}:?\d{2})?"
)
TIME_FIRST: Final = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AaPp][Mm])?)\s*[·,-]\s*(.{6,20})")
# Newspapers' zones, as feedparser and CrowdTangle meet them.
ZONES: Final = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "BST": 1,
}
ZONE_NAME: Final = re.compile(r"\s+([A-Z]{3})$")


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


def x_time(text: str) -> When:
    """``Sat Nov 09 12:14:18 +0000 2024`` of X and Weibo; English whatever the locale."""
    found = X_TIME.fullmatch(text)
    if found is None:
        return UNDATED
    month, day, hour, minute, second, offset, year = found.groups()
    number = MONTHS.get(month.lower())
    if number is None:
        return UNDATED
    try:
        moment = datetime(
            int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=_offset(offset)
        )
    except ValueError:
        return UNDATED
    return utc(moment)


def iso(text: str, zone: tzinfo = UTC) -> When:
    """ISO 8601 and its relatives: any fraction, ``/`` for ``-``, a space for ``T``, minutes or days only.

    Parameters
    ----------
    zone : of times that name none.
    """
    found = ISO.fullmatch(text)
    if found is None:
        return UNDATED
    year, month, day, hour, minute, second, offset = found.groups()
    return _built(year, month, day, hour, minute, second, _offset(offset) if offset else zone)


def _built(
    year: str,
    month: str | int,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    zone: tzinfo,
) -> When:
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
def _offset(text: str) -> tzinfo:
    if text.upper() in ("Z", "UTC", "GMT", "+0000", "+00:00"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60:
        return UTC
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def epoch(value: Any) -> When:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size."""
    try:
        number = float(value)
        for limit, unit in ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9)):
            if abs(number) < limit:
                # whole seconds from integers, where a float would round half a nanosecond up
                seconds = int(value) // int(unit) if isinstance(value, int) else int(number // unit)
                return utc(datetime.fromtimestamp(seconds, UTC)) if seconds > 0 else UNDATED
    except (ValueError, OverflowError, OSError, TypeError):
        pass
    return UNDATED


def snowflake(post_id: str | None) -> When:
    """When an X post was made, from its id; ids before November 2010 do not tell."""
    if not post_id or not post_id.isdecimal() or not 15 <= len(post_id) <= 19:
        return UNDATED
    return utc(datetime.fromtimestamp(((int(post_id) >> 22) + 1_288_834_974_657) // 1000, UTC))


def day_first(values: Iterable[str]) -> bool | None:
    """Whether ``03/04/2024`` is a day and then a month, judged by all values; ``None`` if they do not tell."""
    for value in values:
        found = SLASHED.match(value)
        if found:
            if int(found[1]) > 12:
                return True
            if int(found[2]) > 12:
                return False
    return None


def when(value: Any, zone: tzinfo = UTC, days_first: bool | None = None) -> When:
    """A time in any dialect.

    Parameters
    ----------
    value : text or number as the export has it.
    zone : of times that name none.
    days_first : how to read ``03/04/2024``; month first unless true.

    Returns
    -------
    When
        Undated if it is empty, a month only, relative ("2 hours ago"), or not understood.
    """
    if isinstance(value, bool) or value is None:
        return UNDATED
    if isinstance(value, (int, float)):
        return epoch(value)
    text = str(value).strip()
    found = iso(text, zone)
    if found[0] is not None:
        return found
    if _is_number(text):
        return _number(text)
    for dialect in (x_time, _rfc_822):
        found = dialect(text)
        if found[0] is not None:
            return found
    return _written(text, zone, days_first)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def _number(text: str) -> When:
    whole = text.partition(".")[0]
    if len(whole) == 8 and whole == text:
        return iso(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if len(whole) == 14 and whole == text and text.startswith(("19", "20")):
        return iso(f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:]}")
    return epoch(int(whole)) if len(whole) >= 9 else UNDATED


def _rfc_822(text: str) -> When:
    """``Thu, 12 Nov 2015 21:16:39 +0000`` of feeds and mail."""
    if ":" not in text or not text[:1].isalnum() or not any(mark in text for mark in ",+"):
        return UNDATED
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return UNDATED
    return utc(moment) if moment.tzinfo is not None else UNDATED


def _written(text: str, zone: tzinfo, days_first: bool | None) -> When:
    named_zone = ZONE_NAME.search(text)
    if named_zone and named_zone[1] in ZONES:
        zone = timezone(timedelta(hours=ZONES[named_zone[1]]))
        text = text[: named_zone.start()]
        found = iso(text, zone)
        if found[0] is not None:
            return found
    turned = TIME_FIRST.fullmatch(text)
    if turned:
        text = f"{turned[2]} {turned[1]}"
    chinese = CHINESE.fullmatch(text)
    if chinese:
        year, month, day, hour, minute, seconds = chinese.groups()
        return _built(year, month, day, hour, minute, seconds, zone)
    slashed = SLASHED.fullmatch(text)
    if slashed:
        first, second, year, hour, minute, seconds, half, offset = slashed.groups()
        day, month = (first, second) if days_first else (second, first)
        year = year if len(year) == 4 else f"20{year}"
        return _built(
            year, month, day, _of_24(hour, half), minute, seconds, _offset(offset) if offset else zone
        )
    named = NAMED.fullmatch(text)
    if named:
        month_1, day_1, day_2, month_2, year, hour, minute, seconds, half, offset = named.groups()
        number = MONTHS.get((month_1 or month_2)[:3].lower(), 0)
        return _built(
            year,
            number,
            day_1 or day_2,
            _of_24(hour, half),
            minute,
            seconds,
            _offset(offset) if offset else zone,
        )
    return UNDATED


def _of_24(hour: str | None, half: str | None) -> str | None:
    if hour is None or not half:
        return hour
    return str(int(hour) % 12 + (12 if half.lower() == "pm" else 0))
