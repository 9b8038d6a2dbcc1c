"""Answers of Hacker News' search (Algolia): pages of hits, and items with all that is below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import UNDATED, epoch, when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .hackernews import item_post

__all__ = ["HnAlgolia"]


class HnAlgolia:
    """Pages of ``hits``, or hits alone."""

    name: ClassVar[str] = "hn_algolia"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), _is_hit)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    answer = mapping(value)
    if isinstance(answer.get("hits"), list):
        return list(answer["hits"])
    return _tree(value) if isinstance(answer.get("children"), list) and "objectID" not in answer else None


def _tree(item: Any) -> list[Any]:
    """An item and all answers below it, each before its own answers."""
    found, waiting = [], [item]
    while waiting:
        node = waiting.pop()
        found.append(node)
        children = mapping(node).get("children")
        waiting.extend(reversed(children if isinstance(children, list) else []))
    return found


def _is_hit(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if {"children", "created_at_i", "author", "type"} <= value.keys():
        return True
    return "objectID" in value and bool({"_tags", "comment_text", "points"} & value.keys())


def _post(hit: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    found = when(hit.get("created_at"))
    if found == UNDATED:
        found = epoch(hit.get("created_at_i"))
    tags = hit.get("_tags") or [hit.get("type")]
    comment = "comment" in tags or hit.get("comment_text") is not None
    text = hit.get("comment_text") or hit.get("story_text") or hit.get("text")
    parent, story = (hit.get("parent_id"), hit.get("story_id")) if comment else (None, None)
    post_id = hit["objectID"] if "objectID" in hit else hit["id"]
    return item_post(hit, post_id, found, text, hit.get("author"), parent, story, comment)
