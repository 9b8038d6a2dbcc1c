"""Large files of real statuses: the same ones with other ids, or with other words, authors and days too."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from growing import renumbered

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "posts" / "stocknet-baba"
DATE = "%a %b %d %H:%M:%S %z %Y"
SPREAD = 700  # days over which copies are moved, so that varied posts have varied days
AUTHORS = 8  # authors made of each one


@cache
def statuses() -> tuple[bytes, ...]:
    """Lines of the API v1.1: real ones where there are any, else those of the built-in sample."""
    files = sorted(REAL.glob("*.jsonl.gz"))
    if files:
        return tuple(line for file in files for line in gzip.decompress(file.read_bytes()).splitlines())
    from sentinel.sample import write_sample

    print(f"no real posts in {REAL}: statuses of the synthetic sample instead")
    with TemporaryDirectory() as folder:
        for file in sorted((write_sample(Path(folder)) / "exports").glob("*.json*")):
            lines = file.read_bytes().splitlines()
            if b'"created_at"' in lines[0] and b'"id_str"' in lines[0]:
                return tuple(lines)
    raise SystemExit("the sample holds no statuses of the API v1.1")


def write_repeated(path: Path, n: int) -> None:
    """The same posts again and again; only their ids differ."""
    lines = statuses()
    with path.open("wb") as file:
        for copy in range(-(-n // len(lines))):
            wanted = lines[: n - copy * len(lines)]
            file.write(renumbered(b"\n".join(wanted), copy) + b"\n")


def write_varied(path: Path, n: int) -> None:
    """Each post with the end of another one, by another author, on another day: next to no text comes twice."""
    with path.open("wb") as file:
        for number, status in zip(range(n), varied(), strict=False):
            status["id"] += number // len(statuses())
            status["id_str"] = str(status["id"])
            file.write(orjson.dumps(status) + b"\n")


def varied() -> Iterator[dict[str, Any]]:
    """Statuses without end, each the first half of one with the second half of another."""
    lines = statuses()
    texts = [orjson.loads(line)["text"].split(" ") for line in lines]
    copy = 0
    while True:
        for at, line in enumerate(lines):
            status = orjson.loads(line)
            own, other = texts[at], texts[(at * 7 + copy * 131) % len(texts)]
            status["text"] = " ".join(own[: (len(own) + 1) // 2] + other[len(other) // 2 :])
            published = datetime.strptime(status["created_at"], DATE) + timedelta(days=copy * 37 % SPREAD)
            status["created_at"] = published.strftime(DATE)
            user, part = status["user"], (at + copy) % AUTHORS
            user["screen_name"] += f"_{part}"
            user["id"] += part
            user["id_str"] = str(user["id"])
            yield status
        copy += 1
