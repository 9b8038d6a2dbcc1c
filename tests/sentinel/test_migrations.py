from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, inspect, text

from sentinel.errors import StoreError
from sentinel.store import Store, migrations
from sentinel.store.schema import SCHEMA_VERSION, metadata

STORES = Path(__file__).with_name("stores")
OLD = sorted(STORES.glob("schema-*.sql"))


def execute(url: str, script: str) -> None:
    """Run SQL in a database, without the store."""
    if url.startswith("sqlite:"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
        return
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(script.encode())


def value(url: str, query: str) -> Any:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalar()
    engine.dispose()
    return found


def declared(url: str) -> dict[str, set[str]]:
    """Tables of a database, with their columns and indexes."""
    engine = create_engine(url)
    found = inspect(engine)
    names = {
        table: {part["name"] or "" for part in (*found.get_columns(table), *found.get_indexes(table))}
        for table in found.get_table_names()
    }
    engine.dispose()
    return names


@pytest.mark.parametrize("script", OLD, ids=lambda path: path.stem)
def test_a_store_of_every_released_version_is_read(script: Path, request: pytest.FixtureRequest) -> None:
    kind = script.stem.rpartition(".")[2]
    new_url = request.getfixturevalue(f"new_{kind}_url")
    old, new = new_url(), new_url()
    execute(old, script.read_text(encoding="utf-8"))
    Store(new).close()
    store = Store(old)
    assert declared(old) == declared(new)
    assert value(old, "SELECT value FROM facts WHERE name = 'schema'") == str(SCHEMA_VERSION)
    rows = [
        tuple(row) for part in store.rows(("post_id", "likes", "label", "copy_of", "text")) for row in part
    ]
    assert [row[:4] for row in rows] == [
        ("1000000000000000000", 0, "positive", None),
        ("1000000000000000000", 0, "positive", "1000000000000000000"),  # of the other platform
        ("1000000000000000002", 2, "positive", "1000000000000000000"),
        ("1000000000000000001", 1, "positive", None),
        ("1000000000000000004", 4, "positive", None),
        ("1000000000000000005", 5, "positive", None),
        ("1000000000000000003", 3, "unscored", None),
    ]
    assert rows[4][4] == "=1+1 通义千问"
    assert rows[5][4] == rows[0][4] == "Qwen3 is out"
    assert [
        (entry["name"], entry["status"], entry["rows"], entry["posts"], entry["duplicates"], entry["rejects"])
        for entry in store.ledger()
    ] == [
        ("a.jsonl", "read", 7, 3, 1, 1),
        ("b.jsonl", "read", 3, 3, 0, 0),
        ("c.bin", "refused", 0, 0, 0, 0),
        ("live_test", "read", 1, 1, 0, 0),
    ]
    assert store.live_input("live_test", "live_test", "")[1] == '{"after": 7}'
    assert store.begin_input("a.jsonl" * 8, "a.jsonl", "test", 10) is None
    assert store.jobs()["collect 1 folder"]["succeeded"] == "2031-03-08T00:00:00Z"
    assert not store.count_untagged()
    store.close()


def test_the_released_versions_are_all_kept() -> None:
    assert {path.name for path in OLD} >= {
        f"schema-{number}.{kind}.sql"
        for number in range(1, SCHEMA_VERSION)
        for kind in ("sqlite", "postgres")
    }


def test_new_tables_columns_indexes_and_steps_reach_an_old_store(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_url()
    Store(url).close()
    changed = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(changed)
    Table("letters", changed, Column("id", Integer, primary_key=True))
    Table("jobs", changed, Column("kind", String, server_default="x", index=True), extend_existing=True)
    monkeypatch.setattr(migrations, "metadata", changed)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 3)
    monkeypatch.setattr("sentinel.store.database.SCHEMA_VERSION", 3)
    monkeypatch.setattr("sentinel.store.database.LAYOUT", "another")
    step = "INSERT INTO facts (name, value) VALUES ('step', 'taken')"
    monkeypatch.setattr(migrations, "STEPS", {3: lambda connection: connection.execute(text(step))})
    Store(url).close()
    Store(url).close()
    there = declared(url)
    assert there["letters"] == {"id"}
    assert {"kind", "ix_jobs_kind"} <= there["jobs"]
    assert value(url, "SELECT value FROM facts WHERE name = 'step'") == "taken"


def test_a_step_that_fails_changes_nothing(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_url()
    Store(url).close()
    before = declared(url)
    changed = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(changed)
    Table("letters", changed, Column("id", Integer, primary_key=True))
    monkeypatch.setattr(migrations, "metadata", changed)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 3)
    monkeypatch.setattr("sentinel.store.database.SCHEMA_VERSION", 3)
    monkeypatch.setattr(
        migrations, "STEPS", {3: lambda connection: connection.execute(text("SELECT no_such"))}
    )
    with pytest.raises(StoreError, match="no_such"):
        Store(url)
    assert declared(url) == before
    monkeypatch.undo()
    Store(url).close()


def test_columns_of_old_tables_can_be_added() -> None:
    """A new column without a value for the rows that are there would stop every old store from opening."""
    first = metadata.tables
    script = (STORES / "schema-1.sqlite.sql").read_text(encoding="utf-8")
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    for name, table in first.items():
        old = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        for column in table.columns:
            if old and column.name not in old:
                assert column.nullable or column.server_default is not None, column
                assert not column.foreign_keys, column
    connection.close()


@pytest.mark.parametrize(
    ("stored", "said"), [("3000", "a newer sentinel .*update mood-sentinel"), ("x", "no known version")]
)
def test_a_store_of_a_newer_version_is_refused_and_left_alone(
    new_url: Callable[[], str], stored: str, said: str
) -> None:
    url = new_url()
    Store(url).close()
    execute(url, f"UPDATE facts SET value = '{stored}' WHERE name = 'schema'")
    with pytest.raises(StoreError, match=said):
        Store(url)
    assert value(url, "SELECT value FROM facts WHERE name = 'schema'") == stored


def test_the_database_of_another_program_is_left_alone(new_url: Callable[[], str]) -> None:
    url = new_url()
    execute(url, "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)")
    with pytest.raises(StoreError, match="a table 'posts' of another program"):
        Store(url)
    assert declared(url) == {"posts": {"id", "title"}}


def test_many_open_a_new_store_at_once(new_url: Callable[[], str]) -> None:
    """SQLite switches a new file to its log without waiting: of several at once all but one were refused."""
    problems: list[Exception] = []

    def open_one(url: str, together: threading.Barrier) -> None:
        together.wait()
        try:
            Store(url).close()
        except StoreError as error:
            problems.append(error)

    for _ in range(12 if "sqlite" in new_url() else 2):
        url, together = new_url(), threading.Barrier(8)
        threads = [threading.Thread(target=open_one, args=(url, together)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


def test_a_new_store_is_its_owners_alone(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    store.remember_job("a", failures=0)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.files if path.exists()}
    store.close()
    assert {"a.db", "a.db-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}
