"""Lines of the browser extension Zeeschuimer, and 4CAT's copies of them; of X only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import epoch
from sentinel.errors import SourceError
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, mapping, share
from .xgraphql import graphql_post, is_graphql_tweet

__all__ = ["ZeeschuimerNdjson"]

PLATFORMS: Final = ("twitter.com", "x.com")
# The first came later than the others.
SEEN: Final = frozenset({"nav_index", "item_id", "timestamp_collected"})


class ZeeschuimerNdjson:
    """Captured items, each with where and when it was seen."""

    name: ClassVar[str] = "zeeschuimer_ndjson"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.97 * share(peek(source).values, _is_capture)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        platforms = {_platform(value) for value in peek(self._source).dicts} - {None}
        if platforms and not platforms & set(PLATFORMS):
            shown = ", ".join(sorted(map(str, platforms)))
            raise SourceError(
                f"{self._source.name} was captured from {shown}; only captures of X are read: "
                "let 4CAT export it as CSV, which is"
            )
        return batches(answer_rows(self._source, lambda value: None), _post, cursor)


def _platform(value: Mapping[str, Any]) -> str | None:
    told = value.get("source_platform", mapping(value.get("__import_meta")).get("source_platform"))
    return told if isinstance(told, str) else None


def _is_capture(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    captured = {"source_platform", "data"} <= value.keys() and not SEEN.isdisjoint(value)
    return captured or "__import_meta" in value


def _post(value: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if _platform(value) not in (*PLATFORMS, None):
        return Skip(f"from another network: {_platform(value)}")
    meta = mapping(value.get("__import_meta")) or value
    tweet = value.get("data", value)
    if mapping(tweet).get("promoted") or mapping(tweet).get("promotedMetadata"):
        return Skip("advertisement")
    if not is_graphql_tweet(tweet):
        raise ValueError("the captured item is no tweet")
    post = graphql_post(tweet)
    if isinstance(post, Skip):
        return post
    return {**post, "collected": epoch(meta.get("timestamp_collected"))[0]}
