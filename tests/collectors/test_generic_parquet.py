from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.ports import Batch
from sentinel.source import Source


def written(path: Path) -> Path:
    pyarrow: Any = pytest.importorskip("pyarrow")
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    rows = [
        {
            "id": 1916966000000000001,
            "text": "NA",
            "created_at": datetime(2025, 4, 28, 21, 3, 11, tzinfo=UTC),
            "user": {"username": "ada"},
            "like_count": 3,
        },
        {"id": 1916966000000000002, "text": None, "created_at": None, "user": None, "like_count": None},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def read(path: Path) -> Batch:
    source = Source.of_file(path)
    recognised = recognise(source)
    assert recognised.plugin.name == "generic_parquet"
    (batch,) = open_format(recognised, source, platform="Twitter").read()
    return batch


def test_rows(tmp_path: Path) -> None:
    posts = read(written(tmp_path / "a.parquet")).posts
    assert posts["post_id"] == ["1916966000000000001", "1916966000000000002"]
    assert posts["text"] == ["NA", ""]
    assert posts["author"] == ["ada", None]
    assert posts["likes"] == [3, None]
    assert posts["published"] == ["2025-04-28T21:03:11Z", "2025-04-28T21:21:24Z"]
    assert posts["platform"] == ["x", "x"]


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match="damaged Parquet file"):
        read(path)


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + bytes(50))
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(SourceError, match=r"pip install 'mood-sentinel\[parquet\]'"):
        read(path)
