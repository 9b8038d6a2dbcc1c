"""Bluesky's Jetstream: every event of the network a line, of which posts are one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import epoch
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, mapping, share
from .bluesky import created, record_post

__all__ = ["BlueskyJetstream"]

POST: Final = "app.bsky.feed.post"
KINDS: Final = {"com": "commit", "id": "identity", "acc": "account"}
OPERATIONS: Final = {"c": "create", "u": "update", "d": "delete"}


class BlueskyJetstream:
    """Events, new form and old; authors are known by their DID only."""

    name: ClassVar[str] = "bluesky_jetstream"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.97 * share(peek(source).values, _is_event)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, lambda value: None), _post, cursor)


def _is_event(value: Any) -> bool:
    event = mapping(value)
    return {"did", "time_us"} <= event.keys() and bool({"kind", "type", "commit"} & event.keys())


def _post(event: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    did = event["did"]
    kind = str(event.get("kind", event.get("type")))
    kind = KINDS.get(kind, kind)
    if kind != "commit":
        return Skip(f"not a post: {kind} event")
    commit = event["commit"]
    operation = str(commit.get("operation", commit.get("type")))
    operation = OPERATIONS.get(operation, operation)
    collection = str(commit["collection"])
    if collection != POST or operation == "delete":
        return Skip(f"not a post: {operation} of {collection}")
    record = commit["record"]
    uri = f"at://{did}/{POST}/{commit['rkey']}"
    seen = epoch(event.get("time_us"))
    post = record_post(record, uri, did, None, created(record, uri, seen[0]))
    return {**post, "collected": seen[0]}
