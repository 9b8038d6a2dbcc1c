from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentinel.batcher import Batcher, Skip, batches
from sentinel.lines import Broken
from sentinel.post import columns_of


def post_of(value: Any, batcher: Batcher) -> Mapping[str, Any] | Skip:
    if value["id"] == "skip":
        return Skip("a control line")
    if value.get("odd"):
        batcher.warn("odd")
    return {
        "platform": "x",
        "post_id": value["id"],
        "text": value["text"],
        "likes": value.get("likes"),
        "extra": 1,
    }


def test_every_row_has_one_outcome() -> None:
    rows = [
        ("line 1", {"id": "1", "text": "a", "odd": True}),
        ("line 2", {"id": "skip"}),
        ("line 3", {"id": "3"}),
        ("line 4", "not an object"),
        ("line 5", Broken("cut", "{...")),
        ("line 6", {"id": "6", "text": None, "synthetic": True}),
    ]
    (batch,) = batches(rows, post_of)
    assert batch.rows == 6
    assert batch.posts["post_id"] == ["1", "6"]
    assert batch.posts["synthetic"] == [None, True]
    assert "extra" not in batch.posts
    assert batch.skipped == {"a control line": 1}
    assert batch.warnings == {"odd": 1}
    assert [reject[:2] for reject in batch.rejects] == [
        ("line 3", "the field 'text' is missing"),
        ("line 4", "not of the expected shape: string indices must be integers, not 'str'"),
        ("line 5", "cut"),
    ]


def test_batches_and_cursor() -> None:
    rows = [(f"line {n}", {"id": str(n), "text": ""}) for n in range(7)]
    found = list(batches(rows, post_of, size=3))
    assert [(batch.n_posts, batch.cursor) for batch in found] == [(3, "3"), (3, "6"), (1, "7")]
    (rest,) = batches(rows, post_of, cursor="5")
    assert rest.posts["post_id"] == ["5", "6"]
    assert list(batches(rows, post_of, cursor="7")) == []


def test_columns_are_mended() -> None:
    batcher = Batcher()
    batcher.add(
        {"post_id": 5, "text": "\ud83d\ude00\0", "author": "", "likes": 3.0, "views": 10**30, "lang": "en"}
    )
    batcher.add({"post_id": "6", "text": None, "author": "\udc00", "likes": float("nan"), "views": -1})
    posts = batcher.flush().posts
    assert posts["post_id"] == ["5", "6"]
    assert posts["text"] == ["\U0001f600", ""]
    assert posts["author"] == [None, "\ufffd"]
    assert posts["likes"] == [3, None]
    assert posts["views"] == [None, -1]
    assert posts["lang"] == ["en", None]
    assert posts["quoted"] == [None, None]
    assert batcher.rows == 0


def test_rows_become_columns_whatever_their_keys() -> None:
    alike = [{"b": 1, "a": 2}, {"a": 3, "b": 4}]
    assert columns_of(alike, ("a", "b", "c")) == {"a": [2, 3], "b": [1, 4], "c": [None, None]}
    unlike: list[list[dict[str, Any]]] = [
        [{"a": 1}, {"b": 2}],
        [{"a": 1, "x": 0}, {"a": None, "b": 2}],
        [{"b": 2, "x": 1}, {"x": 1, "y": 2}],
        [{"a": 1, "b": 2}, {"a": 3, "c": 4}],
    ]
    for rows in unlike:
        wanted = {name: [row.get(name) for row in rows] for name in ("a", "b", "c")}
        assert columns_of(rows, ("a", "b", "c")) == wanted
    assert list(columns_of([{"b": 1}], ("a", "b"))) == ["a", "b"]
    assert columns_of([], ("a",)) == {"a": []}
