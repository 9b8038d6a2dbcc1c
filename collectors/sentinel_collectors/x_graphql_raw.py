"""Answers of X's own web client, saved raw: searches, timelines, threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .xgraphql import graphql_post, is_graphql_tweet

__all__ = ["XGraphqlRaw"]


class XGraphqlRaw:
    """Whole answers, one document or a line each; where the posts hang in them changes from year to year."""

    name: ClassVar[str] = "x_graphql_raw"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), _is_item)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and is_graphql_tweet(mapping(value.get("tweet_results", value)))


def _unpack(value: Any) -> list[Any] | None:
    """Every item of a timeline, wherever it hangs, in the order of the answer."""
    if is_graphql_tweet(value):
        return None
    found: list[Any] = []
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            if at.get("itemType") == "TimelineTweet" or (
                at.get("__typename") == "TimelineTweet" and "tweet_results" in at
            ):
                found.append(at)
            else:
                waiting.extend(reversed(at.values()))
        elif isinstance(at, list):
            waiting.extend(reversed(at))
    return found


def _post(item: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if item.get("promotedMetadata") or item.get("promoted"):
        return Skip("advertisement")
    if "tweet_results" in item and not item["tweet_results"]:
        return Skip("deleted or withheld")
    return graphql_post(item.get("tweet_results", item))
