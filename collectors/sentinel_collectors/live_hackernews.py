"""Hacker News, searched through Algolia, newest first; no key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sentinel.errors import SourceError
from sentinel.ports import Batch

from .answers import mapping
from .hn_algolia import HnAlgolia
from .live_http import Client
from .live_places import Place, earlier, newest_first
from .live_reading import LiveSource, Since, batch_of, first_moment, list_in, newest_in

__all__ = ["LiveHackernews"]


@dataclass(frozen=True, kw_only=True)
class LiveHackernews(LiveSource):
    """Stories and comments that hold all words of a query.

    A search gives its first 1000 hits at most. So each page asks for what is not newer than the oldest hit so
    far: windows in time instead of page numbers, which new posts would shift.

    Attributes
    ----------
    query : words, or ``"a phrase"``.
    tags : kinds of items, as Algolia has them.
    since : the oldest day of the first read; ``None`` is all there is.
    page_size : hits a page, at most 1000.
    """

    name: ClassVar[str] = "live_hackernews"

    query: str = ""
    tags: str = "(story,comment)"
    since: Since = None
    page_size: int = 200
    base_url: str = "https://hn.algolia.com"

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        return newest_first(Place.of(cursor), lambda place, _: self._page(client, place))

    def _page(self, client: Client, place: Place) -> tuple[Batch, Place]:
        window = {"until": None, "page": 0, **mapping(place.next)}
        answer = client.get(self._at("/api/v1/search_by_date"), self._params(place, window))
        page = answer.json()
        times = [hit["created_at_i"] for hit in list_in(page, "hits") if _is_dated(hit)]
        if page["hits"] and not times:
            raise SourceError(f"{answer.place}: no hit has a created_at_i; has the service changed")
        batch = batch_of(answer, HnAlgolia)
        return batch, place.after(newest_in(batch, answer), _next_window(window, times, page))

    def _params(self, place: Place, window: dict[str, Any]) -> dict[str, Any]:
        floor = earlier(place.since) if place.since else first_moment(self.since)
        bounds = [f"created_at_i>={_seconds(floor)}"] if floor else []
        if window["until"] is not None:
            bounds.append(f"created_at_i<={window['until']}")
        return {
            "query": self.query,
            "tags": self.tags,
            "hitsPerPage": self.page_size,
            "page": window["page"],
            "numericFilters": ",".join(bounds) or None,
        }


def _is_dated(hit: Any) -> bool:
    moment = mapping(hit).get("created_at_i")
    return type(moment) is int and 0 < moment < 10**11


def _seconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp())


def _next_window(window: dict[str, Any], times: list[int], page: dict[str, Any]) -> dict[str, Any] | None:
    """The window below. Hits of the oldest second are met again, since more of them may follow."""
    if not times:
        return None
    oldest, until = times[-1], window["until"]
    if until is None or oldest < until:
        return {"until": oldest, "page": 0}
    pages = page.get("nbPages")
    if isinstance(pages, int) and window["page"] + 1 < pages:  # more hits in one second than a page holds
        return {"until": until, "page": window["page"] + 1}
    return {"until": until - 1, "page": 0}
