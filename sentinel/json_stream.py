"""Values of JSON that is larger than memory should hold, or damaged: element by element, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from sentinel.json_window import TooLarge, Window
from sentinel.lines import MAX_LINE, Broken

__all__ = ["elements", "pieces"]

# Lists of a large document are handed on in pieces of about this many characters.
PIECE: Final = 2 * 2**20
# Lists of posts hang at most this deep; what nests deeper and cannot be read is hostile.
MAX_DEPTH: Final = 16

Wrap = Callable[[Any], Any]


def elements(window: Window) -> Iterator[Any]:
    """Elements of the array that begins here; one that cannot be read is a `Broken`."""
    window.at += 1
    known: dict[str, None] = {}
    while mark := window.peek():
        if mark == "]":
            window.at += 1
            return
        try:
            value = window.value(MAX_LINE)
        except (ValueError, RecursionError, TooLarge) as error:
            yield window.broken(error)
            if not window.next_like(known):
                window.at = len(window.text)
                return
            continue
        if isinstance(value, dict):
            known.update(dict.fromkeys(value))
        yield value
    yield Broken(window.problem or "the file ends inside the list", "")


def pieces(
    window: Window, wrap: Wrap = lambda value: value, limit: int = PIECE, depth: int = 0
) -> Iterator[Any]:
    """The value that begins here, whole if it fits; else object by object and list by list.

    A piece looks like the whole: the same objects around it with their short fields, and a part of the list.
    Elements of a list that cannot be read are `Broken` in their place.
    """
    try:
        value = window.value(limit)
    except (ValueError, RecursionError, TooLarge) as error:
        mark = window.peek() if depth < MAX_DEPTH else ""
        if mark == "{":
            yield from _object_pieces(window, wrap, limit, depth + 1)
        elif mark == "[":
            yield from _list_pieces(window, wrap, limit, depth + 1)
        else:
            yield window.broken(error)
            window.at = len(window.text)
    else:
        yield wrap(value)


def _object_pieces(window: Window, wrap: Wrap, limit: int, depth: int) -> Iterator[Any]:
    window.at += 1
    seen: dict[str, Any] = {}
    while mark := window.peek():
        if mark == "}":
            window.at += 1
            break
        try:
            key = window.value(limit)
            if not isinstance(key, str) or not window.colon() or not window.peek():
                raise ValueError("expected a key and a value")
        except (ValueError, RecursionError, TooLarge) as error:
            yield window.broken(error)
            window.at = len(window.text)
            break
        try:
            seen[key] = window.value(limit)
        except (ValueError, RecursionError, TooLarge):
            yield from pieces(window, _within(wrap, key, seen), limit, depth)
    if seen:
        yield wrap(seen)


def _within(wrap: Wrap, key: str, seen: dict[str, Any]) -> Wrap:
    """Puts a piece back into its object, among the fields that are no lists of their own."""
    around = {name: value for name, value in seen.items() if not isinstance(value, list)}
    return lambda value: wrap({**around, key: value})


def _list_pieces(window: Window, wrap: Wrap, limit: int, depth: int) -> Iterator[Any]:
    window.at += 1
    part: list[Any] = []
    known: dict[str, None] = {}
    read = 0
    while mark := window.peek():
        if mark == "]":
            window.at += 1
            break
        try:
            value = window.value(limit)
        except TooLarge:
            yield from pieces(window, lambda value: wrap([value]), limit, depth)
            continue
        except (ValueError, RecursionError) as error:
            if _is_deep_inside(error, window):
                yield from pieces(window, lambda value: wrap([value]), limit, depth)
                continue
            part.append(window.broken(error))
            if not window.next_like(known):
                window.at = len(window.text)
                break
            continue
        if isinstance(value, dict):
            known.update(dict.fromkeys(value))
        part.append(value)
        read += window.at - window.start
        if read > limit:
            yield wrap(part)
            part, read = [], 0
    if part:
        yield wrap(part)


def _is_deep_inside(error: Exception, window: Window) -> bool:
    """Whether the damage lies so far inside of the value that most of it may still be read."""
    return isinstance(error, json.JSONDecodeError) and error.pos - window.at > 64 * 1024
