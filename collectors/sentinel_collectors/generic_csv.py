"""Any CSV or TSV of posts, its columns found by name and by content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sentinel.batcher import Row
from sentinel.errors import SourceError
from sentinel.source import Source

from .columns import are_people, infer
from .inferred import InferredFormat
from .tables import Table, find_table, table_rows

__all__ = ["GenericCsv"]


class GenericCsv(InferredFormat):
    """A table of posts in CSV, TSV or their relatives."""

    name: ClassVar[str] = "generic_csv"

    def _look(self) -> tuple[list[str], list[dict[str, str]]]:
        table = find_table(self._source)
        if table is None:
            raise SourceError(f"{self._source.name} is no table: no delimiter gives rows of the same width")
        self._table = table
        return table.header, _named(table)

    def _rows(self) -> Iterator[Row]:
        header = self._table.header
        for position, cells in table_rows(self._source, self._table):
            yield position, dict(zip(header, cells, strict=True)) if isinstance(cells, list) else cells

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


def _named(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, row, strict=False)) for row in table.rows]
