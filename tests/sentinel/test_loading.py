"""An empty store is filled without indexes, and is whole again before anybody needs them."""

from __future__ import annotations

import sqlite3
from itertools import permutations
from pathlib import Path

from sentinel.ports import Batch
from sentinel.post import columns_of
from sentinel.store import Store

LARGE = 50 * 2**20
INDEXES = {"posts_by_text_and_day", "posts_by_input", "posts_by_time", "reposts_by_original"}


def batch(*numbers: int) -> Batch:
    return Batch(
        columns_of(
            {
                "platform": "x",
                "post_id": str(number),
                "published": f"2031-03-01T00:{number:02d}:00Z",
                "precision": "second",
                "kind": "post",
                "text": "the same words",
            }
            for number in numbers
        )
    )


def begun(path: Path, size: int) -> Store:
    store = Store(f"sqlite:///{path}")
    number = store.begin_input("s1", "a.jsonl", "test", size)
    assert number is not None
    store.add(number, batch(1, 2, 3))
    return store


def indexes(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    return names & INDEXES


def copies(store: Store) -> dict[str, str | None]:
    return {row[0]: row[1] for part in store.rows(("post_id", "copy_of")) for row in part}


def test_a_large_first_input_gets_its_indexes_when_it_is_in(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.db", LARGE)
    assert indexes(tmp_path / "s.db") == set()
    store.clean()
    assert indexes(tmp_path / "s.db") == INDEXES
    assert copies(store) == {"1": None, "2": "1", "3": "1"}
    store.close()


def test_a_store_left_in_the_middle_is_used_and_mended(tmp_path: Path) -> None:
    begun(tmp_path / "s.db", LARGE).close()
    store = Store(f"sqlite:///{tmp_path}/s.db")
    assert set(copies(store)) == {"1", "2", "3"}
    assert list(store.problems()) == []
    number = store.begin_input("s1", "a.jsonl", "test", LARGE)
    assert number is not None
    store.add(number, batch(1, 2, 3, 4))
    store.end_input(number)
    store.clean()
    assert indexes(tmp_path / "s.db") == INDEXES
    assert copies(store) == {"1": None, "2": "1", "3": "1", "4": "1"}
    store.close()


def test_small_inputs_and_filled_stores_keep_their_indexes(tmp_path: Path) -> None:
    store = begun(tmp_path / "s.db", 1000)
    assert indexes(tmp_path / "s.db") == INDEXES
    assert store.begin_input("s2", "b.jsonl", "test", LARGE) is not None
    assert indexes(tmp_path / "s.db") == INDEXES
    store.close()


def test_days_of_copies_do_not_depend_on_what_came_first(tmp_path: Path) -> None:
    """A bare date sorts before times of the day before it in the west."""
    times = {"1": "2031-03-02", "2": "2031-03-02T03:00:00Z", "3": "2031-03-02T12:00:00Z"}
    found = set()
    for n, order in enumerate(permutations(times)):
        store = Store(f"sqlite:///{tmp_path}/{n}.db", "America/New_York")
        number = store.begin_input("s1", "a.jsonl", "test", 10)
        assert number is not None
        for post_id in order:
            store.add(number, batch_at(post_id, times[post_id]))
            store.clean()
        found.add(tuple(sorted(copies(store).items())))
        store.close()
    assert found == {(("1", None), ("2", None), ("3", "1"))}


def batch_at(post_id: str, published: str) -> Batch:
    precision = "second" if "T" in published else "day"
    row = {
        "platform": "x",
        "post_id": post_id,
        "published": published,
        "precision": precision,
        "kind": "post",
    }
    return Batch(columns_of([row | {"text": "the same words"}]))
