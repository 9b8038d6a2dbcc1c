"""Pages of Reddit's own API: listings of posts, threads with their comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, mapping, share
from .reddit import thing_post

__all__ = ["RedditListing"]

STUBS: Final = {"more": "not a post: a stub of comments that were not loaded", "t4": "not a post: a message"}


class RedditListing:
    """Listings, one or several a file, in any shape of JSON."""

    name: ClassVar[str] = "reddit_listing"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.96 * share(peek(source).values, _is_listing)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _is_listing(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_is_listing, value))
    thing = mapping(value)
    if thing.get("kind") == "Listing":
        return isinstance(mapping(thing.get("data")).get("children"), list)
    return thing.get("kind") in ("t1", "t3") and isinstance(thing.get("data"), dict)


def _unpack(value: Any) -> list[Any] | None:
    """Things of a listing in reading order, each comment before its answers."""
    found: list[Any] = []
    waiting = [value]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting.extend(reversed(thing))
        elif mapping(thing).get("kind") == "Listing":
            children = mapping(thing["data"]).get("children")
            waiting.extend(reversed(children if isinstance(children, list) else []))
        else:
            found.append(thing)
            replies = mapping(mapping(thing).get("data")).get("replies")
            if isinstance(replies, dict):
                waiting.append(replies)
    return found


def _post(thing: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    kind = thing["kind"]
    if kind not in ("t1", "t3"):
        return Skip(STUBS.get(kind, "not a post: a community, an account or an award"))
    post = thing_post(thing["data"], batcher)
    if isinstance(post, dict) and thing["data"].get("synthetic") is True:
        post["synthetic"] = True
    return post
