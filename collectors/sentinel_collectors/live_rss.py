"""A feed: RSS or Atom, read anew only when it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from sentinel.errors import SourceError
from sentinel.ports import Batch
from sentinel.source import Source

from .live_answers import Refused, place_of
from .live_http import Client
from .live_places import cursor_of, read_cursor
from .live_reading import LiveSource, batch_of
from .rss_atom import RssAtom

__all__ = ["LiveRss"]

GONE = 410


@dataclass(frozen=True, kw_only=True)
class LiveRss(LiveSource):
    """Items of one feed.

    Attributes
    ----------
    url : of the feed. Where it has moved for good, the new address is kept in the cursor.
    """

    name: ClassVar[str] = "live_rss"

    url: str = ""

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        known = read_cursor(cursor, {"url", "etag", "modified", "gone"})
        url = known.get("url") or self.url
        if known.get("gone"):
            raise _gone(url)
        conditions = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("modified")}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            answer = client.get(url, headers=headers)
        except Refused as refused:
            if refused.answer.status != GONE:
                raise
            yield Batch({}, cursor=cursor_of({"gone": True}))
            raise _gone(url) from None
        if answer.status == 304:
            return
        stamps = {
            name: stamp
            for name, header in (("etag", "etag"), ("modified", "last-modified"))
            if (stamp := answer.headers.get(header, "")).isascii() and stamp
        }
        batch = batch_of(answer, _Feed)
        yield replace(batch, cursor=cursor_of({"url": answer.moved or known.get("url"), **stamps}))


def _gone(url: str) -> SourceError:
    return SourceError(f"{place_of(url)} is gone for good (HTTP 410); take it out of the settings")


class _Feed(RssAtom):
    """A feed, and nothing else that a server may send under its address."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        if not self.sniff(source):
            raise SourceError(f"{source.name} is no feed: expected RSS or Atom")
