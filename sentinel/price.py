"""The price beside the mood: what a share did after each announcement, and which of the two went first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from sentinel.clusters import Cluster, find_clusters
from sentinel.days import Days, mood_days
from sentinel.effects import EffectOptions
from sentinel.index import mood_index
from sentinel.market_model import AFTER, Abnormal, abnormal_returns, judge_reaction, lead_or_lag
from sentinel.placebo import too_few
from sentinel.prices import EXCHANGES, Prices, read_prices, sessions
from sentinel.scopes import ALL
from sentinel.scored import Floats, Ints
from sentinel.settings import PriceSettings
from sentinel.typed_table import typed_table
from sentinel.votes import AuthorDays

__all__ = ["PRICE_COLUMNS", "PRICE_EFFECT_COLUMNS", "Price", "Quotes", "beside_price", "read_quotes"]

AFTER_THE_CLOSE: Final = timedelta(hours=8)  #: from 16:00 to midnight
PRICE_COLUMNS: Final = (
    "day",  # session, ISO date
    "close",
    "market",  # close of the market proxy; empty without one
    "return",  # from the close before
    "abnormal",  # less what the market model of the sessions before expects; empty without enough of them
)
PRICE_EFFECT_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "session",  # the first on which it could be traded
    "last_session",
    "abnormal",  # return of the first session, less what the market model expects
    "car",  # the same summed over all of them
    "low",  # 95 % interval of car
    "high",
    "p",
    "sums",  # of as many sessions in the estimation window, compared with
    "k_e",
    "beta",
    "reason",  # why there is none; "" if there is
)


@dataclass(frozen=True, slots=True)
class Quotes:
    """Prices on the sessions of their exchange, and the market model."""

    prices: Prices
    market: Prices | None
    model: Abnormal
    exchange: str | None

    def session(self, day: np.datetime64) -> int:
        """The first session on that day or after it; their number if there is none."""
        return int(np.searchsorted(self.prices.days, day))


@dataclass(frozen=True, slots=True)
class Price:
    """Everything about the price; without prices, tables without rows."""

    prices: pd.DataFrame
    effects: pd.DataFrame
    lead: Mapping[str, Any] = field(default_factory=dict)


def read_quotes(settings: PriceSettings | None) -> Quotes | None:
    """Prices as the settings name them; ``None`` without any.

    Raises
    ------
    UsageError
        As `read_prices`.
    """
    if settings is None:
        return None
    own = read_prices(settings.path, settings.date, settings.close)
    prices = own.on(sessions(own, settings.calendar))
    market = None
    if settings.market is not None:
        market = read_prices(settings.market, settings.date, settings.close).on(prices.days)
    model = abnormal_returns(prices.returns, market.returns if market is not None else None)
    return Quotes(prices, market, model, settings.calendar)


def beside_price(
    quotes: Quotes | None, days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions
) -> Price:
    """Sessions, reactions of the price to the clusters of importance 3, and lead and lag. All of it exploratory."""
    if quotes is None:
        return Price(_sessions(None), _effects([]))
    rows = []
    if days.n_days:
        traded = trade_days(announcements, days.timezone, quotes.exchange)
        for cluster in find_clusters(announcements, days, options.exclude_importance):
            if cluster.major:
                rows.append(_reaction(quotes, cluster, traded, days))
    lead = lead_or_lag(_mood_of_sessions(quotes, days), quotes.model.abnormal).as_dict()
    return Price(_sessions(quotes), _effects([row for row in rows if row]), lead)


def trade_days(announcements: pd.DataFrame, timezone: str, exchange: str | None) -> Days:
    """The calendar day, at the exchange, from whose session on each announcement could be traded.

    After 16:00 that is the next day. Without an exchange or a time of day it is the mood day.
    """
    when = announcements["time_utc"].where(announcements["time_utc"] != "", announcements["date"])
    found = mood_days(when.tolist(), timezone)
    if exchange is None:
        return found
    zone = ZoneInfo(EXCHANGES[exchange].zone)
    for row, stamp in enumerate(announcements["time_utc"]):
        if stamp:
            local = datetime.fromisoformat(stamp).astimezone(zone).replace(tzinfo=None) + AFTER_THE_CLOSE
            found[row] = np.datetime64(local.date(), "D")
    return found


def _reaction(quotes: Quotes, cluster: Cluster, traded: Days, days: AuthorDays) -> dict[str, Any] | None:
    """A row; None where the announcement lies outside the prices."""
    own = traded[list(cluster.members)]
    first, last = quotes.session(own.min()), quotes.session(own.max()) + AFTER
    known = quotes.prices.days
    if own.min() < known[0] or first >= len(known):
        return None
    row: dict[str, Any] = {
        "cluster": str(days.first_day + cluster.first),
        "session": str(known[first]),
        "last_session": str(known[min(last, len(known) - 1)]),
    }
    n = int(quotes.model.n[first])
    if np.isnan(quotes.model.alpha[first]):
        return row | {"reason": f"too few sessions before it ({n} with a return; 60 needed)"}
    if last >= len(known):
        return row | {"reason": f"preliminary, {len(known) - first} of {last - first + 1} sessions"}
    return row | _numbers(quotes, first, last - first + 1)


def _numbers(quotes: Quotes, at: int, length: int) -> dict[str, Any]:
    model = quotes.model
    car, judgement = judge_reaction(model, at, length)
    if np.isnan(car):
        return {"reason": "no price on one of its sessions"}
    sums, critical = int(judgement.placebos[0]), float(judgement.critical[0])
    return {
        "abnormal": float(model.abnormal[at]),
        "car": car,
        "low": car - critical,
        "high": car + critical,
        "p": float(judgement.p[0]),
        "sums": sums,
        "k_e": float(judgement.independent[0]),
        "beta": float(model.beta[at]) if quotes.market is not None else np.nan,
        "reason": too_few(sums, length),
    }


def _mood_of_sessions(quotes: Quotes, days: AuthorDays) -> Floats:
    """Mean mood of the days from one session (not included) to the next; NaN where nobody posted."""
    known = quotes.prices.days
    if ALL not in days.scopes or not len(days.scopes[ALL].day):
        return np.full(len(known), np.nan)
    index = mood_index(days.scopes[ALL], days)
    n = index.count.sum(axis=0)
    total = index.total.sum(axis=0) - n * index.weekday
    at: Ints = np.searchsorted(known, days.first_day + np.arange(days.n_days))
    # Days before the first session belong to none; those after the last one neither.
    kept = (at < len(known)) & (days.first_day + np.arange(days.n_days) > known[0] - 7)
    votes = np.bincount(at[kept], n[kept], len(known))
    sums = np.bincount(at[kept], total[kept], len(known))
    mood: Floats = np.divide(sums, votes, out=np.full(len(known), np.nan), where=votes > 0)
    return mood


def _sessions(quotes: Quotes | None) -> pd.DataFrame:
    if quotes is None:
        return pd.DataFrame(
            {name: pd.Series(dtype="str" if name == "day" else "float64") for name in PRICE_COLUMNS}
        )
    prices, market = quotes.prices, quotes.market
    table = {
        "day": np.datetime_as_string(prices.days),
        "close": prices.close,
        "market": market.close if market is not None else np.full(len(prices.days), np.nan),
        "return": prices.returns,
        "abnormal": quotes.model.abnormal,
    }
    return pd.DataFrame(table).astype({"day": "str"})


def _effects(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    texts = ("cluster", "session", "last_session", "reason")
    return typed_table(rows, PRICE_EFFECT_COLUMNS, texts=texts, counts=("sums",))
