from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sentinel_dashboards.numerals import (
    count,
    equal,
    interval,
    p_value,
    percent,
    period,
    plain,
    records,
    shortened,
    signed,
    unmarked,
)


@pytest.mark.parametrize(
    ("value", "text"), [(0.171, "+0.17"), (-0.142, "−0.14"), (0.004, "0.00"), (-0.004, "0.00"), (None, "–")]
)
def test_signed(value: float | None, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0004, "<0.001"), (0.012, "0.012"), (0.0994, "0.099"), (0.0996, "0.10"), (0.62, "0.62"), (None, "–")],
)
def test_p_value_is_never_zero(value: float | None, text: str) -> None:
    assert p_value(value) == text


def test_equal_has_one_sign() -> None:
    assert equal(0.0002) == "<\u00a00.001"
    assert equal(0.03) == "=\u00a00.030"


@pytest.mark.parametrize(
    ("part", "text"),
    [(0, "0%"), (0.4, "<0.1%"), (38, "3.8%"), (95, "9.5%"), (950, "95%"), (1000, "100%"), (None, "–")],
)
def test_percent(part: float | None, text: str) -> None:
    assert percent(part, 1000) == text


def test_percent_of_nothing() -> None:
    assert percent(0, 0) == "–"


def test_interval_and_count() -> None:
    assert interval(-0.06, 0.12) == "−0.06 … +0.12"
    assert interval(None, None) == "–"
    assert count(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2025, 4, 28), date(2025, 4, 30), "28–30 April 2025", "2025年4月28日至30日"),
        (date(2025, 4, 28), date(2025, 4, 28), "28 April 2025", "2025年4月28日"),
        (date(2025, 4, 29), date(2025, 5, 1), "29 April – 1 May 2025", "2025年4月29日至5月1日"),
        (
            date(2024, 12, 31),
            date(2025, 1, 2),
            "31 December 2024 – 2 January 2025",
            "2024年12月31日至2025年1月2日",
        ),
    ],
)
def test_period(first: date, last: date, english: str, chinese: str) -> None:
    assert period(first, last, "en") == english
    assert period(first, last, "zh") == chinese


def test_records_know_missing_cells_whatever_their_kind() -> None:
    frame = pd.DataFrame(
        {"a": ["NA", None], "b": [1.5, float("nan")], "c": [pd.NaT, pd.Timestamp(0)], "d": [1, 2]}
    )
    first, second = records(frame)
    assert first == {"a": "NA", "b": 1.5, "c": None, "d": 1}
    assert second["a"] is None
    assert second["b"] is None


def test_records_of_nothing() -> None:
    assert records(pd.DataFrame(columns=["a"])) == []


def test_plain_drops_what_html_cannot_carry() -> None:
    assert plain("a\x00b\ud83dc\nd") == "a\ufffdb\ufffdc\nd"
    assert plain(None) == ""
    assert plain("NA") == "NA"


def test_shortened_says_that_it_was_cut() -> None:
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"


def test_unmarked_has_no_markup_left() -> None:
    assert unmarked("<b>R&D</b>\n&lt;i&gt;") == "‹b›R＆D‹/b› ＆lt;i＆gt;"
