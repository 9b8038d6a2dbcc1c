"""Answers of Bluesky's API: searches, feeds, threads, lists of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .bluesky import created, quoted_uri, record_post
from .counts import count

__all__ = ["BlueskyApi"]


class BlueskyApi:
    """``posts``, ``feed``, ``thread`` and ``records``, also as Python's SDK writes them."""

    name: ClassVar[str] = "bluesky_api"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.96 * share(first_values(source, _unpack), _is_view)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    answer = mapping(value)
    for name in ("posts", "feed", "records"):
        if isinstance(answer.get(name), list):
            return list(answer[name])
    thread = answer.get("thread")
    if isinstance(thread, list):  # getPostThreadV2
        return [mapping(node).get("value", node) for node in thread]
    return _thread(thread) if isinstance(thread, dict) else None


def _thread(thread: Mapping[str, Any]) -> list[Any]:
    """Posts of a thread, from its root on: a parent before its answers."""
    above: list[Any] = []
    parent = thread.get("parent")
    while isinstance(parent, dict):
        above.insert(0, parent)
        parent = parent.get("parent")
    found, waiting = above, [thread]
    while waiting:
        node = waiting.pop()
        found.append(node)
        replies = mapping(node).get("replies")
        waiting.extend(reversed(replies if isinstance(replies, list) else []))
    return found


def _record(view: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(view.get("record", view.get("value")))


def _is_view(value: Any) -> bool:
    item = mapping(value)
    view = mapping(item.get("post", item))
    uri = view.get("uri")
    if item.get("notFound") or item.get("blocked"):
        return True
    return isinstance(uri, str) and uri.startswith("at://") and isinstance(_record(view).get("text"), str)


def _first(value: Mapping[str, Any], *names: str) -> Any:
    return next((value[name] for name in names if name in value), None)


def _post(item: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if item.get("notFound") or item.get("blocked"):
        return Skip("deleted or blocked")
    view = mapping(item.get("post", item))
    uri = view.get("uri")
    if not isinstance(uri, str) or not uri.startswith("at://"):
        raise ValueError("a post needs a uri that begins with at://")
    if "/app.bsky.feed.post/" not in uri:
        return Skip("not a post: another kind of record")
    author = mapping(view.get("author"))
    author_id = author.get("did") or uri[5:].partition("/")[0]
    indexed = _first(view, "indexedAt", "indexed_at")
    record = _record(view)
    post = record_post(record, uri, author_id, author.get("handle"), created(record, uri, indexed))
    post["quoted"] = post["quoted"] or quoted_uri(view.get("embed"))
    reason = mapping(item.get("reason"))
    if str(_first(reason, "$type", "py_type")).endswith("reasonRepost"):
        # the post itself, met through another's repost; who that was has no column
        post["kind"], post["repost_of"] = "repost", uri
    return post | {
        "likes": count(_first(view, "likeCount", "like_count")),
        "reposts": count(_first(view, "repostCount", "repost_count")),
        "replies": count(_first(view, "replyCount", "reply_count")),
        "quotes": count(_first(view, "quoteCount", "quote_count")),
    }
