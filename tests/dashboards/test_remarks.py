from __future__ import annotations

import re

import pytest
from sentinel_dashboards.remarks import kinds, remark
from sentinel_dashboards.words import Words

from sentinel import reasons

EN = Words("en")


def test_what_stands_beside_is_not_repeated() -> None:
    joined = reasons.inseparable(["Results; revenue +40%", "It's out", 'A "quoted" one'])
    reason = f"no data was collected on 2025-01-29 (x); {joined}; time of day unknown"
    assert remark({"reason": reason}, EN) == "No data was collected on 2025-01-29 (X); time of day unknown"
    assert remark({"reason": reason}, EN, sentence=True) == "No data was collected on 2025-01-29 (X)"


def test_a_sentence_says_but_once_that_no_ordinary_date_shows_as_much() -> None:
    row = {"reason": reasons.extrapolated(151, 0.00085)}
    assert remark(row, EN).startswith("Larger than at any of 151 ordinary dates; q rests")
    assert remark(row, EN, sentence=True) == "Here q rests on an extrapolated p of 0.00085"
    assert remark(row, Words("zh"), sentence=True) == "这里的 q 依据外推的 p 值 0.00085"


ALL_REASONS = [
    *(reasons.outside(f"{year}-01-16", "2025-01-01", "2025-06-30", "2024-12-12") for year in (2024, 2025, 2026)),
    reasons.not_begun(1),
    reasons.not_begun(3),
    reasons.no_posts(),
    reasons.gap([], "2025-07-05", "2025-07-05"),
    reasons.broken(["x"]),
    *(reasons.few_authors(*counts, 10, 3) for counts in ((1, 0), (0, 4), (2, 1))),
    reasons.few_before(1, 50, nameless=False),
    reasons.few_before(7, 50, nameless=True),
    reasons.few_days_before(3, 14),
    reasons.crowded(reasons.few_days_before(3, 14)),
    reasons.few_clusters(1, 2),
    reasons.short_history(1, 1),
    reasons.preliminary(1, 3),
    reasons.extrapolated(151, 0.00085),
    reasons.extrapolated(151, 2.1e-7),
    reasons.no_change(0.14, 6, 0.08, 0.05),
    reasons.no_change(0.14, 1, 0.01, 0.05),
    *("only very large changes could be seen", "the mood drifts, p-values are rough"),
    *("time of day unknown", "many posts show only their date"),
]  # fmt: skip


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_every_reason_is_told_in_chinese(reason: str) -> None:
    told = Words("zh").told(f"{reason}; {reason}")
    assert re.findall(r"[A-Za-z]{2,}", told) == []
    assert told.count("；") % 2 == 1  # of two alike and what parts them, nothing was lost


def test_what_limits_a_verdict_stays() -> None:
    row = {"reason": reasons.no_change(0.14, 6, 0.08, 0.05)}
    assert remark(row, EN).startswith("Cannot be established with 6 tests and this history")
    assert "could not have been seen" not in remark(row, EN)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            reasons.gap(["x"], "2025-07-05", "2025-07-13"),
            "2025-07-05 至 2025-07-13 没有采集数据（X）；具体时刻不明",
        ),
        (
            reasons.gap(["unknown"], "2025-07-05", "2025-07-13"),
            "2025-07-05 至 2025-07-13 没有采集数据；具体时刻不明",
        ),
        (reasons.gap(["unknown"], "2025-07-05", "2025-07-05"), "2025-07-05 没有采集数据；具体时刻不明"),
    ],
)
def test_a_gap_is_told_in_chinese(reason: str, said: str) -> None:
    assert remark({"reason": f"{reason}; time of day unknown"}, Words("zh")) == said


@pytest.mark.parametrize("reason", [None, "", float("nan")])
def test_no_reason_no_remark(reason: object) -> None:
    assert remark({"reason": reason}, EN) == ""


def test_kinds_are_counted() -> None:
    rows: list[dict[str, object]] = [
        {"reason": reasons.few_authors(3, 0, 10, 3)},
        {"reason": reasons.few_authors(0, 12, 10, 3) + "; time of day unknown"},
        {"reason": reasons.gap(["x"], "2025-07-05", "2025-07-13")},
        {"reason": None},
    ]
    assert kinds(rows, EN) == [
        ("too few posts", 2),
        ("no reason was recorded", 1),
        ("no data was collected on some of the days", 1),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_has_a_name(lang: str) -> None:
    every = [
        reasons.outside("2031-02-01", "2025-01-06", "2025-11-01", "2030-12-28"),
        reasons.outside("2025-01-18", "2025-01-06", "2025-11-01", "2024-12-14"),
        reasons.not_begun(3),
        reasons.no_posts(),
        reasons.gap(["x"], "2025-07-05", "2025-07-05"),
        reasons.broken(["x"]),
        reasons.few_authors(3, 0, 10, 3),
        reasons.few_before(44, 50, False),
        reasons.short_history(28, 29),
        reasons.preliminary(2, 3),
    ]
    words = Words(lang)
    told = kinds([{"reason": reason} for reason in every], words)
    known = {text for key, text in words.starting("obstacle.").items() if key != "none"}
    assert {name for name, _ in told} == known
