"""Bluesky, searched newest first, with the session of an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final

from sentinel.errors import SourceError
from sentinel.ports import Batch

from .answers import mapping
from .bluesky_api import BlueskyApi
from .live_answers import Refused
from .live_http import Client
from .live_places import Place, PlaceLost, earlier, newest_first
from .live_reading import LiveSource, Since, batch_of, first_moment, list_in, newest_in, times_in

__all__ = ["LiveBluesky"]

SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class LiveBluesky(LiveSource):
    """Posts that match a query. Search is refused without a session since January 2025.

    A search may end before its results do. So when its pages end, the next one asks for what is older than the
    oldest post so far, until that brings nothing older.

    Attributes
    ----------
    query : words, or ``"a phrase"``.
    handle : of the account, such as ``name.bsky.social``.
    password_env : the environment variable that holds an app password of that account.
    lang : of the posts, such as ``"en"``; ``None`` is any.
    since : the oldest day of the first read; ``None`` is all there is.
    page_size : posts a page, at most 100.
    base_url : the account's server.
    """

    name: ClassVar[str] = "live_bluesky"

    query: str = ""
    handle: str = ""
    password_env: str = "BLUESKY_APP_PASSWORD"
    lang: str | None = None
    since: Since = None
    page_size: int = 100
    base_url: str = "https://bsky.social"

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        place = Place.of(cursor)
        self._log_in(client)
        return newest_first(place, lambda place, resumed: self._page(client, place, resumed))

    def _log_in(self, client: Client) -> None:
        account = {"identifier": self.handle.lstrip("@"), "password": self._secret(client, self.password_env)}
        answer = client.post(self._at("/xrpc/com.atproto.server.createSession"), json=account)
        token = mapping(answer.json()).get("accessJwt")
        if not isinstance(token, str) or not token:
            raise SourceError(f"{answer.place}: expected a session with accessJwt; has the service changed")
        client.authorize(token)

    def _page(self, client: Client, place: Place, resumed: bool) -> tuple[Batch, Place]:
        window = mapping(place.next)
        params = {
            "q": self.query,
            "sort": "latest",
            "limit": self.page_size,
            "lang": self.lang,
            "since": earlier(place.since) if place.since else first_moment(self.since),
            "until": window.get("until"),
            "cursor": window.get("page"),
        }
        try:
            answer = client.get(self._at("/xrpc/app.bsky.feed.searchPosts"), params)
        except Refused as refused:
            if resumed and params["cursor"] and refused.answer.status == 400:
                raise PlaceLost from None
            raise
        page = answer.json()
        list_in(page, "posts")
        batch = batch_of(answer, BlueskyApi)
        return batch, place.after(newest_in(batch, answer), _next_window(window, batch, page.get("cursor")))


def _next_window(window: Mapping[str, Any], batch: Batch, page: Any) -> dict[str, Any] | None:
    """The next page of the same search; after the last one, a search for what is older."""
    times = times_in(batch)
    oldest, until = times[-1] if times else window.get("oldest"), window.get("until")
    if isinstance(page, str) and page:
        return {"until": until, "page": page, "oldest": oldest}
    if oldest is None:
        return None
    below = earlier(oldest, -SECOND)  # `until` leaves its own moment out, and times here are whole seconds
    return {"until": below} if until is None or below < until else None
