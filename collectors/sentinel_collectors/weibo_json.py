"""Weibo posts as JSON: weibo-crawler's files, and objects of Weibo's own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import BEIJING, UNDATED, When, when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import plain
from .weibo import post_url
from .xposts import text_id

__all__ = ["WeiboJson"]


class WeiboJson:
    """``{"user": ..., "weibo": [...]}``, pages of ``statuses``, ``cards`` or ``list``, or single posts."""

    name: ClassVar[str] = "weibo_json"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.94 * share(first_values(source, _unpack), _is_post)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    page = mapping(value)
    inner = mapping(page.get("data")) or page
    for name in ("weibo", "statuses", "list", "cards"):
        posts = inner.get(name)
        if isinstance(posts, list):
            return [mapping(post).get("mblog", post) for post in posts]
    return None


def _is_post(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("text", value.get("text_raw")), str):
        return False
    return len({"bid", "mblogid", "mid", "idstr", "attitudes_count", "reposts_count"} & value.keys()) >= 2


def _published(post: Mapping[str, Any]) -> When:
    for name in ("full_created_at", "created_at"):
        found = when(post.get(name), BEIJING)
        if found != UNDATED:
            return found
    return UNDATED


def _text(post: Mapping[str, Any]) -> str:
    long = mapping(post.get("longText")).get("longTextContent")
    return plain(long or post.get("text_raw") or post.get("text") or "")


def _id(post: Mapping[str, Any]) -> str | None:
    return next((found for name in ("idstr", "mid", "id") if (found := text_id(post.get(name)))), None)


def _post(post: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if not _is_post(post):
        if mapping(post).get("card_type") is not None:
            return Skip("not a post: a card of the page")
        raise ValueError("a post needs an id and a text")
    post_id = _id(post)
    if post_id is None:
        raise ValueError("a post needs an id")
    if post.get("deleted"):
        return Skip("deleted")
    user = mapping(post.get("user"))
    author_id = text_id(post.get("user_id")) or text_id(user.get("idstr") or user.get("id"))
    original = mapping(post.get("retweet") or post.get("retweeted_status"))
    text = _text(post)
    if post.get("isLongText") is True and text.endswith("全文"):
        batcher.warn("text cut by the export")
    found = _published(post)
    return {
        "platform": "weibo",
        "post_id": post_id,
        "published": found[0],
        "precision": found[1],
        "author": post.get("screen_name") or user.get("screen_name") or author_id,
        "author_id": author_id,
        "kind": "repost" if original else "post",
        "text": text,
        "url": post_url(author_id, post_id, post.get("bid") or post.get("mblogid")),
        "likes": count(post.get("attitudes_count")),
        "reposts": count(post.get("reposts_count")),
        "replies": count(post.get("comments_count")),
        "repost_of": _id(original),
    }
