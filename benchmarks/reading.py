"""How fast each format is read, beside the least that anybody could do with the same file.

Usage: python benchmarks/reading.py [--megabytes 8] [--only x_api_v11]

A sample of each format (the largest one in ../shared/data/exports, or else in tests/exports) is repeated with new
ids, then read by its collector and, in the same process, by what is in the last column: a parser whose values are
thrown away.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from growing import grown

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.source import Source, find_sources

ROOT = Path(__file__).parents[1]
PLACES = (ROOT.parent / "shared" / "data" / "exports", ROOT / "tests" / "exports")
BESIDE = ("expected.json", "ORIGIN.txt")


def samples(only: str | None) -> Iterator[tuple[str, Path]]:
    """The largest sample of each format."""
    names = sorted({folder.name for place in PLACES if place.is_dir() for folder in place.iterdir()})
    for name in names:
        if only not in (None, name):
            continue
        for place in PLACES:
            files = [path for path in (place / name).rglob("*") if path.is_file() and path.suffix != ".zip"]
            files = [path for path in files if not path.name.endswith(BESIDE)]
            if files:
                yield name, max(files, key=lambda path: path.stat().st_size)
                break


def source_of(name: str, path: Path) -> Source | None:
    """The source, if it is of that format."""
    try:
        (source,) = find_sources([path])
        return source if recognise(source).plugin.name == name else None
    except (SourceError, ValueError):
        return None


def measured(name: str, sample: Path, folder: Path, size: int) -> str:
    """A line of the table."""
    for large in grown(sample, folder, size):
        source = source_of(name, large.path)
        if source is None:
            continue
        start = time.perf_counter()
        n_posts = sum(batch.n_posts for batch in open_format(recognise(source), source).read(None))
        took = time.perf_counter() - start
        if not n_posts:
            continue
        start = time.perf_counter()
        large.parse()
        plain = time.perf_counter() - start
        megabytes = large.n_bytes / 1e6
        return (
            f"{name:<26}{megabytes:6.1f} MB {n_posts:>8,} posts {megabytes / took:7.1f} MB/s "
            f"{n_posts / took:>9,.0f} posts/s"
            f"{took / plain:7.1f} times {large.parser} ({megabytes / plain:,.0f} MB/s)"
        )
    return f"{name:<26}no large file could be made of {sample.name}"


def main() -> int:
    """A line a format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=float, default=8.0)
    parser.add_argument("--only")
    options = parser.parse_args()
    for name, sample in samples(options.only):
        with TemporaryDirectory() as folder:
            print(measured(name, sample, Path(folder), int(options.megabytes * 1e6)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
