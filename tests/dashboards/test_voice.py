from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sentinel_dashboards.series import all_series
from sentinel_dashboards.voice import voice
from sentinel_dashboards.words import Words

from sentinel.results import Results


def test_qwen_against_the_four_most_named_rivals(spoken: Results) -> None:
    made = voice(all_series(spoken.mood), Words("en"))
    assert made is not None
    assert [row[0] for row in made["rows"]] == ["Qwen", "DeepSeek", "OpenAI", "Tencent", "Baidu"]
    assert made["hidden"] == 2
    shares = [figure["y"] for figure in made["figures"]["plot-voice-share"]["data"]]
    assert all(abs(sum(month) - 100) < 0.1 for month in zip(*shares, strict=True))
    assert "posts that name Qwen or one of DeepSeek, OpenAI, Tencent, Baidu" in made["answer"]
    assert made["rows"][0][4] == "–"


def test_lines_are_told_apart_without_colour(spoken: Results) -> None:
    made = voice(all_series(spoken.mood), Words("en"))
    assert made is not None
    assert len({line["line"]["dash"] for line in made["figures"]["plot-voice-mood"]["data"]}) == 5


def test_without_rivals_or_without_qwen_there_is_nothing_to_compare(
    results: Results, spoken: Results
) -> None:
    assert voice(all_series(results.mood), Words("en")) is None
    mood = spoken.mood
    assert voice(all_series(mood[mood["scope"] != "entity:qwen"]), Words("en")) is None
    assert voice([], Words("en")) is None


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Share of voice: Qwen and its rivals"), ("zh", "声量占比：千问与竞争对手")]
)
def test_it_stands_on_the_page(
    spoken: Results, render: Callable[[Results], str], lang: str, title: str
) -> None:
    page = render(replace(spoken, report_lang=lang))
    assert title in page
    assert 'id="plot-voice-share"' in page
