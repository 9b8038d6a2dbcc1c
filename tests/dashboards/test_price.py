from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sentinel_dashboards.events import read_story
from sentinel_dashboards.price import _labels, price
from sentinel_dashboards.series import all_series
from sentinel_dashboards.words import Words

from sentinel.price import PRICE_COLUMNS, PRICE_EFFECT_COLUMNS
from sentinel.results import Results

FEW = "too few sessions before it (8 with a return; 60 needed)"
LEAD = {"sessions": 240, "largest": 0.31, "lag": 1, "p": 0.01, "k_e": 60.0, "correlations": {}}


@pytest.fixture
def traded(results: Results) -> Results:
    """The 300 days with a price on each."""
    story = read_story(results)
    assert story.span is not None
    days = [(story.span[0] + timedelta(days=n)).isoformat() for n in range(300)]
    sessions = pd.DataFrame([(day, 100.0 + n, None, 0.01, None) for n, day in enumerate(days)])
    span = ("2025-04-28", "2025-04-30")
    rows: list[tuple[Any, ...]] = [
        ("2025-04-28", *span, 0.021, 0.054, 0.012, 0.096, 0.02, 118, 39.3, None, ""),
        ("2025-06-13", "2025-06-13", "2025-06-18", -0.01, -0.02, -0.07, 0.03, 0.44, 118, 39.3, None, ""),
        ("2025-01-18", "2025-01-20", "2025-01-22", *([None] * 5), 0, None, None, FEW),
    ]
    return replace(
        results,
        price=sessions.set_axis(list(PRICE_COLUMNS), axis=1),
        price_effects=pd.DataFrame(rows, columns=list(PRICE_EFFECT_COLUMNS)),
        price_lead=LEAD,
    )


def told(results: Results, lang: str = "en") -> dict[str, Any]:
    made = price(results, read_story(results), all_series(results.mood), Words(lang))
    assert made is not None
    return made


def test_beta_is_told_where_there_is_a_proxy(traded: Results) -> None:
    sessions = traded.price.assign(market=50.0)
    made = told(replace(traded, price=sessions, price_effects=traded.price_effects.assign(beta=1.1)))
    assert made["rows"][0][6] == "1.10"
    assert made["model"].startswith("Abnormal: less what is to be expected from the market proxy")


def test_reactions_of_the_price_stand_with_their_interval(traded: Results) -> None:
    made = told(traded)
    assert made["answer"].startswith(
        "After 2 announcements the price could be compared with ordinary sessions; after 1"
    )
    assert made["rows"][0] == [
        "2025-04-28", "Qwen3 open weights released", "+2.1%", "+5.4%", "+1.2 … +9.6", "0.020", "no proxy", "118",
    ]  # fmt: skip
    assert made["untested"][0][1] == "Too few sessions before it (8 with a return; 60 needed)"
    assert made["model"].startswith("No market proxy is given")


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        (
            LEAD,
            "go together most when the mood is taken 1 session before the price (correlation +0.31; "
            "p\u00a0=\u00a00.010",
        ),
        ({**LEAD, "lag": 0}, "most in the same session"),
        ({**LEAD, "p": 0.4, "lag": -2}, "do not go together visibly"),
        ({**LEAD, "p": None, "sessions": 20}, "cannot be judged: 20 sessions with both, 100 needed"),
    ],
)
def test_which_goes_first_is_told_without_cause(traded: Results, lead: dict[str, Any], text: str) -> None:
    assert text in told(replace(traded, price_lead=lead))["lead"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_has_the_section_where_there_are_prices(
    lang: str, traded: Results, results: Results, render: Callable[[Results], str]
) -> None:
    page = render(replace(traded, report_lang=lang))
    assert 'id="plot-price"' in page
    assert ("股价" if lang == "zh" else "What did the price do") in page
    assert 'id="plot-price"' not in render(replace(results, report_lang=lang))


def test_numbers_leave_each_other_room() -> None:
    days = [date(2025, 1, 1) + timedelta(days=n) for n in (0, 3, 40, 41)]
    assert _labels([(day, str(n)) for n, day in enumerate(days)], 20) == ["0", "·", "2", "·"]
