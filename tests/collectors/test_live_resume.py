"""Whenever a read is stopped, and whatever is posted meanwhile: nothing is lost, nothing is stored twice."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from sentinel_collectors.live_bluesky import LiveBluesky
from sentinel_collectors.live_hackernews import LiveHackernews
from sentinel_collectors.live_mastodon import LiveMastodon
from sentinel_collectors.live_reddit import LiveReddit
from sentinel_collectors.live_x import LiveX

from sentinel.ports import Batch, Collector
from sentinel.store import Store

START = datetime(2026, 11, 20, tzinfo=UTC)
SECRET = "Sesame-open-0123456789"
KILLS = 20  # a service: a hundred altogether


class World:
    """Posts of a service, in the order in which they were made, and answers as the service documents them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.moments: list[datetime] = []

    def grow(self, n: int) -> None:
        """More posts: some in one second, some hours apart."""
        moment = self.moments[-1] if self.moments else START
        for _ in range(n):
            moment += timedelta(seconds=self.rng.choice((0, 0, 1, 40, 600, 7000)))
            self.moments.append(moment)

    def __call__(self, request: Any) -> Any:
        date = format_datetime(
            (self.moments[-1] if self.moments else START) + timedelta(minutes=1), usegmt=True
        )
        return 200, {"Date": date}, self.answer(request)

    def answer(self, request: Any) -> Any:
        raise NotImplementedError

    def collector(self, url: str, **settings: Any) -> Collector:
        raise NotImplementedError

    def name(self, n: int) -> str:
        """Id of a post."""
        return str(1000 + n)

    @property
    def names(self) -> set[str]:
        return {self.name(n) for n in range(len(self.moments))}

    @property
    def newest_first(self) -> list[int]:
        return list(range(len(self.moments)))[::-1]


class HackerNews(World):
    depth = 20  # hits a search gives at most

    def collector(self, url: str, **settings: Any) -> Collector:
        return LiveHackernews(query="qwen", base_url=url, page_size=4, **settings)

    def answer(self, request: Any) -> Any:
        assert request.path == "/api/v1/search_by_date"
        query, found = request.query, self.newest_first
        for bound in filter(None, query.get("numericFilters", "").split(",")):
            name, sign, value = bound.partition(">=") if ">=" in bound else bound.partition("<=")
            assert name == "created_at_i"
            found = [
                n
                for n in found
                if (self.stamp(n) >= int(value) if sign == ">=" else self.stamp(n) <= int(value))
            ]
        size, page = int(query["hitsPerPage"]), int(query["page"])
        hits = found[: self.depth][page * size : (page + 1) * size]
        pages = min(ceil(len(found) / size), self.depth // size)
        return {
            "hits": [self.hit(n) for n in hits],
            "nbHits": len(found),
            "nbPages": pages,
            "page": page,
            "hitsPerPage": size,
        }

    def stamp(self, n: int) -> int:
        return int(self.moments[n].timestamp())

    def hit(self, n: int) -> dict[str, Any]:
        return {
            "objectID": self.name(n),
            "created_at": self.moments[n].isoformat().replace("+00:00", "Z"),
            "created_at_i": self.stamp(n),
            "author": "someone",
            "comment_text": f"Qwen no. {n}",
            "_tags": ["comment"],
        }


class Mastodon(World):
    def collector(self, url: str, **settings: Any) -> Collector:
        return LiveMastodon(tag="qwen", base_url=url, page_size=5, **settings)

    def name(self, n: int) -> str:
        return str((int(self.moments[n].timestamp() * 1000) << 16) + n)

    def answer(self, request: Any) -> Any:
        assert request.path == "/api/v1/timelines/tag/qwen"
        least = int(request.query["min_id"])
        newer = [n for n in range(len(self.moments)) if int(self.name(n)) > least]
        return [self.status(n) for n in newer[: int(request.query["limit"])][::-1]]

    def status(self, n: int) -> dict[str, Any]:
        return {
            "id": self.name(n),
            "created_at": self.moments[n].isoformat().replace("+00:00", ".000Z"),
            "content": f"<p>Qwen no. {n}</p>",
            "visibility": "public",
            "account": {"id": "7", "acct": "someone"},
            "favourites_count": 1,
            "reblogs_count": 0,
        }


class Bluesky(World):
    depth = 12  # posts that the cursor scrolls through

    def collector(self, url: str, **settings: Any) -> Collector:
        return LiveBluesky(query="qwen", handle="me.example", base_url=url, page_size=4, **settings)

    def name(self, n: int) -> str:
        return f"at://did:plc:abc/app.bsky.feed.post/{n}"

    def answer(self, request: Any) -> Any:
        if request.method == "POST":
            assert request.path == "/xrpc/com.atproto.server.createSession"
            return {"accessJwt": "session-of-the-account", "refreshJwt": "for-later"}
        assert request.headers["authorization"] == "Bearer session-of-the-account"
        query, start = request.query, int(request.query.get("cursor", 0))
        found = [
            n
            for n in self.newest_first
            if query.get("since", "") <= self.made(n) and self.made(n) < query.get("until", "9")
        ]
        page = found[start : start + int(query["limit"])]
        more = start + len(page) < min(len(found), self.depth)
        return {"posts": [self.view(n) for n in page]} | ({"cursor": str(start + len(page))} if more else {})

    def made(self, n: int) -> str:
        return self.moments[n].strftime("%Y-%m-%dT%H:%M:%S.123Z")

    def view(self, n: int) -> dict[str, Any]:
        record = {"$type": "app.bsky.feed.post", "text": f"Qwen no. {n}", "createdAt": self.made(n)}
        author = {"did": "did:plc:abc", "handle": "someone.example"}
        return {"uri": self.name(n), "author": author, "record": record, "indexedAt": self.made(n)}


class Reddit(World):
    def collector(self, url: str, **settings: Any) -> Collector:
        return LiveReddit(query="qwen", base_url=url, auth_url=url, page_size=5, **settings)

    def name(self, n: int) -> str:
        return f"t3_{n:04x}"

    def answer(self, request: Any) -> Any:
        if request.method == "POST":
            assert (request.path, request.body) == ("/api/v1/access_token", b"grant_type=client_credentials")
            return {"access_token": "token-of-the-app", "token_type": "bearer", "expires_in": 86400}
        assert request.headers["authorization"] == "Bearer token-of-the-app"
        listed, after = [self.name(n) for n in self.newest_first], request.query.get("after")
        start = listed.index(after) + 1 if after else 0
        page = listed[start : start + int(request.query["limit"])]
        more = start + len(page) < len(listed)
        children = [self.thing(int(name[3:], 16)) for name in page]
        return {"kind": "Listing", "data": {"after": page[-1] if more else None, "children": children}}

    def thing(self, n: int) -> dict[str, Any]:
        created = self.moments[n].timestamp()
        data = {"name": self.name(n), "id": self.name(n)[3:], "title": f"Qwen no. {n}", "selftext": ""}
        return {
            "kind": "t3",
            "data": data | {"subreddit": "LocalLLaMA", "author": "someone", "created_utc": created},
        }


class X(World):
    def collector(self, url: str, **settings: Any) -> Collector:
        return LiveX(query="qwen", base_url=url, page_size=10, **settings)

    def name(self, n: int) -> str:
        return str(((int(self.moments[n].timestamp() * 1000) - 1_288_834_974_657) << 22) + n)

    def answer(self, request: Any) -> Any:
        assert request.path == "/2/tweets/search/recent"
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        query = request.query
        below = query.get("next_token", "t" + query.get("until_id", str(2**63)))
        found = [
            n for n in self.newest_first if int(query.get("since_id", 0)) < int(self.name(n)) < int(below[1:])
        ]
        page, more = found[:10], found[10:]
        if not page:
            return {"meta": {"result_count": 0}}
        meta = {"newest_id": self.name(page[0]), "oldest_id": self.name(page[-1]), "result_count": len(page)}
        meta |= {"next_token": f"t{self.name(page[-1])}"} if more else {}
        tweets = [{"id": self.name(n), "text": f"Qwen no. {n}", "author_id": "7"} for n in page]
        return {"data": tweets, "includes": {"users": [{"id": "7", "username": "someone"}]}, "meta": meta}


WORLDS = (HackerNews, Mastodon, Bluesky, Reddit, X)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("X_BEARER_TOKEN", "BLUESKY_APP_PASSWORD", "REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"):
        monkeypatch.setenv(name, SECRET)


@pytest.fixture(params=WORLDS, ids=lambda world: world.__name__)
def world(request: pytest.FixtureRequest, service: Any) -> World:
    made: World = request.param(random.Random(7))
    service.respond = made
    return made


def ids(batches: list[Batch]) -> set[str]:
    return {name for batch in batches for name in batch.posts.get("post_id", [])}


def test_all_is_read_and_then_only_what_is_new(world: World, service: Any) -> None:
    world.grow(60)
    batches = list(world.collector(service.url).read())
    assert ids(batches) == world.names
    assert not [batch for batch in batches if batch.rejects or batch.skipped or batch.warnings]
    assert {time for batch in batches for time in batch.posts.get("collected", [])} != {None}

    world.moments.append(world.moments[-1] + timedelta(days=1))
    again = list(world.collector(service.url).read(batches[-1].cursor))
    assert ids(again) >= {world.name(60)}
    assert len(ids(again)) < 20


def test_goes_on_from_every_cursor(world: World, service: Any) -> None:
    world.grow(43)
    batches = list(world.collector(service.url).read())
    assert len(batches) > 4
    for n in range(len(batches)):
        world.grow(1)
        rest = list(world.collector(service.url).read(batches[n].cursor))
        assert ids(batches[: n + 1]) | ids(rest) == world.names, batches[n].cursor


def test_a_read_ends_at_max_pages_and_goes_on_there(world: World, service: Any) -> None:
    world.grow(60)
    cursor, batches = None, []
    for _ in range(25):
        read = list(world.collector(service.url, max_pages=2).read(cursor))
        assert len(read) <= 2
        batches += read
        cursor = read[-1].cursor if read else cursor
    assert ids(batches) == world.names


def test_no_kill_loses_or_doubles_a_post(world: World, service: Any, tmp_path: Path) -> None:
    rng, address = random.Random(11), f"sqlite:///{tmp_path / 'live.db'}"
    for kill in range(KILLS + 1):
        world.grow(rng.randint(0, 30))
        store = Store(address, "UTC")
        number, cursor = store.live_input("live", "live", "")
        reader = iter(world.collector(service.url).read(cursor))
        for batch in reader if kill == KILLS else islice(reader, rng.randint(0, 5)):
            store.add(number, batch)
        if rng.random() < 0.5:
            next(reader, None)  # read, but never stored
        store.close()

    store = Store(address, "UTC")
    stored = [row[0] for part in store.rows(("post_id",)) for row in part]
    ledger = store.ledger()[0]
    store.close()
    assert len(stored) == len(set(stored))
    assert set(stored) == world.names
    assert ledger["rows"] == ledger["posts"] + ledger["duplicates"]
