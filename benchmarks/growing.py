"""Large exports made of small ones: the same records again and again, with other ids."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import orjson

from sentinel.encoding import detect

# Ids; times of as many digits move by next to nothing.
LONG_NUMBER = re.compile(rb"(?<![\d.])\d{15,19}(?!\d)")
ARCHIVE = re.compile(rb"window\.YTD\.\w+\.part0\s*=\s*")

BYTES_A_ROW = 400  # of a spreadsheet, unpacked


class Grown(NamedTuple):
    """A large export, and how to read it with nothing but a parser."""

    path: Path
    parse: Callable[[], None]
    parser: str
    n_bytes: int  #: unpacked


def renumbered(content: bytes, copy: int) -> bytes:
    """The same records with other ids."""
    return LONG_NUMBER.sub(lambda found: b"%d" % (int(found.group()) + copy), content)


def copies(content: bytes, size: int) -> Iterator[bytes]:
    """Records again and again, until there are `size` bytes."""
    made = copy = 0
    while made < size:
        again = renumbered(content, copy)
        made, copy = made + len(again), copy + 1
        yield again


def grown(sample: Path, folder: Path, size: int) -> Iterator[Grown]:
    """Ways to make a large export of a small one, the likeliest first."""
    content = sample.read_bytes()
    path = folder / sample.name
    if sample.suffix == ".zst":
        yield _lines_of_zstd(content, path, size)
    elif sample.suffix == ".xlsx":
        yield _sheet(content, path, size)
    elif sample.suffix in (".csv", ".tsv"):
        yield _table(content, path, size)
    elif content.lstrip()[:1] == b"<":
        yield _feed(content, path, size)
    elif b"window.YTD" in content[:100]:
        yield _array(content[ARCHIVE.match(content).end() :], path, size, content[: content.index(b"[")])  # type: ignore[union-attr]
    elif content.lstrip()[:1] == b"[":
        yield _array(content, path, size)
    else:
        yield _lines(content, path, size)
        yield _list(content, path, size)


def _lines(content: bytes, path: Path, size: int) -> Grown:
    """Lines, or a document a line."""
    try:
        content = orjson.dumps(orjson.loads(content)) + b"\n"
    except orjson.JSONDecodeError:
        content = content.rstrip(b"\n") + b"\n"
    path.write_bytes(b"".join(copies(content, size)))

    def parse() -> None:
        with path.open("rb") as file:
            for line in file:
                _loads(line)

    return Grown(path, parse, "orjson.loads", path.stat().st_size)


def _loads(line: bytes) -> None:
    with suppress(orjson.JSONDecodeError):
        orjson.loads(line)


def _array(content: bytes, path: Path, size: int, before: bytes = b"") -> Grown:
    """One array of many elements."""
    elements = b",\n".join(map(orjson.dumps, orjson.loads(content.rstrip(b"; \n"))))
    path.write_bytes(before + b"[" + b",\n".join(copies(elements, size)) + b"]")

    def parse() -> None:
        with path.open("rb") as file:
            orjson.loads(file.read()[len(before) :])

    return Grown(path, parse, "orjson.loads", path.stat().st_size)


def _list(content: bytes, path: Path, size: int) -> Grown:
    """One document whose longest list is longer."""
    document = orjson.loads(content)
    longest = max(_lists(document), key=lambda found: len(orjson.dumps(found)))
    elements = orjson.dumps(longest)
    longest.clear()
    for again in copies(elements, size):
        longest += orjson.loads(again)
    path.write_bytes(orjson.dumps(document))

    def parse() -> None:
        orjson.loads(path.read_bytes())

    return Grown(path, parse, "orjson.loads", path.stat().st_size)


def _lists(value: object, depth: int = 3) -> Iterator[list[object]]:
    inner = value.values() if isinstance(value, dict) else ()
    if isinstance(value, list):
        yield value
    elif depth:
        for each in inner:
            yield from _lists(each, depth - 1)


def _table(content: bytes, path: Path, size: int) -> Grown:
    """The rows behind the header again."""
    encoding = detect(content)
    text = content.decode(encoding)
    lines = text.splitlines(keepends=True)
    head = csv.reader(lines)
    next(head)
    header, body = "".join(lines[: head.line_num]), "".join(lines[head.line_num :])
    body = body if body.endswith(("\n", "\r")) else body + "\n"
    again = b"".join(copies(body.encode(), size)).decode()
    path.write_bytes((header + again).encode(encoding))

    def parse() -> None:
        with path.open(encoding=encoding, newline="") as file:
            for _ in csv.reader(file):
                pass

    return Grown(path, parse, "csv.reader", path.stat().st_size)


def _feed(content: bytes, path: Path, size: int) -> Grown:
    """Items or entries again."""
    tag = b"entry" if b"</entry>" in content else b"item"
    first, last = re.search(rb"<" + tag + rb"\b", content), content.rindex(b"</" + tag + b">") + len(tag) + 3
    start = first.start() if first else last
    path.write_bytes(content[:start] + b"".join(copies(content[start:last], size)) + content[last:])

    def parse() -> None:
        for _, element in ElementTree.iterparse(path):
            element.clear()

    return Grown(path, parse, "ElementTree", path.stat().st_size)


def _lines_of_zstd(content: bytes, path: Path, size: int) -> Grown:
    import zstandard

    with zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(content) as stream:
        lines = stream.read()
    lines = b"".join(copies(lines, size))
    path.write_bytes(zstandard.compress(lines))

    def parse() -> None:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            for line in io.BufferedReader(stream, 2**18):
                _loads(line)

    return Grown(path, parse, "zstd and orjson.loads", len(lines))


def _sheet(content: bytes, path: Path, size: int) -> Grown:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = max(book.worksheets, key=lambda one: one.max_row)
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    for number in range(size // BYTES_A_ROW):
        sheet.append(rows[number % len(rows)])
    book.save(path)

    def parse() -> None:
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass

    with zipfile.ZipFile(path) as unpacked:
        n_bytes = sum(member.file_size for member in unpacked.infolist())
    return Grown(path, parse, "openpyxl", n_bytes)
