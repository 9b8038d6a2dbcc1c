"""JSON that is larger than memory should hold, or damaged: decoded piece by piece from a moving window."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

from sentinel.compression import CutShort
from sentinel.lines import MAX_LINE, Broken, excerpt
from sentinel.source import heal

__all__ = ["BEFORE_JSON", "DECODER", "SPACE", "Window", "chunks_of", "elements", "healed", "pieces"]

STEP: Final = 2**20
# Lists of a large document are handed on in pieces of about this many characters.
PIECE: Final = 2 * 2**20
# Lists of posts hang at most this deep; what nests deeper and cannot be read is hostile.
MAX_DEPTH: Final = 16

DECODER: Final = json.JSONDecoder(strict=False)
SPACE: Final = re.compile(r"[\s,]*")
COLON: Final = re.compile(r"\s*:\s*")
NEXT_OBJECT: Final = re.compile(r"\}\s*,\s*(?=\{)")
# `window.YTD.tweets.part0 = [` of the X archive, `var data = {`.
BEFORE_JSON: Final = re.compile(r"\s*(?:[\w.$\[\]'\" ]{1,120}=)?\s*(?=[\[{])")

Wrap = Callable[[Any], Any]


def healed(value: Any) -> Any:
    """`value` with `sentinel.source.heal` applied to every text in it."""
    if isinstance(value, str):
        return heal(value)
    if isinstance(value, dict):
        return {heal(key): healed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [healed(item) for item in value]
    return value


class _TooLarge(Exception):
    """The value at hand does not fit into the window."""


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, as they come."""
    readable: Any = stream
    while chunk := readable.read1(STEP):
        yield chunk


class Window:
    """Text from a position on; it grows behind, out of chunks of UTF-8, and is cut off in front."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text = ""
        self.at = 0
        self.start = 0  # of the value read last
        self.ended = False
        self.problem: str | None = None
        self.grow()

    def grow(self) -> None:
        """Drops what was read, and at least doubles what is left, or ends."""
        parts = [self.text[self.at :]]
        self.at = 0
        wanted = max(STEP, len(parts[0]))
        while wanted > 0 and not self.ended:
            try:
                chunk = next(self._chunks, b"")
            except CutShort as error:
                self.problem, chunk = str(error), b""
            self.ended = not chunk
            parts.append(self._decoder.decode(chunk, self.ended))
            wanted -= len(chunk)
        self.text = "".join(parts)

    def peek(self) -> str:
        """The next character that is no space or comma; ``""`` at the end."""
        while True:
            found = SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self.grow()

    def opening(self) -> None:
        """Goes to the first bracket of the JSON, behind an assignment."""
        found = BEFORE_JSON.match(self.text)
        self.at = found.end() if found else 0

    def value(self, limit: int) -> Any:
        """The value that begins here.

        Raises
        ------
        ValueError, RecursionError
            If it is damaged or nested too deep.
        _TooLarge
            If it is longer than `limit` characters; nothing was read then.
        """
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
                if end == len(self.text) and not self.ended:  # a number may go on
                    self.grow()
                    continue
            except json.JSONDecodeError as error:
                if self.ended or not self._may_be_cut(error):
                    raise
                if len(self.text) - self.at > limit:
                    raise _TooLarge from None
                self.grow()
                continue
            self.start, self.at = self.at, end
            surrogate = (
                self.text.find("\\ud", self.start, end) >= 0 or self.text.find("\\uD", self.start, end) >= 0
            )
            return healed(value) if surrogate else value

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos >= len(self.text) - 16

    def colon(self) -> bool:
        """Goes behind a colon, if there is one."""
        self.peek()
        found = COLON.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found is not None

    def broken(self, error: Exception) -> Broken:
        """What is wrong with the value that begins here."""
        start = excerpt(self.text[self.at : self.at + 200])
        if isinstance(error, RecursionError):
            return Broken("JSON nested too deep", start)
        if isinstance(error, _TooLarge):
            return Broken(f"a single value longer than {MAX_LINE // 2**20} MiB", start)
        if isinstance(error, json.JSONDecodeError):
            if self.ended and self._may_be_cut(error):
                return Broken(self.problem or "the file ends inside this item", start)
            return Broken(f"not JSON: {error.msg}", start)
        return Broken(f"not JSON: {error}", start)

    def next_like(self, known: set[str]) -> bool:
        """Goes to the next object of a list whose keys are like those before; false if there is none."""
        self.at += 1
        while True:
            found = NEXT_OBJECT.search(self.text, self.at)
            if found is None:
                if self.ended:
                    return False
                self.at = max(self.at, len(self.text) - 64)
                self.grow()
                continue
            self.at = found.end()
            try:
                value = self.value(MAX_LINE)
            except (ValueError, RecursionError, _TooLarge):
                continue
            if (
                isinstance(value, dict)
                and value
                and 2 * len(known & value.keys()) >= len(value) * bool(known)
            ):
                self.at = found.end() if self.text[found.end() : found.end() + 1] == "{" else self.at
                return True


def elements(window: Window) -> Iterator[Any]:
    """Elements of the array that begins here; one that cannot be read is a `Broken`."""
    window.at += 1
    known: set[str] = set()
    while mark := window.peek():
        if mark == "]":
            window.at += 1
            return
        try:
            value = window.value(MAX_LINE)
        except (ValueError, RecursionError, _TooLarge) as error:
            yield window.broken(error)
            if not window.next_like(known):
                window.at = len(window.text)
                return
            continue
        if isinstance(value, dict):
            known.update(value)
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
    except (ValueError, RecursionError, _TooLarge) as error:
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
        except (ValueError, RecursionError, _TooLarge) as error:
            yield window.broken(error)
            window.at = len(window.text)
            break
        try:
            seen[key] = window.value(limit)
        except (ValueError, RecursionError, _TooLarge):
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
    known: set[str] = set()
    read = 0
    while mark := window.peek():
        if mark == "]":
            window.at += 1
            break
        try:
            value = window.value(limit)
        except _TooLarge:
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
            known.update(value)
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
