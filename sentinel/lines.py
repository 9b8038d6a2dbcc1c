"""Lines of a byte stream, none of them longer than memory should hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from sentinel.compression import CutShort

__all__ = ["EXCERPT", "MAX_LINE", "Broken", "bounded_lines", "excerpt", "shown"]

# The longest line met in an export, a page of 500 tweets with all their references, has 6 MB.
MAX_LINE: Final = 16 * 2**20
EXCERPT: Final = 200


class Broken(NamedTuple):
    """A row that could not be read, in the place of its value."""

    reason: str
    excerpt: str


def excerpt(raw: bytes | str) -> str:
    """The beginning of a row, at most 200 characters."""
    text = raw[: 4 * EXCERPT].decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return text[:EXCERPT]


def shown(value: Any) -> str:
    """The beginning of a row that was read and is of no use, whatever it is."""
    try:
        return excerpt(value if isinstance(value, str) else repr(value))
    except RecursionError:  # JSON may nest a little deeper than Python can write
        return f"a {type(value).__name__} that nests too deep to be shown"


def bounded_lines(stream: BinaryIO, limit: int = MAX_LINE) -> Iterator[tuple[int, bytes | Broken]]:
    """Line numbers from 1, and lines with their ends; a line beyond `limit` bytes, or beyond repair, is `Broken`.

    Where compressed data ends early the last line is `Broken` and says so.
    """
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(limit + 1)
            if not line:
                return
            if len(line) > limit and not line.endswith(b"\n"):
                start = excerpt(line)
                _skip_line(stream, limit)
                yield number, Broken(f"line {number} longer than {limit // 2**20} MiB", start)
                continue
        except CutShort as error:
            yield number, Broken(error.problem, "")
            return
        yield number, line


def _skip_line(stream: BinaryIO, limit: int) -> None:
    while line := stream.readline(limit):
        if line.endswith(b"\n"):
            return
