"""Copies that are marked while posts are read: a guess that changes nothing in the end."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sentinel.ports import Batch
from sentinel.post import columns_of
from sentinel.rows import FirstTexts, found_of
from sentinel.store import Store

ZONE = "Asia/Shanghai"


def post(number: int, text: str, published: str | None, kind: str = "post") -> dict[str, Any]:
    return {
        "platform": "x",
        "post_id": str(1000 + number),
        "published": published,
        "precision": "none" if published is None else "second",
        "kind": kind,
        "text": text,
    }


def test_what_was_read_of_a_text_and_day_before_is_its_first_post() -> None:
    texts = FirstTexts()
    first = [
        post(1, "Qwen is good", "2031-03-01T02:00:00Z"),
        post(2, "qwen is GOOD!", "2031-03-01T03:00:00Z"),
        post(3, "Qwen is good", "2031-03-02T03:00:00Z"),
        post(4, "Qwen is good", None),
        post(5, "Qwen is good", "2031-03-01T04:00:00Z", "repost"),
        post(6, "1", "2031-03-01T04:00:00Z"),
        post(7, "2", "2031-03-01T04:00:00Z"),
    ]
    assert texts.guess(columns_of(first), ZONE).copies == [None, "1001", None, None, None, None, None]
    later = [post(8, "Qwen is good", "2031-03-01T01:00:00Z"), post(9, "Qwen is good", "2031-03-01T02:00:00Z")]
    assert texts.guess(columns_of(later), ZONE).copies == [None, "1008"]
    nowhere = [post(7, "Qwen is good", "2031-03-01T01:00:00Z") | {"platform": None}]
    assert texts.guess(columns_of(nowhere), ZONE).copies == [None]
    assert texts.guess(columns_of([*later, *nowhere]), ZONE).copies == ["1007", "1007", None]
    assert texts.guess(columns_of(later), ZONE)[:3] == found_of(columns_of(later), ZONE)[:3]


@pytest.mark.parametrize("copy_days", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_guesses_change_nothing_once_the_store_is_cleaned(
    new_url: Callable[[], str], seed: int, copy_days: int
) -> None:
    dice = Random(seed)
    batches = [[random_post(dice, dice.randrange(300)) for _ in range(40)] for _ in range(8)]
    found = []
    for guessed in (False, True):
        store, texts = Store(new_url(), ZONE), FirstTexts()
        for step, posts in enumerate(batches):
            columns = columns_of(posts)
            number = store.begin_input(f"s{step}", f"{step}.jsonl", "test", 1)
            assert number is not None
            store.add(number, Batch(columns), texts.guess(columns, ZONE) if guessed else None)
            store.end_input(number)
            if step == 5:
                store.clean(copy_days)
        store.clean(copy_days)
        names = ("post_id", "copy_of", "text", "published", "kind")
        found.append([tuple(row) for part in store.rows(names) for row in part])
        assert not list(store.problems())
        store.close()
    assert found[0] == found[1]
    assert sum(row[1] is not None for row in found[0]) > 20


def random_post(dice: Random, number: int) -> dict[str, Any]:
    published = dice.choice([None, *[f"2031-03-0{dice.randrange(1, 5)}T0{number % 9}:00:00Z"] * 9])
    text = dice.choice(["Qwen is good", "Qwen is bad", "so so", "what of it"])
    return post(number, text, published, dice.choice(["post", "post", "reply", "repost", "headline"]))


def test_a_post_itself_is_a_better_record_than_one_met_through_its_repost() -> None:
    own = post(1, "Qwen is good", "2031-03-01T02:00:00Z")
    met = own | {"kind": "repost", "repost_of": own["post_id"], "likes": 3, "url": "https://bsky.app/1"}
    other = post(2, "Qwen is good", "2031-03-01T02:00:00Z", "repost") | {"repost_of": own["post_id"]}
    of_met, of_own, of_other = found_of(columns_of([met, own, other]), ZONE).ranks
    assert of_met < of_own < of_other
