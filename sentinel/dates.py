"""Dialects of time in exports, one function each; every one gives UTC text and how precise it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from sentinel.moments import BEIJING, MONTHS, UNDATED, When, built, offset, utc, zone_named
from sentinel.written_dates import day_first, either_order, has_numbers_alone, named_zone, pointed, written

__all__ = [
    "BEIJING",
    "UNDATED",
    "When",
    "day_first",
    "either_order",
    "epoch",
    "has_numbers_alone",
    "iso",
    "pointed",
    "snowflake",
    "utc",
    "when",
    "x_time",
    "zone_named",
]

X_TIME: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})")
X_DAY: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4})")
HOURS: Final = frozenset(f"{hour:02d}" for hour in range(24))
WITHIN: Final = frozenset(f":{minute:02d}:{second:02d}" for minute in range(60) for second in range(60))
ISO: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?(?:\[[\w/+-]+\])?)?",
    re.IGNORECASE,
)
# ISO 8601 without its signs, as GDELT and backups have it: 20250127T080000Z, 20250127 08:00.
COMPACT: Final = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?"
)


def x_time(text: str) -> When:
    """``Sat Nov 09 12:14:18 +0000 2024`` of X and Weibo; English whatever the locale."""
    if text[19:26] == " +0000 " and text[13:19] in WITHIN and text[11:13] in HOURS:
        day = _x_day(text[:11] + text[26:])  # many posts have the same one
        if day is not None:
            return f"{day}T{text[11:19]}Z", "second"
    found = X_TIME.fullmatch(text)
    if found is None:
        return UNDATED
    month, day, hour, minute, second, stated, year = found.groups()
    number = MONTHS.get(month.lower())
    if number is None:
        return UNDATED
    try:
        zone = offset(stated)
        moment = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return UNDATED
    return utc(moment)


@lru_cache(maxsize=4096)
def _x_day(text: str) -> str | None:
    """The day of ``Sat Nov 09 2024``; ``None`` if a post cannot be of it."""
    found = X_DAY.fullmatch(text)
    number = MONTHS.get(found[1].lower()) if found else None
    if found is None or number is None:
        return None
    try:
        moment = datetime(int(found[3]), number, int(found[2]), tzinfo=UTC)
    except ValueError:
        return None
    stated = utc(moment)[0]
    return stated and stated[:10]


def iso(text: str, zone: tzinfo = UTC) -> When:
    """ISO 8601 and its relatives: any fraction, ``/`` for ``-``, a space for ``T``, minutes or days only.

    Parameters
    ----------
    zone : of times that name none.
    """
    found = ISO.fullmatch(text)
    if found is None:
        return UNDATED
    year, month, day, hour, minute, second, stated = found.groups()
    return built(year, month, day, hour, minute, second, offset(stated) if stated else zone)


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


def when(value: Any, zone: tzinfo = UTC, days_first: bool | None = None) -> When:
    """A time in any dialect.

    Parameters
    ----------
    value : text or number as the export has it.
    zone : of times that name none.
    days_first : how to read ``03/04/2024``; by default month first, unless points stand between them.

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
        return _number(text, zone)
    if compact := COMPACT.fullmatch(text):
        return _compact(compact, zone)
    for dialect in (x_time, _rfc_822):
        found = dialect(text)
        if found[0] is not None:
            return found
    bare, zone = named_zone(text, zone)
    found = iso(bare, zone)
    return found if found[0] is not None else written(bare, zone, days_first)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def _number(text: str, zone: tzinfo) -> When:
    whole = text.partition(".")[0]
    if len(whole) == 8 and whole == text:
        return iso(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if len(whole) == 14 and whole == text and (compact := COMPACT.fullmatch(text)):
        return _compact(compact, zone)
    return epoch(int(whole)) if len(whole) >= 9 else UNDATED


def _compact(found: re.Match[str], zone: tzinfo) -> When:
    year, month, day, hour, minute, second, stated = found.groups()
    return built(year, month, day, hour, minute, second, offset(stated) if stated else zone)


def _rfc_822(text: str) -> When:
    """``Thu, 12 Nov 2015 21:16:39 +0000`` of feeds and mail."""
    if ":" not in text or not text[:1].isalnum() or not any(mark in text for mark in ",+"):
        return UNDATED
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return UNDATED
    return utc(moment) if moment.tzinfo is not None else UNDATED
