"""Whoever is the winner: each way of saying so is read with the names in either order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sentinel.post import Columns

NAMES = {"en": ("Qwen", "Claude"), "zh": ("千问", "豆包")}
WAYS = [
    line.split("\t")
    for line in Path(__file__).with_name("who_wins.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


@pytest.mark.parametrize("lang", sorted(NAMES))
def test_nearly_all_ways_are_read_in_either_order(
    tag_all: Callable[[Sequence[str]], Columns], lang: str
) -> None:
    ours, rival = NAMES[lang]
    ways = [way for language, way in WAYS if language == lang]
    assert len(ways) >= 200
    asked = [
        (way.replace("{W}", winner).replace("{L}", loser), "positive" if winner == ours else "negative")
        for way in ways
        for winner, loser in ((ours, rival), (rival, ours))
    ]
    labels = tag_all([text for text, _ in asked])["label"]
    right = sum(label == wanted for label, (_, wanted) in zip(labels, asked, strict=True))
    assert right >= 0.95 * len(asked)
