"""Analytics of an account's own posts as X lets its owner download them, old form and new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import UNDATED, snowflake, when
from sentinel.errors import SourceError
from sentinel.ports import Batch
from sentinel.source import Source

from .counts import count
from .ids import has_exponent, is_rounded, made_up, written
from .markup import decode
from .tables import header_of, named_rows
from .xposts import is_old_repost, status_id

__all__ = ["XAnalyticsCsv"]

# Spellings differ from one download to the next: each field's names, best first.
NAMES: Final = {
    "post_id": ("tweetid", "postid"),
    "text": ("tweettext", "posttext"),
    "published": ("time", "date"),
    "url": ("tweetpermalink", "postlink", "link", "postpermalink"),
    "likes": ("likes", "like", "favorites", "favorite"),
    "reposts": ("retweets", "retweet", "reposts", "repost"),
    "replies": ("replies", "reply"),
    "views": ("impressions", "impression"),
}
HANDLE: Final = re.compile(r"(?:twitter|x)\.com/(\w{1,15})/status/")


class XAnalyticsCsv:
    """``tweet_activity_metrics_*.csv`` and ``account_analytics_content_*.csv``."""

    name: ClassVar[str] = "x_analytics_csv"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        header = header_of(source)
        if not header & {"impressions", "impression"} or not header & {"engagements", "engagement"}:
            return 0.0
        by_post = header & {"tweetid", "postid"} and header & {"tweettext", "posttext"}
        by_day = "date" in header and header & {
            "createpost",
            "tweetspublished",
            "newfollows",
            "profilevisits",
        }
        return 0.95 if by_post or by_day else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        header = header_of(self._source)
        if not header & {"tweetid", "postid"}:
            raise SourceError(
                f"{self._source.name} is an overview by day and holds no posts; download the report by post"
            )
        self._columns = {
            field: name
            for field, names in NAMES.items()
            if (name := next(filter(header.__contains__, names), None))
        }
        return batches(named_rows(self._source), self._post, cursor)

    def _post(self, row: Mapping[str, str], batcher: Batcher) -> Mapping[str, Any] | Skip:
        cells = {field: row[name].strip() for field, name in self._columns.items()}
        text, url = decode(row[self._columns["text"]]).replace("\r\n", "\n"), cells.get("url") or None
        post_id = written(cells["post_id"]) or None
        if post_id is None and not url:
            return Skip("a total, not a post")
        if post_id is None or not post_id.isdecimal() or has_exponent(post_id) or is_rounded(post_id):
            post_id = status_id(url) or _damaged(post_id)
            if post_id is None:
                batcher.warn("id damaged by a spreadsheet; made from the row")
        found = when(cells.get("published"))
        if found[1] in ("day", "none"):
            told = snowflake(post_id)
            found = told if told != UNDATED else found
        handle = HANDLE.search(url or "")
        return {
            "platform": "x",
            "post_id": post_id or made_up("x", cells.get("published"), text),
            "published": found[0],
            "precision": found[1],
            "author": handle[1] if handle else None,
            "kind": "repost" if is_old_repost(text) else "post",
            "text": text,
            "url": url,
            **{field: count(cells.get(field)) for field in ("likes", "reposts", "replies", "views")},
        }


def _damaged(post_id: str | None) -> str | None:
    """The id itself where it may well be whole: one in ten thousand ends in zeros."""
    return post_id if post_id and post_id.isdecimal() and not post_id.endswith("00000") else None
