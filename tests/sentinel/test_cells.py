"""Cells against posts one by one, and a store that grows and changes against one that is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.analysis import mood_cells
from sentinel.cells import Cells
from sentinel.claim_posts import phrase_counts
from sentinel.claims_file import Claim
from sentinel.corrections import Correction
from sentinel.mood import daily_mood
from sentinel.ports import Batch
from sentinel.post import POST_COLUMNS, TAG_COLUMNS, Columns, columns_of
from sentinel.store import EXPORT_COLUMNS, MOOD_COLUMNS, Store
from sentinel.store.summing import _holding
from sentinel.votes import AuthorDays, author_days

TEXTS = ["qwen is good", "qwen is bad", "RT what", "baba up", "baba down", "so so", "http://x.y 12"]


def post(dice: Random, number: int) -> dict[str, Any]:
    day = dice.randrange(1, 12)
    published = dice.choice(
        [None, f"2024-05-{day:02d}", *[f"2024-05-{day:02d}T{number % 24:02d}:00:00Z"] * 8]
    )
    return {
        "platform": dice.choice(["x", "reddit"]),
        "post_id": str(number),
        "published": published,
        "precision": "none" if published is None else "day" if len(published) == 10 else "second",
        "author": dice.choice([None, "@", "Ann", "@Ann", "Bo", "Cy"]),
        "kind": dice.choice(["post", "post", "reply", "repost", "headline"]),
        "lang": dice.choice([None, "en", "zh"]),
        "text": dice.choice(TEXTS),
        "repost_of": str(dice.randrange(60)) if dice.random() < 0.2 else None,
        "likes": dice.choice([None, 3]),
    }


class Words:
    """Tags a text by its length."""

    key = "words"

    @staticmethod
    def tag(posts: Columns) -> Columns:
        n = len(posts["text"])
        score = [None if len(text) % 4 == 0 else round((len(text) % 7 - 3) / 7, 6) for text in posts["text"]]
        tags: Columns = {name: [None] * n for name in TAG_COLUMNS}
        tags["label"] = ["unscored" if value is None else "neutral" for value in score]
        tags["score"] = score
        tags["about"] = [len(text) % 3 / 2 for text in posts["text"]]
        tags["spam"] = [0.9 if "so" in text else 0.1 for text in posts["text"]]
        tags["topics"] = ["price;market" if "baba" in text else "" for text in posts["text"]]
        tags["entities"] = ["alibaba;openai" if "qwen" in text else "openai" for text in posts["text"]]
        return tags


def tag(store: Store) -> None:
    for numbers, ranks, posts in store.untagged(Words.key):
        store.add_tags(Words.key, numbers, ranks, Words.tag(posts))


def add(store: Store, name: str, posts: list[dict[str, Any]]) -> None:
    number = store.begin_input(name * 8, name, "test", 1)
    assert number is not None
    store.add(number, Batch(columns_of(posts, POST_COLUMNS)))
    store.end_input(number)


def everything(store: Store) -> list[tuple[Any, ...]]:
    names = [name for name in EXPORT_COLUMNS if name != "source"]
    return [tuple(row) for part in store.rows(names) for row in part]


def same_days(one: AuthorDays, two: AuthorDays) -> None:
    assert (one.first_day, one.n_days, one.strata, one.platforms) == (
        two.first_day, two.n_days, two.strata, two.platforms,
    )  # fmt: skip
    assert list(one.scopes) == list(two.scopes)
    for mine, other in zip(
        [*one.scopes.values(), one.rivals], [*two.scopes.values(), two.rivals], strict=True
    ):
        for name in ("day", "author", "stratum", "n_posts", "total", "n_bare", "posts_a_day", "n_named"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(other, name), err_msg=name)
    np.testing.assert_array_equal(one.collected, two.collected)
    np.testing.assert_array_equal(one.voices, two.voices)
    pd.testing.assert_frame_equal(daily_mood(one), daily_mood(two))


@pytest.fixture(params=[2, 16])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Store]]:
    """Stores in memory whose segments hold four posts, so that there are many, or all posts."""
    monkeypatch.setattr("sentinel.store.changes.SEGMENT_BITS", request.param)
    monkeypatch.setattr("sentinel.store.summing.SEGMENT_BITS", request.param)
    monkeypatch.setattr("sentinel.store.summing._AT_ONCE", 3)
    monkeypatch.setattr("sentinel.store.summing._REMEMBERED", 4)
    monkeypatch.setattr("sentinel.store.cleaning._MANY", 0.9)
    monkeypatch.setattr("sentinel.store.cleaning._AT_ONCE", 3)
    two = Store("sqlite://"), Store("sqlite://")
    yield two
    for store in two:
        store.close()


@pytest.mark.parametrize("copy_days", [1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_a_store_that_grew_and_changed_is_as_one_read_at_once(
    stores: tuple[Store, Store], seed: int, copy_days: int
) -> None:
    grown, anew = stores
    dice = Random(seed)
    batches = []
    for step in range(6):
        batches.append([post(dice, dice.randrange(60)) for _ in range(20)])
        add(grown, f"file{step}", batches[-1])
        if dice.random() < 0.8:
            grown.clean(copy_days)
        if dice.random() < 0.7:
            tag(grown)
        mood_cells(grown)
    grown.clean(copy_days)
    tag(grown)
    for step in reversed(range(6)):
        add(anew, f"file{step}", batches[step])
    anew.clean(copy_days)
    tag(anew)
    assert everything(grown) == everything(anew)
    assert grown.count_untagged(Words.key) == 0
    for store in stores:
        posts, cells = mood_posts(store), mood_cells(store)
        assert cells.n_posts == len(posts)
        same_days(author_days(cells, "Asia/Shanghai"), author_days(posts, "Asia/Shanghai"))
        assert cells.counts() == mood_cells(anew).counts()


def test_corrections_reach_the_cells(stores: tuple[Store, Store]) -> None:
    store = stores[0]
    dice = Random(1)
    posts = [post(dice, number) | {"platform": "x", "kind": "post"} for number in range(30)]
    add(store, "file", posts)
    store.clean()
    tag(store)
    before = mood_cells(store).counts()
    store.correct(
        {
            ("x", "3"): Correction("positive", True, False, None),
            ("x", "4"): Correction("unscored", None, None, None),
        }
    )
    same_days(
        author_days(mood_cells(store), "Asia/Shanghai"), author_days(mood_posts(store), "Asia/Shanghai")
    )
    store.forget_correction("x", "3")
    store.forget_correction("x", "4")
    assert mood_cells(store).counts() == before


def test_a_model_that_changed_tags_every_post_again(stores: tuple[Store, Store]) -> None:
    store = stores[0]
    dice = Random(2)
    add(store, "file", [post(dice, number) for number in range(30)])
    store.clean()
    tag(store)
    assert store.count_untagged(Words.key) == 0
    n = store.count_untagged("others")
    assert n == mood_cells(store).n_posts > 25
    assert sum(len(numbers) for numbers, _, _ in store.untagged("others", size=7)) == n


def test_cells_are_packed_and_unpacked() -> None:
    store = Store("sqlite://")
    dice = Random(3)
    add(store, "file", [post(dice, number) for number in range(200)])
    tag(store)
    cells = mood_cells(store)
    again = Cells.unpacked(cells.packed())
    same_days(author_days(cells, "UTC"), author_days(again, "UTC"))
    assert again.counts() == cells.counts()
    assert len(cells) < 200
    assert cells.filtered(langs=("en",)).n_posts == (mood_posts(store)["lang"] == "en").sum()
    assert cells.filtered(topic="market").n_posts == cells.shares("topics")["price;market"]
    empty = Cells.joined([])
    assert empty.n_posts == 0
    assert author_days(empty, "UTC").n_days == 0
    store.close()


def mood_posts(store: Store) -> pd.DataFrame:
    """The same posts, a row each."""
    rows = [tuple(row) for part in store.rows(MOOD_COLUMNS) for row in part]
    return pd.DataFrame(rows, columns=list(MOOD_COLUMNS))


def test_phrases_of_claims_are_counted_with_the_cells(stores: tuple[Store, Store]) -> None:
    store = stores[0]
    dice = Random(5)
    posts = [post(dice, number) | {"text": text} for number, text in enumerate(PHRASED)]
    add(store, "file", posts)
    tag(store)
    claims = [claim("one", ("price war", "margin")), claim("two", ("baba + up",)), claim("none", ())]
    table = mood_cells(store, claims=claims).scored_posts()
    counts = phrase_counts(table, claims)
    assert set(counts) == {"one", "two"}
    assert int((table.n * counts["one"]).sum()) == 1 + 2 + 1
    assert int((table.n * counts["two"]).sum()) == 2
    other = mood_cells(store, claims=[claim("one", ("mislead",))])
    assert other.shares("marks") == {"": 5, "one=1": 1}


PHRASED = ["a PRICE\nWAR", "price war, margins!", "up, baba", "mislead", "baba goes up", "Margin"]


def claim(name: str, phrases: tuple[str, ...]) -> Claim:
    if phrases:
        return Claim(id=name, text="sentence", kind="phrase", phrases=phrases)
    return Claim(id=name, text="sentence", kind="level")


def test_words_are_found_in_whatever_text_holds_them() -> None:
    texts = [
        "Qwen is good",
        "",
        "no\nword",
        "what a QWEN",
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}s it good?",
        "go",
    ]
    assert _holding(texts, ["qwen", "good"]) == {0, 3, 4}
    assert _holding(texts, ["word"]) == {2}
    assert _holding([], ["qwen"]) == set()
    assert _holding(["", "", "a"], ["a"]) == {2}
