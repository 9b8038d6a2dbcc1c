"""What a day costs in a store of ten million posts: ten thousand new ones collected and tagged, then the report.

Usage: python benchmarks/size.py FOLDER [--posts 10000000] [--new 10000] [--keep]

A store that `--keep` left in FOLDER is used again, and grows by another day.

The store is made by SQL: 100 000 real statuses of the API v1.1 (``../shared``; else of the built-in sample) are read
and tagged as usual, and then copied with other ids, on other days, by other authors. FOLDER needs about 1 KB a post;
what is made there is removed. `posts.csv`, which has a line for every post, is left out of the report.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter, process_time

from growing import renumbered
from real_posts import write_repeated

from sentinel.analysis import analyse
from sentinel.export import write_frame
from sentinel.pipeline import collect, dashboards_of, manifest, tag
from sentinel.plugins import make
from sentinel.settings import Settings
from sentinel.side_tables import side_tables
from sentinel.store import Store
from sentinel.tagging import make_tagger

BASE = 100_000
AUTHORS = 8  # made of each one
APART = 10**16  # between the ids of a post and of its copy
MOVED = {
    "post_id": f"CAST(CAST(post_id AS INTEGER) + :copy * {APART} AS TEXT)",
    "copy_of": f"CAST(CAST(copy_of AS INTEGER) + :copy * {APART} AS TEXT)",
    "published": "strftime('%Y-%m-%dT%H:%M:%SZ', published, '+' || :copy || ' days')",
    "day": "day + :copy",
    "author": f"author || CASE :copy % {AUTHORS} WHEN 0 THEN '' ELSE '_' || (:copy % {AUTHORS}) END",
    "input": ":input",
}


@contextmanager
def timed(step: str) -> Iterator[None]:
    wall, cpu = perf_counter(), process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{step:<32}{perf_counter() - wall:8.1f} s {process_time() - cpu:8.1f} s of CPU, at most {peak:,.0f} MiB",
        flush=True,
    )


def multiply(path: Path, times: int) -> None:
    """Copies of all posts and tags of a store, each under an input of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            database.execute(f"PRAGMA {pragma}")
        indexes = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'posts' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        (last,) = database.execute("SELECT max(id) FROM posts").fetchone()
        names = [row[1] for row in database.execute("PRAGMA table_info(posts)") if row[1] != "id"]
        columns = ", ".join(names)
        moved = ", ".join(MOVED.get(name, name) for name in names)
        inputs = [
            row[1] for row in database.execute("PRAGMA table_info(inputs)") if row[1] not in ("id", "sha256")
        ]
        tagged = ", ".join(row[1] for row in database.execute("PRAGMA table_info(tags)") if row[1] != "post")
        database.execute("BEGIN")
        for copy in range(1, times):
            own = ", ".join(inputs)
            database.execute(
                f"INSERT INTO inputs (sha256, {own}) SELECT sha256 || '-{copy}', {own} FROM inputs WHERE id = 1"  # noqa: S608
            )
            ours = {"copy": copy, "input": copy + 1, "offset": copy * last, "last": last}
            database.execute(
                f"INSERT INTO posts (id, {columns}) SELECT id + :offset, {moved} FROM posts WHERE id <= :last",  # noqa: S608
                ours,
            )
            database.execute(
                f"INSERT INTO tags (post, {tagged}) SELECT post + :offset, {tagged} FROM tags WHERE post <= :last",  # noqa: S608
                ours,
            )
        for _, sql in indexes:
            database.execute(sql)
        for fact in ("clean", "tagged"):
            database.execute(
                "UPDATE facts SET value = replace(value, '; to ' || ?, '; to ' || ?) WHERE name = ?",
                (last, last * times, fact),
            )
        database.execute("COMMIT")


def build(folder: Path, settings: Settings, n_posts: int) -> None:
    """The large store, with a first report made of it."""
    folder.mkdir(parents=True)
    path = folder / "large.db"
    with timed(f"{BASE:,} real posts"):
        write_repeated(folder / "base.jsonl", BASE)
        with closing(Store(settings.store, settings.timezone)) as store:
            list(collect(store, [folder / "base.jsonl"]))
            store.clean(settings.copy_days, settings.near_copies)
            tag(store, make_tagger())
    with timed(f"made {n_posts:,} of them"):
        multiply(path, n_posts // BASE)
    print(f"{'':<32}{path.stat().st_size / 2**30:.1f} GiB", flush=True)
    with (
        timed("the first report, all cells made"),
        closing(Store(settings.store, settings.timezone)) as store,
    ):
        store.clean(settings.copy_days, settings.near_copies)
        report(store, settings, folder)


def report(store: Store, settings: Settings, out: Path) -> None:
    """The report and its tables, but for posts.csv."""
    tagger = make_tagger(settings.tag)
    results = analyse(store, settings, tagger, seed=1)
    for name, options in dashboards_of(settings).items():
        for file, content in make("dashboards", name, **options).render(results).items():
            (out / file).write_bytes(content)
    manifest(results, settings)
    frames = {"mood.csv": results.mood, "effects.csv": results.effects, **side_tables(results)}
    for name, frame in frames.items():
        write_frame(out / name, frame)
    print(f"{'':<32}{results.counts['posts']:,} posts in the report", flush=True)


def main() -> None:
    """Build, then a day's work."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=10_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--keep", action="store_true", help="leave the store there for the next time")
    options = parser.parse_args()
    gc.set_threshold(100_000, 50, 100)  # as the command line does
    folder = options.folder / "size"
    path = folder / "large.db"
    settings = Settings(store=f"sqlite:///{path}")
    tagger = make_tagger()
    try:
        if not path.exists():
            build(folder, settings, options.posts)
        new = folder / "new.jsonl"
        write_repeated(new, options.new)
        with closing(Store(settings.store, settings.timezone)) as store:
            new.write_bytes(renumbered(new.read_bytes(), 7_000_000 + store.size))
        with timed("a day: all of it"), closing(Store(settings.store, settings.timezone)) as store:
            with timed(f"  collect {options.new:,} new posts"):
                (outcome,) = collect(store, [new])
            with timed("  clean"):
                store.clean(settings.copy_days, settings.near_copies)
            with timed("  tag"):
                n = tag(store, tagger)
            with timed("  report"):
                report(store, settings, folder)
        print(f"{'':<32}{outcome.rows:,} rows read, {n:,} posts tagged", flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
