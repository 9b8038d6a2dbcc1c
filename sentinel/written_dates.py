"""Dates as people and their tools write them: 04/28/2025 9:03 PM, 28-Apr-2025, Apr 28, 2025, 2025年4月28日 21:03."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta, timezone, tzinfo
from typing import Final

from sentinel.moments import BEIJING, MONTHS, UNDATED, When, built, offset

__all__ = ["day_first", "either_order", "has_numbers_alone", "named_zone", "pointed", "written"]

CHINESE: Final = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日?(?:\s*(上午|下午)?\s*(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2})秒?)?)?"
)
SLASHED: Final = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
POINTED: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}")
NAMED: Final = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:([A-Za-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\s+([A-Za-z]{3,9})\.?),?\s+(\d{4})"
    r"(?:[,\s]+(?:at\s+|·\s*)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?\s*(UTC|GMT|Z|[+-]\d{2}:?\d{2})?"
)
DASHED: Final = re.compile(
    r"(\d{1,2})-([A-Za-z]{3,9})-(\d{4}|\d{2})(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
TIME_FIRST: Final = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AaPp][Mm])?)\s*[·,-]\s*(.{6,20})")
# Zones as newspapers, CrowdTangle and twint name them; IST is India's, Israel's and Ireland's, and so nobody's here.
ZONES: Final = dict(
    EST=-5, EDT=-4, CST=-6, CDT=-5, MST=-7, MDT=-6, PST=-8, PDT=-7,
    WET=0, WEST=1, BST=1, CET=1, CEST=2, EET=2, EEST=3, MSK=3, HKT=8, SGT=8, JST=9, KST=9, AEST=10, AEDT=11,
)  # fmt: skip
ZONE_NAME: Final = re.compile(r"\s+([A-Z]{3,4})$")
# What C and its heirs write: Mon Apr  6 22:19:45 2009, Mon Apr 06 22:19:45 PDT 2009.
OF_C: Final = re.compile(r"[A-Za-z]{3} ([A-Za-z]{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2})( [A-Z]{3,4})? (\d{4})")
WEEKDAY: Final = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]?\s+(?=\d)", re.IGNORECASE)


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


def has_numbers_alone(value: str) -> bool:
    """Whether a date is written as ``03/04/2024`` or ``28.04.2024`` is, its year at its end."""
    return SLASHED.match(value) is not None


def either_order(value: str) -> bool:
    """Whether a date is such as ``03/04/2024``: nothing in it tells its day from its month."""
    found = SLASHED.match(value)
    return found is not None and found[1] != found[2] and max(int(found[1]), int(found[2])) <= 12


def pointed(value: str) -> bool:
    """Whether points stand between day and month, as in ``03.04.2024``: so write those who put the day first."""
    return POINTED.match(value) is not None


def named_zone(text: str, zone: tzinfo) -> tuple[str, tzinfo]:
    """`text` without the name of a zone in it, and that zone; `zone` if it names none. A day of the week goes as well.

    ``CST`` is China's where the zone of the export is, else America's.
    """
    if of_c := OF_C.fullmatch(text):
        month, day, clock, name, year = of_c.groups()
        text = f"{month} {day}, {year} {clock}{name or ''}"
    text = WEEKDAY.sub("", text, 1)
    found = ZONE_NAME.search(text)
    if found is None or found[1] not in ZONES:
        return text, zone
    if found[1] == "CST" and zone is BEIJING:
        return text[: found.start()], zone
    return text[: found.start()], timezone(timedelta(hours=ZONES[found[1]]))


def written(text: str, zone: tzinfo, days_first: bool | None) -> When:
    """A date in any of the ways of this module; undated if in none."""
    turned = TIME_FIRST.fullmatch(text)
    if turned:
        text = f"{turned[2]} {turned[1]}"
    if found := CHINESE.fullmatch(text):
        year, month, day, half, hour, minute, seconds = found.groups()
        half = half and ("am" if half == "上午" else "pm")
        return built(year, month, day, _of_24(hour, half), minute, seconds, zone)
    if found := SLASHED.fullmatch(text):
        first, second, year, hour, minute, seconds, half, stated = found.groups()
        if days_first is None:
            days_first = pointed(text)
        day, month = (first, second) if days_first else (second, first)
        year = year if len(year) == 4 else f"20{year}"
        zone = offset(stated) if stated else zone
        return built(year, month, day, _of_24(hour, half), minute, seconds, zone)
    if found := DASHED.fullmatch(text):
        day, name, year, hour, minute, seconds, half, stated = found.groups()
        year = year if len(year) == 4 else f"20{year}"
        zone = offset(stated) if stated else zone
        month_number = MONTHS.get(name[:3].lower(), 0)
        return built(year, month_number, day, _of_24(hour, half), minute, seconds, zone)
    if found := NAMED.fullmatch(text):
        month_1, day_1, day_2, month_2, year, hour, minute, seconds, half, stated = found.groups()
        number = MONTHS.get((month_1 or month_2)[:3].lower(), 0)
        zone = offset(stated) if stated else zone
        return built(year, number, day_1 or day_2, _of_24(hour, half), minute, seconds, zone)
    return UNDATED


def _of_24(hour: str | None, half: str | None) -> str | None:
    if hour is None or not half:
        return hour
    return str(int(hour) % 12 + (12 if half.lower() == "pm" else 0))
