"""Hacker News out of BigQuery or ClickHouse, as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.ports import Batch
from sentinel.source import Source

from .hackernews import item_post
from .tables import header_of, named_rows

__all__ = ["HnBigqueryCsv"]

TELLING: Final = frozenset({"id", "type", "by", "text", "parent", "title", "score"})


class HnBigqueryCsv:
    """Rows with the names of the API's fields; times are UTC."""

    name: ClassVar[str] = "hn_bigquery_csv"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        header = header_of(source)
        return 0.93 if header >= TELLING and header & {"kids", "descendants", "dead"} else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(named_rows(self._source), _post, cursor)


def _post(row: Mapping[str, str], batcher: Batcher) -> Mapping[str, Any] | Skip:
    comment = row["type"] == "comment"
    found = when(row.get("timestamp") or row.get("time"))
    return item_post(row, row["id"], found, row["text"], row["by"], row["parent"], None, comment)
