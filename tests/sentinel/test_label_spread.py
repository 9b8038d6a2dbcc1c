"""Which of many texts are chosen, however few of them are kept up to date."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sentinel import label_spread
from sentinel.label_spread import spread

WORDS = [
    "qwen", "alibaba", "is", "slow", "great", "down", "again", "price", "of", "a", "chip", "阿里云", "宕机",
]  # fmt: skip


def greedy(texts: list[str], worth: list[float], n: int) -> list[int]:
    """The rule as it is written down: all are compared with all."""
    vectors = [label_spread._vector(text).astype(float) for text in texts]
    order: list[int] = []
    while len(order) < min(n, len(texts)):
        alike = [max((vector @ vectors[at] for at in order), default=0.0) for vector in vectors]
        worths = [(w + 1e-6) * (1 - 0.9 * a) for w, a in zip(worth, alike, strict=True)]
        order.append(max(set(range(len(texts))) - {*order}, key=lambda at: (worths[at], -at)))
    return order


@pytest.mark.parametrize("near", [1, 7, 1024])
@pytest.mark.parametrize("n", [1, 30, 90, 200])
def test_the_rule_holds_however_few_are_kept_up_to_date(
    monkeypatch: pytest.MonkeyPatch, near: int, n: int
) -> None:
    monkeypatch.setattr(label_spread, "_NEAR", near)
    dice = random.Random(n)
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(1, 6))) for _ in range(90)]
    worth = sorted((dice.random() for _ in texts), reverse=True)
    texts[40:60] = texts[:20]  # as a long text and its reposts: what was worth much is worth little
    assert spread(texts, np.array(worth), n) == greedy(texts, worth, n)


def test_of_nothing_nothing_is_chosen() -> None:
    assert spread([], np.array([]), 5) == spread(["a"], np.array([1.0]), 0) == []
