"""Rows out of JSON answers: pages hold lists of posts, lines hold pages or posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sentinel.batcher import UNEXPECTED, Row
from sentinel.lines import Broken, shown
from sentinel.peek import peek
from sentinel.records import json_values
from sentinel.source import HEAD_BYTES, Source

__all__ = ["LISTS", "answer_rows", "first_values", "is_empty_answer", "mapping", "share"]

#: Names of a list of posts within an answer, best first.
LISTS: Final = (
    "data", "posts", "items", "results", "records", "messages", "tweets", "statuses", "comments", "hits",
    "rows", "articles", "list",
)  # fmt: skip
_OTHER_LISTS: Final = ("feed", "weibo", "orderedItems")  # of formats that read them themselves


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def answer_rows(source: Source, unpack: Callable[[Any], Sequence[Any] | None]) -> Iterator[Row]:
    """Posts of a JSON source.

    Parameters
    ----------
    unpack : the posts in a value that is a page; ``None`` if the value is a post itself.
    """
    for position, value in json_values(source, peek(source).shape):
        if isinstance(value, Broken):
            yield position, value
            continue
        try:
            posts = unpack(value)
        except UNEXPECTED as error:
            yield position, Broken(f"not of the expected shape: {error}", shown(value))
            continue
        if posts is None:
            yield position, value
            continue
        for n, post in enumerate(posts, 1):
            yield position if len(posts) == 1 else f"{position} item {n}", post


def first_values(source: Source, unpack: Callable[[Any], Sequence[Any] | None]) -> list[Any]:
    """Posts in the head of a JSON source."""
    found: list[Any] = []
    for value in peek(source).values:
        try:
            posts = unpack(value)
        except UNEXPECTED:
            posts = None
        found += [value] if posts is None else posts
    return [value for value in found if value is not None and not isinstance(value, Broken)]


def is_empty_answer(source: Source) -> bool:
    """Whether a file is an answer without results: a list without elements, or an object whose lists have none."""
    if len(source.head) >= HEAD_BYTES:
        return False
    seen = peek(source)
    if seen.kind != "json":
        return "".join(seen.text.split()) == "[]"
    return all(isinstance(value, dict) and _holds_none(value) for value in seen.values)


def _holds_none(page: Mapping[str, Any]) -> bool:
    lists = [value for value in page.values() if isinstance(value, list)]
    return not any(lists) and any(page.get(name) == [] for name in (*LISTS, *_OTHER_LISTS))


def share(values: Iterable[Any], test: Callable[[Any], bool]) -> float:
    """Which part of `values` passes a test; 0 if there are none."""
    results = [test(value) for value in values]
    return sum(results) / len(results) if results else 0.0
