"""Any CSV or TSV of posts, its columns found by name and by content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.errors import SourceError
from sentinel.ports import Batch
from sentinel.source import Source

from .columns import are_people, infer
from .inferred import InferredRows
from .tables import Table, find_table, table_rows

__all__ = ["GenericCsv"]


class GenericCsv:
    """A table of posts in CSV, TSV or their relatives.

    Parameters
    ----------
    columns : field -> column where the inference errs, such as ``{"text": "Body", "published": "When"}``.
    platform, community : of all posts, where no column tells.
    timezone : of times that name none.
    day_first : whether ``03/04/2024`` is in April.
    """

    name: ClassVar[str] = "generic_csv"

    def __init__(
        self,
        source: Source,
        columns: Mapping[str, str] | None = None,
        platform: str | None = None,
        community: str | None = None,
        timezone: str | None = None,
        day_first: bool | None = None,
    ) -> None:
        table = find_table(source)
        if table is None:
            raise SourceError(f"{source.name} is no table: no delimiter gives rows of the same width")
        self._source = source
        self._table = table
        self._rows = InferredRows(
            source,
            table.header,
            _named(table),
            self._every,
            columns,
            platform,
            community,
            timezone,
            day_first,
        )
        self._where = {name: n for n, name in enumerate(table.header)}

    @classmethod
    def sniff(cls, source: Source) -> float:
        table = find_table(source)
        if table is None:
            return 0.0
        found = infer(table.header, _named(table))
        if "text" not in found:
            return 0.1
        if are_people(table.header, found):
            return 0.0
        told = sum(
            field in found for field in ("post_id", "published", "author", "url", "platform", "source")
        )
        return min(0.3 + 0.1 * told, 0.6)

    @property
    def columns(self) -> Mapping[str, str]:
        """Field -> column, as inferred or chosen."""
        return self._rows.columns

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(table_rows(self._source, self._table), self._post, cursor)

    def _every(self) -> Iterator[Row]:
        for position, cells in table_rows(self._source, self._table):
            if isinstance(cells, list):
                yield position, dict(zip(self._table.header, cells, strict=True))

    def _post(self, cells: list[str], batcher: Batcher) -> Mapping[str, Any] | Skip:
        return self._rows.post(dict(zip(self._where, cells, strict=True)), batcher)


def _named(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=False)) for row in table.rows]
