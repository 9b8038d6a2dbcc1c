"""Tables that begin with days which might all be months, in each of the general formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sentinel_collectors.generic_csv import GenericCsv
from sentinel_collectors.generic_jsonl import GenericJsonl
from sentinel_collectors.generic_parquet import GenericParquet
from sentinel_collectors.generic_xlsx import GenericXlsx

from sentinel.source import Source

ROWS = [
    {"id": f"a{day}-{n}", "text": f"Qwen is great, {n}", "date": f"{day:02d}/02/2031"}
    for day in range(1, 15)
    for n in range(40)
]


def as_csv() -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ROWS[0])
    writer.writeheader()
    writer.writerows(ROWS)
    return stream.getvalue().encode()


def as_json() -> bytes:
    return "\n".join(map(json.dumps, ROWS)).encode()


def as_xlsx() -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append([*ROWS[0]])
    for row in ROWS:
        book.active.append([*row.values()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_parquet() -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("written", "reader"),
    [(as_csv, GenericCsv), (as_json, GenericJsonl), (as_xlsx, GenericXlsx), (as_parquet, GenericParquet)],
)
def test_a_row_far_behind_tells_day_from_month(
    tmp_path: Path, written: Callable[[], bytes], reader: Callable[[Source], Any]
) -> None:
    path = tmp_path / "posts"
    path.write_bytes(written())
    batches = list(reader(Source.of_file(path)).read())
    days = [day for batch in batches for day in batch.posts["published"]]
    assert days == [f"2031-02-{row['date'][:2]}" for row in ROWS]
    assert not any("month" in warning for batch in batches for warning in batch.warnings)
