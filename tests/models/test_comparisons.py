from __future__ import annotations

from pathlib import Path

import pytest
from sentinel_models.comparison_words import OURS, RIVAL, TABLES
from sentinel_models.sides import Sides
from sentinel_models.words import read


@pytest.mark.parametrize(
    ("text", "winner"),
    [
        ("Qwen beats DeepSeek", 1),
        ("DeepSeek beats Qwen", -1),
        ("Qwen beats DeepSeek by 10 points", 1),
        ("DeepSeek outperforms Qwen by a wide margin", -1),
        ("Alibaba trails OpenAI by a mile", -1),
        ("Qwen outperforms by far every DeepSeek", 1),
        ("DeepSeek was beaten badly by Qwen", 1),
        ("Qwen doesn't beat DeepSeek", -1),
        ("Qwen is beaten by DeepSeek", -1),
        ("the tiny model outperforming Qwen", -1),
        ("Qwen3 outperforms everything", 1),
        ("Qwen3 outperforms Qwen2.5", 0),
        ("Is Qwen better than DeepSeek?", 0),
        ("GPT-4o beats DeepSeek", 0),
        ("I prefer Qwen to GPT-4o", 1),
        ("moved from Qwen to Claude", -1),
        ("Qwen > Llama", 1),
        ("DeepSeek claims to beat Qwen but it doesn't", 1),
        ("DeepSeek says it beats Qwen. It doesn't.", 1),
        ("DeepSeek used to be ahead of Qwen, not anymore", 1),
        ("I regret switching from Qwen to Claude", 1),
        ("why would anyone use Claude instead of Qwen?", 1),
        ("Is Qwen better than Claude? Not even in its dreams", -1),
        ("Qwen makes fewer mistakes than DeepSeek", 1),
        ("Qwen was left in the dust by Claude", -1),
        ("Alibaba in big fight ahead of the sale of JD.com", 0),
        ("豆包号称超过千问,实测差远了", 1),
        ("后悔从千问换到豆包", 1),
        ("千问吊打豆包", 1),
        ("千问不如豆包", -1),
        ("千问没有超越豆包", -1),
        ("千问被豆包超越", -1),
        ("豆包被千问超越", 1),
        ("夸克比豆包好用", 1),
        ("千问和豆包都不错", 0),
    ],
)
def test_who_wins(text: str, winner: int) -> None:
    assert Sides().explain(read(text))["comparison"] == winner


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_contrast_names_both(language: str) -> None:
    contrasts = TABLES[language]["contrasts"]
    assert contrasts
    assert [each for each in contrasts if each.count("<won>") != 1 or each.count("<lost>") != 1] == []


def test_clauses_about_the_rival_alone_do_not_count() -> None:
    focus = Sides().focus(read("OpenAI is doomed, Qwen is fine"), None)
    assert focus is not None
    assert focus.plain.strip() == "Qwen is fine"
    assert Sides().focus(read("Qwen and OpenAI are fine"), None) is None


def test_a_list_of_tickers_is_no_comparison() -> None:
    assert Sides().judge(read("$BABA $JD $PDD $BIDU than"), None)[1] is None


def test_a_rival_of_ones_own_is_known(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[entities.acme]\nside = "rival"\nnames_en = ["acme ai"]\n', encoding="utf-8")
    assert Sides(str(path)).explain(read("Acme AI leaves Qwen in the dust"))["comparison"] == -1
    assert Sides(str(path)).version != Sides().version


@pytest.mark.parametrize("text", ["Qwen beats {}", "Qwen lost to {} today", "千问吊打{}"])
def test_nobody_writes_the_mark_of_a_name(text: str) -> None:
    for mark in (OURS, RIVAL, f"&#{ord(RIVAL)};", f"&amp;#{ord(RIVAL)};"):
        compared, same = (Sides().explain(read(text.format(each)))["comparison"] for each in (mark, "\ufffd"))
        assert compared == same
