"""Any JSON of posts: lines, an array, or an object with one list of posts; fields found as columns are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Row
from sentinel.lines import Broken, shown
from sentinel.source import Source

from .answers import LISTS, answer_rows, first_values, is_empty_answer
from .columns import are_people, infer, simple
from .inferred import InferredFormat

__all__ = ["GenericJsonl"]

MAX_DEPTH: Final = 3
# How mongoexport writes values that plain JSON does not have.
MONGO: Final = frozenset({"$date", "$numberLong", "$numberInt", "$numberDouble"})
TEXTS: Final = frozenset({"text", "fulltext", "tweettext", "posttext", "rawcontent"})


class GenericJsonl(InferredFormat):
    """Objects of posts in JSON; settings as for `generic_csv`, nested fields named ``user.name``."""

    name: ClassVar[str] = "generic_jsonl"

    def _look(self) -> tuple[list[str], list[dict[str, Any]]] | None:
        return None if is_empty_answer(self._source) else _looked_at(self._source)

    def _rows(self) -> Iterator[Row]:
        for position, value in answer_rows(self._source, _unpack):
            if isinstance(value, dict):
                yield position, flat(value)
            elif value is None or isinstance(value, Broken):
                yield position, value
            else:
                yield position, Broken("expected an object", shown(value))

    @classmethod
    def sniff(cls, source: Source) -> float:
        if is_empty_answer(source):  # whoever gave it: there is nothing in it to be misread
            return 0.3
        names, samples = _looked_at(source)
        found = infer(names, samples)
        if "text" not in found:
            return 0.1 if samples else 0.0
        if are_people(names, found):
            return 0.0
        told = sum(field in found for field in ("post_id", "published", "author", "url", "platform"))
        # What is called "text", and more than once or beside an id, is of posts even if that is all there is.
        plainly = simple(found["text"]) in TEXTS and (told or len(samples) > 1)
        return min(0.2 + 0.1 * told, 0.5) if told >= 2 or plainly else 0.1


def _list_in(value: Any) -> list[Any] | None:
    """The list of posts within an answer; ``None`` if the value is a post itself."""
    if not isinstance(value, dict):
        return None
    for name in LISTS:
        inner = value.get(name)
        if isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
            return inner
        if isinstance(inner, dict) and (deeper := _list_in(inner)) is not None:
            return deeper
    return None


def _is_post(value: Any) -> bool:
    """Whether an object has a text of its own, rather than only holding a list."""
    return isinstance(value, dict) and any(
        isinstance(value.get(name), str) for name in ("text", "body", "content")
    )


def _unpack(value: Any) -> list[Any] | None:
    return None if _is_post(value) else _list_in(value)


def _looked_at(source: Source) -> tuple[list[str], list[dict[str, Any]]]:
    samples = [flat(value) for value in first_values(source, _unpack) if isinstance(value, dict)][:200]
    return names_in(samples), samples


def names_in(samples: Iterable[Mapping[str, Any]]) -> list[str]:
    """Names of the fields that any row has."""
    return list(dict.fromkeys(name for sample in samples for name in sample))


def flat(value: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Nested fields under dotted names; lists, and what lies deeper than three levels, are left out.

    What MongoDB wraps to tell its type is the value itself.
    """
    found: dict[str, Any] = {}
    for key, item in value.items():
        while isinstance(item, dict) and len(item) == 1 and not MONGO.isdisjoint(item):
            (item,) = item.values()
        if isinstance(item, dict):
            if depth < MAX_DEPTH:
                found |= flat(item, f"{before}{key}.", depth + 1)
        elif not isinstance(item, list):
            found[f"{before}{key}"] = item
    return found
