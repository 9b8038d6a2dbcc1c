"""Dumps of Reddit (Pushshift, Arctic Shift): a submission or comment a line, usually in zstd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from sentinel.batcher import batches
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .reddit import is_thing, thing_post

__all__ = ["RedditZst"]


class RedditZst:
    """Lines of the dumps, and the answers ``{"data": [...]}`` of Arctic Shift's search."""

    name: ClassVar[str] = "reddit_zst"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), is_thing)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), thing_post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    data = mapping(value).get("data")
    return data if isinstance(data, list) else None
