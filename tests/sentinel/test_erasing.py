from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentinel.corrections import Correction
from sentinel.errors import StoreError
from sentinel.ports import Batch, Reject
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store


def post(number: int, author: str, **given: Any) -> dict[str, Any]:
    return {
        "platform": "x",
        "post_id": f"70000{number}",
        "published": f"2031-03-{number + 1:02d}T12:00:00Z",
        "precision": "second",
        "author": author,
        "author_id": f"id{author}",
        "kind": "post",
        "text": f"text of {number} {'abcdefgh'[number % 8]}",
    } | given


POSTS = [
    post(0, "Synth_Gone", text="quite unlike anything"),
    post(1, "synth_a", kind="repost", repost_of="700000", text="quite unlike anything"),
    post(2, "synth_b", kind="repost", text="RT @synth_gone: something never seen"),
    post(3, "synth_c", kind="reply", reply_to="700000", conversation="700000", text="@Synth_Gone well said"),
    post(4, "synth_d"),
    post(5, "other", platform="weibo", author_id="idsynth_gone"),
    post(6, "synth_e", text="Quite unlike anything!", published="2031-03-01T13:00:00Z"),
]
REJECTS = [
    Reject("line 8", "no date", '{"user": {"screen_name": "Synth_Gone"}}'),
    Reject("line 9", "no date", '{"user": "synth_a"}'),
]


def fill(store: Store, sha256: str = "s1", name: str = "a.jsonl", posts: Any = POSTS) -> None:
    number = store.begin_input(sha256, name, "test", 10)
    assert number is not None
    store.add(number, Batch(columns_of(posts), rejects=REJECTS))
    store.end_input(number)
    store.clean()
    for numbers, ranks, _ in store.untagged("test 1"):
        tags: dict[str, list[Any]] = {name: ["spoken of"] * len(numbers) for name in TAG_COLUMNS}
        tags |= {name: [0.5] * len(numbers) for name in ("about", "spam", "score", "confidence")}
        tags |= {f"p_{name}": [0.5] * len(numbers) for name in ("negative", "neutral", "positive")}
        store.add_tags("test 1", numbers, ranks, tags)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    url = new_url()
    store = Store(url)
    fill(store)
    store.close()
    return url


def ids(store: Store) -> set[str]:
    return {row[0] for part in store.rows(("post_id",)) for row in part}


def adds_up(store: Store) -> bool:
    return all(
        entry["rows"]
        == entry["posts"] + entry["duplicates"] + entry["rejects"] + sum(entry["skipped"].values())
        and entry["duplicates"] >= 0
        for entry in store.ledger()
    )


def test_an_author_goes_with_reposts_and_does_not_come_back(url: str) -> None:
    store = Store(url)
    said = Correction("negative", None, None, None)
    store.correct({("x", "700000"): said, ("x", "700004"): said})
    done = store.erase_author("@synth_gone", "x")
    assert [one.post_id for one in store.corrections()] == ["700004"]
    assert done.posts == (("x", "700000"), ("x", "700001"), ("x", "700002"))
    assert done.authors == (("x", "Synth_Gone"), ("x", "idSynth_Gone"))
    assert (done.n_rejects, done.inputs, done.n_mentions) == (1, ("a.jsonl",), 1)
    assert ids(store) == {"700003", "700004", "700005", "700006"}
    assert [row[3] for row in store.rejected()] == ["erased on request", '{"user": "synth_a"}']
    assert adds_up(store)
    assert store.ledger()[0]["skipped"] == {"erased on request": 3}
    fill(store, "s2", "b.jsonl")
    assert ids(store) == {"700003", "700004", "700005", "700006"}
    assert adds_up(store)
    assert store.ledger()[1]["skipped"] == {"erased on request": 3}
    assert [row[3] for row in store.rejected()] == ["erased on request", '{"user": "synth_a"}'] * 2
    references = [row for part in store.rows(("post_id", "reply_to", "conversation")) for row in part]
    assert ("700003", None, None) in [tuple(row) for row in references]
    store.close()


def test_copies_of_what_went_are_copies_no_more(url: str) -> None:
    store = Store(url)

    def copy_of() -> dict[str, Any]:
        store.clean()
        return {row[0]: row[1] for part in store.rows(("post_id", "copy_of")) for row in part}

    assert copy_of()["700006"] == "700000"
    store.erase_post("700000")
    assert copy_of()["700006"] is None
    assert ids(store) == {"700002", "700003", "700004", "700005", "700006"}
    store.close()


def test_an_author_goes_by_id_and_on_every_network_unless_one_is_named(url: str) -> None:
    store = Store(url)
    store.erase_author("idSYNTH_GONE")
    assert ids(store) == {"700002", "700003", "700004", "700006"}
    store.close()


def test_a_new_post_of_the_old_number_is_tagged(new_sqlite_url: Callable[[], str]) -> None:
    """SQLite gives the number of the last row again once that row is gone."""
    store = Store(new_sqlite_url())
    fill(store, posts=[post(0, "synth_a"), post(1, "synth_gone")])
    store.erase_author("synth_gone")
    fill(store, "s2", "b", posts=[post(2, "synth_b")])
    tagged = {row[0]: row[1] for part in store.rows(("post_id", "model")) for row in part}
    assert tagged == {"700000": "spoken of", "700002": "spoken of"}
    store.close()


def test_an_id_of_several_networks_is_asked_about(url: str) -> None:
    store = Store(url)
    fill(store, "s2", "b", [post(4, "synth_d", platform="weibo")])
    with pytest.raises(StoreError, match="is on weibo, x; say which with --platform; nothing was erased"):
        store.erase_post("700004")
    assert store.erase_post("700004", "x").posts == (("x", "700004"),)
    assert "700004" in ids(store)
    store.close()


def test_what_was_never_there_is_kept_out_from_now_on(url: str) -> None:
    store = Store(url)
    assert store.erase_author("synth_new") == ((), (), 0, (), 0)
    assert store.erase_post("700009").posts == ()
    fill(store, "s2", "b", [post(8, "Synth_New"), post(9, "synth_z"), post(7, "synth_y")])
    assert ids(store) >= {"700007"}
    assert not ids(store) & {"700008", "700009"}
    store.close()


def test_nothing_of_the_author_is_left_in_the_files(new_sqlite_url: Callable[[], str]) -> None:
    url = new_sqlite_url()
    store = Store(url)
    fill(store, posts=[POSTS[0], POSTS[1], POSTS[2], POSTS[3] | {"text": "well said"}, POSTS[4]])
    list(store.cells())
    files = list(store.files)
    needles = (b"synth_gone", b"700000", b"unlike anything", b"never seen")

    def found() -> set[bytes]:
        whole = b"".join(path.read_bytes().lower() for path in files if path.exists())
        return {needle for needle in needles if needle in whole}

    assert found() == set(needles)
    store.erase_author("Synth_Gone")
    assert found() == set()
    store.close()
    assert found() == set()


def test_a_reader_in_the_way_is_told_of(
    new_sqlite_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentinel.store.engines._WAIT", 0.2)
    url = new_sqlite_url()
    store = Store(url)
    fill(store, posts=[POSTS[0], POSTS[4]])
    reading = Store(url)
    rows = reading.rows(("post_id",), size=1)
    next(rows)
    with pytest.raises(
        StoreError, match=r"erased, but the bytes are still in the files.*run the same command again"
    ):
        store.erase_author("synth_gone")
    assert "700000" not in ids(store)
    rows.close()  # type: ignore[attr-defined]
    reading.close()
    store.erase_author("synth_gone")
    assert b"synth_gone" not in Path(url.removeprefix("sqlite:///")).read_bytes().lower()
    store.close()


def test_what_is_older_than_what_is_kept_goes_and_stays_away(url: str) -> None:
    store = Store(url)
    assert store.kept_since is None
    assert store.erase_before("2031-03-04") == 4
    assert store.erase_before("2031-03-02") == 0
    assert store.kept_since == "2031-03-04"
    assert ids(store) == {"700003", "700004", "700005"}
    assert store.ledger()[0]["skipped"] == {"older than what is kept": 4}
    undated = post(7, "synth_u", published=None, precision="none")
    fill(
        store, "s2", "b", [*POSTS, undated, undated | {"post_id": "old", "collected": "2031-03-01T00:00:00Z"}]
    )
    assert ids(store) == {"700003", "700004", "700005", "700007"}
    assert adds_up(store)
    store.erase_before("2031-04-01")
    assert ids(store) == {"700007"}
    assert {row[3] for row in store.rejected()} == {
        "older than what is kept",
        *(reject.excerpt for reject in REJECTS),
    }
    store.close()
