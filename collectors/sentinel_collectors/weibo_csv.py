"""Weibo tables of weibo-search, weibo-crawler and weiboSpider; Beijing time, often in GB18030."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import BEIJING, UNDATED, When, utc, when
from sentinel.ports import Batch
from sentinel.source import Source

from .counts import count
from .ids import has_exponent, is_rounded, made_up, written
from .markup import decode
from .tables import header_of, named_rows
from .weibo import own_words, post_url

__all__ = ["WeiboCsv"]

NAMES: Final = {
    "post_id": ("id", "微博id", "weiboid", "mid"),
    "text": ("微博正文", "正文", "微博内容", "weibocontent"),
    "published": ("完整日期", "发布时间", "日期", "publishtime"),
    "author": ("用户昵称", "昵称", "screenname"),
    "author_id": ("userid", "用户id"),
    "bid": ("bid",),
    "likes": ("点赞数", "upnum"),
    "reposts": ("转发数", "retweetnum"),
    "replies": ("评论数", "commentnum"),
    "repost_of": ("retweetid", "源微博id"),
    "original": ("源微博正文",),
}
TEXTS: Final = frozenset({"微博正文", "正文", "微博内容", "weibocontent"})
OWN_NAMES: Final = frozenset(
    {
        "bid",
        "微博正文",
        "微博内容",
        "头条文章url",
        "发布工具",
        "工具",
        "话题",
        "weibocontent",
        "weiboplace",
        "publishtool",
    }
)
# weibo-crawler keeps the posts of one user in a folder of his name, and a file of his id.
USER_ID: Final = re.compile(r"(?:^|[/_])(\d{6,10})(?:\.csv|/)")


class WeiboCsv:
    """Tables with Weibo's Chinese column names."""

    name: ClassVar[str] = "weibo_search_csv"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        header = header_of(source)
        if not header & TEXTS:
            return 0.0
        own = header & OWN_NAMES
        return 0.95 if len(own) >= 2 else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        header = header_of(self._source)
        self._columns = {
            field: name
            for field, names in NAMES.items()
            if (name := next(filter(header.__contains__, names), None))
        }
        owner = USER_ID.search(self._source.name)
        self._owner = owner[1] if owner and "author_id" not in self._columns else None
        return batches(named_rows(self._source), self._post, cursor)

    def _post(self, row: Mapping[str, str], batcher: Batcher) -> Mapping[str, Any] | Skip:
        cells = {field: row[name].strip("\t ") for field, name in self._columns.items()}
        if not any(cells.values()):
            return Skip("blank row")
        text, in_text = own_words(decode(cells["text"]))
        text = text or decode(cells.get("original") or "")
        author_id = written(cells.get("author_id") or "") or self._owner
        author = cells.get("author") or author_id
        post_id = self._id(cells, batcher)
        found = when(cells.get("published"), BEIJING)
        if found == UNDATED and post_id:
            found = _of_id(post_id)
        repost_of = written(cells.get("repost_of") or "") or None
        return {
            "platform": "weibo",
            "post_id": post_id or made_up("weibo", author, found[0], text),
            "published": found[0],
            "precision": found[1],
            "author": author,
            "author_id": author_id,
            "kind": "repost" if repost_of or in_text or cells.get("original") else "post",
            "text": text,
            "url": post_url(author_id, post_id, cells.get("bid")) if post_id else None,
            "likes": count(cells.get("likes")),
            "reposts": count(cells.get("reposts")),
            "replies": count(cells.get("replies")),
            "repost_of": repost_of,
        }

    def _id(self, cells: Mapping[str, str], batcher: Batcher) -> str | None:
        """The id, unless it is a row number (weiboSpider) or was damaged by a spreadsheet."""
        post_id = written(cells.get("post_id") or "")
        if not post_id or len(post_id) < 9:
            return None
        if has_exponent(post_id) or (is_rounded(post_id) and post_id.endswith("00000")):
            batcher.warn("id damaged by a spreadsheet; made from the row")
            return None
        return post_id


def _of_id(post_id: str) -> When:
    """When a post was made, from its id."""
    if not post_id.isdecimal() or not 14 <= len(post_id) <= 17:
        return UNDATED
    return utc(datetime.fromtimestamp((int(post_id) >> 22) + 515_483_463, UTC))
