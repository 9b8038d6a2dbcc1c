"""Spam that many posts show together, in a store: the same however the posts came, and only where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

import pytest

from sentinel.cells import Cells
from sentinel.corrections import Correction
from sentinel.ports import Batch
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store

ASKED = ("post_id", "published", "spam", "spam_reasons")
TEXTS = (
    "buy 10 today with $AA and see the levels we watch",
    "advert {}",
    "hm {}",
    "that is what I think of it {}",
)


def spam_of(text: str) -> float:
    """What the models of these tests say."""
    return {"advert": 0.9, "buy": 0.06, "hm": 0.2}.get(text.split(" ")[0], 0.01)


def post(number: int, author: str, text: str, day: int = 5, **given: Any) -> dict[str, Any]:
    return {
        "platform": "x",
        "post_id": f"{number:06d}",
        "published": f"2031-{1 + day // 28:02d}-{1 + day % 28:02d}T{number // 60 % 24:02d}:{number % 60:02d}:09Z",
        "precision": "second",
        "author": author,
        "kind": "post",
        "text": text,
    } | given


def world(seed: int, n: int = 300) -> list[dict[str, Any]]:
    dice = Random(seed)
    posts = []
    for number in range(n):
        author = dice.choice(["ann", "bob", "cy", "di"])
        text = dice.choices(TEXTS, [2, 6, 2, 1])[0].format("abcdefghij"[number % 10] * (1 + number // 10))
        posts.append(post(number, author, text, dice.choice([3, 3, 20, 30, 40]), url=f"http://x.test/{seed}"))
    return posts + [twin(one) for one in dice.sample(posts, n // 3)]


def twin(one: dict[str, Any]) -> dict[str, Any]:
    """The same post, collected under another id."""
    return one | {"post_id": f"1{one['post_id']}"}


def add(store: Store, name: str, posts: Sequence[dict[str, Any]]) -> None:
    number = store.begin_input(name, f"{name}.jsonl", "test", 10)
    assert number is not None
    store.add(number, Batch(columns_of(posts)))
    store.end_input(number)


def tag(store: Store, taggers: str = "one", spam: Callable[[str], float] = spam_of) -> None:
    for numbers, ranks, columns in store.untagged(taggers, size=64):
        n = len(numbers)
        made: dict[str, list[Any]] = {name: [None] * n for name in TAG_COLUMNS}
        made |= {"label": ["neutral"] * n, "score": [0.0] * n, "about": [1.0] * n}
        store.add_tags(taggers, numbers, ranks, made | {"spam": [spam(text) for text in columns["text"]]})


def settle(store: Store, strength: float = 1.0) -> list[tuple[Any, ...]]:
    store.clean()
    tag(store)
    store.mark_patterns(strength)
    return told(store)


def told(store: Store) -> list[tuple[Any, ...]]:
    return [tuple(row) for part in store.rows(ASKED) for row in part]


def marked(store: Store) -> dict[str, str]:
    return {row[0]: row[3] for row in told(store) if row[3]}


def once(new_url: Callable[[], str], *batches: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a store says that read everything before anything was looked at."""
    store = Store(new_url())
    for at, posts in enumerate(batches):
        add(store, f"s{at}", posts)
    found = settle(store)
    store.close()
    return found


def test_marked_posts_say_why_and_their_own_probability(store: Store) -> None:
    spam = [post(at, "ann", f"advert {'abcdefgh'[at]}") for at in range(6)]
    add(store, "s", [*spam, post(10, "ann", "hm buy it"), post(11, "bob", "hm sell it")])
    found = {row[0]: row[2:] for row in settle(store)}
    reasons = "text 0.20; 6 of 6 other posts of the author in 2031-01 look like spam (+3.00)"
    assert found["000010"] == (pytest.approx(0.2 * 20 / (0.2 * 20 + 0.8), abs=1e-6), reasons)
    assert found["000011"] == (0.2, None)
    assert found["000001"] == (0.9, None)
    counts = Cells.joined(store.cells()).counts()
    assert (counts["spam"], counts["spam_patterns"]) == (7, 1)
    (row,) = [row for part in store.rows(("post_id",), headline_mood=True) for row in part]
    assert row[0] == "000011"


def test_what_a_person_said_counts_first(store: Store) -> None:
    add(
        store, "s", [*(post(at, "ann", f"advert {'abcdefgh'[at]}") for at in range(6)), post(10, "ann", "hm")]
    )
    assert len(marked_after(store)) == 1
    store.correct({("x", "000010"): Correction(spam=False)})
    assert {row[0]: row[2:] for row in told(store)}["000010"] == (0.0, None)
    assert Cells.joined(store.cells()).counts()["spam_patterns"] == 0


def marked_after(store: Store, strength: float = 1.0) -> dict[str, str]:
    settle(store, strength)
    return marked(store)


def test_it_can_be_turned_off_and_on(store: Store) -> None:
    add(store, "s", world(1))
    usual = marked_after(store)
    assert len(usual) > 10
    assert marked_after(store, 0.0) == {}
    assert set(marked_after(store, 0.3)) < set(usual)
    assert marked_after(store, 1.0) == usual


@pytest.mark.parametrize(("seed", "much"), [(0, 0.03), (1, 100.0), (2, 100.0)])
def test_batches_in_any_order_with_looks_between_give_what_one_look_gives(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch, seed: int, much: float
) -> None:
    # Of the store that is new, before all is looked at.
    monkeypatch.setattr("sentinel.store.patterns._MUCH", much)
    monkeypatch.setattr("sentinel.store.patterns._AT_ONCE", 200_000 if seed else 50)  # else month by month
    for module in ("changes", "summing"):  # segments that are soon full, and kept
        monkeypatch.setattr(f"sentinel.store.{module}.SEGMENT_BITS", 4)
    dice, posts = Random(seed), world(seed)
    expected = once(new_url, posts)
    assert sum(row[3] is not None for row in expected) > 10
    dice.shuffle(posts)
    store = Store(new_url())
    while posts:
        n = dice.choice([1, 5, 40, 120])
        add(store, f"s{len(posts)}", posts[:n])
        posts = posts[n:]
        steps: list[Callable[[], object]]
        steps = [store.clean, partial(tag, store), store.mark_patterns, lambda: list(store.cells())]
        for step in dice.sample(steps, 3):
            step()
    assert settle(store) == expected
    joined = Cells.joined(store.cells()).counts()
    assert joined["spam_patterns"] == sum(row[3] is not None for row in expected)
    store.close()


def test_a_post_that_moves_to_another_day_or_author_takes_its_say_along(new_url: Callable[[], str]) -> None:
    posts = [*(post(at, "ann", f"advert {'abcdefgh'[at]}") for at in range(5)), post(10, "ann", "hm")]
    richer = [
        post(0, "ann", "advert a", day=60, likes=3, collected="2032-01-01T00:00:00Z"),
        post(1, "bob", "advert b", likes=3, collected="2032-01-01T00:00:00Z"),
    ]
    for one in richer:
        store = Store(new_url())
        add(store, "s0", posts)
        assert len(marked_after(store)) == 1
        add(store, "s1", [one])
        assert settle(store) == once(new_url, posts, [one])
        assert marked(store) == {}
        store.close()


def test_other_models_have_another_say(store: Store) -> None:
    add(
        store, "s", [*(post(at, "ann", f"advert {'abcdefgh'[at]}") for at in range(5)), post(10, "ann", "hm")]
    )
    assert len(marked_after(store)) == 1
    tag(store, "two", lambda text: 0.01)
    store.mark_patterns()
    assert {row[2:] for row in told(store)} == {(0.01, None)}


def test_posts_that_were_erased_say_nothing(store: Store) -> None:
    add(
        store, "s", [*(post(at, "ann", f"advert {'abcdefgh'[at]}") for at in range(5)), post(10, "ann", "hm")]
    )
    assert len(marked_after(store)) == 1
    store.erase_post("000003")
    assert marked_after(store) == {}


def test_months_are_those_of_the_time_zone(new_url: Callable[[], str]) -> None:
    night = "2031-01-31T20:00:09Z"  # February in Shanghai
    posts = [*(post(at, "ann", f"advert {'abcdefgh'[at]}", day=20) for at in range(5))]
    posts.append(post(10, "ann", "hm", published=night))
    url = new_url()
    for timezone, n in (("Asia/Shanghai", 0), ("UTC", 1), ("Asia/Shanghai", 0)):
        store = Store(url, timezone)
        if not list(store.ledger()):
            add(store, "s", posts)
        assert len(marked_after(store)) == n
        store.close()


def test_a_new_post_has_only_its_company_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from sentinel import patterns

    add(store, "s", world(1))
    settle(store)
    looked_at: list[list[tuple[str, int]]] = []
    real = patterns.raised

    def watched(posts: Any, texts: Any, strength: float = 1.0) -> Any:
        looked_at.append(list(zip(posts["author"], posts["day"], strict=True)))
        return real(posts, texts, strength)

    monkeypatch.setattr(patterns, "raised", watched)
    settle(store)
    assert looked_at == []
    add(store, "s1", [post(999, "eve", "something new", day=41)])
    settle(store)
    assert [len(company) for company in looked_at] == [1]
    add(store, "s2", [post(1000, "ann", "something else", day=41)])
    settle(store)
    assert {patterns.month_of(day) for author, day in looked_at[1] if author == "ann"} == {"2031-02"}
    assert 20 < len(looked_at[1]) < 200  # and who shares a text with her on one of these days, in that month


def test_a_post_collected_again_is_marked_as_it_was_and_nobody_else_is_looked_at(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    posts, store = world(1), Store(new_url())
    add(store, "s", posts)
    first = {row[0]: row[2:] for row in settle(store)}
    again = [twin(twin(one)) for one in posts[:100]]
    with monkeypatch.context() as patch:
        patch.setattr("sentinel.store.patterns._MUCH", 1.0)
        patch.setattr("sentinel.patterns.raised", lambda posts, *rest: [] if not posts["spam"] else 1 / 0)
        add(store, "s1", [*again, twin(again[0])])
        found = settle(store)
    told_of = {row[0]: row[2:] for row in found}
    assert any(told_of[one["post_id"]][1] for one in again)
    for one, other in zip(posts, again, strict=False):
        assert told_of[other["post_id"]] == first[one["post_id"]]
    store.close()
    assert found == once(new_url, posts, [*again, twin(again[0])])


def test_far_days_are_no_harm(store: Store) -> None:
    days = ("0001-01-01T00:00:09Z", "9999-12-31T23:59:09Z", None, "2031-01-05")
    add(store, "s", [post(at, "ann", "advert a", published=day) for at, day in enumerate(days)])
    settle(store)
    add(store, "s1", [post(9 + at, "ann", "advert b", published=day) for at, day in enumerate(days)])
    assert len(settle(store)) == 8
