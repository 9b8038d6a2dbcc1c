"""Exports damaged at random, by seed: whatever happens to a file, every row is accounted for and nothing crashes.

``SENTINEL_MUTATIONS=10000 pytest tests/collectors/test_mutations.py`` tries as many as that, and then also asks
for at most five seconds each.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.ports import Batch
from sentinel.post import KINDS, POST_COLUMNS, PRECISIONS
from sentinel.source import find_sources

EXPORTS = Path(__file__).parents[1] / "exports"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "exports"
ASKED = int(os.environ.get("SENTINEL_MUTATIONS", "0"))
N_MUTATIONS = ASKED or 240
CHUNKS = 8
LARGEST = 400_000 if ASKED else 60_000  # bytes of a sample

PUBLISHED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
TEXTS = (
    "platform", "post_id", "author", "author_id", "community", "lang", "url", "reply_to", "repost_of",
    "quoted",
)  # fmt: skip
VALUES: Final = (
    b"null",
    b'"x"',
    b"-1",
    b"1e999",
    b"9" * 400,
    b"[]",
    b"{}",
    b"true",
    b"NaN",
    b'"\\ud83d"',
    b"[" * 3000 + b"]" * 3000,
    b'{"a":' * 1500 + b"1" + b"}" * 1500,
    b'{"id":{"text":["user"]}}',
    b"1234567890123456789012345678901234567890",
    '"通义 \u202e\u0000"'.encode(),
)
TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.){0,200}"|-?\d+(?:\.\d+)?|true|false|null')

Mutation = Callable[[random.Random, bytes], bytes]


def cut(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def flip(dice: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(dice.choice((1, 3, 30))):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def drop(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content))
    return content[:start] + content[start + dice.choice((1, 10, 1000)) :]


def repeat(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content))
    piece = content[start : start + dice.choice((1, 100, 5000))]
    return content[:start] + piece * dice.choice((2, 5)) + content[start:]


def insert(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return (
        content[:at]
        + dice.choice((b"\0", b'"', b"\n", b"{", b"]", b"<", b"\xff\xfe", b",,,", dice.randbytes(50)))
        + content[at:]
    )


def retype(dice: random.Random, content: bytes) -> bytes:
    """Another value in the place of a few that are there."""
    for _ in range(dice.choice((1, 2, 10))):
        tokens = list(TOKEN.finditer(content))
        if not tokens:
            return content
        token = dice.choice(tokens)
        content = content[: token.start()] + dice.choice(VALUES) + content[token.end() :]
    return content


def recode(dice: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(
        dice.choice(("utf-16", "utf-16-le", "gb18030", "cp1252", "utf-7", "utf-8-sig")), "replace"
    )


def lines(dice: random.Random, content: bytes) -> bytes:
    """Lines in another order, with other ends, or a few missing."""
    parts = content.split(b"\n")
    dice.shuffle(parts)
    return dice.choice((b"\r\n", b"\r", b"\n", b"\n\n")).join(parts[: dice.randrange(len(parts)) + 1])


def pack(dice: random.Random, content: bytes) -> bytes:
    packed = gzip.compress(content, 1)
    return dice.choice((cut, flip))(dice, packed)


MUTATIONS: Final[tuple[Mutation, ...]] = (
    cut,
    flip,
    drop,
    repeat,
    insert,
    retype,
    retype,
    recode,
    lines,
    pack,
)


def samples() -> list[Path]:
    found = [path for folder in (EXPORTS, SHARED) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        path
        for path in found
        if not path.name.endswith("expected.json")
        and path.name != "ORIGIN.txt"
        and path.stat().st_size <= LARGEST
    ]


def check(batch: Batch) -> None:
    """What every batch of every format promises."""
    assert set(batch.posts) <= set(POST_COLUMNS)
    assert len({len(column) for column in batch.posts.values()}) <= 1
    assert batch.rows == batch.n_posts + len(batch.rejects) + sum(batch.skipped.values())
    posts = batch.posts
    for name in TEXTS:
        assert all(value is None or (isinstance(value, str) and value) for value in posts[name]), name
        "".join(value for value in posts[name] if value).encode()
    "".join(posts["text"]).encode()
    assert all(posts["post_id"])
    assert all(posts["platform"])
    assert set(posts["kind"]) <= set(KINDS)
    for published, precision in zip(posts["published"], posts["precision"], strict=True):
        assert precision in PRECISIONS
        assert (published is None) == (precision == "none")
        assert published is None or (
            PUBLISHED.fullmatch(published) and ("T" in published) == (precision != "day")
        )
    for name in ("likes", "reposts", "replies", "quotes", "views"):
        assert all(value is None or (type(value) is int and abs(value) < 2**63) for value in posts[name]), (
            name
        )
    assert set(posts["declared"]) <= {None, "positive", "negative"}
    assert set(posts["synthetic"]) <= {None, True}
    for reject in batch.rejects:
        assert reject.position
        assert reject.reason
        assert len(reject.excerpt) <= 200
        f"{reject.reason}{reject.excerpt}".encode()


def read(path: Path) -> None:
    for source in find_sources([path]):
        assert len(source.sha256) == 64
        try:
            for batch in open_format(recognise(source), source).read():
                check(batch)
        except SourceError:
            continue


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_damaged_exports_are_read_or_refused(tmp_path: Path, chunk: int) -> None:
    choice = samples()
    for seed in range(chunk, N_MUTATIONS, CHUNKS):
        dice = random.Random(seed)
        sample = dice.choice(choice)
        content = sample.read_bytes()
        names = []
        for mutation in dice.choices(MUTATIONS, k=dice.choice((1, 1, 2, 3))):
            if content:
                content = mutation(dice, content)
                names.append(mutation.__name__)
        path = tmp_path / f"{seed}{sample.suffix}"
        path.write_bytes(content)
        started = time.perf_counter()
        try:
            read(path)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {sample.name} after {', '.join(names)}: {error!r}") from error
        if ASKED:
            assert time.perf_counter() - started < 5, f"seed {seed}: {sample.name} after {', '.join(names)}"
        path.unlink()
