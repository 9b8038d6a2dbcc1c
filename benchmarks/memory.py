"""How much memory it takes to read exports of any size: a 2 GB NDJSON, a 2 GB CSV and a 500 MB archive of X.

Usage: python benchmarks/memory.py FOLDER [--scale 1.0] [--only ndjson]

The files are made in a folder of their own under FOLDER, which needs room for the largest one, read by their
collector in a process of its own, and removed. Nothing is stored.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

ALLOWED = 400  # MiB
N_RECORDS = 4_000  # different ones; only the ids of their copies differ
ID = "1916966000000000000"
NOTES = 0.02  # share of an account's posts that are long
HEADER = ["id", "created_at", "author", "text", "lang", "likes", "reposts", "url"]


def texts(dice: Random) -> Iterator[str]:
    """Posts of 5 to 40 words that compress about as well as real ones."""
    letters = "eeeeetttaaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(6_000)]
    words += [
        "".join(map(chr, dice.choices(range(0x4E00, 0x6000), k=dice.randint(1, 4)))) for _ in range(2_000)
    ]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    while True:
        yield " ".join(dice.choices(words, weights, k=dice.randint(5, 40)))


def statuses(dice: Random) -> list[bytes]:
    """Lines of the API v1.1, one in five a repost."""
    lines, said = [], texts(dice)
    for number in range(N_RECORDS):
        status = _status(dice, next(said), number)
        if number % 5 == 0:
            status["retweeted_status"] = _status(dice, next(said), number + 1)
        lines.append(json.dumps(status, ensure_ascii=number % 2 == 0).encode() + b"\n")
    return lines


def _status(dice: Random, text: str, number: int) -> dict[str, object]:
    author = str(dice.randrange(10**9))
    return {
        "created_at": f"Mon Apr 28 21:{number // 60 % 60:02d}:{number % 60:02d} +0000 2031",
        "id": int(ID),
        "id_str": ID,
        "full_text": text,
        "truncated": False,
        "entities": {
            "hashtags": [],
            "urls": [{"url": "https://t.co/x", "expanded_url": "https://example.invalid/"}],
        },
        "source": '<a href="https://example.invalid/app" rel="nofollow">Synthetic app</a>',
        "in_reply_to_status_id_str": None,
        "user": {
            "id_str": author,
            "screen_name": f"synth_{author}",
            "name": f"Synthetic {author}",
            "description": text[:160],
            "followers_count": dice.randrange(10**5),
            "created_at": "Thu Jan 01 00:00:00 +0000 2015",
            "profile_image_url_https": "https://example.invalid/images/normal.png",
            "verified": False,
        },
        "favorite_count": dice.randrange(500),
        "retweet_count": dice.randrange(50),
        "lang": "en",
        "synthetic": True,
    }


def rows(dice: Random) -> list[bytes]:
    """Rows of a table, some with commas, quotes and line breaks."""
    lines, said = [], texts(dice)
    for number in range(N_RECORDS):
        text = next(said)
        text = f'"{text}",\nshe said' if number % 10 == 0 else text
        row = io.StringIO(newline="")
        moment = f"2031-04-28T21:{number // 60 % 60:02d}:{number % 60:02d}Z"
        cells = [
            ID,
            moment,
            f"synth_{dice.randrange(10**6)}",
            text,
            "en",
            dice.randrange(500),
            dice.randrange(50),
        ]
        csv.writer(row).writerow([*cells, f"https://example.invalid/{ID}"])
        lines.append(row.getvalue().encode())
    return lines


def endless(records: list[bytes], dice: Random) -> Iterator[bytes]:
    """Records with new ids."""
    number = int(ID)
    while True:
        number += 1
        yield dice.choice(records).replace(ID.encode(), str(number).encode())


def write_ndjson(folder: Path, size: int, dice: Random) -> Path:
    """X, API v1.1."""
    return _write(folder / "stream.jsonl", size, b"", endless(statuses(dice), dice))


def write_csv(folder: Path, size: int, dice: Random) -> Path:
    """A table of one's own."""
    return _write(folder / "posts.csv", size, f"{','.join(HEADER)}\r\n".encode(), endless(rows(dice), dice))


def _write(path: Path, size: int, head: bytes, lines: Iterator[bytes]) -> Path:
    with path.open("wb") as file:
        written = file.write(head)
        while written < size:
            written += file.write(next(lines))
    return path


def write_archive(folder: Path, size: int, dice: Random) -> Path:
    """A zip of `size` bytes as X gives it to an account's owner: posts in parts of 100 MB, long ones apart."""
    path = folder / "twitter-archive.zip"
    said, notes, part = texts(dice), 0, 0
    tweets = [_tweet(dice, next(said), number) for number in range(N_RECORDS)]
    records = endless([json.dumps({"tweet": tweet}).encode() for tweet in tweets], dice)
    manifest = '{"userInfo": {"accountId": "7", "userName": "synth_ada"}}'
    with (
        path.open("wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        archive.writestr("data/manifest.js", f"window.__THAR_CONFIG = {manifest}")
        while file.tell() < size:
            name = f"data/tweets-part{part}.js" if part else "data/tweets.js"
            with archive.open(name, "w") as member:
                written = member.write(f"window.YTD.tweets.part{part} = [\n".encode())
                while written < 100_000_000 and file.tell() < size:
                    written += member.write(next(records) + b",\n")
                    notes += dice.random() < NOTES
                member.write(next(records) + b"\n]\n")
            part += 1
        with archive.open("data/note-tweet.js", "w") as member:
            member.write(b"window.YTD.note_tweet.part0 = [\n")
            for number in range(notes):
                moment = f"2031-04-28T21:{number // 60 % 60:02d}:{number % 60:02d}.000Z"
                note = {"noteTweetId": str(number), "createdAt": moment, "core": {"text": 4 * next(said)}}
                member.write(
                    json.dumps({"noteTweet": note}).encode() + (b",\n" if number + 1 < notes else b"\n")
                )
            member.write(b"]\n")
    return path


def _tweet(dice: Random, text: str, number: int) -> dict[str, object]:
    keep = ("id_str", "full_text", "created_at", "entities", "source", "lang", "truncated", "synthetic")
    status = _status(dice, text, number)
    return {name: status[name] for name in keep} | {
        "favorite_count": str(dice.randrange(500)),
        "favorited": False,
    }


CASES: dict[str, tuple[Callable[[Path, int, Random], Path], int]] = {
    "ndjson": (write_ndjson, 2_000_000_000),
    "csv": (write_csv, 2_000_000_000),
    "archive": (write_archive, 500_000_000),
}


def read(path: Path) -> None:
    """Read a file as `collect` does, but for the store, and print figures as JSON; in a process of its own."""
    from sentinel.formats import open_format, recognise
    from sentinel.source import find_sources

    start = time.monotonic()
    n_posts = n_rejects = n_bytes = 0
    names = set()
    for source in find_sources([path]):
        recognised = recognise(source)
        names.add(recognised.plugin.name)
        n_bytes += source.size
        for batch in open_format(recognised, source).read(None):
            n_posts += batch.n_posts
            n_rejects += len(batch.rejects)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {
        "formats": sorted(names),
        "posts": n_posts,
        "rejects": n_rejects,
        "bytes": n_bytes,
        "peak": peak,
    }
    print(json.dumps(figures | {"seconds": time.monotonic() - start}))


def main() -> int:
    """A line a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is the full size")
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.folder)
        return 0
    too_much = False
    for name, (write, size) in CASES.items():
        if options.only not in (None, name):
            continue
        with TemporaryDirectory(dir=options.folder) as folder:
            path = write(Path(folder), int(size * options.scale), Random(f"{name} {options.seed}"))
            on_disk = path.stat().st_size
            command = [sys.executable, __file__, str(path), "--read"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout)
        too_much |= found["peak"] > ALLOWED
        print(
            f"{name:<8}{on_disk / 1e6:>8,.0f} MB on disk, {found['bytes'] / 1e6:>6,.0f} MB read as "
            f"{', '.join(found['formats'])}: {found['posts']:>9,} posts, {found['rejects']} rejects; "
            f"at most {found['peak']:,.0f} MiB; {found['bytes'] / 1e6 / found['seconds']:,.0f} MB/s, "
            f"{found['posts'] / found['seconds']:,.0f} posts/s",
            flush=True,
        )
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
