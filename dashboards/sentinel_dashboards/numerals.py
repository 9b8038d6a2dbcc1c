"""Numbers, dates and foreign text as readers see them. One place, so that a table and a sentence never differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

__all__ = [
    "count",
    "decimal",
    "equal",
    "interval",
    "missing",
    "p_value",
    "percent",
    "period",
    "plain",
    "rate",
    "records",
    "shortened",
    "signed",
    "unmarked",
]

NONE: Final = "–"
MINUS: Final = "\u2212"
HARD: Final = "\u00a0"  #: a space at which no line breaks
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A figure's text has no element of its own that a change of direction could be kept in: those marks are left out.
_TURNS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_MARKUP: Final = str.maketrans({"<": "‹", ">": "›", "&": "＆"} | dict.fromkeys(_TURNS, ""))


def missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT."""
    return value is None or bool(pd.isna(value)) if not isinstance(value, (list, dict, tuple)) else False


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain Python values; what is missing is None."""
    columns = [_values(frame[name]) for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pd.Series[Any]) -> list[Any]:
    """A column's values with None for what is missing."""
    values = column.tolist()
    absent = column.isna().tolist()
    return [None if a else v for v, a in zip(values, absent, strict=True)] if any(absent) else values


def signed(value: float | None, digits: int = 2) -> str:
    """A change or a level with its sign; what rounds to zero has none."""
    if value is None:
        return NONE
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def decimal(value: float | None, digits: int = 2) -> str:
    """A magnitude."""
    return NONE if value is None else f"{value:.{digits}f}"


def rate(value: float) -> str:
    """How many a day; few of them with a decimal, so that their ratio can be checked."""
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def interval(low: float | None, high: float | None) -> str:
    """A 95% interval, both ends signed."""
    return NONE if low is None or high is None else f"{signed(low)} … {signed(high)}"


def count(value: float | None) -> str:
    """A number of things, with thousands separated."""
    return NONE if value is None else f"{int(value):,}"


def percent(part: float | None, whole: float | None) -> str:
    """A share; below one in a thousand it says so rather than 0."""
    if part is None or not whole:
        return NONE
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "<0.1%"
    return f"{share:.1f}%" if 0 < share < 10 else f"{share:.0f}%"


def p_value(value: float | None) -> str:
    """A p- or q-value: never 0, three digits where they matter."""
    if value is None:
        return NONE
    if value < 0.001:
        return "<0.001"
    return f"{value:.3f}" if value < 0.0995 else f"{value:.2f}"


def equal(value: float) -> str:
    """A p- or q-value with its sign of relation, "= 0.03" or "< 0.001": no line breaks inside it."""
    text = p_value(value)
    return f"<{HARD}{text[1:]}" if text.startswith("<") else f"={HARD}{text}"


def period(first: date, last: date, lang: str) -> str:
    """Days in words, without saying month or year twice."""
    if lang == "zh":
        begin = f"{first.year}年{first.month}月{first.day}日"
        if first == last:
            return begin
        if first.year != last.year:
            return f"{begin}至{last.year}年{last.month}月{last.day}日"
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{begin}至{end}"
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {end}"
    return f"{first.day} {_MONTHS[first.month - 1]} {first.year} – {end}"


def plain(value: Any) -> str:
    """Foreign text for a text node: without control characters and lone surrogates, which HTML cannot carry."""
    return "" if missing(value) else _CONTROLS.sub("\ufffd", str(value))


def shortened(value: Any, limit: int) -> str:
    """Foreign text of at most `limit` characters, an ellipsis where it was cut."""
    text = plain(value)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unmarked(value: Any, limit: int = 90) -> str:
    """Foreign text for a figure, whose labels are pseudo-HTML: look-alikes for what could be read as markup."""
    return " ".join(shortened(value, limit).translate(_MARKUP).split())


def whole(counts: Mapping[str, int], key: str) -> int:
    """A count of the report; what was not counted is 0."""
    return int(counts.get(key, 0) or 0)
