"""The whole way on a Dask cluster: read, resolve duplicates, reposts and near-copies, tag, write, count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, Final

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sentinel.cells import Cells
from sentinel.claims_file import Claim, read_claims
from sentinel.errors import SourceError, UsageError
from sentinel.lake.files import Folder
from sentinel.lake.reading import READ, SCHEMA, inputs_of, read_input
from sentinel.lake.steps import (
    PATTERNS,
    cells_of_frame,
    completed,
    day_name,
    marked,
    patterns,
    richest,
    tagged,
    together,
    with_patterns,
)
from sentinel.post import TAG_COLUMNS
from sentinel.settings import Settings

__all__ = ["TAGGED", "Made", "backfill", "cluster"]

TAGGED: Final = "tagged"  #: the folder of tagged posts, a folder a day in it

_OWN_PORT: Final = "127.0.0.1:0"  # loopback alone, any port: the usual one may be taken by another run
_PART_BYTES: Final = 64 * 2**20  # of Parquet that a partition is made of
_NUMBERS: Final = ("about", "spam", "score", "p_negative", "p_neutral", "p_positive", "confidence")
_TAGS: Final = [
    (name, pa.float64() if name in _NUMBERS else pa.string()) for name in TAG_COLUMNS if name != "lang"
]
#: Of a Parquet file of tagged posts.
TAGGED_SCHEMA: Final = pa.schema(
    [*SCHEMA, *((name, pa.string()) for name in ("copy_of", "said_lang", "spam_reasons")), *_TAGS]
)
_META: Final = pd.DataFrame(
    {"day": pd.Series(dtype=object), "cells": pd.Series(dtype=object), "owned": pd.Series(dtype=object)}
)


class Made:
    """What a backfill made, beside the files.

    Parameters
    ----------
    entries : of the ledger, one an input.
    days : rows (name of the day, packed cells, SHA-256 of an input -> posts it owns as JSON).
    """

    def __init__(
        self, entries: Sequence[Mapping[str, Any]], days: Iterable[tuple[str, bytes, bytes]]
    ) -> None:
        self.entries = list(entries)
        self.days: list[str] = []
        self.owned: dict[str, int] = {}
        packed = []
        for day, cells, owned in sorted(days):
            self.days.append(day)
            packed.append(cells)
            for sha256, n in orjson.loads(owned).items():
                self.owned[sha256] = self.owned.get(sha256, 0) + n
        self.cells = Cells.joined(map(Cells.unpacked, packed))


@contextmanager
def cluster(scheduler: str | None, n_workers: int | None = None, timeout: str = "30s") -> Iterator[Any]:
    """A client of the scheduler at an address, or of worker processes of this machine, one a core.

    Raises
    ------
    UsageError
        If Dask is not installed, or nobody answers there.
    """
    try:
        import dask
        import distributed
    except ImportError as error:
        raise UsageError(f"--engine dask cannot be used: {error}; install mood-sentinel[dask]") from None
    # Text columns go from worker to worker as Arrow; a worker that is lost takes its tasks to another, some times.
    parts: Any = distributed
    wanted = {"distributed.scheduler.allowed-failures": 10, "dataframe.shuffle.method": "tasks"}
    with dask.config.set(wanted):
        try:
            local = (
                nullcontext(scheduler)
                if scheduler
                else parts.LocalCluster(
                    n_workers=n_workers, threads_per_worker=1, dashboard_address=_OWN_PORT
                )
            )
            with local as address, parts.Client(address, timeout=timeout) as client:
                yield client
        except OSError as error:
            raise UsageError(f"--scheduler {scheduler}: {error}") from error


def backfill(client: Any, urls: Sequence[str], lake: str, settings: Settings, use: str | None = None) -> Made:
    """Read inputs into a lake, and make tagged posts and cells of all that it holds.

    Parameters
    ----------
    client : of a Dask cluster whose workers have mood-sentinel installed and reach the inputs and the lake.
    urls : files, folders and URLs; what the lake has read before is not read again.

    Raises
    ------
    SourceError
        If synthetic and real posts would meet.
    """
    found = [one for url in urls for one in inputs_of(url)]
    if urls and not found:
        raise UsageError(f"no files to read under {', '.join(urls)}")
    read = partial(read_input, lake=lake, use=use, timezone=settings.timezone)
    new = client.gather(client.map(read, found, pure=False)) if found else []
    entries = _ledger(Folder(lake), [entry for some in new for entry in some])
    if len({flag for entry in entries for flag in entry["synthetic"]}) > 1:
        raise SourceError(
            f"{lake}: synthetic and real posts never share a lake; use another one for one of them"
        )
    days = _days(client, Folder(lake), entries, settings)
    made = Made(entries, days)
    _remove_others(Folder(lake), made.days)
    return made


def _ledger(lake: Folder, new: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Entries of all that the lake holds; of several names of the same bytes the first in the alphabet is shown."""
    entries: dict[str, dict[str, Any]] = {}
    for name in lake.names(READ):
        if name.endswith(".json"):
            with lake.reading(READ, name) as stream:
                entry = orjson.loads(stream.read())
            entries[entry["sha256"]] = entry
    for entry in new:
        known = entries[entry["sha256"]]
        known["name"] = min(known["name"], entry["name"])
    return sorted(entries.values(), key=lambda entry: (entry["name"], entry["sha256"]))


def _days(
    client: Any, lake: Folder, entries: Sequence[Mapping[str, Any]], settings: Settings
) -> list[tuple[str, bytes, bytes]]:
    """Tag, write and count; the posts of a day are in one partition."""
    import dask.dataframe as dd

    paths = [lake.path(READ, f"{entry['sha256']}.parquet") for entry in entries if entry["n_posts"]]
    if not paths:
        return []
    system, _ = lake._system
    posts = dd.read_parquet(
        paths, filesystem=system, split_row_groups="adaptive", blocksize=_PART_BYTES, engine="pyarrow"
    )
    n = max(posts.npartitions, len(client.scheduler_info(n_workers=-1)["workers"]))
    posts = posts.shuffle(["platform", "post_id"], npartitions=n).map_partitions(richest)
    posts = _with_originals(posts)
    if settings.copy_days != 1:
        posts = posts.assign(text_key=posts["copy_key"].fillna(posts["post_id"]))
        posts = posts.shuffle("text_key", npartitions=n).map_partitions(
            marked, settings.copy_days, meta=posts._meta.assign(copy_of=pd.Series(dtype="str"))
        )
    posts = posts.shuffle("day", npartitions=n)
    models = orjson.dumps([entry.model_dump() for entry in settings.tag]).decode()
    posts = posts.map_partitions(
        _judged, models, settings.copy_days, meta=_judged(posts._meta, models, settings.copy_days)
    )
    finish = partial(_finished, lake=lake.url, claims=read_claims(settings.claims))
    found = _patterns(posts, n, settings.spam_patterns)
    made = posts.map_partitions(finish, found, meta=_META, align_dataframes=False)
    rows: pd.DataFrame = client.gather(client.compute(made))
    return list(rows[["day", "cells", "owned"]].itertuples(index=False, name=None))


def _with_originals(posts: Any) -> Any:
    """Cut reposts with their originals' text."""
    from dask import dataframe

    dd: Any = dataframe
    is_repost = (posts["kind"] == "repost") & ~posts["repost_of"].isnull()
    reposts, others = posts[is_repost], posts[~is_repost]
    originals = posts[posts["kind"] != "repost"][["platform", "post_id", "text"]]
    originals = originals.rename(columns={"post_id": "repost_of", "text": "original"})
    whole = reposts.merge(originals, on=["platform", "repost_of"], how="left")
    whole = whole.map_partitions(completed, meta=posts._meta)
    return dd.concat([others, whole[list(posts.columns)]])


def _judged(posts: pd.DataFrame, models: str, copy_days: int) -> pd.DataFrame:
    """Posts of some days with their tags, and their near-copies marked."""
    posts = posts.reset_index(drop=True)
    posts = marked(posts, 1) if copy_days == 1 else posts.drop(columns="text_key")
    return tagged(posts, models)


def _patterns(posts: Any, n: int, strength: float) -> Any:
    """Posts that others of their month show to be spam: few, in one part that each of the others is given."""
    months = posts.map_partitions(together, meta=together(posts._meta)).shuffle("month", npartitions=n)
    return months.map_partitions(patterns, strength, meta=PATTERNS).repartition(npartitions=1)


def _finished(posts: pd.DataFrame, found: pd.DataFrame, lake: str, claims: Sequence[Claim]) -> pd.DataFrame:
    """Write the posts of some days, a file a day; what is counted of each."""
    rows = []
    if len(posts):
        posts = with_patterns(posts, found)
        names = posts["day"].map(day_name, na_action=None)
        for day, own in posts.groupby(names, sort=True):
            own = own.sort_values(["published", "platform", "post_id"], na_position="last")
            table = pa.Table.from_pandas(own[TAGGED_SCHEMA.names], TAGGED_SCHEMA, preserve_index=False)
            with Folder(lake).writing(TAGGED, f"day={day}", "posts.parquet") as stream:
                pq.write_table(table, stream)
            owned = {str(name): int(n) for name, n in own["input"].value_counts(sort=False).items()}
            rows.append((day, cells_of_frame(own, claims).packed(), orjson.dumps(owned)))
    return pd.DataFrame(rows, columns=list(_META.columns), dtype=object)


def _remove_others(lake: Folder, days: Sequence[str]) -> None:
    """Days that no post belongs to any more."""
    for name in set(lake.names(TAGGED)) - {f"day={day}" for day in days}:
        lake.remove(TAGGED, name)
