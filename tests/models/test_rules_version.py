"""Rules that say something else have another version."""

from __future__ import annotations

import hashlib

import pytest
from sentinel_models import sides
from sentinel_models.sides import RULES, Sides
from sentinel_models.words import read

#: What is asked of every pair of sides, and what is asked as it stands.
PAIRS = (
    *("{} beats {}", "{} was beaten badly by {}", "{} doesn't beat {}", "{} > {}", "{} is no match for {}"),
    *("moved from {} to {}", "I prefer {} to {}", "is {} better than {}?", "{} leaves {} in the dust"),
    *("{} trails {} by a mile", "{} is doomed, {} is fine", "{} and {} are fine", "{} blows {} away"),
    *(
        "{}吊打{}",
        "{}不如{}",
        "{}比不上{}",
        "{}被{}超越",
        "{}没有超越{}",
        "{}比{}好用",
        "{}和{}都不错",
        "用过{}就回不去{}了",
    ),
)
NAMES = (("Qwen", "DeepSeek"), ("千问", "豆包"))
ALONE = (
    *("Qwen is cooked", "Qwen couldn't be better", "the ban on Alibaba is lifted", "export ban lifted"),
    *(
        "Qwen isn't bad",
        "I never liked Qwen",
        "how do I run Qwen?",
        "Alibaba to report on Thursday",
        "👎",
        "nice",
    ),
    *("千问太棒了", "千问真垃圾", "千问好用吗？", "不是不好", "阿里云又崩了", "no Qwen without a GPU"),
)
#: Digest of what the rules of each version say of them. A new line for a new version, the last one is today's.
SAID = {
    1: "e8d9a84cdc02",
    2: "692ded19dc37",
    3: "a8bac5f8c9d9",
    4: "773aad45867c",
    5: "b8722a5acd47",
    6: "b8722a5acd47",
    7: "b8722a5acd47",
    8: "b8722a5acd47",
    9: "b8722a5acd47",
    10: "b8722a5acd47",
    11: "b8722a5acd47",
    12: "b8722a5acd47",
    13: "b8722a5acd47",
    14: "b8722a5acd47",
    15: "b8722a5acd47",
    16: "b8722a5acd47",
    17: "b8722a5acd47",
    18: "b8722a5acd47",
    19: "b8722a5acd47",
    20: "b8722a5acd47",
    21: "b8722a5acd47",
    22: "b8722a5acd47",
    23: "b8722a5acd47",
    24: "b8722a5acd47",
    25: "b8722a5acd47",
    26: "b8722a5acd47",
}


def said() -> str:
    taker, answers = Sides(), []
    asked = [pattern.format(*order) for pattern in PAIRS for names in NAMES for order in (names, names[::-1])]
    for text in (*asked, *ALONE):
        reading = read(text)
        focus, push = taker.judge(reading, None)
        answers.append(f"{None if push is None else push.tolist()} {focus and focus.plain}")
    return hashlib.sha256("\n".join(answers).encode()).hexdigest()[:12]


def test_rules_that_say_something_else_have_another_version() -> None:
    assert max(SAID) == RULES
    assert said() == SAID[RULES], "the rules say something else: raise RULES of sides.py, add its digest here"


def test_the_version_of_a_scorer_tells_that_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Sides().version
    monkeypatch.setattr(sides, "RULES", RULES + 1)
    assert Sides().version != before
