"""One input as a task: its posts as Parquet, and what became of each of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from sentinel.errors import SentinelError, SourceError
from sentinel.formats import batches_of, open_format, recognise
from sentinel.lake.files import Folder, local_paths
from sentinel.ports import Batch, Reject
from sentinel.rows import ROW_COLUMNS, post_rows
from sentinel.source import Source, find_sources

__all__ = ["READ", "SCHEMA", "Input", "inputs_of", "read_input"]

READ: Final = "read"  #: the folder of what was read, a Parquet file and a JSON file an input

_INTEGERS: Final = ("likes", "reposts", "replies", "quotes", "views", "day")


def _type(name: str) -> Any:
    if name in _INTEGERS:
        return pa.int64()
    return pa.bool_() if name == "synthetic" else pa.string()


#: Of a Parquet file of posts as read; `input` is the SHA-256 of what it was read from.
SCHEMA: Final = pa.schema([(name, _type(name)) for name in ROW_COLUMNS])


class Input(NamedTuple):
    """Which part of what the user named is read."""

    url: str  #: as named
    number: int  #: among the inputs found there
    name: str


def inputs_of(url: str) -> Iterator[Input]:
    """What there is to read at a path or URL; a folder elsewhere is read as one."""
    if "://" in url and not url.startswith("file:"):
        yield Input(url, -1, url.rsplit("/", 1)[-1])
        return
    with local_paths(url) as path:
        for number, source in enumerate(find_sources([path])):
            yield Input(url, number, source.name)


@dataclass(slots=True)
class _Tally:
    """The ledger's entry of one input."""

    name: str
    sha256: str
    format: str
    size: int
    rows: int = 0
    n_posts: int = 0
    status: str = "read"
    message: str = ""
    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    synthetic: set[bool] = field(default_factory=set)

    def count(self, batch: Batch) -> None:
        self.rows += batch.rows
        self.n_posts += batch.n_posts
        self.rejects += batch.rejects
        self.skipped.update(batch.skipped)
        self.warnings.update(batch.warnings)
        if batch.n_posts:
            self.synthetic |= {bool(flag) for flag in batch.posts.get("synthetic") or [None]}

    def entry(self) -> dict[str, Any]:
        return asdict(self) | {
            "rejects": [list(reject) for reject in self.rejects],
            "skipped": dict(sorted(self.skipped.items())),
            "warnings": dict(sorted(self.warnings.items())),
            "synthetic": sorted(self.synthetic),
        }


def read_input(one: Input, lake: str, use: str | None, timezone: str) -> list[dict[str, Any]]:
    """Read an input (all that are in it, where it had to be fetched) unless the lake has it; its ledger entries."""
    with local_paths(one.url) as path:
        sources = enumerate(find_sources([path]))
        return [
            _read(source, Folder(lake), use, timezone)
            for number, source in sources
            if one.number in (number, -1)
        ]


def _read(source: Source, lake: Folder, use: str | None, timezone: str) -> dict[str, Any]:
    known = f"{source.sha256}.json"
    if known in lake.names(READ):
        with lake.reading(READ, known) as stream:
            entry: dict[str, Any] = orjson.loads(stream.read())
        if entry["timezone"] == timezone and entry["status"] == "read":
            return entry | {"name": min(entry["name"], source.name)}
    tally = _Tally(source.name, source.sha256, "", source.size)
    try:
        with (
            lake.writing(READ, f"{source.sha256}.parquet") as stream,
            pq.ParquetWriter(stream, SCHEMA) as writer,
        ):
            for batch in _batches(source, use, tally):
                writer.write_table(_table(batch, source.sha256, timezone))
    except (SourceError, OSError) as error:
        tally.status, tally.message = "refused", str(error)
    entry = tally.entry() | {"timezone": timezone}
    with lake.writing(READ, known) as stream:
        stream.write(orjson.dumps(entry))
    return entry


def _batches(source: Source, use: str | None, tally: _Tally) -> Iterator[Batch]:
    """Batches with posts; what stops the reading keeps what was read before."""
    try:
        recognised = recognise(source, use)
        tally.format = recognised.plugin.name
        for batch in batches_of(open_format(recognised, source), source):
            tally.count(batch)
            if batch.n_posts:
                yield batch
    except (SourceError, OSError) as error:
        tally.status, tally.message = "refused", str(error)
    except SentinelError:
        raise
    except Exception as error:  # a stranger's reader may fail in any way; it costs this input alone
        tally.status = "refused"
        tally.message = (
            f"{source.name} could not be read to its end: {tally.format} failed with "
            f"{type(error).__name__}: {error}; its author should know"
        )


def _table(batch: Batch, sha256: str, timezone: str) -> Any:
    """Posts of a batch under `SCHEMA`."""
    names, rows = post_rows(batch.posts, 0, sha256, timezone)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    arrays = []
    for name in ROW_COLUMNS:
        values = columns.get(name, (None,) * len(rows))
        if name == "input":
            values = (sha256,) * len(values)
        elif name == "synthetic":
            values = tuple(bool(value) for value in values)
        arrays.append(pa.array(values, SCHEMA.field(name).type))
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
