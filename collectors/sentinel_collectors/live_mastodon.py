"""Mastodon and its relatives: the timeline of a hashtag on one server, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

from sentinel.ports import Batch

from .answers import mapping
from .live_http import Client
from .live_places import IN_CIRCLES, OVERLAP, cursor_of, read_cursor
from .live_reading import LiveSource, Since, batch_of, first_moment, list_in
from .mastodon_api import MastodonApi
from .xposts import text_id

__all__ = ["LiveMastodon"]

# From here on an id holds its time: milliseconds since 1970, then 16 bits. Servers of 2017 counted.
FIRST_TIMED: Final = 10**16


@dataclass(frozen=True, kw_only=True)
class LiveMastodon(LiveSource):
    """Public posts under a hashtag, as far as the server knows them.

    ``min_id`` pages from old to new, so the newest id that was read says all about where to go on.

    Attributes
    ----------
    tag : without ``#``.
    any_tags, all_tags, no_tags : further hashtags: or any of these; and all of these; and none of these.
    local : posts of the server's own accounts only.
    token_env : the environment variable that holds a token; ``None`` where the server asks for none.
    since : the oldest day of the first read; ``None`` is all there is.
    page_size : posts a page, at most 40.
    base_url : the server.
    """

    name: ClassVar[str] = "live_mastodon"

    tag: str = ""
    any_tags: list[str] | None = None
    all_tags: list[str] | None = None
    no_tags: list[str] | None = None
    local: bool = False
    token_env: str | None = None
    since: Since = None
    page_size: int = 40
    base_url: str = "https://mastodon.social"

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        newest = read_cursor(cursor, {"min_id"}).get("min_id")
        if self.token_env is not None:
            client.authorize(self._secret(client, self.token_env))
        at = _overlapping(newest) if newest is not None else _first_id(first_moment(self.since))
        while True:
            answer = client.get(self._at(f"/api/v1/timelines/tag/{quote(self._tag)}"), self._params(at))
            statuses = list_in(answer.json())
            ids = [found for status in statuses if (found := text_id(mapping(status).get("id"))) is not None]
            last = max(ids, key=_in_order, default=at)
            if not statuses:
                return
            if _in_order(last) <= _in_order(at):
                yield Batch({}, warnings={IN_CIRCLES: 1}, cursor=cursor_of({"min_id": newest}))
                return
            at = last
            newest = max(newest or at, at, key=_in_order)
            yield replace(
                self._with_host(batch_of(answer, MastodonApi)), cursor=cursor_of({"min_id": newest})
            )

    @property
    def _tag(self) -> str:
        return self.tag.strip().lstrip("#＃")

    def _params(self, at: str) -> dict[str, Any]:
        return {
            "min_id": at,
            "limit": self.page_size,
            "local": "true" if self.local else None,
            "any[]": self.any_tags,
            "all[]": self.all_tags,
            "none[]": self.no_tags,
        }

    def _with_host(self, batch: Batch) -> Batch:
        """The server names its own accounts without itself; other servers have accounts of the same name."""
        host = urlsplit(self.base_url).hostname
        authors = [
            f"{author}@{host}" if author and "@" not in author else author for author in batch.posts["author"]
        ]
        return replace(batch, posts={**batch.posts, "author": authors})


def _in_order(status_id: str) -> tuple[int, str]:
    """Order of ids, which are numbers here and sortable texts of one length on other software."""
    return len(status_id), status_id


def _overlapping(status_id: str) -> str:
    """An id somewhat older: posts of other servers arrive late, with an id of the time when they were made."""
    if not status_id.isdecimal() or int(status_id) < FIRST_TIMED:
        return status_id
    return str(int(status_id) - (int(OVERLAP.total_seconds() * 1000) << 16))


def _first_id(moment: str | None) -> str:
    """The id that a post of that moment would have."""
    return str(int(datetime.fromisoformat(moment).timestamp() * 1000) << 16) if moment else "0"
