"""How long each step of the main job takes on the built-in sample, and how much memory all of it.

Usage: python benchmarks/speed.py [--posts 20000]
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sentinel.analysis import analyse
from sentinel.pipeline import collect, report, tag
from sentinel.sample import write_sample
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.tagging import make_tagger


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Print what the block took."""
    start = perf_counter()
    yield
    print(f"{step:<10}{perf_counter() - start:8.2f} s")


def main() -> None:
    """The main job, step by step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=20_000)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        with timed("sample"):
            sample = write_sample(folder, n_posts=options.posts)
        settings = Settings(store=f"sqlite:///{folder}/sample.db", announcements=sample / "announcements.csv")
        store = Store(settings.store, settings.timezone)
        with timed("collect"):
            for _ in collect(store, [sample / "exports"]):
                pass
        with timed("clean"):
            store.clean(settings.copy_days, settings.near_copies)
        with timed("models"):
            tagger = make_tagger()
        with timed("tag"):
            n = tag(store, tagger)
        with timed("patterns"):
            store.mark_patterns(settings.spam_patterns)
        with timed("analyse"):
            results = analyse(store, settings, tagger, seed=1)
        with timed("report"):
            report(results, store, folder / "report", settings)
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n:,} posts; at most {peak:,.0f} MiB of memory")


if __name__ == "__main__":
    main()
