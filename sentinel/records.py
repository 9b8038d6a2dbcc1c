"""JSON values of a source one by one, whatever shape the file has: lines, an array, one or more documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO, Final

import orjson

from sentinel.compression import CutShort
from sentinel.encoding import open_utf8
from sentinel.json_stream import elements, pieces
from sentinel.json_window import BEFORE_JSON, DECODER, Window, chunks_of, healed
from sentinel.lines import Broken, bounded_lines, excerpt
from sentinel.source import Source

__all__ = ["json_values", "loads", "partial", "shape_of"]

# A document up to this size is read whole, so that what stands at its end (the users of a page of tweets) is at
# hand for what stands at its beginning.
WHOLE_DOCUMENT: Final = 16 * 2**20
LINES_LOOKED_AT: Final = 50
# Possessive, and a string that the head cuts is one token too: else each quote in it would be looked behind again.
TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\],]', re.DOTALL)
# No export nests deeper (a thread of Reddit takes four levels an answer), and who walks through it has limits.
MAX_NESTING: Final = 250


def loads(raw: bytes | str) -> Any:
    """A JSON value; what strict JSON forbids but exports hold (NaN, lone surrogates, raw tabs) is read too.

    Raises
    ------
    ValueError
        Says what is wrong, and where. Nesting too deep for Python is a ``ValueError`` as well.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    try:
        return healed(DECODER.decode(text.strip()))
    except RecursionError:
        raise ValueError("JSON nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg.removesuffix(' at')} at character {error.pos}") from None


def shape_of(text: str) -> str | None:
    """``"array"``, ``"lines"`` or ``"document"`` by the beginning of a file; ``None`` if it is not JSON."""
    start = BEFORE_JSON.match(text)
    if start is not None and text[start.end()] == "[" and not _is_log(text, start.end() + 1):
        return "array"
    if _has_lines(text):
        return "lines"
    return None if start is None else "document"


def _is_log(text: str, at: int) -> bool:
    """Whether ``[`` begins a message (``[info] 3 posts``) before lines of JSON, rather than an array."""
    try:
        DECODER.raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip()))
    except (ValueError, RecursionError):
        return _has_lines(text)
    return False


def _has_lines(text: str) -> bool:
    """Whether a line of its own is a JSON object; pretty-printed documents have none."""
    for line in text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]:
        line = line.strip()
        if line.startswith("{") and len(line) > 2:
            try:
                loads(line)
            except ValueError:
                continue
            return True
    return False


def json_values(source: Source, shape: str) -> Iterator[tuple[str, Any]]:
    """Positions and values: the lines, the elements of the array, or the documents.

    A value that cannot be read is a `Broken`, and reading goes on behind it. A document too large for memory
    comes in pieces that look like it, each with a part of its lists.

    Raises
    ------
    SourceError
        If the source cannot be opened, or expands without end.
    """
    with open_utf8(source) as stream:
        if shape == "lines":
            yield from _lines(stream)
        elif shape == "array":
            yield from _arrays(stream)
        else:
            yield from _documents(stream)


def _lines(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    parse = orjson.loads
    for number, line in bounded_lines(stream):
        if isinstance(line, Broken):
            yield f"line {number}", line
            continue
        try:
            value = parse(line)
        except orjson.JSONDecodeError:
            if not line.strip():
                continue
            try:
                value = loads(line)
            except ValueError as error:
                reason = str(error) if line.endswith(b"\n") else f"the file ends inside this line ({error})"
                value = Broken(reason, excerpt(line))
        yield f"line {number}", value


def _arrays(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Elements of an array, and of those that may follow it."""
    window = Window(chunks_of(stream))
    window.opening()
    number = 0
    while window.peek() == "[":
        for value in elements(window):
            number += 1
            yield f"item {number}", value


def _documents(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Documents, one after the other; nearly always it is one."""
    chunks = chunks_of(stream)
    head: list[bytes] = []
    size, whole = 0, False
    try:
        for chunk in chunks:
            head.append(chunk)
            size += len(chunk)
            if size > WHOLE_DOCUMENT:
                break
        else:
            whole = True
    except CutShort as error:
        chunks = _raised(error)
    if whole:
        text = b"".join(head).decode("utf-8", "replace")
        opening = BEFORE_JSON.match(text)
        try:
            yield "document", loads(text[opening.end() :] if opening else text)
            return
        except ValueError:
            pass
    window = Window(chain(head, chunks))
    window.opening()
    number = 0
    while mark := window.peek():
        if mark not in "{[":
            window.at += 1
            continue
        for piece in pieces(window):
            number += 1
            yield f"part {number}", piece


def _raised(error: CutShort) -> Iterator[bytes]:
    """An iterator that goes on as the one that failed would have."""
    raise error
    yield b""


def partial(text: str) -> Any:
    """What the beginning of a JSON document holds: cut at its last complete value and closed.

    ``None`` if that cannot be read either.
    """
    closers: list[str] = []
    keep = 0
    for token in TOKEN.finditer(text):
        mark = token.group()
        if mark in "{[":
            closers.append("}" if mark == "{" else "]")
        elif mark in "}]" and closers:
            closers.pop()
        elif mark != ",":
            continue
        keep = token.start() if mark == "," else token.end()
        if not 0 < len(closers) < MAX_NESTING:
            break
    try:
        return loads(text[:keep] + "".join(reversed(closers)))
    except ValueError:
        return None
