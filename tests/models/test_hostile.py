"""Texts that nobody should write, and what holds for every text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinel_models.vader import Vader

from sentinel.plugins import installed
from sentinel.post import LABELS, TAG_COLUMNS, Columns

TagAll = Callable[[Sequence[str]], Columns]

HOSTILE = [
    "",
    " ",
    "\0",
    "\n\n\n",
    "x" * 1_000_000,
    "Qwen is great. " * 70_000,
    "千问太棒了。" * 100_000,
    "😀" * 10_000,
    "‏مرحبا‮ evil ‬",
    "\ud83d alone \ude00",
    "a\u0301" * 5_000,
    "</script><script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "$" * 500,
    "$BABA " * 2_000,
    "#" * 500,
    "@" * 500,
    "http://",
    "!" * 10_000,
    "ﷺ" * 3_000,
    "&amp;" * 5_000,
    "阿里 bad 垃圾 アリババ 알리바바",
    # what a careless pattern reads from each of its words to the end
    "rival, Qwen " + "the all " * 2_000,
    "Qwen better a " + "better a " * 2_000 + "beats",
    "Qwen <!-- " + "<!-- <script> <style> " * 900,
    "Qwen a Claude b " * 1_000 + "used to now prefer switched from",
    "千问被豆包" * 4_000,
]


def test_hostile_texts_are_tagged(tag_all: TagAll) -> None:
    tags = tag_all(HOSTILE)
    for name in TAG_COLUMNS:
        assert len(tags[name]) == len(HOSTILE), name


@pytest.mark.parametrize(
    "text", ["", "https://t.co/x", "@a @b", "\u200b", "12345", "مرحبا بك", "日本語のテキストです", "💀"]
)
def test_no_evidence_is_unscored_not_neutral(tag_all: TagAll, text: str) -> None:
    tags = tag_all([text])
    assert tags["label"] == ["unscored"]
    assert tags["score"] == tags["p_neutral"] == tags["confidence"] == [None]
    assert tags["model"] == [""]
    assert tags["about"][0] is not None
    assert tags["spam"][0] is not None


def check(tags: Columns, at: int) -> None:
    """What holds for the tags of any post."""
    assert tags["label"][at] in LABELS
    assert 0.0 <= tags["about"][at] <= 1.0
    assert 0.0 <= tags["spam"][at] <= 1.0
    if tags["label"][at] == "unscored":
        return
    three = {name: tags[f"p_{name}"][at] for name in ("negative", "neutral", "positive")}
    assert sum(three.values()) == pytest.approx(1.0, abs=1e-9)
    assert min(three.values()) >= 0.0
    assert tags["label"][at] == max(three, key=three.__getitem__)
    assert tags["confidence"][at] == max(three.values())
    assert tags["score"][at] == pytest.approx(three["positive"] - three["negative"], abs=2e-6)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=200))
def test_any_text_keeps_the_contract(tag_all: TagAll, text: str) -> None:
    check(tag_all([text]), 0)


TEXTS = [
    "Qwen beats DeepSeek",
    "DeepSeek beats Qwen",
    "BABA shares plunge 9%",
    "千问真香",
    "阿里云又崩了",
    "$BABA $TSLA $AAPL $NVDA free trial, join now",
    "Alibaba opens a data center",
    "",
    "👍",
    "OpenAI is doomed, Qwen is fine",
    "Esto es muy bueno para Alibaba",
]


def test_a_post_is_tagged_the_same_in_any_company(tag_all: TagAll) -> None:
    alone = [tag_all([text]) for text in TEXTS]
    order = random.Random(3).sample(range(len(TEXTS)), len(TEXTS))
    together = tag_all([TEXTS[at] for at in order] + ["some other words"] * 50)
    for place, at in enumerate(order):
        assert {name: together[name][place] for name in TAG_COLUMNS} == {
            name: alone[at][name][0] for name in TAG_COLUMNS
        }


def test_an_address_that_a_rare_character_ends_is_tagged_in_any_company(tag_all: TagAll) -> None:
    addresses = "Qwen https://t.co/aaaaaaaaaa https://t.co/bbbbbbbbbb\U00020000 is great"
    texts = [addresses, "a b c d " * 40, addresses + " a b c d" * 40]
    together = tag_all(texts)
    for at, text in enumerate(texts):
        alone = tag_all([text])
        assert {name: values[at] for name, values in together.items()} == {
            name: values[0] for name, values in alone.items()
        }


def test_vader_keeps_the_contract_too() -> None:
    tags = Vader().tag({"text": HOSTILE + TEXTS, "lang": [None] * len(HOSTILE + TEXTS)})
    assert {len(values) for values in tags.values()} == {len(HOSTILE + TEXTS)}


def test_every_tagger_explains_any_text() -> None:
    for plugin in installed("models"):
        if plugin.name == "transformers":  # needs weights: test_transformer.py
            continue
        model = plugin.load()()
        if hasattr(model, "explain"):
            for text in ("Qwen isn’t bad, DeepSeek is worse", "千问比豆包好用", "", "👍", "\0"):
                assert isinstance(model.explain(text), dict), plugin.name
