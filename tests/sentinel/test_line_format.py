"""A format with a post a line, made in a few lines."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sentinel.batcher import Skip
from sentinel.errors import SourceError
from sentinel.line_format import LineFormat
from sentinel.ports import Batch, FileFormat
from sentinel.source import Source


class Spaced(LineFormat):
    """A time, an id and a text, with spaces between them."""

    name = "spaced"
    begins = "#spaced"

    def post(self, line: str) -> Mapping[str, Any] | Skip:
        if line.startswith("#"):
            return Skip("comment")
        published, post_id, text = line.split(" ", 2)
        return {
            "published": None if published == "-" else published,
            "post_id": post_id,
            "text": text,
            "mine": 1,
        }


def read(folder: Path, content: bytes) -> Batch:
    path = folder / "export"
    path.write_bytes(content)
    reader = Spaced(Source.of_file(path))
    assert isinstance(reader, FileFormat)
    (batch,) = reader.read()
    return batch


def test_what_follows_from_the_rest_may_be_left_out(tmp_path: Path) -> None:
    posts = read(tmp_path, b"#spaced\n2031-04-19T01:02:03Z 1 a\n2031-04-19 2 b\n- 3 c\n").posts
    assert posts["precision"] == ["second", "day", "none"]
    assert posts["published"] == ["2031-04-19T01:02:03Z", "2031-04-19", None]
    assert posts["platform"] == ["spaced"] * 3
    assert posts["kind"] == ["post"] * 3


def test_an_unknown_field_is_kept_out(tmp_path: Path) -> None:
    assert "mine" not in read(tmp_path, b"- 3 c\n").posts


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no-id", "not enough values"),
        (b"-  c", "no post_id"),
        (b"2031-02-31 4 d", "day is out of range"),
        (b"31/01/2031 5 e", "published '31/01/2031' is no time"),
        (b"2031-04-19T01:02:03+02:00 6 f", "is no time"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_reject(tmp_path: Path, line: bytes, reason: str) -> None:
    batch = read(tmp_path, b"#spaced\n\n" + line + b"\n- 3 c\n")
    assert batch.posts["post_id"] == ["3"]
    assert batch.skipped == {"comment": 1}
    ((position, said, excerpt),) = batch.rejects
    assert position == "line 3"
    assert reason in said
    assert line.decode() in excerpt


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_compression_and_encodings_are_taken_care_of(tmp_path: Path, encoding: str) -> None:
    text = "通义千问很好用，我很喜欢，阿里云也不错"
    content = f"#spaced\r\n- 3 {text}\r\n".encode(encoding)
    path = tmp_path / "export.gz"
    path.write_bytes(gzip.compress(content))
    source = Source.of_file(path)
    assert Spaced.sniff(source) == 0.9
    (batch,) = Spaced(source).read()
    assert batch.posts["text"] == [text]


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"<!doctype html><html><body>log in</body></html>"]
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match="expected a post a line"):
        read(tmp_path, content)


def test_reading_goes_on_from_a_cursor(tmp_path: Path) -> None:
    lines = b"".join(b"- %d text\n" % number for number in range(10_000))
    path = tmp_path / "export"
    path.write_bytes(lines)
    batches = list(Spaced(Source.of_file(path)).read())
    assert len(batches) > 2
    rest = [
        post_id
        for batch in Spaced(Source.of_file(path)).read(batches[0].cursor)
        for post_id in batch.posts["post_id"]
    ]
    assert batches[0].posts["post_id"] + rest == [str(number) for number in range(10_000)]
