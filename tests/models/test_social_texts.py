"""Sentences as people post them, by kind: how many of each are right.

``social_texts.tsv`` is what the rules were made with; a list may bring kinds of its own. Of ``unseen_texts.tsv``, no
sentence was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sentinel.post import Columns

TagAll = Callable[[Sequence[str]], Columns]
Cases = list[list[str]]
SIGNS = {"negative": "-", "neutral": "0", "positive": "+", "unscored": "u"}


def read_cases(name: str) -> Cases:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def right(tag_all: TagAll, cases: Cases) -> list[bool]:
    labels = tag_all([text for _, _, text in cases])["label"]
    return [SIGNS[label] == sign for label, (sign, _, _) in zip(labels, cases, strict=True)]


SOCIAL = read_cases("social_texts.tsv")


@pytest.fixture(scope="module")
def found(tag_all: TagAll) -> list[tuple[str, bool]]:
    return [(kind, good) for (_, kind, _), good in zip(SOCIAL, right(tag_all, SOCIAL), strict=True)]


@pytest.mark.parametrize("kind", sorted({kind for _, kind, _ in SOCIAL}))
def test_nearly_all_of_each_kind_are_right(found: list[tuple[str, bool]], kind: str) -> None:
    of_kind = [good for name, good in found if name == kind]
    assert len(of_kind) >= 30
    assert sum(of_kind) >= 0.93 * len(of_kind)


def test_most_of_what_nobody_looked_at_is_right(tag_all: TagAll) -> None:
    unseen = read_cases("unseen_texts.tsv")
    assert len(unseen) == 1287
    assert sum(right(tag_all, unseen)) >= 1203  # 1215 when last scored
