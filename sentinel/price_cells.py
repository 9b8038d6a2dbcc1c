"""Dates and prices as sites and spreadsheets of different countries write them: each told by all rows of its table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import inf, nan
from typing import Final, NamedTuple

from sentinel.errors import UsageError

__all__ = ["Cell", "days_of", "prices_of"]

_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?!\d)")
_NAMED: Final = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)")
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONEY: Final = re.compile(r"^[$€¥￥]\s?|^(?:HK|US|CN)\$\s?")
_DECIMAL_COMMA: Final = re.compile(r",(?!\d{3}(?!\d))\d")
_DECIMAL_POINT: Final = re.compile(r"\.(?!\d{3}(?!\d))\d")


class Cell(NamedTuple):
    """A text and where it stands."""

    text: str
    place: str


def days_of(cells: Sequence[Cell], every: Sequence[str]) -> list[date]:
    """The dates in a column: 2025-01-31 and its like, Jan 31, 2025, 31.01.2025, and 31/01/2025 or 01/31/2025.

    Parameters
    ----------
    every : the texts of all its cells, also of those that are not asked for: they tell day from month.

    Raises
    ------
    UsageError
        If one is none, or no row tells which number is the day; names its place.
    """
    day_first = _day_first(every)
    return [_day(cell, day_first) for cell in cells]


def _day_first(texts: Sequence[str]) -> bool | None:
    """Whether 01/02/2025 is in February; ``None`` if no text has a day that can be no month."""
    for text in texts:
        found = _YEAR_LAST.match(text)
        if found is not None and found[2] == "/":
            if int(found[1]) > 12:
                return True
            if int(found[3]) > 12:
                return False
    return None


def _day(cell: Cell, day_first: bool | None) -> date:
    text, place = cell
    try:
        if match := _DATE.match(text):
            year, month, day = (int(part) for part in match.groups() if part is not None)
            return date(year, month, day)
        if (match := _NAMED.match(text)) and match[1].lower() in _MONTHS:
            return date(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
        if match := _YEAR_LAST.match(text):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            if match[2] == "/" and day_first is None and first != second:
                raise UsageError(
                    f"{place}: no row tells day from month in dates such as {text!r}; write them as YYYY-MM-DD"
                )
            return date(year, second, first) if match[2] == "." or day_first else date(year, first, second)
    except ValueError:
        raise UsageError(f"{place}: date {text!r} is not in the calendar") from None
    raise UsageError(f"{place}: date {text!r} is not written as YYYY-MM-DD")


def prices_of(cells: Sequence[Cell]) -> list[float]:
    """The prices in a column, with decimal points or, if a comma stands where none of thousands can, with commas.

    Raises
    ------
    UsageError
        If one is none, or has a decimal point where others have a comma; names its place.
    """
    decimal = "," if any(_DECIMAL_COMMA.search(cell.text) for cell in cells) else "."
    return [_price(cell, decimal) for cell in cells]


def _price(cell: Cell, decimal: str) -> float:
    text, place = cell
    thousands = "." if decimal == "," else ","
    if decimal == "," and _DECIMAL_POINT.search(text):
        raise UsageError(f"{place}: close {text!r} has a decimal point, and other rows have a decimal comma")
    try:
        price = float(_MONEY.sub("", text).replace(thousands, "").replace(decimal, "."))
    except ValueError:
        price = nan
    if not 0 < price < inf:
        raise UsageError(f"{place}: close {text!r} is not a price above 0")
    return price
