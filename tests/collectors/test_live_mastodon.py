from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.live_mastodon import LiveMastodon
from sentinel_collectors.live_places import IN_CIRCLES

from sentinel.ports import Batch

NEW = (1_795_000_000_000 << 16) + 1  # an id of November 2026


def status(name: Any, acct: str = "someone") -> dict[str, Any]:
    account = {"id": "7", "acct": acct}
    content = "<p>Qwen<br>3</p>"
    return {"id": str(name), "created_at": "2026-11-20T08:00:00.000Z", "content": content, "account": account}


def read(service: Any, cursor: str | None = None, **settings: Any) -> list[Batch]:
    return list(LiveMastodon(**{"tag": "#Qwen", "base_url": service.url, **settings}).read(cursor))


def test_old_to_new(service: Any) -> None:
    service.replies = [[status(NEW + 1), status(NEW)], [status(NEW + 2)], []]
    batches = read(service)
    assert [request.query["min_id"] for request in service.requests] == ["0", str(NEW + 1), str(NEW + 2)]
    assert [batch.cursor for batch in batches] == [f'{{"min_id":"{NEW + 1}"}}', f'{{"min_id":"{NEW + 2}"}}']
    assert service.requests[0].path == "/api/v1/timelines/tag/Qwen"
    assert "authorization" not in service.requests[0].headers


def test_accounts_of_the_server_itself_get_its_name(service: Any) -> None:
    service.replies = [[status(NEW), status(NEW + 1, "other@elsewhere.example")], []]
    (batch,) = read(service)
    assert batch.posts["author"] == ["someone@127.0.0.1", "other@elsewhere.example"]
    assert batch.posts["text"] == ["Qwen\n3"] * 2


def test_posts_that_arrive_late_are_met_by_the_overlap(service: Any) -> None:
    service.replies = [[]]
    read(service, f'{{"min_id":"{NEW}"}}')
    ten_minutes = 600_000 << 16
    assert service.requests[0].query["min_id"] == str(NEW - ten_minutes)


def test_the_overlap_never_moves_the_cursor_back(service: Any) -> None:
    service.replies = [[status(NEW - 5)], []]
    (batch,) = read(service, f'{{"min_id":"{NEW}"}}')
    assert batch.cursor == f'{{"min_id":"{NEW}"}}'


@pytest.mark.parametrize("name", ["172429", "01JD2Z4N8Q0000000000000000", "9hnx6K3VzQyB2a"])
def test_ids_without_a_time_in_them_are_taken_as_they_are(service: Any, name: str) -> None:
    service.replies = [[]]
    read(service, f'{{"min_id":"{name}"}}')
    assert service.requests[0].query["min_id"] == name


def test_the_first_read_may_begin_on_a_day(service: Any) -> None:
    service.replies = [[]]
    read(service, since="2026-11-01")
    assert int(service.requests[0].query["min_id"]) >> 16 == 1_793_491_200_000


def test_a_server_that_ignores_min_id_is_left_with_a_warning(service: Any) -> None:
    service.replies = [[status(NEW)]]
    first, last = read(service)
    assert last.warnings == {IN_CIRCLES: 1}
    assert last.cursor == first.cursor
    assert len(service.requests) == 2


def test_further_tags_and_a_token(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTODON_TOKEN", "user-token-0123456789")
    service.replies = [[]]
    read(
        service,
        tag="通义千问",
        any_tags=["qwen", "alibaba"],
        no_tags=["ad"],
        local=True,
        token_env="MASTODON_TOKEN",
    )
    (request,) = service.requests
    assert request.path == "/api/v1/timelines/tag/%E9%80%9A%E4%B9%89%E5%8D%83%E9%97%AE"
    assert request.query["any[]"] == "alibaba"  # the last of two
    assert (request.query["none[]"], request.query["local"]) == ("ad", "true")
    assert request.headers["authorization"] == "Bearer user-token-0123456789"


def test_a_changed_field_is_a_reject_and_the_rest_is_read(service: Any) -> None:
    changed = {**status(NEW + 1), "content": {"html": "<p>Qwen</p>"}}
    service.replies = [[changed, status(NEW)], []]
    (batch,) = read(service)
    assert (batch.n_posts, len(batch.rejects)) == (1, 1)
    assert "needs id and content" in batch.rejects[0].reason
    assert batch.cursor == f'{{"min_id":"{NEW + 1}"}}'
