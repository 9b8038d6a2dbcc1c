from __future__ import annotations

from typing import Any

import orjson
import pytest
from sentinel_collectors.live_bluesky import LiveBluesky

from sentinel.errors import SourceError
from sentinel.ports import Batch

SESSION = {"accessJwt": "session-token-0123456789", "refreshJwt": "for-later", "did": "did:plc:me"}


def view(n: int, second: int) -> dict[str, Any]:
    made = f"2026-11-20T08:00:{second:02}.500Z"
    author = {"did": "did:plc:a", "handle": "someone.example"}
    return {
        "uri": f"at://did:plc:a/app.bsky.feed.post/{n}",
        "author": author,
        "record": {"text": f"Qwen {n}", "createdAt": made, "langs": ["en"]},
        "indexedAt": made,
    }


def page(*views: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {"posts": list(views)} | ({"cursor": cursor} if cursor else {})


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUESKY_APP_PASSWORD", "abcd-efgh-ijkl-mnop")


def read(service: Any, cursor: str | None = None, **settings: Any) -> list[Batch]:
    return list(
        LiveBluesky(query="qwen", handle="@me.example", base_url=service.url, **settings).read(cursor)
    )


def test_logs_in_and_searches(service: Any) -> None:
    service.replies = [SESSION, page(view(1, 5)), page(view(1, 5))]
    batches = read(service, lang="en", since="2026-11-01")
    log_in, search, _ = service.requests
    assert log_in.path == "/xrpc/com.atproto.server.createSession"
    assert orjson.loads(log_in.body) == {"identifier": "me.example", "password": "abcd-efgh-ijkl-mnop"}
    assert search.path == "/xrpc/app.bsky.feed.searchPosts"
    assert search.headers["authorization"] == "Bearer session-token-0123456789"
    assert search.query == {
        "q": "qwen",
        "sort": "latest",
        "limit": "100",
        "lang": "en",
        "since": "2026-11-01T00:00:00Z",
    }
    assert batches[0].posts["text"] == ["Qwen 1"]
    assert batches[-1].cursor == '{"since":"2026-11-20T08:00:05Z"}'


def test_searches_on_below_where_the_cursor_ends(service: Any) -> None:
    service.replies = [
        SESSION,
        page(view(4, 40), cursor="1"),
        page(view(3, 30)),  # the cursor scrolls no further
        page(view(3, 30), view(2, 20), cursor="2"),
        page(),
        page(view(2, 20)),
    ]
    read(service)
    asked = [(request.query.get("until"), request.query.get("cursor")) for request in service.requests[1:]]
    assert asked == [
        (None, None),
        (None, "1"),
        ("2026-11-20T08:00:31Z", None),
        ("2026-11-20T08:00:31Z", "2"),
        ("2026-11-20T08:00:21Z", None),
    ]


def test_the_next_read_overlaps_a_little(service: Any) -> None:
    service.replies = [SESSION, page()]
    read(service, '{"since":"2026-11-20T08:00:05Z"}')
    assert service.requests[1].query["since"] == "2026-11-20T07:50:05Z"


def test_a_cursor_that_is_no_longer_known_is_searched_from_the_top(service: Any) -> None:
    cursor = '{"newest":"2026-11-20T08:00:59Z","next":{"page":"77"},"since":"2026-11-20T07:00:00Z"}'
    refusal: Any = (400, {}, {"error": "InvalidRequest", "message": "cursor"})
    service.replies = [SESSION, refusal, page(view(1, 5)), page()]
    batches = read(service, cursor)
    assert batches[0].posts["text"] == ["Qwen 1"]
    assert [request.query.get("cursor") for request in service.requests[1:3]] == ["77", None]


def test_a_refusal_in_the_middle_is_an_error(service: Any) -> None:
    refusal: Any = (400, {}, {"error": "InvalidRequest", "message": "cursor"})
    service.replies = [SESSION, page(view(1, 5), cursor="1"), refusal]
    with pytest.raises(SourceError, match="HTTP 400: InvalidRequest; cursor"):
        read(service)


def test_search_without_a_session_is_forbidden(service: Any) -> None:
    service.replies = [SESSION, (403, {"Content-Type": "text/html"}, b"<html><h1>Forbidden</h1></html>")]
    with pytest.raises(SourceError, match="HTTP 403: Forbidden; check what BLUESKY_APP_PASSWORD hold"):
        read(service)


def test_a_session_that_cannot_be_sent_is_refused_unseen(service: Any) -> None:
    service.replies = [{"accessJwt": "token\r\nX-Evil: 1"}]
    with pytest.raises(SourceError, match="expected a token") as error:
        read(service)
    assert "Evil" not in str(error.value)


def test_days_without_a_time_do_not_move_the_window(service: Any) -> None:
    dateless = view(1, 5)
    dateless["record"]["createdAt"] = "2026-11-19"
    service.replies = [SESSION, page(view(2, 30), dateless), page()]
    read(service)
    assert service.requests[2].query["until"] == "2026-11-20T08:00:31Z"


def test_a_changed_field_is_a_reject_and_the_rest_is_read(service: Any) -> None:
    changed = view(2, 6)
    changed["record"]["body"] = changed["record"].pop("text")
    service.replies = [SESSION, page(changed, view(1, 5)), page()]
    first, _ = read(service)
    assert (first.n_posts, len(first.rejects)) == (1, 1)
    assert "needs a text" in first.rejects[0].reason
