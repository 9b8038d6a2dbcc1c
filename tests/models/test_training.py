"""What is learned from is not what measures."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_gold_or_validation_text_is_learned_from(shared: Path, corpora: ModuleType, lang: str) -> None:
    data = shared / "data"
    forbidden = corpora.measuring(data)
    gold = {corpora.key(row["text"]) for name in corpora.GOLD for row in corpora.read_gold(data, name)}
    assert len(gold) > 500
    groups = [*corpora.EXPERTS[lang].values(), *corpora.POLAR[lang].values()]
    learned = {
        corpora.key(row.text) for sets in groups for row in corpora.examples(data, lang, sets, forbidden)
    }
    assert len(learned) > 10_000
    assert not learned & gold
    assert not {corpora.beginning(mark) for mark in learned} & forbidden


def test_annotations_are_no_gold_texts(shared: Path, corpora: ModuleType) -> None:
    data = shared / "data"
    gold = {
        corpora.beginning(corpora.key(r["text"]))
        for name in corpora.GOLD
        for r in corpora.read_gold(data, name)
    }
    own = {corpora.beginning(corpora.key(row["text"])) for row in corpora.annotated(data)}
    assert not own & gold


def test_sets_that_only_measure_are_in_no_training_list(corpora: ModuleType) -> None:
    used = {
        name
        for table in (corpora.EXPERTS, corpora.POLAR)
        for kinds in table.values()
        for sets in kinds.values()
        for name in sets
    }
    assert not used & {*corpora.MEASURE_ONLY, *corpora.GOLD}


def test_copies_share_a_key(corpora: ModuleType) -> None:
    assert corpora.key("RT @x: Great! http://t.co/a") == corpora.key("great")
    assert corpora.held_in("RT @x: Great! http://t.co/a") == corpora.held_in("great")
