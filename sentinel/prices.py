"""A share's prices from a CSV, and on which session an announcement could first be traded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from sentinel.counting import counted
from sentinel.days import Days
from sentinel.errors import UsageError
from sentinel.price_cells import Cell, days_of, prices_of
from sentinel.scored import Floats
from sentinel.small_tables import read_text, rows_of_text

__all__ = ["EXCHANGES", "Exchange", "Prices", "read_prices"]

_DATES: Final = ("date", "day", "time", "timestamp", "datetime", "日期", "交易日期")
_CLOSES: Final = (
    "adj close", "adj_close", "adjusted close", "adjclose", "close", "close/last", "last", "price", "收盘价",
    "收盘",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where a share is traded."""

    zone: str
    calendar: str  #: its name in exchange_calendars


#: Both close at 16:00 local time: an announcement after that is traded on the next session.
EXCHANGES: Final = {"NYSE": Exchange("America/New_York", "XNYS"), "HKEX": Exchange("Asia/Hong_Kong", "XHKG")}


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
    _, rows = rows_of_text(read_text(path), str(path))
    header: list[str] = []
    dates, closes, every = list[Cell](), list[Cell](), list[str]()
    for number, cells in rows:
        if not header:
            header = [cell.lower() for cell in cells]
            columns = (
                _column(header, day, _DATES, path, "date"),
                _column(header, close, _CLOSES, path, "close"),
            )
            continue
        when, price = (cells[at] if at < len(cells) else "" for at in columns)
        every.append(when)
        if price.lower() not in ("", "null", "nan", "-"):
            place = f"{path}, row {number}"
            dates.append(Cell(when, place))
            closes.append(Cell(price, place))
    found: dict[date, float] = {}
    for when_day, price_then, cell in zip(days_of(dates, every), prices_of(closes), dates, strict=True):
        if when_day in found:
            raise UsageError(f"{cell.place}: there is another row of {when_day}; one a session is expected")
        found[when_day] = price_then
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
