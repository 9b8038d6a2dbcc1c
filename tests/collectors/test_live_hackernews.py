from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.live_hackernews import LiveHackernews

from sentinel.errors import SourceError
from sentinel.ports import Batch

T = 1_790_000_000  # 2026-09-21T14:13:20Z


def hit(n: int, moment: int) -> dict[str, Any]:
    return {
        "objectID": str(n),
        "created_at_i": moment,
        "author": "someone",
        "title": f"Qwen {n}",
        "points": 5,
    }


def page(*hits: dict[str, Any], pages: int = 1) -> dict[str, Any]:
    return {"hits": list(hits), "nbHits": len(hits), "page": 0, "nbPages": pages, "hitsPerPage": 2}


def read(service: Any, cursor: str | None = None, **settings: Any) -> list[Batch]:
    return list(LiveHackernews(query='"qwen"', page_size=2, base_url=service.url, **settings).read(cursor))


def test_windows_in_time_instead_of_pages(service: Any) -> None:
    service.replies = [
        page(hit(3, T + 9), hit(2, T + 5), pages=2),
        page(hit(2, T + 5), hit(1, T)),
        page(hit(1, T)),
        page(),
    ]
    batches = read(service, since="2026-09-21")
    asked = [(request.query["numericFilters"], request.query["page"]) for request in service.requests]
    floor = "created_at_i>=1789948800"
    assert asked == [
        (floor, "0"),
        (f"{floor},created_at_i<={T + 5}", "0"),
        (f"{floor},created_at_i<={T}", "0"),
        (f"{floor},created_at_i<={T - 1}", "0"),
    ]
    assert service.requests[0].query["query"] == '"qwen"'
    assert service.requests[0].query["tags"] == "(story,comment)"
    assert batches[-1].cursor == '{"since":"2026-09-21T14:13:29Z"}'


def test_the_next_read_overlaps_a_little(service: Any) -> None:
    service.replies = [page()]
    read(service, '{"since":"2026-09-21T14:13:20Z"}')
    assert service.requests[0].query["numericFilters"] == f"created_at_i>={T - 600}"


def test_more_hits_in_one_second_than_a_page_holds(service: Any) -> None:
    service.replies = [
        page(hit(6, T), hit(5, T), pages=2),
        page(hit(6, T), hit(5, T), pages=2),
        page(hit(4, T), hit(3, T), pages=2),
        page(hit(2, T - 1)),
        page(),
    ]
    read(service)
    asked = [(request.query.get("numericFilters"), request.query["page"]) for request in service.requests]
    window = f"created_at_i<={T}"
    assert asked[:4] == [(None, "0"), (window, "0"), (window, "1"), (f"created_at_i<={T - 1}", "0")]


def test_a_changed_field_is_a_reject_and_the_rest_is_read(service: Any) -> None:
    changed = {**hit(2, T), "title": 5, "objectID": None}
    service.replies = [page(hit(3, T + 9), changed), page()]
    first, _ = read(service)
    assert (first.n_posts, len(first.rejects)) == (1, 1)
    assert "id" in first.rejects[0].reason


def test_a_damaged_time_does_not_move_the_window(service: Any) -> None:
    service.replies = [page(hit(3, T + 9), hit(2, -1), hit(1, 10**12)), page()]
    read(service)
    assert service.requests[1].query["numericFilters"] == f"created_at_i<={T + 9}"


def test_hits_without_a_time_end_the_read(service: Any) -> None:
    service.replies = [page({"objectID": "1", "title": "Qwen", "created": T})]
    with pytest.raises(SourceError, match="no hit has a created_at_i; has the service changed"):
        read(service)
