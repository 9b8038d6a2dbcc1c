from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from sentinel_collectors.live_reddit import TOO_DEEP, LiveReddit

from sentinel.errors import SettingsError, SourceError
from sentinel.ports import Batch

TOKEN = {"access_token": "app-token-0123456789", "token_type": "bearer", "expires_in": 86400, "scope": "*"}
NOW = 1_795_000_000  # 2026-11-18T11:06:40Z


def thing(n: int, moment: int) -> dict[str, Any]:
    data = {
        "name": f"t3_{n}",
        "id": str(n),
        "title": f"Qwen {n}",
        "selftext": "a &lt; b",
        "created_utc": float(moment),
    }
    return {"kind": "t3", "data": data | {"subreddit": "LocalLLaMA", "author": "someone", "score": -2}}


def listing(*things: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": after, "children": list(things)}}


@pytest.fixture(autouse=True)
def app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDIT_CLIENT_ID", "client-id-0123")
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "client-secret-0123")


def read(service: Any, cursor: str | None = None, **settings: Any) -> list[Batch]:
    given = {"query": "qwen", "base_url": service.url, "auth_url": service.url, **settings}
    return list(LiveReddit(**given).read(cursor))


def test_logs_in_as_an_app_and_searches(service: Any) -> None:
    service.replies = [TOKEN, listing(thing(2, NOW), after="t3_2"), listing(thing(1, NOW - 60))]
    batches = read(service, contact="/u/someone")
    log_in, first, second = service.requests
    basic = b64encode(b"client-id-0123:client-secret-0123").decode()
    assert log_in.headers["authorization"] == f"Basic {basic}"
    assert log_in.headers["user-agent"].startswith("python:mood-sentinel:")
    assert log_in.headers["user-agent"].endswith(" (by /u/someone)")
    assert first.path == "/search"
    assert first.headers["authorization"] == "Bearer app-token-0123456789"
    assert first.query == {
        "q": "qwen",
        "sort": "new",
        "t": "all",
        "type": "link",
        "limit": "100",
        "raw_json": "1",
    }
    assert second.query["after"] == "t3_2"
    assert batches[0].posts["text"] == ["Qwen 2\n\na < b"]
    assert batches[0].cursor == '{"newest":"2026-11-18T11:06:40Z","next":"t3_2"}'
    assert batches[1].cursor == '{"since":"2026-11-18T11:06:40Z"}'


@pytest.mark.parametrize(
    ("settings", "path", "restricted"),
    [
        ({"query": None, "subreddit": "LocalLLaMA"}, "/r/LocalLLaMA/new", None),
        ({"query": None, "subreddit": "r/LocalLLaMA"}, "/r/LocalLLaMA/new", None),
        ({"query": "qwen", "subreddit": "LocalLLaMA+China"}, "/r/LocalLLaMA+China/search", "1"),
    ],
)
def test_in_a_subreddit(service: Any, settings: dict[str, Any], path: str, restricted: str | None) -> None:
    service.replies = [TOKEN, listing()]
    read(service, **settings)
    assert service.requests[1].path == path
    assert service.requests[1].query.get("restrict_sr") == restricted


def test_needs_something_to_look_for() -> None:
    with pytest.raises(SettingsError, match="live_reddit needs a query, a subreddit, or both"):
        LiveReddit()


def test_stops_a_little_below_where_the_last_read_began(service: Any) -> None:
    service.replies = [
        TOKEN,
        listing(thing(4, NOW + 50), thing(3, NOW - 300), after="t3_3"),  # still in the overlap
        listing(thing(2, NOW - 700), after="t3_2"),
        listing(thing(1, NOW - 800)),
    ]
    batches = read(service, '{"since":"2026-11-18T11:06:40Z"}')
    assert len(service.requests) == 3
    assert batches[-1].cursor == '{"since":"2026-11-18T11:07:30Z"}'
    assert not any(batch.warnings for batch in batches)


def test_says_when_the_listing_ends_before_what_is_known(service: Any) -> None:
    service.replies = [TOKEN, listing(thing(4, NOW + 9000))]
    (batch,) = read(service, '{"since":"2026-11-18T11:06:40Z"}')
    assert batch.warnings == {TOO_DEEP: 1}


def test_a_place_whose_post_was_removed_is_searched_from_the_top(service: Any) -> None:
    cursor = '{"newest":"2026-11-18T11:06:40Z","next":"t3_gone"}'
    service.replies = [TOKEN, listing(), listing(thing(2, NOW), after="t3_2"), listing(thing(1, NOW - 60))]
    batches = read(service, cursor)
    assert [request.query.get("after") for request in service.requests[1:4]] == ["t3_gone", None, "t3_2"]
    assert {name for batch in batches for name in batch.posts.get("post_id", [])} == {"t3_1", "t3_2"}


def test_an_app_that_reddit_does_not_know(service: Any) -> None:
    service.replies = [{"error": "invalid_grant"}]
    with pytest.raises(SourceError, match="expected an access_token; check the app's id and secret"):
        read(service)


def test_a_changed_field_is_a_reject_and_the_rest_is_read(service: Any) -> None:
    changed = thing(2, NOW)
    changed["data"]["headline"] = changed["data"].pop("title")
    service.replies = [TOKEN, listing(changed, {"kind": "more", "data": {}}, thing(1, NOW - 60))]
    (batch,) = read(service)
    assert (batch.n_posts, len(batch.rejects), sum(batch.skipped.values())) == (1, 1, 1)
    assert "neither a comment (body) nor a submission (title)" in batch.rejects[0].reason
