from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.live_x import OUT_OF_REACH, LiveX

from sentinel.errors import SourceError
from sentinel.ports import Batch

TWEET = {
    "id": "1992000000000000001",
    "text": "Qwen &amp; co",
    "author_id": "7",
    "created_at": "2026-11-22T10:00:00.000Z",
    "lang": "en",
    "public_metrics": {"like_count": 3, "retweet_count": 0, "reply_count": 1, "quote_count": 0},
}
USERS = {"users": [{"id": "7", "username": "someone"}]}


def page(*ids: int, token: str | None = None) -> dict[str, Any]:
    tweets = [{**TWEET, "id": str(n)} for n in ids]
    meta = {"newest_id": str(max(ids)), "oldest_id": str(min(ids)), "result_count": len(ids)}
    return {"data": tweets, "includes": USERS, "meta": meta | ({"next_token": token} if token else {})}


def problem(parameter: str, value: str, message: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """A refusal as the API words it."""
    return (
        400,
        {"Content-Type": "application/problem+json"},
        {
            "errors": [{"parameters": {parameter: [value]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        },
    )


EMPTY = {"meta": {"result_count": 0}}
TOO_OLD = problem("since_id", "5", "'since_id' must be a tweet id created after [2026-11-16T12:00Z].")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_BEARER_TOKEN", "AAAAA0123456789")


def read(service: Any, cursor: str | None = None, **settings: Any) -> list[Batch]:
    return list(LiveX(query="qwen -is:retweet", base_url=service.url, **settings).read(cursor))


def test_posts_come_whole(service: Any) -> None:
    service.replies = [
        {"data": [TWEET], "includes": USERS, "meta": {"newest_id": TWEET["id"], "result_count": 1}}
    ]
    (batch,) = read(service)
    post = {name: values[0] for name, values in batch.posts.items()}
    assert post["text"] == "Qwen & co"
    assert post["author"] == "someone"
    assert post["published"] == "2026-11-22T10:00:00Z"
    assert post["collected"] == "2026-11-23T12:00:00Z"
    assert post["url"] == "https://x.com/someone/status/1992000000000000001"
    assert batch.cursor == '{"since":"1992000000000000001"}'
    query = service.requests[0].query
    assert query["query"] == "qwen -is:retweet"
    assert query["max_results"] == "100"
    assert {"created_at", "note_tweet", "referenced_tweets"} <= set(query["tweet.fields"].split(","))
    assert "since_id" not in query


def test_pages_are_followed_and_the_first_tells_the_newest(service: Any) -> None:
    service.replies = [
        page(90, 80, token="b"),
        page(70, 60, token="c"),
        EMPTY | {"meta": {"result_count": 0}},
    ]
    batches = read(service, '{"since":"50"}')
    assert [request.query.get("next_token") for request in service.requests] == [None, "b", "c"]
    assert {request.query["since_id"] for request in service.requests} == {"50"}
    assert batches[-1].cursor == '{"since":"90"}'


def test_nothing_new_costs_one_request(service: Any) -> None:
    service.replies = [EMPTY]
    (batch,) = read(service, '{"since":"50"}')
    assert (batch.n_posts, batch.cursor) == (0, '{"since":"50"}')
    assert len(service.requests) == 1


def test_an_empty_page_may_have_a_page_behind_it(service: Any) -> None:
    service.replies = [{"meta": {"result_count": 0, "next_token": "b"}}, page(70)]
    assert read(service)[-1].cursor == '{"since":"70"}'


def test_a_gap_of_more_than_seven_days_falls_back_to_what_is_in_reach(service: Any) -> None:
    service.replies = [TOO_OLD, page(90, token="b"), page(80)]
    first, second = read(service, '{"since":"5"}')
    assert first.warnings == {OUT_OF_REACH: 1}
    assert second.warnings == {}
    refused, again, further = (request.query for request in service.requests)
    assert refused["since_id"] == "5"
    assert again["start_time"] == further["start_time"] == "2026-11-16T12:01:00Z"  # by the service's clock
    assert "since_id" not in again
    assert second.cursor == '{"since":"90"}'


def test_so_does_a_start_that_has_become_too_old(service: Any) -> None:
    service.replies = [problem("start_time", "2026-11-02T00:00:00Z", "must be on or after"), page(90)]
    (batch,) = read(service, '{"since":"2026-11-02T00:00:00Z"}')
    assert batch.cursor == '{"since":"90"}'
    assert service.requests[1].query["start_time"] == "2026-11-16T12:01:00Z"


def test_a_token_that_has_expired_is_replaced_by_an_id(service: Any) -> None:
    cursor = '{"newest":"90","next":{"before":"60","token":"old"},"since":"5"}'
    service.replies = [problem("next_token", "old", "not valid"), page(40), EMPTY]
    read(service, cursor)
    first, second, third = (request.query for request in service.requests)
    assert first["next_token"] == "old"
    assert (second["until_id"], second["since_id"], second.get("next_token")) == ("60", "5", None)
    assert third["since_id"] == "90"


def test_ids_and_times_are_never_sent_together(service: Any) -> None:
    """Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."""
    cursor = '{"newest":"90","next":{"before":"60","token":"old"},"since":"2026-11-20T00:00:00Z"}'
    service.replies = [problem("next_token", "old", "not valid"), page(40), EMPTY]
    read(service, cursor)
    for query in (request.query for request in service.requests):
        assert not ({"since_id", "until_id"} & query.keys() and {"start_time", "end_time"} & query.keys())


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (
            400,
            problem(
                "query",
                "qwen cashtag:BABA",
                "Reference to invalid operator 'cashtag'. Operator is not available",
            )[2],
            "Invalid Request; One or more parameters to your request was invalid.; "
            "Reference to invalid operator 'cashtag'. Operator is not available",
        ),
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, "CreditsDepleted; no credits"),
        (400, {"errors": "all of them"}, "without a word"),
        (400, b"<html>no", "no"),
    ],
)
def test_a_refusal_is_shown_unchanged(service: Any, status: int, body: Any, shown: str) -> None:
    service.replies = [(status, {}, body)]
    with pytest.raises(SourceError) as error:
        read(service, '{"since":"50"}')
    assert str(error.value) == f"live_x: 127.0.0.1/2/tweets/search/recent: HTTP {status}: {shown}"
    assert len(service.requests) == 1


def test_a_window_without_requests_ends_the_read(service: Any) -> None:
    spent = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795435800"}  # in ten minutes
    service.replies = [(200, spent, page(90, 80, token="b")), page(70)]
    first, last = read(service)
    assert first.n_posts == 2
    assert last.cursor == first.cursor == '{"newest":"90","next":{"before":"80","token":"b"}}'
    assert list(last.warnings.values()) == [1]


def test_a_changed_field_is_a_reject_and_the_rest_is_read(service: Any) -> None:
    changed = page(90, 80)
    del changed["data"][0]["text"]
    changed["data"][0]["body"] = "Qwen"
    service.replies = [changed]
    (batch,) = read(service)
    assert (batch.n_posts, len(batch.rejects)) == (1, 1)
    assert "needs an id and a text" in batch.rejects[0].reason
    assert batch.rejects[0].position.startswith("page of 2026-11-23T12:00:00Z, item 1")


def test_partial_errors_beside_posts_are_no_failure(service: Any) -> None:
    service.replies = [page(90) | {"errors": [{"title": "Not Found Error", "resource_type": "tweet"}]}]
    assert read(service)[0].n_posts == 1


def test_posts_under_another_name_are_an_error_not_an_empty_page(service: Any) -> None:
    changed = page(90)
    changed["posts"] = changed.pop("data")
    service.replies = [changed]
    with pytest.raises(SourceError, match="expected a list as data, found NoneType; has the service changed"):
        read(service)
