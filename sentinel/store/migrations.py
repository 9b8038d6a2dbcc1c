"""A store of an earlier version is brought up to date in the one transaction that opens it.

A new table, column or index needs nothing but its declaration in `schema.py`: what a database lacks of them is made
when it is next opened. A column of an old table has to be nullable or have a ``server_default``, and no foreign key.
What the stored rows need beyond that is a step: ``STEPS[n]`` makes a store of version n of one of version n - 1.

`SCHEMA_VERSION` is raised once between two releases, with the first change; `tests/sentinel/stores/make.py` then
writes the store of the released version down, and `test_migrations.py` opens it, and all earlier ones, for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.schema import CreateColumn

from sentinel.errors import StoreError
from sentinel.store.schema import SCHEMA_VERSION, facts, metadata

__all__ = ["LAYOUT", "LOADING", "STEPS", "bring_up_to_date"]

#: What stored rows need, by the version it leads to; run after tables, columns and indexes were made.
STEPS: Final[Mapping[int, Callable[[Connection], None]]] = {}

# Indexes that earlier versions made and nothing needs any more.
_RETIRED: Final = ("posts_by_text", "posts_by_copy")
_PREPARING: Final = 7_305_118  # PostgreSQL's lock of who makes tables: two at once would make one twice


def _layout() -> str:
    """Names of all that is declared, as a digest: whether a database has it is then known at a glance."""
    names = [
        f"{table.name} {part.name}"
        for table in metadata.sorted_tables
        for part in (*table.columns, *sorted(table.indexes, key=lambda index: str(index.name)))
    ]
    return blake2b("\n".join(names).encode(), digest_size=8).hexdigest()


#: The digest of what this version declares.
LAYOUT: Final = _layout()
#: Of a store that is being filled for the first time, and has no indexes yet; see `loading.py`.
LOADING: Final = f"{LAYOUT}, loading"


def bring_up_to_date(connection: Connection, url: str) -> None:
    """Make what is missing and take the steps up to `SCHEMA_VERSION`, within the connection's transaction.

    Parameters
    ----------
    url : how the store is called in messages.

    Raises
    ------
    StoreError
        If a newer version wrote it, or if its tables are not the store's.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_PREPARING)))
    there = set(inspect(connection).get_table_names())
    if facts.name in there:
        version = _version(connection, url)
    elif taken := there & set(metadata.tables):
        raise StoreError(
            f"store {url}: holds a table {min(taken)!r} of another program; give another --store"
        )
    else:
        version = SCHEMA_VERSION
    _make_what_is_missing(connection, there)
    for number in range(version + 1, SCHEMA_VERSION + 1):
        if number in STEPS:
            STEPS[number](connection)


def _version(connection: Connection, url: str) -> int:
    stored = connection.scalar(select(facts.c.value).where(facts.c.name == "schema"))
    if not str(stored).isdecimal():
        raise StoreError(
            f"store {url}: its tables are of no known version ({stored!r}); give another --store"
        )
    if int(str(stored)) > SCHEMA_VERSION:
        raise StoreError(
            f"store {url}: was written by a newer sentinel (schema {stored}; this one knows up to "
            f"{SCHEMA_VERSION}); update mood-sentinel, or give another --store"
        )
    return int(str(stored))


def _make_what_is_missing(connection: Connection, there: set[str]) -> None:
    metadata.create_all(connection)
    for name in _RETIRED:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
    found = inspect(connection)
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                declared = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {declared}")
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in indexes:
                index.create(connection)
