"""What the head of a source shows, looked at once however many formats ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, cast

from sentinel.encoding import decoded_head, detect, open_utf8
from sentinel.json_stream import elements, pieces
from sentinel.json_window import BEFORE_JSON, DECODER, Window
from sentinel.lines import Broken, bounded_lines
from sentinel.records import loads, partial, shape_of
from sentinel.source import HEAD_BYTES, Source

__all__ = ["Peek", "peek"]

MAX_VALUES: Final = 40

BINARY: Final = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"RIFF": "an image or a sound",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "an SQLite database",
    b"\x80\x04\x95": "a Python pickle, which is never opened since it can run code",
    b"\x80\x03": "a Python pickle, which is never opened since it can run code",
    b"\x80\x02": "a Python pickle, which is never opened since it can run code",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"PK\x03\x04": "an office document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as CSV or XLSX",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"OggS": "a sound",
    b"ID3\x03": "a sound",
    b"ID3\x04": "a sound",
}
# Atomic groups: one comment is never taken for the beginning of another, which a hostile file could ask for endlessly.
HTML: Final = re.compile(
    r"\s*+(?>(?:<!--.*?-->\s*+)*)<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
XML: Final = re.compile(
    r"(?>(?:<\?xml[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>]*>|<\?[^>]*\?>|\s++)*)<([\w:.-]+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Peek:
    """What kind of file it is, and the first values if it is JSON."""

    kind: str  #: "json", "xml", "html", "text", "binary", "empty" or "folder"
    text: str = ""  #: the beginning, decoded
    shape: str = ""  #: of JSON: "lines", "array" or "document"
    values: list[Any] = field(default_factory=list)  #: first lines or elements, or as much of the document
    prefix: str = ""  #: what stands before JSON: "window.YTD.tweets.part0 ="
    root: str = ""  #: of XML: the root element's name
    what: str = ""  #: of a binary: what it is, and behind "; " what may be done

    @property
    def dicts(self) -> list[dict[str, Any]]:
        """Those of `values` that are objects."""
        return [value for value in self.values if isinstance(value, dict)]


def peek(source: Source) -> Peek:
    """What the head of a source shows.

    Raises
    ------
    SourceError
        If it cannot be opened.
    """
    if "peek" not in source.found:
        source.found["peek"] = _look(source)
    return cast(Peek, source.found["peek"])


def _look(source: Source) -> Peek:
    if source.members():
        return Peek("folder")
    head = source.head
    if not head.strip(b"\t\r\n \xef\xbb\xbf"):
        return Peek("empty")
    if not head.strip(b"\0"):
        return Peek("binary", what="nothing but zero bytes")
    for magic, what in BINARY.items():
        if head.startswith(magic):
            return Peek("binary", what=what)
    text = decoded_head(source).lstrip("\ufeff")
    if len(head) >= HEAD_BYTES and b"\n" not in head and text.lstrip()[:1] == "{":
        text = _whole_line(source) or text
    if not detect(head).startswith("utf-16") and _is_binary(text):
        return Peek("binary", what="binary data")
    if HTML.match(text):
        return Peek("html", text)
    shape = shape_of(text)
    if shape is not None:
        values = _first_values(text, shape, len(head) >= HEAD_BYTES)
        if values:
            prefix = BEFORE_JSON.match(text)
            before = prefix.group().strip() if prefix and shape != "lines" else ""
            return Peek("json", text, shape, values, before)
    root = XML.match(text)
    if root:
        return Peek("xml", text, root=root.group(1))
    return Peek("text", text)


def _whole_line(source: Source) -> str | None:
    """The first line where it is longer than the head, if it is a value by itself: a page of results."""
    with open_utf8(source) as stream:
        line = next(bounded_lines(stream), (1, b""))[1]
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else None


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    strange = sum(1 for mark in sample if (mark < " " and mark not in "\t\r\n\f\x1b") or mark in "\ufffd\x7f")
    return strange > 0.1 * len(sample)


def _first_values(text: str, shape: str, more: bool) -> list[Any]:
    """Objects and other values at the beginning; broken ones are passed over."""
    if shape == "lines":
        return _first_lines(text, more)
    opening = BEFORE_JSON.match(text)
    at = opening.end() if opening else 0
    if shape == "array":
        listed = elements(Window(iter([text[at:].encode("utf-8", "replace")])))
        values = list(islice((value for value in listed if not isinstance(value, Broken)), MAX_VALUES))
        if values:
            return values
        at += 1
    whole = _document(text[at:])
    return [] if whole is None else [whole]


def _document(text: str) -> Any:
    """A document as far as the head holds it; of a damaged one, what stands before the damage."""
    try:
        return DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    cut = partial(text)
    if cut is None:
        cut = next(
            (piece for piece in pieces(Window(iter([text.encode()]))) if not isinstance(piece, Broken)), None
        )
    return cut


def _first_lines(text: str, more: bool) -> list[Any]:
    values: list[Any] = []
    lines = text.split("\n")
    for line in lines[:-1] if more and len(lines) > 1 else lines:
        if len(values) >= MAX_VALUES:
            break
        try:
            value = loads(line)
        except ValueError:
            continue
        values.append(value)
    return values
