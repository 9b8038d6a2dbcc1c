"""A moving window over the text of a stream, from which JSON values are decoded one by one."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from sentinel.compression import CutShort
from sentinel.lines import MAX_LINE, Broken, excerpt
from sentinel.source import heal

__all__ = ["BEFORE_JSON", "DECODER", "TooLarge", "Window", "chunks_of", "healed"]

STEP: Final = 2**20

DECODER: Final = json.JSONDecoder(strict=False)
SPACE: Final = re.compile(r"[\s,]*")
COLON: Final = re.compile(r"\s*:\s*")
NEXT_OBJECT: Final = re.compile(r"\}\s*,\s*(?=\{)")
FIRST_KEY: Final = re.compile(r'\{\s*"([^"\\]{0,200})"')
# A decoder's error counts the lines before it: behind so much that was read, the window is cut off before going on.
BEHIND: Final = 64 * 1024
# `window.YTD.tweets.part0 = [` of the X archive, `var data = {`.
BEFORE_JSON: Final = re.compile(r"\s*(?:[\w.$\[\]'\" ]{1,120}=)?\s*(?=[\[{])")


def healed(value: Any) -> Any:
    """`value` with `sentinel.source.heal` applied to every text in it."""
    if isinstance(value, str):
        return heal(value)
    if isinstance(value, dict):
        return {heal(key): healed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [healed(item) for item in value]
    return value


class TooLarge(Exception):
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
                self.problem, chunk = error.problem, b""
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
        TooLarge
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
                    raise TooLarge from None
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
        if isinstance(error, TooLarge):
            return Broken(f"a single value longer than {MAX_LINE // 2**20} MiB", start)
        if isinstance(error, json.JSONDecodeError):
            if self.ended and self._may_be_cut(error):
                return Broken(self.problem or "the file ends inside this item", start)
            return Broken(f"not JSON: {error.msg}", start)
        return Broken(f"not JSON: {error}", start)

    def next_like(self, known: Mapping[str, None]) -> bool:
        """Goes to the next object of a list that is like those before; false if there is none.

        It has half of their keys, or at least begins with the one that the first of them begins with: so does an
        object that is damaged itself, and one behind nothing but damaged ones.
        """
        first = next(iter(known), None) or self._first_key()
        self.at += 1
        while True:
            if self.at > BEHIND:
                self.text, self.at = self.text[self.at :], 0
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
            except (ValueError, RecursionError, TooLarge):
                if first is not None and self._first_key() == first:
                    return True
                continue
            self.at = self.start
            if not isinstance(value, dict) or not value:
                continue
            if 2 * len(known.keys() & value.keys()) >= len(value) if known else first in (None, *value):
                return True

    def _first_key(self) -> str | None:
        """The first key of the object that begins here, which may be damaged."""
        found = FIRST_KEY.match(self.text, self.at)
        return found[1] if found else None
