"""What a day costs in a store of ten million posts: ten thousand new ones collected and tagged, then the report.

Usage: python benchmarks/size.py FOLDER [--posts 10000000] [--new 10000] [--keep | --postgres]

A store that `--keep` left in FOLDER is used again, and grows by another day.

The store is made by SQL: 100 000 real statuses of the API v1.1 (``../shared``; else of the built-in sample) are read
and tagged as usual, and then copied with other ids, on other days, by other authors. FOLDER needs about 1 KB a post;
what is made there is removed. With `--postgres` the store is in a server that is started for it, in the temporary
folder. `posts.csv`, which has a line for every post, is left out of the report.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from time import perf_counter, process_time

from growing import renumbered
from real_posts import write_repeated
from server import postgres
from sqlalchemy import create_engine, func, select, update

from sentinel.analysis import analyse
from sentinel.export import write_frame
from sentinel.opening import settle
from sentinel.pipeline import collect, dashboards_of, manifest, tag
from sentinel.plugins import make
from sentinel.settings import Settings
from sentinel.side_tables import side_tables
from sentinel.store import Store
from sentinel.store.schema import facts, inputs, posts, tags
from sentinel.tagging import make_tagger

BASE = 100_000
AUTHORS = 8  # made of each one
APART = 10**16  # between the ids of a post and of its copy
PUBLISHED = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%SZ', published, '+{copy} days')",
    "postgresql": "to_char(CAST(published AS timestamptz) AT TIME ZONE 'UTC' + interval '{copy} days', "
    """'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
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


def moved(copy: int, dialect: str) -> dict[str, str]:
    """What a copy's columns are, where they are not those of the post."""
    author = f"_{copy % AUTHORS}" if copy % AUTHORS else ""
    return {
        "post_id": f"CAST(CAST(post_id AS BIGINT) + {copy * APART} AS TEXT)",
        "copy_of": f"CAST(CAST(copy_of AS BIGINT) + {copy * APART} AS TEXT)",
        "published": PUBLISHED[dialect].format(copy=copy),
        "day": f"day + {copy}",
        "author": f"author || '{author}'",
        "input": str(copy + 1),
    }


def multiply(url: str, times: int) -> None:
    """Copies of all posts and tags of a store, each under an input of its own."""
    engine = create_engine(url)
    dialect = engine.dialect.name
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as database:
        if dialect == "sqlite":
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
                database.exec_driver_sql(f"PRAGMA {pragma}")
    with engine.begin() as database:
        for index in posts.indexes:
            index.drop(database)
        last = database.scalar(select(func.max(posts.c.id)))
        assert last
        for copy in range(1, times):
            for table, changed in (
                (inputs, {"id": str(copy + 1), "sha256": f"sha256 || '-{copy}'"}),
                (posts, {"id": f"id + {copy * last}", **moved(copy, dialect)}),
                (tags, {"post": f"post + {copy * last}"}),
            ):
                names = [f'"{column.name}"' for column in table.columns]
                values = [changed.get(column.name, f'"{column.name}"') for column in table.columns]
                number = "post" if table is tags else "id"
                until = 1 if table is inputs else last
                database.exec_driver_sql(
                    f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608
                    f"FROM {table.name} WHERE {number} <= {until}".replace(
                        "%", "%%" if dialect == "postgresql" else "%"
                    )
                )
        for index in posts.indexes:
            index.create(database)
        if dialect == "postgresql":
            for table in (inputs, posts):
                database.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
                )
        for fact in ("clean", "tagged"):  # and patterns are looked for anew, in all of them
            changed_fact = func.replace(facts.c.value, f"; to {last}", f"; to {last * times}")
            database.execute(update(facts).where(facts.c.name == fact).values(value=changed_fact))
    if dialect == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as database:
            database.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def build(folder: Path, settings: Settings, n_posts: int) -> None:
    """The large store, with a first report made of it."""
    with timed(f"{BASE:,} real posts"):
        write_repeated(folder / "base.jsonl", BASE)
        with closing(Store(settings.store, settings.timezone)) as store:
            list(collect(store, [folder / "base.jsonl"]))
            store.clean(settings.copy_days, settings.near_copies)
            tag(store, make_tagger())
            store.mark_patterns(settings.spam_patterns)
    with timed(f"made {n_posts:,} of them"):
        multiply(settings.store, n_posts // BASE)
    with (
        timed("the first report, all cells made"),
        closing(Store(settings.store, settings.timezone)) as store,
    ):
        settle(store, settings)
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
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--keep", action="store_true", help="leave the store there for the next time")
    kept.add_argument("--postgres", action="store_true", help="in PostgreSQL instead of SQLite")
    options = parser.parse_args()
    gc.set_threshold(500_000, 50, 100)  # as the command line does
    folder = options.folder / "size"
    found = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with postgres() if options.postgres else nullcontext(lambda: f"sqlite:///{folder / 'large.db'}") as url:
        settings = Settings(store=url())
        try:
            if not found:
                build(folder, settings, options.posts)
            a_day(folder, settings, options.new)
        finally:
            if not options.keep:
                shutil.rmtree(folder)


def a_day(folder: Path, settings: Settings, n_new: int) -> None:
    """New posts collected, cleaned and tagged, and the report."""
    tagger = make_tagger()
    new = folder / "new.jsonl"
    write_repeated(new, n_new)
    with closing(Store(settings.store, settings.timezone)) as store:
        new.write_bytes(renumbered(new.read_bytes(), 7_000_000 + store.size))
    with timed("a day: all of it"), closing(Store(settings.store, settings.timezone)) as store:
        with timed(f"  collect {n_new:,} new posts"):
            (outcome,) = collect(store, [new])
        with timed("  clean"):
            store.clean(settings.copy_days, settings.near_copies)
        with timed("  tag"):
            n = tag(store, tagger)
        with timed("  patterns"):
            store.mark_patterns(settings.spam_patterns)
        with timed("  report"):
            report(store, settings, folder)
    print(f"{'':<32}{outcome.rows:,} rows read, {n:,} posts tagged", flush=True)


if __name__ == "__main__":
    main()
