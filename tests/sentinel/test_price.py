"""Prices: their file, the market model, lead and lag; the false alarms of both tests.

``SENTINEL_NIGHTLY=1`` runs many more worlds.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.effects import EffectOptions
from sentinel.errors import SettingsError, UsageError
from sentinel.market_model import abnormal_returns, judge_reaction, lead_or_lag, pooled_reaction
from sentinel.price import PRICE_COLUMNS, PRICE_EFFECT_COLUMNS, beside_price, read_quotes, trade_days
from sentinel.prices import read_prices
from sentinel.settings import PriceSettings, load_settings
from sentinel.votes import author_days

NIGHTLY = os.environ.get("SENTINEL_NIGHTLY") == "1"
N_WORLDS = 1500 if NIGHTLY else 300
TOLERANCE = 2.58 * np.sqrt(0.05 * 0.95 / N_WORLDS)
BABA = "data/posts/stocknet-baba/BABA-price.csv"

Array = np.ndarray[Any, np.dtype[np.float64]]


def written(tmp_path: Path, text: str, name: str = "price.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "Date,Open,Close,Adj Close\n2025-01-02,1,9,10.5\n2025-01-03,1,9,11\n",
        "date;close\n2025/1/3;11\n2025/1/2;10.5\n",
        "\ufeff日期,收盘价\n20250102,10.5\n20250103,11\n\n",
        "sep=;\r\nnote, adj close;date;close\r\n9;2025-01-02;10,5\r\n9;2025-01-03;11,00\r\n",
        'day|price\n2025-01-02|"10.5"\n2025-01-03|11\n',
        "Date,Close/Last,Volume\n01/03/2025,$11.00,5\n01/02/2025,$10.50,5\n01/13/2025,N/A,5\n".replace(
            "N/A", "-"
        ),
        '"Date","Price"\n"Jan 03, 2025","11"\n"January 2, 2025","10.5"\n',
        "Datum;Schluss;Date;Close\n;;03.01.2025;11,00\n;;02.01.2025;10,50\n",
        'day,price\n2025-01-02,"10.5"\n2025-01-03,11\n2025-01-06,\n2025-01-07,null\n',
    ],
)
def test_usual_columns_are_found(tmp_path: Path, text: str) -> None:
    prices = read_prices(written(tmp_path, text))
    assert prices.days.astype(str).tolist() == ["2025-01-02", "2025-01-03"]
    assert prices.close.tolist() == [10.5, 11.0]
    assert prices.returns[1] == pytest.approx(11 / 10.5 - 1)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("when,close\n2025-01-02,1\n", "no column for the date (date, day, time, timestamp, datetime); found when"),
        ("date,kurs\n2025-01-02,1\n", "no column for the close"),
        ("date,close\n2025-01-02,1\n2025-01-02,2\n", "row 3: there is another row of 2025-01-02"),
        ("date,close\n2.1.25,1\n", "row 2: date '2.1.25' is not written as YYYY-MM-DD"),
        ("date,close\n31.02.2025,1\n", "row 2: date '31.02.2025' is not in the calendar"),
        ("date,close\n5/5/2025,1\n2/3/2025,1\n", "row 3: no row tells day from month in dates such as"),
        ("date,close\n2025-02-30,1\n", "row 2: date '2025-02-30' is not in the calendar"),
        ("date,close\n2025-01-02,-1\n", "row 2: close '-1' is not a price above 0"),
        ("date,close\n2025-01-02,ten\n", "row 2: close 'ten' is not a price above 0"),
        ("date;close\n2025-01-02;1.5\n2025-01-03;1,50\n", "row 2: close '1.5' has a decimal point, and other rows"),
        ("date,close\n2025-01-02,1\n", "1 price; a CSV with a date and a close for each session is expected"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_prices_is_said(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_prices(written(tmp_path, text))
    assert error in str(raised.value)


@pytest.mark.parametrize(
    ("cells", "prices"),
    [
        (("1,085.50", "1,090"), [1085.5, 1090.0]),
        (("1.085,50", "990,4"), [1085.5, 990.4]),
        (("1,085", "85,5"), [1.085, 85.5]),
    ],
)
def test_a_comma_that_cannot_be_of_thousands_is_of_decimals(
    tmp_path: Path, cells: tuple[str, str], prices: list[float]
) -> None:
    path = written(tmp_path, f"date;close\n2025-01-02;{cells[0]}\n2025-01-03;{cells[1]}\n")
    assert read_prices(path).close.tolist() == prices


def test_columns_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "when,kurs\n2025-01-02,1\n2025-01-03,2\n")
    assert read_prices(path, "When", "kurs").close.tolist() == [1.0, 2.0]
    with pytest.raises(UsageError, match="no column 'close'; found when, kurs"):
        read_prices(path, "when", "close")


def test_settings_name_the_prices(tmp_path: Path) -> None:
    path = written(tmp_path, '[price]\npath = "p.csv"\ncalendar = "NYSE"\n', "sentinel.toml")
    price = load_settings(path).price
    assert price is not None
    assert (price.path, price.market, price.calendar) == (tmp_path / "p.csv", None, "NYSE")
    path.write_text('[price]\npath = "p.csv"\nmarkte = "m.csv"\n')
    with pytest.raises(SettingsError, match=r"\[price\] has no key 'markte'.*Did you mean 'market'"):
        load_settings(path)
    path.write_text('[price]\npath = "p.csv"\ncalendar = "LSE"\n')
    with pytest.raises(SettingsError, match="NYSE"):
        load_settings(path)


def announced(*times: str) -> pd.DataFrame:
    table = pd.DataFrame("", index=range(len(times)), columns=list(ANNOUNCEMENT_COLUMNS))
    return table.assign(
        date=[time[:10] for time in times],
        time_utc=[time if len(time) > 10 else "" for time in times],
        title=[f"event {n}" for n in range(len(times))],
        importance=3,
        circular=False,
    )


def test_after_the_close_the_next_day_trades() -> None:
    calendar = announced("2025-01-29T20:59:00Z", "2025-01-29T21:01:00Z", "2025-01-29")
    days = trade_days(calendar, "Asia/Shanghai", "NYSE").astype(str).tolist()
    assert days == ["2025-01-29", "2025-01-30", "2025-01-29"]
    assert trade_days(calendar, "UTC", None).astype(str).tolist() == ["2025-01-29"] * 3


def test_holidays_are_known_where_the_extra_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("exchange_calendars", reason="needs pip install 'mood-sentinel[market]'")
    # The 4th is missing, a Wednesday.
    rows = "".join(f"2025-06-{day:02d},{100 + day}\n" for day in (2, 3, 5, 6))
    path = written(tmp_path, f"date,close\n{rows}")
    quotes = read_quotes(PriceSettings(path=path, calendar="NYSE"))
    assert quotes is not None
    assert quotes.prices.days.astype(str).tolist() == [f"2025-06-0{day}" for day in (2, 3, 4, 5, 6)]
    assert np.isnan(quotes.prices.returns[[0, 2, 3]]).all()
    without = read_quotes(PriceSettings(path=path))
    assert without is not None
    assert len(without.prices.days) == 4


def test_the_market_model_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(1)
    market = rng.normal(0, 0.01, 300)
    returns = 0.001 + 1.3 * market + rng.normal(0, 0.01, 300)
    returns[[150, 170]] = np.nan
    model = abnormal_returns(returns, market)
    window = slice(200 - 130, 200 - 11 + 1)
    known = np.isfinite(returns[window])
    beta, alpha = np.polyfit(market[window][known], returns[window][known], 1)
    assert (model.alpha[200], model.beta[200]) == pytest.approx((alpha, beta))
    assert model.n[200] == 118
    assert model.abnormal[200] == pytest.approx(returns[200] - alpha - beta * market[200])
    assert np.isnan(model.alpha[60])
    constant = abnormal_returns(returns, None)
    assert constant.beta[200] == 0
    assert constant.alpha[200] == pytest.approx(np.nanmean(returns[window]))


def heavy(rng: np.random.Generator, n: int) -> Array:
    """Returns with the tails that returns have."""
    values: Array = 0.012 * rng.standard_t(4, n)
    return values


def test_ordinary_sessions_are_rarely_called_a_reaction() -> None:
    one = several = 0
    for seed in range(N_WORLDS):
        rng = np.random.default_rng([seed, 11])
        market = heavy(rng, 400)
        model = abnormal_returns(heavy(rng, 400) + 1.1 * market, market)
        one += judge_reaction(model, int(rng.integers(140, 390)), 3)[1].p[0] <= 0.05
        at = np.sort(rng.choice(np.arange(140, 390), 5, replace=False))
        several += pooled_reaction(model, at)[1].p[0] <= 0.05
    print(f"p <= 0.05 in {one / N_WORLDS:.3f} of single reactions, {several / N_WORLDS:.3f} of five together")
    assert one / N_WORLDS <= 0.05 + TOLERANCE
    assert several / N_WORLDS <= 0.05 + TOLERANCE


@pytest.mark.parametrize("phi", [0.0, 0.8])
def test_independent_series_are_rarely_called_a_lead(phi: float) -> None:
    alarms = 0
    for seed in range(N_WORLDS):
        rng = np.random.default_rng([seed, 12])
        mood = np.zeros(250)
        for day in range(1, 250):
            mood[day] = phi * mood[day - 1] + rng.normal(0, 0.05)
        mood[rng.random(250) < 0.1] = np.nan
        alarms += lead_or_lag(mood, heavy(rng, 250)).p <= 0.05
    print(f"phi {phi}: p <= 0.05 in {alarms / N_WORLDS:.3f}")
    assert alarms / N_WORLDS <= 0.05 + TOLERANCE


@pytest.mark.parametrize("lag", [-2, 0, 1])
def test_a_lead_is_found_with_its_sign(lag: int) -> None:
    rng = np.random.default_rng(3)
    mood = rng.normal(0, 0.05, 300)
    returns = heavy(rng, 300) + 0.2 * np.roll(mood, lag)
    found = lead_or_lag(mood, returns)
    assert (found.lag, found.sessions) == (lag, 300)
    assert found.p <= 0.05
    assert found.correlations[lag + 2] == found.largest > 0.2


def test_few_sessions_say_nothing() -> None:
    found = lead_or_lag(np.full(300, np.nan), np.zeros(300))
    assert np.isnan(found.p)
    assert found.as_dict()["p"] is None


def posts(n_days: int) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    noon = np.datetime64("2024-01-01T12:00:00") + np.repeat(np.arange(n_days), 5).astype("timedelta64[D]")
    authors = [f"a{n}" for n in rng.integers(0, 200, len(noon))]
    return pd.DataFrame(
        {
            "published": np.datetime_as_string(noon),
            "author": authors,
            "score": rng.normal(0, 0.3, len(noon)).clip(-1, 1),
        }
    )


def test_announcements_have_their_price_or_the_reason(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    days = np.datetime64("2024-01-01") + np.arange(300)
    returns = 0.01 * rng.normal(size=300)
    returns[200] -= 0.15
    close = 100 * np.cumprod(1 + returns)
    text = "date,close\n" + "".join(f"{day},{price}\n" for day, price in zip(days, close, strict=True))
    quotes = read_quotes(PriceSettings(path=written(tmp_path, text)))
    times = [f"{days[at]}T08:00:00Z" for at in (30, 200, 298)] + ["2023-06-01", "2026-01-01"]
    table = beside_price(quotes, author_days(posts(300), "UTC"), announced(*times), EffectOptions())
    assert tuple(table.prices.columns) == PRICE_COLUMNS
    assert tuple(table.effects.columns) == PRICE_EFFECT_COLUMNS
    assert table.effects["session"].tolist() == [str(days[at]) for at in (30, 200, 298)]
    assert table.effects["reason"].tolist() == [
        "too few sessions before it (19 with a return; 60 needed)",
        "",
        "preliminary, 2 of 3 sessions",
    ]
    row = table.effects.iloc[1]
    assert row["car"] == pytest.approx(-0.15, abs=0.04)
    assert row["high"] < 0
    assert row["p"] <= 0.05
    assert table.lead["sessions"] == 300 - 71  # those whose return is abnormal: from the 71st on


def test_without_prices_there_are_none() -> None:
    table = beside_price(None, author_days(posts(50), "UTC"), announced("2024-01-10"), EffectOptions())
    assert table.prices.empty
    assert table.effects.empty
    assert not table.lead


def test_the_share_of_2015_moved_as_the_study_has_it(shared: Path) -> None:
    """Against the mean of the sessions before: the study's market proxy is not at hand."""
    quotes = read_quotes(PriceSettings(path=shared / BABA, close="Close"))
    assert quotes is not None
    expected = {"2015-05-07": (0.075, 0.086), "2015-08-12": (-0.052, -0.032), "2015-10-27": (0.046, 0.079)}
    for day, (first, car) in expected.items():
        at = quotes.session(np.datetime64(day))
        assert quotes.model.abnormal[at] == pytest.approx(first, abs=0.01)
        assert judge_reaction(quotes.model, at, 3)[0] == pytest.approx(car, abs=0.02)
    assert np.isnan(quotes.model.alpha[quotes.session(np.datetime64("2014-09-19"))])
