"""Any Parquet file of posts, its columns found as those of a CSV are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, ClassVar, Final

from sentinel.batcher import BATCH_ROWS, Row
from sentinel.errors import SourceError
from sentinel.source import Source

from .generic_jsonl import flat, names_in
from .inferred import InferredFormat
from .tables import ROWS_LOOKED_AT

__all__ = ["GenericParquet"]

MAGIC: Final = b"PAR1"
MAX_FILE: Final = 512 * 2**20


class GenericParquet(InferredFormat):
    """A Parquet file; settings as for `generic_csv`, nested fields named ``user.name``."""

    name: ClassVar[str] = "generic_parquet"

    def _look(self) -> tuple[list[str], list[dict[str, Any]]]:
        samples = [row for _, row in islice(self._rows(), ROWS_LOOKED_AT)]
        return names_in(samples), samples

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.6 if source.head.startswith(MAGIC) else 0.0

    def _rows(self) -> Iterator[Row]:
        try:
            import pyarrow
            from pyarrow import parquet
        except ModuleNotFoundError as error:
            raise SourceError(
                f"{self._source.name} is a Parquet file, which needs the package pyarrow: "
                "pip install 'mood-sentinel[parquet]'"
            ) from error
        with self._source.open() as stream:
            content = stream if stream.seekable() else io.BytesIO(stream.read(MAX_FILE))
            try:
                number = 0
                for batch in parquet.ParquetFile(content).iter_batches(BATCH_ROWS):
                    for record in batch.to_pylist():
                        number += 1
                        yield f"row {number}", {name: _plain(value) for name, value in flat(record).items()}
            except (pyarrow.ArrowException, OSError, ValueError) as error:
                raise SourceError(f"{self._source.name} is a damaged Parquet file ({error})") from error


def _plain(value: Any) -> Any:
    """Times as the text that the dialects of dates read, and bytes as text."""
    if isinstance(value, datetime):
        zoned = value if value.tzinfo is None else value.astimezone(UTC)
        return zoned.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
