"""Items of Hacker News' own API (Firebase)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import epoch
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .hackernews import item_post

__all__ = ["HnFirebase"]

TYPES: Final = frozenset({"story", "comment", "job", "poll", "pollopt"})


class HnFirebase:
    """Items as an array, as lines, or keyed by their ids."""

    name: ClassVar[str] = "hn_firebase"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        values = [value for value in first_values(source, _unpack) if value is not None]
        return 0.93 * share(values, _is_item)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    items = mapping(value)
    keyed = bool(items) and all(key.isdecimal() for key in items)
    return list(items.values()) if keyed else None


def _is_item(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("type") not in TYPES or "id" not in value:
        return False
    return isinstance(value.get("time", 0), (int, float)) and bool(
        {"by", "kids", "deleted", "dead"} & value.keys()
    )


def _post(item: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if item.get("deleted"):
        return Skip("deleted")
    if item.get("dead"):
        return Skip("dead: flagged by users or moderators")
    comment = item.get("type") == "comment"
    return item_post(
        item,
        item["id"],
        epoch(item.get("time")),
        item.get("text"),
        item.get("by"),
        item.get("parent"),
        None,
        comment,
    )
