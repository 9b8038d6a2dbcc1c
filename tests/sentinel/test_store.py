from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentinel.errors import SourceError, StoreError
from sentinel.ports import Batch, Reject
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store


def post(number: int, **given: Any) -> dict[str, Any]:
    return {
        "platform": "x",
        "post_id": str(1_000_000_000_000_000_000 + number),
        "published": f"2031-03-01T00:{number % 60:02d}:00Z",
        "precision": "second",
        "author": f"synth_{number}",
        "kind": "post",
        "text": f"text {'abcdefghij'[number % 10]}",
    } | given


def batch(*posts: dict[str, Any], **more: Any) -> Batch:
    return Batch(columns_of(posts), **more)


def fill(store: Store, sha256: str, *batches: Batch, name: str = "a.jsonl") -> None:
    number = store.begin_input(sha256, name, "test", 10)
    assert number is not None
    for one in batches:
        store.add(number, one)
    store.end_input(number)


def contents(store: Store, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for part in store.rows(names or ("post_id", "text")) for row in part]


def test_every_row_is_accounted_for(store: Store) -> None:
    fill(
        store,
        "s1",
        batch(post(1), post(2), post(1), rejects=[Reject("line 3", "no date", "x")], skipped={"deleted": 2}),
        batch(post(3), skipped={"deleted": 1}, warnings={"id repaired": 1}),
    )
    fill(store, "s2", batch(post(3), post(4)), name="b.jsonl")
    first, second = store.ledger()
    names = ("rows", "posts", "duplicates", "rejects")
    sums = {name: first[name] + second[name] for name in names} | {"inputs": 2, "skipped": 3, "refused": 0}
    assert store.totals() == sums
    for entry in (first, second):
        total = entry["posts"] + entry["duplicates"] + entry["rejects"] + sum(entry["skipped"].values())
        assert total == entry["rows"]
    assert first["rows"] == 8
    assert first["skipped"] == {"deleted": 3}
    assert first["warnings"] == {"id repaired": 1}
    assert first["posts"] + second["posts"] == 4
    assert list(store.rejected()) == [("a.jsonl", "line 3", "no date", "x")]


def test_bytes_that_were_read_are_not_read_again_under_any_name(store: Store) -> None:
    fill(store, "s1", batch(post(1)), name="b.jsonl")
    assert store.begin_input("s1", "a.jsonl", "test", 10) is None
    assert [entry["name"] for entry in store.ledger()] == ["a.jsonl"]


def test_an_input_left_unread_starts_over_without_doubling_anything(store: Store) -> None:
    number = store.begin_input("s1", "a.jsonl", "test", 10)
    assert number is not None
    store.add(number, batch(post(1), rejects=[Reject("line 2", "bad", "")]))
    fill(store, "s1", batch(post(1), rejects=[Reject("line 2", "bad", "")]), batch(post(2)))
    (entry,) = store.ledger()
    assert (entry["rows"], entry["posts"], entry["rejects"], entry["status"]) == (3, 2, 1, "read")


def test_of_two_records_of_a_post_the_richer_stays_in_whatever_order(new_url: Callable[[], str]) -> None:
    records = [
        post(1),
        post(1, likes=3),
        post(1, likes=3, url="https://x.com/i/web/status/1"),
        post(1, views=1),
    ]
    found = set()
    for order in itertools.permutations(records):
        store = Store(new_url())
        for record, sha256 in zip(order, "abcd", strict=True):
            fill(store, sha256, batch(record))
        found.add(tuple(contents(store, "likes", "url", "views")))
        store.close()
    assert found == {((3, "https://x.com/i/web/status/1", None),)}


def test_what_a_richer_record_lacks_is_not_kept_of_the_poorer(store: Store) -> None:
    fill(store, "s1", batch(post(1, url="https://a.example", views=3), post(2, url="https://b.example")))
    fill(store, "s2", batch(post(1, likes=1, lang="en", reply_to="7", quoted="8")), name="b.jsonl")
    names = ("post_id", "url", "views", "likes", "reply_to")
    ids = [post(number)["post_id"] for number in (1, 2)]
    assert contents(store, *names) == [
        (ids[0], None, None, 1, "7"),
        (ids[1], "https://b.example", None, None, None),
    ]


def test_one_id_on_two_platforms_is_two_posts(store: Store) -> None:
    fill(store, "s1", batch(post(1), post(1, platform="reddit")))
    assert len(contents(store)) == 2


def test_undated_posts_come_last_and_are_kept(store: Store) -> None:
    fill(store, "s1", batch(post(1, published=None, precision="none"), post(2)))
    assert [row[0] for row in contents(store, "published")] == ["2031-03-01T00:02:00Z", None]


@pytest.mark.parametrize("text", ["NA", "null", "", "None", "=1+1", "\U0001f600", "\u202eRTL", "</script>"])
def test_texts_stay_what_they_are(store: Store, text: str) -> None:
    fill(store, "s1", batch(post(1, text=text)))
    assert contents(store) == [("1000000000000000001", text)]


def test_near_copies_point_to_the_first_whichever_came_first(store: Store) -> None:
    later = post(2, text="Same text https://t.co/b", published="2031-03-01T05:00:00Z")
    fill(store, "s1", batch(later, post(3, text="other")))
    store.clean()
    assert {row[1] for row in contents(store, "post_id", "copy_of")} == {None}
    first = post(1, text="same TEXT https://t.co/a", published="2031-03-01T04:00:00Z")
    tomorrow = post(4, text="same text", published="2031-03-02T17:00:00Z")
    fill(store, "s2", batch(first, tomorrow), name="b")
    store.clean()
    assert [row[1] for row in contents(store, "post_id", "copy_of") if row[1]] == [first["post_id"]]
    store.clean(copy_days=7)
    assert [row[0] for row in contents(store, "post_id", "copy_of") if row[1]] == [
        later["post_id"],
        tomorrow["post_id"],
    ]
    store.clean()
    assert [row[0] for row in contents(store, "post_id", "copy_of") if row[1]] == [later["post_id"]]


def test_texts_that_differ_in_a_few_words_are_copies_if_wanted(new_url: Callable[[], str]) -> None:
    text = "Alibaba said on Monday that its new model reads two hours of video and answers questions on every scene"
    group = [
        post(1, text=text, published="2031-03-01T01:00:00Z"),
        post(2, text=f"BREAKING {text}", published="2031-03-01T02:00:00Z"),
        post(3, text=f"{text} via someone", published="2031-03-02T18:00:00Z"),
        post(4, text=text.replace("Monday", "Tuesday"), published="2031-03-01T03:00:00Z"),
    ]
    for order in (group, group[::-1], [group[2], group[0], group[3], group[1]]):
        store = Store(new_url())
        for number, one in enumerate(order):
            fill(store, f"s{number}", batch(one), name=str(number))
            store.clean(near_copies=True)
        first, third = group[0]["post_id"], group[2]["post_id"]
        marks = dict(contents(store, "post_id", "copy_of"))
        assert marks == {first: None, group[1]["post_id"]: first, group[3]["post_id"]: first, third: None}
        store.clean(copy_days=7, near_copies=True)
        assert dict(contents(store, "post_id", "copy_of"))[third] == first
        store.clean()
        assert set(dict(contents(store, "post_id", "copy_of")).values()) == {None}
        store.close()


def test_reposts_and_headlines_are_no_copies(store: Store) -> None:
    same = [post(i, text="same", kind=kind) for i, kind in enumerate(["post", "repost", "headline"])]
    fill(store, "s1", batch(*same))
    store.clean()
    assert {row[0] for row in contents(store, "copy_of")} == {None}


def test_a_cut_repost_gets_its_originals_text(store: Store) -> None:
    original = post(1, text="the whole long text")
    repost = post(2, kind="repost", text="RT @a: the whole…", repost_of=original["post_id"])
    fill(store, "s1", batch(repost))
    store.clean()
    fill(store, "s2", batch(original), name="b")
    store.clean()
    assert {row[1] for row in contents(store)} == {"the whole long text"}


def test_days_follow_the_time_zone_and_are_worked_out_anew_for_another(new_url: Callable[[], str]) -> None:
    url = new_url()
    store = Store(url, "UTC")
    fill(store, "s1", batch(post(1, published="2031-03-01T20:00:00Z")))
    (utc,) = contents(store, "day")
    store.close()
    store = Store(url, "Asia/Shanghai")
    (shanghai,) = contents(store, "day")
    store.close()
    assert shanghai[0] == utc[0] + 1


def _tags(n: int, **given: Any) -> dict[str, list[Any]]:
    row = {"lang": "en", "about": 1.0, "spam": 0.0, "label": "neutral", "score": 0.0, "topics": "a;b"} | given
    return {name: [row.get(name)] * n for name in TAG_COLUMNS}


def test_posts_are_tagged_once_and_again_when_the_models_or_the_post_change(store: Store) -> None:
    fill(store, "s1", batch(*(post(i) for i in range(10))))
    for numbers, ranks, columns in store.untagged("v1", size=3):
        assert columns["text"]
        store.add_tags("v1", numbers, ranks, _tags(len(numbers)))
    assert store.count_untagged("v1") == store.count_untagged() == 0
    assert store.count_untagged("v2") == store.count_outdated("v2") == 10
    assert store.count_outdated("v1") == 0
    fill(store, "s2", batch(post(1, likes=9, text="richer")), name="b")
    assert (store.count_untagged("v1"), store.count_outdated("v1")) == (1, 0)  # by the same models


def test_tagging_anew_goes_on_where_it_was_interrupted(store: Store) -> None:
    fill(store, "s1", batch(*(post(i) for i in range(10))))
    for numbers, ranks, _ in store.untagged("v1"):
        store.add_tags("v1", numbers, ranks, _tags(len(numbers)))
    fill(store, "s2", batch(post(11), post(12)), name="b")
    for numbers, ranks, _ in store.untagged("v2", size=3):
        store.add_tags("v2", numbers, ranks, _tags(len(numbers)))
        break
    assert (store.count_outdated("v2"), store.count_untagged("v2")) == (7, 9)
    assert sum(len(numbers) for numbers, _, _ in store.untagged("v2")) == 9


def test_rows_are_filtered_by_day_language_and_topic(store: Store) -> None:
    fill(store, "s1", batch(post(1), post(2, published="2031-03-05"), post(3, lang="zh")))
    for numbers, ranks, columns in store.untagged("v1"):
        tags = _tags(len(numbers))
        tags["lang"] = [lang or "en" for lang in columns["lang"]]
        store.add_tags("v1", numbers, ranks, tags)
    assert sum(map(len, store.rows(["post_id"], since="2031-03-02"))) == 1
    assert sum(map(len, store.rows(["post_id"], until="2031-03-01"))) == 2
    assert sum(map(len, store.rows(["post_id"], langs=["zh"]))) == 1
    assert sum(map(len, store.rows(["post_id"], topic="b"))) == 3
    assert sum(map(len, store.rows(["post_id"], topic="c"))) == 0


def test_synthetic_and_real_posts_never_meet(store: Store) -> None:
    fill(store, "s1", batch(post(1, synthetic=True)))
    number = store.begin_input("s2", "real.jsonl", "test", 10)
    assert number is not None
    with pytest.raises(SourceError, match="never share a store"):
        store.add(number, batch(post(2)))
    assert store.synthetic is True


@pytest.mark.parametrize("url", ["nonsense", "mongodb://x", "sqlite:////no/such/folder/s.db"])
def test_a_store_that_cannot_be_opened_is_named(url: str) -> None:
    with pytest.raises(StoreError, match="store"):
        Store(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_text("not a database, and long enough to be looked at" * 50)
    with pytest.raises(StoreError, match="not a database"):
        Store(f"sqlite:///{path}")


def test_a_live_source_goes_on_from_the_cursor_of_its_last_stored_batch(store: Store) -> None:
    number, cursor = store.live_input("live_x (query = 'qwen')", "live_x", "query = 'qwen'")
    assert cursor is None
    store.add(number, batch(post(1), cursor="after 1"))
    again, cursor = store.live_input("live_x (query = 'qwen')", "live_x", "query = 'qwen'")
    assert (again, cursor) == (number, "after 1")
    assert store.live_input("other", "live_x", "query = 'llama'") != (number, "after 1")


def test_the_turn_to_read_an_input_comes_again_and_again(new_url: Callable[[], str]) -> None:
    store = Store(new_url())
    for digest in ("f" * 64, "f" * 64, "0" * 64):
        with store.turn(digest):
            assert store.ledger() == []
    store.close()


def test_a_password_is_never_shown() -> None:
    for url in ("postgresql+nodriver://u:se/cr@et@host/db", "nonsense://u:secret@host"):
        with pytest.raises(StoreError, match=r"u:\*\*\*@host") as caught:
            Store(url)
        assert "cr" not in str(caught.value).split("cannot")[0]
