"""Texts that are the same but for a few words."""

from __future__ import annotations

import random

from sentinel.near_copies import groups

TEXT = "Alibaba said on Monday that its new model reads two hours of video and answers questions about every scene"
CAMPAIGN = {
    "a": TEXT,
    "b": f"{TEXT} | via example news",
    "c": TEXT.replace("Monday", "Tuesday"),
    "d": f"BREAKING: {TEXT}",
}
ZH = "阿里巴巴今天发布了新一代大模型,支持两小时的视频理解,并且可以回答关于每个场景的问题"


def test_a_few_words_more_or_other_are_the_same_text() -> None:
    assert groups(CAMPAIGN.items()) == dict.fromkeys("abcd", "a")
    assert groups([("x", ZH), ("y", ZH.replace("今天", "昨天")), ("z", ZH[::-1])]) == {"x": "x", "y": "x"}


def test_short_texts_and_other_texts_stay_apart() -> None:
    opposite = [("a", "Qwen is the best model of this year"), ("b", "Qwen is the worst model of this year")]
    assert groups(opposite) == {}
    other = (
        "Nobody in my office uses the assistant any more because it forgets what we told it the day before"
    )
    assert groups([("a", TEXT), ("b", other)]) == {}
    assert groups([]) == {}
    assert groups([("a", "ha " * 50), ("b", "ha " * 60)]) == {}


def test_half_of_the_words_in_common_is_not_enough() -> None:
    half = " ".join(TEXT.split()[:10]) + " while nobody could say what it costs or who is going to pay for it"
    assert groups([("a", TEXT), ("b", half)]) == {}


def test_a_large_campaign_is_one_group_and_bystanders_are_none() -> None:
    chosen = random.Random(3)
    words = ["".join(chosen.choices("abcdefghij", k=6)) for _ in range(2_000)]
    texts = {f"c{number:03}": f"{TEXT} says {chosen.choice(words)}" for number in range(300)}
    texts |= {f"o{number:03}": " ".join(chosen.sample(words, 20)) for number in range(300)}
    found = groups(sorted(texts.items()))
    assert set(found) == {key for key in texts if key.startswith("c")}
    assert set(found.values()) == {"c000"}


def test_lone_surrogates_do_no_harm() -> None:
    assert groups([("a", f"{TEXT} \ud83d"), ("b", TEXT)]) == {"a": "a", "b": "a"}
