"""JSON values of a source one by one, whatever shape the file has: lines, an array, one or more documents."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson

from sentinel.compression import CutShort
from sentinel.encoding import open_utf8
from sentinel.errors import SourceError
from sentinel.lines import MAX_LINE, Broken, bounded_lines, excerpt
from sentinel.source import Source, heal

__all__ = ["json_values", "loads", "partial", "shape_of"]

WINDOW: Final = 2**20
# A window this large that still ends inside of one value is not a post; a document with a list of posts may be.
MAX_DOCUMENT: Final = 64 * 2**20
LINES_LOOKED_AT: Final = 50

DECODER: Final = json.JSONDecoder(strict=False)
SPACE: Final = re.compile(r"[\s,]*")
NEXT_OBJECT: Final = re.compile(r"\}\s*,\s*(?=\{)")
# `window.YTD.tweets.part0 = [` of the X archive, `var data = {`, a byte-order mark.
BEFORE_JSON: Final = re.compile(r"\s*(?:[\w.$\[\]'\" ]{1,120}=)?\s*(?=[\[{])")
TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)


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
        return _healed(DECODER.decode(text.strip()))
    except RecursionError:
        raise ValueError("JSON nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None


def _healed(value: Any) -> Any:
    if isinstance(value, str):
        return heal(value)
    if isinstance(value, dict):
        return {heal(key): _healed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_healed(item) for item in value]
    return value


def shape_of(text: str) -> str | None:
    """``"array"``, ``"lines"`` or ``"document"`` by the beginning of a file; ``None`` if it is not JSON."""
    start = BEFORE_JSON.match(text)
    if start is None:
        return "lines" if _lines_parse(text) else None
    if text[start.end()] == "[":
        return "array"
    return "lines" if _lines_parse(text) else "document"


def _lines_parse(text: str) -> bool:
    """Whether a line of its own is a JSON object; pretty-printed documents have none."""
    for line in text.splitlines()[:LINES_LOOKED_AT]:
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

    A value that cannot be read is a `Broken`, and reading goes on behind it.

    Raises
    ------
    SourceError
        If the source cannot be opened, or expands without end.
    """
    with open_utf8(source) as stream:
        if shape == "lines":
            yield from _lines(stream)
        elif shape == "array":
            for n, value in enumerate(_elements(_Text(stream)), 1):
                yield f"item {n}", value
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


class _Text:
    """A window over a stream that is cut off in front and grows behind."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Any = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text = ""
        self.ended = False
        self.cut: str | None = None
        self.grow()

    def grow(self) -> None:
        """At least doubles the window, or ends."""
        wanted = max(WINDOW, len(self.text))
        parts = [self.text]
        while wanted > 0 and not self.ended:
            try:
                chunk = self._stream.read1(min(wanted, WINDOW))
            except CutShort as error:
                self.cut = str(error)
                chunk = b""
            self.ended = not chunk
            parts.append(self._decoder.decode(chunk, self.ended))
            wanted -= len(chunk)
        self.text = "".join(parts)

    def drop(self, end: int) -> None:
        """Forgets what lies before `end`."""
        self.text = self.text[end:]


def _elements(window: _Text) -> Iterator[Any]:
    """Elements of an array, each decoded as soon as it is complete."""
    opening = BEFORE_JSON.match(window.text)
    at = opening.end() + 1 if opening else 0
    known: set[str] = set()
    while True:
        at = SPACE.match(window.text, at).end()  # type: ignore[union-attr]
        if at > WINDOW:
            window.drop(at)
            at = 0
        if at >= len(window.text) - 1 and not window.ended:
            window.grow()
            continue
        if at >= len(window.text):
            yield Broken(window.cut or "the file ends inside the list", "")
            return
        if window.text[at] == "]":
            return
        start = at
        try:
            value, at = DECODER.raw_decode(window.text, start)
        except (ValueError, RecursionError) as error:
            if _incomplete(error, window, at):
                window.drop(at)
                at = 0
                window.grow()
                continue
            yield Broken(_reason(error, window), excerpt(window.text[at : at + 200]))
            at = _next_element(window, at, known)
            if at < 0:
                return
            continue
        if isinstance(value, dict):
            known.update(value)
        surrogate = window.text.find("\\ud", start, at) >= 0 or window.text.find("\\uD", start, at) >= 0
        yield _healed(value) if surrogate else value


def _incomplete(error: Exception, window: _Text, at: int) -> bool:
    """Whether the value may only be cut by the end of the window."""
    if window.ended or not isinstance(error, json.JSONDecodeError) or len(window.text) - at > MAX_LINE:
        return False
    return error.msg.startswith("Unterminated") or error.pos >= len(window.text) - 16


def _reason(error: Exception, window: _Text) -> str:
    if isinstance(error, RecursionError):
        return "JSON nested too deep"
    if window.ended and isinstance(error, json.JSONDecodeError) and error.pos >= len(window.text) - 16:
        return window.cut or "the file ends inside this item"
    return f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else f"not JSON: {error}"


def _next_element(window: _Text, at: int, known: set[str]) -> int:
    """Where the next element like those before begins; -1 if there is none."""
    searched = at
    while True:
        found = NEXT_OBJECT.search(window.text, searched)
        if found is None:
            if window.ended:
                return -1
            window.drop(max(0, len(window.text) - 64))
            window.grow()
            searched = 0
            continue
        searched = found.end()
        try:
            value, _ = DECODER.raw_decode(window.text, searched)
        except (ValueError, RecursionError) as error:
            if _incomplete(error, window, searched):
                window.drop(searched)
                window.grow()
                return 0
            continue
        if isinstance(value, dict) and value and (not known or 2 * len(known & value.keys()) >= len(value)):
            return searched


def _documents(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Whole documents, one after the other; nearly always it is one."""
    window = _Text(stream)
    while not window.ended and len(window.text) <= MAX_DOCUMENT:
        window.grow()
    if not window.ended:
        raise SourceError(f"a single JSON document of more than {MAX_DOCUMENT // 2**20} MiB; split it")
    opening = BEFORE_JSON.match(window.text)
    at = opening.end() if opening else 0
    try:
        yield "document 1", loads(window.text[at:])
        return
    except ValueError:
        number = 0
    while (at := SPACE.match(window.text, at).end()) < len(window.text):  # type: ignore[union-attr]
        number += 1
        position = f"document {number}"
        if window.text[at] in ";])":
            at += 1
            continue
        try:
            value, at = DECODER.raw_decode(window.text, at)
        except (ValueError, RecursionError) as error:
            yield position, Broken(_reason(error, window), excerpt(window.text[at : at + 200]))
            return
        yield position, _healed(value)


def partial(text: str) -> Any:
    """What the beginning of a JSON document holds: cut at its last complete value and closed.

    ``None`` if that cannot be read either.
    """
    closers: list[str] = []
    keep, closing = 0, ""
    for token in TOKEN.finditer(text):
        mark = token.group()
        if mark in "{[":
            closers.append("}" if mark == "{" else "]")
            keep, closing = token.end(), "".join(reversed(closers))
        elif mark in "}]":
            if closers:
                closers.pop()
            keep, closing = token.end(), "".join(reversed(closers))
            if not closers:
                break
        elif mark == ",":
            keep, closing = token.start(), "".join(reversed(closers))
    try:
        return loads(text[:keep] + closing)
    except ValueError:
        return None
