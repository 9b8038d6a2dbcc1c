"""Comments of YouTube: threads and lists of the Data API, and youtube-comment-downloader's lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import UNDATED, When, epoch, when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import plain

__all__ = ["YoutubeCommentThreads"]


class YoutubeCommentThreads:
    """Each top-level comment, and the answers that came with it."""

    name: ClassVar[str] = "youtube_comment_threads"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), _is_comment)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    page = mapping(value)
    items = page.get("items")
    if isinstance(items, list):
        return [comment for item in items for comment in _comments(item)]
    return _comments(value) if "topLevelComment" in mapping(page.get("snippet")) else None


def _comments(item: Any) -> list[Any]:
    """The comments of a thread; an item that is no thread stands for itself."""
    thread = mapping(mapping(item).get("snippet"))
    if "topLevelComment" not in thread:
        return [item]
    answers = mapping(item.get("replies")).get("comments")
    return [thread["topLevelComment"], *(answers if isinstance(answers, list) else [])]


def _is_comment(value: Any) -> bool:
    item = mapping(value)
    snippet = mapping(item.get("snippet"))
    if item.get("kind") == "youtube#comment" or {"textDisplay", "authorDisplayName"} <= snippet.keys():
        return "id" in item
    return {"cid", "text", "author", "votes"} <= item.keys()


def _text(snippet: Mapping[str, Any]) -> str:
    original = snippet.get("textOriginal")
    return original if isinstance(original, str) else plain(snippet.get("textDisplay") or "")


def _post(comment: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if "cid" in comment:
        return _downloaded(comment, batcher)
    snippet = comment["snippet"]
    if "textDisplay" not in snippet and "textOriginal" not in snippet:
        raise ValueError("a comment needs a text")
    author_id = mapping(snippet.get("authorChannelId")).get("value")
    found = when(snippet.get("publishedAt"))
    return _comment(
        comment["id"],
        _text(snippet),
        snippet.get("authorDisplayName"),
        author_id,
        found,
        snippet.get("videoId"),
    ) | {
        "likes": count(snippet.get("likeCount")),
        "reply_to": snippet.get("parentId"),
        "kind": "reply" if snippet.get("parentId") else "comment",
        "conversation": snippet.get("parentId") or comment["id"],
    }


def _downloaded(comment: Mapping[str, Any], batcher: Batcher) -> dict[str, Any]:
    found: When = epoch(comment.get("time_parsed"))
    if found == UNDATED:
        batcher.warn("only a relative time is given; kept as undated")
    cid = str(comment["cid"])
    parent = cid.partition(".")[0] if "." in cid else None
    return _comment(cid, comment["text"], comment["author"], comment.get("channel"), found, None) | {
        "likes": count(comment.get("votes")),
        "replies": count(comment.get("replies")),
        "reply_to": parent,
        "kind": "reply" if parent else "comment",
        "conversation": parent or cid,
    }


def _comment(post_id: str, text: str, author: Any, author_id: Any, found: When, video: Any) -> dict[str, Any]:
    return {
        "platform": "youtube",
        "post_id": post_id,
        "published": found[0],
        "precision": found[1],
        "author": str(author).removeprefix("@") if author else author_id,
        "author_id": author_id,
        "text": text,
        "url": f"https://www.youtube.com/watch?v={video}&lc={post_id}" if video else None,
    }
