from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from sentinel_dashboards.claims import claims
from sentinel_dashboards.words import Words

from sentinel.claims import CLAIM_COLUMNS
from sentinel.results import Results

NONE = float("nan")


@pytest.fixture
def judged(results: Results) -> Results:
    """Three claims, one a verdict."""
    base = {"claim_zh": "情绪乐观", "direction": "up", "margin": 0.05, "n_authors": 90, "n": 30}
    base |= {"since": "", "until": "", "posts": "", "clusters": "", "p": NONE, "n_posts": 120}
    open_ = {"effect": NONE, "low": NONE, "high": NONE, "reason": "too few posts (3; 30 needed)"}
    rows = [
        {"id": "a", "claim": "<b>Mood</b> is up", "kind": "level", "verdict": "contradicted"}
        | {
            "effect": -0.1,
            "low": -0.2,
            "high": -0.01,
            "unit": "mood points",
            "reason": "it went the other way",
        },
        {"id": "b", "claim": "Shares rise", "kind": "price", "verdict": "not enough posts", "unit": "return"}
        | open_,
        {"id": "c", "claim": "Qwen grows", "kind": "share", "verdict": "supported", "since": "2025-01-01"}
        | {
            "effect": 0.3,
            "low": 0.1,
            "high": 0.5,
            "unit": "share of posts",
            "reason": "",
            "posts": "entity qwen",
        },
    ]
    table = pd.DataFrame([base | row for row in rows], columns=list(CLAIM_COLUMNS))
    return replace(results, claims=table)


def test_claims_stand_by_verdict_with_their_numbers(judged: Results) -> None:
    made = claims(judged, Words("en"))
    assert made["answer"].startswith(
        "Of 3 claims the posts support 1 and contradict 1; 1 cannot be told from"
    )
    assert [group["key"] for group in made["groups"]] == ["supported", "contradicted", "open"]
    card = made["groups"][0]["cards"][0]
    assert card["found"].startswith(
        "+30.0 percentage points of these posts from the first week to the last (95% interval +10.0 … +50.0)"
    )
    assert card["about"].endswith("; entity: Qwen; from 1 January 2025.")
    grown = judged.claims[judged.claims["id"] == "c"].assign(
        unit="log ratio", effect=-0.2, low=-0.5, high=0.0
    )
    told = claims(replace(judged, claims=grown), Words("en"))["groups"][0]["cards"][0]["found"]
    assert told.startswith("−18% posts a week from the first week to the last (95% interval −39% … 0%).")
    assert made["groups"][2]["cards"][0]["found"] == "30 announcements. Too few posts (3; 30 needed)."


@pytest.mark.parametrize(
    ("lang", "counted", "said"),
    [
        ("en", "authors", " 120 posts, 90 authors."),
        ("en", "voices", " 120 posts, 90 voices."),
        ("en", "posts", " 120 posts."),
        ("zh", "posts", "120 条帖子。"),
    ],
)
def test_authors_are_spoken_of_where_they_are_named(
    judged: Results, lang: str, counted: str, said: str
) -> None:
    assert said in claims(judged, Words(lang, counted))["groups"][0]["cards"][0]["found"]


def test_a_chinese_card_has_no_latin_punctuation_and_no_raw_name(judged: Results) -> None:
    table = judged.claims.assign(
        posts="platform x or weibo; topic open_source; phrase 2 of quiet or 低调", until="2025-03-01"
    )
    cards = [
        c for group in claims(replace(judged, claims=table), Words("zh"))["groups"] for c in group["cards"]
    ]
    about = cards[0]["about"]
    assert (
        "平台：X或微博；话题：开源；至少含其中 2 种：“quiet”或“低调”；2025年1月1日至2025年3月1日。" in about
    )
    for card in cards:
        assert not re.search(r"[;,:]|\.(?!\d)| or ", card["found"] + card["about"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_them_as_text(lang: str, judged: Results, render: Callable[[Results], str]) -> None:
    page = render(replace(judged, report_lang=lang))
    shown = page[page.index('id="claims"') :]
    assert ("情绪乐观" if lang == "zh" else "&lt;b&gt;Mood&lt;/b&gt; is up") in shown
    assert "<b>Mood" not in shown
    if lang == "zh":
        assert "方向相反" in shown
        assert "帖子太少（3 条；需要 30 条）" in shown


def test_without_claims_that_is_said(results: Results) -> None:
    assert claims(results, Words("en")) == {"answer": "No claim was put to the test.", "groups": []}
