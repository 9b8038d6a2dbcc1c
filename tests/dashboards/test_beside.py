"""Attention, the same authors, rivals, categories, changes: told in sentences made from numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from sentinel_dashboards.beside import beside, own_notes
from sentinel_dashboards.categories import categories
from sentinel_dashboards.changes import changes
from sentinel_dashboards.events import read_story
from sentinel_dashboards.words import Words

from sentinel import reasons
from sentinel.attention import ATTENTION_COLUMNS
from sentinel.changepoints import CHANGE_COLUMNS
from sentinel.composition import COMPOSITION_COLUMNS
from sentinel.control import CONTROL_COLUMNS
from sentinel.pooled import POOLED_COLUMNS
from sentinel.results import Results

FEW_DAYS = reasons.few_days_before(3, 14)
FEW_CLUSTERS = reasons.few_clusters(0, 2)
QWEN3, PAPER, EARLY = "2025-04-28", "2025-06-13", "2025-01-18"


def table(columns: tuple[str, ...], *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


@pytest.fixture
def told(results: Results) -> Results:
    """The 300 days with numbers beside the effects."""
    span = ("2025-04-28", "2025-04-30")
    hostile = results.examples.head(4).assign(cluster="2025-08-01", window="change")
    return replace(
        results,
        attention=table(
            ATTENTION_COLUMNS,
            (QWEN3, *span, 182.4, 60.2, 3.03, 1.94, 4.7, 0.011, 210, 70.0, ""),
            (EARLY, *span, 50.0, None, None, None, None, None, 0, None, FEW_DAYS),
        ),
        composition=table(COMPOSITION_COLUMNS, (QWEN3, 44, 0.02, 0.05), (PAPER, 1, None, None)),
        control=table(
            CONTROL_COLUMNS,
            (QWEN3, 0.15, 0.021, 0.06, -0.1, 0.142, 0.74, 180, 60.0, ""),
            (PAPER, None, None, None, None, None, None, 0, None, "too few posts about rivals"),
        ),
        pooled=table(
            POOLED_COLUMNS,
            ("model_release", "as it came", 3, 0.11, 0.03, 0.02, 0.2, 0.02, 280, 93.3, None, None, None, "a; b; c", ""),
            ("chips", "", 0, None, None, None, None, None, 0, None, None, None, None, "", FEW_CLUSTERS),
        ),
        changes=table(
            CHANGE_COLUMNS,
            (QWEN3, -0.02, 0.13, 0.15, QWEN3, ""),
            ("2025-08-01", 0.13, -0.05, -0.18, "", "x: a new query"),
        ),
        change_match={"announcements": 7, "matched": 1, "expected": 0.2, "p": 0.18},
        change_posts=hostile,
        announcements=results.announcements.assign(note=["", "", "<b>ours</b>", *[""] * 7]),
    )  # fmt: skip


def test_each_fact_comes_with_its_numbers(told: Results) -> None:
    sentences = beside(told, Words("en"))
    assert sentences[QWEN3] == [
        "Attention: 182 authors a day instead of 60, 3.03 times the usual with weekdays evened out "
        "(95% interval 1.94 to 4.70; p\u00a0=\u00a00.011).",
        "The same people: among the 44 authors who posted both before and after, the mood changed by +0.02 "
        "(95% interval −0.08 … +0.12).",
        "Everybody or only this company: in posts about rivals only the mood changed by +0.15; less that, +0.02 "
        "are left (95% interval −0.10 … +0.14; p\u00a0=\u00a00.74).",
    ]
    assert sentences[EARLY] == [
        "Attention was not tested. Too few posts in the reference weeks (on 3 days of 28; 14 needed)."
    ]
    assert len(sentences[PAPER]) == 1


def test_the_readers_note_stands_beside_its_announcement(told: Results) -> None:
    events = read_story(told).events
    assert [own_notes(told, event) for event in events[:3]] == [[], [], ["<b>ours</b>"]]


def test_categories_that_stand_out_are_named(told: Results) -> None:
    made = categories(told, Words("en"))
    assert made is not None
    assert made["answer"].startswith("The one kind of announcement that could be pooled stood out")
    assert made["rows"][0][:5] == ["model releases", "3", "as it came", "+0.11", "+0.02 … +0.20"]
    assert made["untested"] == [("chips", "Too few announcements could be tested (0; 2 needed)")]


def test_what_nobody_announced_comes_first(told: Results) -> None:
    made = changes(told, read_story(told), Words("en"))
    assert made["answer"] == "2 lasting changes of the mood were found; without an announcement near them: 1."
    assert made["match"].startswith("1 of 7 announcements lie within two days of a change; 0.2 are to be")
    assert [card["day"] for card in made["cards"]] == ["2025-08-01", QWEN3]
    assert made["cards"][0]["roles"]
    assert made["cards"][0]["breaks"] == "x: a new query"
    assert [title for _, title in made["cards"][1]["announced"]] == ["Qwen3 open weights released"]


def test_without_changes_that_is_the_answer(results: Results) -> None:
    made = changes(results, read_story(results), Words("en"))
    assert made["answer"].startswith("No lasting change")
    assert not made["cards"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_them_as_text(lang: str, told: Results, render: Callable[[Results], str]) -> None:
    page = render(replace(told, report_lang=lang))
    assert "&lt;b&gt;ours&lt;/b&gt;" in page
    assert "<script>document.title" not in page
    assert 'id="changes"' in page
    words = Words(lang)
    for sentence in beside(told, words)[QWEN3]:
        assert sentence in page
    if lang == "zh":
        text = re.sub(r"(?s)<script.*?</script>|<style.*?</style>|<[^>]+>", " ", page)
        assert "Attention was not" not in text
