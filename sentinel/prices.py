"""A share's prices from a CSV, and on which session an announcement could first be traded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from sentinel.counting import counted
from sentinel.days import Days
from sentinel.errors import UsageError
from sentinel.scored import Floats

__all__ = ["EXCHANGES", "Exchange", "Prices", "read_prices"]

_DATES: Final = ("date", "day", "time", "timestamp", "datetime", "日期", "交易日期")
_CLOSES: Final = (
    "adj close",
    "adj_close",
    "adjusted close",
    "adjclose",
    "close",
    "last",
    "price",
    "收盘价",
    "收盘",
)
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?!\d)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where a share is traded."""

    zone: str
    calendar: str  #: its name in exchange_calendars


#: Both close at 16:00 local time: an announcement after that is traded on the next session.
EXCHANGES: Final = {
    "NYSE": Exchange("America/New_York", "XNYS"),
    "HKEX": Exchange("Asia/Hong_Kong", "XHKG"),
}


@dataclass(frozen=True, slots=True)
class Prices:
    """Closing prices of S sessions, in order."""

    days: Days  #: (S,)
    close: Floats  #: (S,): NaN on a session without a price

    @property
    def returns(self) -> Floats:
        """Shape (S,): from the close before to this one; NaN on the first and beside a missing price."""
        found = np.full(len(self.close), np.nan)
        found[1:] = self.close[1:] / self.close[:-1] - 1
        return found

    def on(self, days: Days) -> Prices:
        """The same prices on other sessions; NaN where there is none."""
        close = np.full(len(days), np.nan)
        at = np.searchsorted(self.days, days)
        known = (at < len(self.days)) & (self.days[np.minimum(at, len(self.days) - 1)] == days)
        close[known] = self.close[at[known]]
        return Prices(days, close)


def read_prices(path: Path, day: str | None = None, close: str | None = None) -> Prices:
    """Prices of a CSV with a header line.

    Parameters
    ----------
    day, close : names of its columns; ``None`` looks for the usual ones, an adjusted close before a plain one.

    Raises
    ------
    UsageError
        If the file, a column or a row cannot be read; names the row (the header is row 1).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 (byte {error.start + 1}); save it as 'CSV UTF-8'") from None
    first = text.lstrip("\r\n").split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header: list[str] = []
    found: dict[date, float] = {}
    for number, cells in enumerate(rows, 1):
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip().lower() for cell in cells]
            columns = (
                _column(header, day, _DATES, path, "date"),
                _column(header, close, _CLOSES, path, "close"),
            )
            continue
        place = f"{path}, row {number}"
        when, price = (cells[at].strip() if at < len(cells) else "" for at in columns)
        if price.lower() in ("", "null", "nan", "-"):
            continue
        when_day = _day(when, place)
        if when_day in found:
            raise UsageError(f"{place}: there is another row of {when_day}; one a session is expected")
        found[when_day] = _price(price, place)
    if len(found) < 2:
        raise UsageError(
            f"{path}: {counted(len(found), 'price')}; a CSV with a date and a close for each session is expected"
        )
    days = np.array(sorted(found), dtype="datetime64[D]")
    return Prices(days, np.array([found[when] for when in sorted(found)]))


def _column(header: Sequence[str], asked: str | None, usual: Sequence[str], path: Path, what: str) -> int:
    names = [asked.strip().lower()] if asked else list(usual)
    for name in names:
        if name in header:
            return header.index(name)
    wanted = repr(asked) if asked else f"for the {what} ({', '.join(usual[:5])})"
    raise UsageError(
        f'{path}: no column {wanted}; found {", ".join(header)}. Name it in [price]: {what} = "..."'
    )


def _day(text: str, place: str) -> date:
    match = _DATE.match(text)
    if match is None:
        raise UsageError(f"{place}: date {text!r} is not written as YYYY-MM-DD")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise UsageError(f"{place}: date {text!r} is not in the calendar") from None


def _price(text: str, place: str) -> float:
    try:
        price = float(text.replace(",", ""))
    except ValueError:
        price = np.nan
    if not 0 < price < np.inf:
        raise UsageError(f"{place}: close {text!r} is not a price above 0")
    return price


def sessions(prices: Prices, exchange: str | None) -> Days:
    """The sessions from the first price to the last: the exchange's, where exchange_calendars is installed, else
    the days that have a price.
    """
    if exchange is None:
        return prices.days
    try:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of what pandas will change
            from exchange_calendars import get_calendar

            calendar = get_calendar(
                EXCHANGES[exchange].calendar, start=str(prices.days[0]), end=str(prices.days[-1])
            )
            found = calendar.sessions.to_numpy().astype("datetime64[D]")
    except ImportError:
        return prices.days
    days: Days = found
    return days
