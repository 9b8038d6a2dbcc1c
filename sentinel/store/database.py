"""A database of posts: its URL, how it is opened, its transactions, its locks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sentinel import locks
from sentinel.errors import StoreError
from sentinel.store.days import day_numbers
from sentinel.store.schema import SCHEMA_VERSION, corrections, facts, metadata, posts

__all__ = ["Database", "anchored_url", "sqlite_url"]

_WRITES: Final = "sentinel_writes"
_DAEMON_LOCK: Final = 7_305_117  # any number that is the same in every daemon


def _normal_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at `path`, whatever characters its name has."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def anchored_url(url: str, folder: Path) -> str:
    """`url` with a relative path of an SQLite file put under `folder`; any other as it is."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return url  # opening it says what is wrong
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return url
    return parsed.set(database=str(folder / str(parsed.database))).render_as_string(hide_password=False)


def _shown(url: str) -> str:
    """`url` without its password, also where nothing can be made of it."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1***@", url)


class Database:
    """One database: opened, brought up to date, read and written in transactions.

    Parameters
    ----------
    url : SQLAlchemy URL, such as ``sqlite:///sentinel.db`` or ``postgresql+psycopg://…``.
    timezone : whose midnight ends a mood day; another one than the last time works the days out anew.
    create : make the SQLite file if there is none.

    Raises
    ------
    StoreError
        If the database cannot be opened, is not there and may not be made, or was written by another version of
        the schema.
    """

    def __init__(self, url: str, timezone: str = "Asia/Shanghai", *, create: bool = True) -> None:
        try:
            self._engine = create_engine(_normal_url(url))
        except ImportError as error:
            raise StoreError(
                f"store {_shown(url)!r} cannot be used: {error}; for PostgreSQL install mood-sentinel[postgres]"
            ) from None
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                f"store {_shown(url)!r} cannot be used: {error}; expected sqlite:///FILE or postgresql+psycopg://…"
            ) from None
        self.url = self._engine.url.render_as_string(hide_password=True)
        self._timezone = timezone
        if not create and not all(path.exists() for path in self.files[:1]):
            raise StoreError(
                f"store {self.url}: no such file; collect posts into it first, or give another --store"
            )
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _tune_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        if self._is_ready():
            return
        with self._writing() as connection:
            metadata.create_all(connection)
            version = self._fact(connection, "schema") or self._remember(connection, "schema", SCHEMA_VERSION)
            if version != SCHEMA_VERSION:
                raise StoreError(
                    f"store {self.url} has schema {version}; this version of sentinel reads {SCHEMA_VERSION}; "
                    "give another --store and collect the exports into it"
                )
            if self._fact(connection, "timezone") != timezone:
                self._redo_days(connection)
                self._remember(connection, "timezone", timezone)

    def _is_ready(self) -> bool:
        """Whether there is nothing to prepare, so that opening a store does not wait for who is writing."""
        with self._reading() as connection:
            if not {facts.name, corrections.name} <= set(inspect(connection).get_table_names()):
                return False  # new, or from before there were corrections
            stored = dict(connection.execute(select(facts.c.name, facts.c.value)).all())
        return stored.get("schema") == SCHEMA_VERSION and stored.get("timezone") == self._timezone

    @property
    def files(self) -> tuple[Path, ...]:
        """The SQLite file and what lies beside it; of another database none."""
        database = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or database in (None, "", ":memory:"):
            return ()
        return tuple(
            Path(f"{database}{end}") for end in ("", "-wal", "-shm", "-journal", ".lock", ".reading")
        )

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine.execution_options(**{_WRITES: True}))

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeEncodeError) as error:
            cause = getattr(error, "orig", None) or error
            text = str(cause).splitlines()[0]
            raise StoreError(f"store {self.url}: {text}; nothing of this step was written") from error

    def _insert(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)

    # -- facts ---------------------------------------------------------------------------------------------

    def _fact(self, connection: Connection, name: str) -> str | None:
        value = connection.scalar(select(facts.c.value).where(facts.c.name == name))
        return None if value is None else str(value)

    def _remember(self, connection: Connection, name: str, value: str) -> str:
        insert = self._insert(facts).values(name=name, value=value)
        connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
        return value

    @contextmanager
    def turn(self, sha256: str) -> Iterator[None]:
        """Wait until nobody else reads this input: two that do at once would count its rows twice."""
        number = int(sha256[:15], 16)  # fits what both kinds of lock take
        if self._engine.dialect.name == "sqlite":
            with locks.turn(self.files[-1], number) if self.files else nullcontext():
                yield
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(select(func.pg_advisory_lock(number)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(number)))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the only daemon of this store.

        Raises
        ------
        StoreError
            If there is another one.
        """
        database = self._engine.url.database
        if self._engine.dialect.name == "sqlite":
            with locks.exclusive(Path(f"{database}.lock")) if database else nullcontext():
                yield
            return
        with self._engine.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(_DAEMON_LOCK))):
                raise StoreError(f"store {self.url}: another daemon works on it already; stop it first")
            yield

    def _update_each(self, connection: Connection, column: str, changes: list[dict[str, Any]]) -> None:
        statement = update(posts).where(posts.c.id == bindparam("row")).values({column: bindparam("new")})
        if changes:
            connection.execute(statement, changes)

    def _redo_days(self, connection: Connection) -> None:
        rows = connection.execute(select(posts.c.id, posts.c.published)).all()
        days = day_numbers([row.published for row in rows], self._timezone)
        changes = [{"row": row.id, "new": day} for row, day in zip(rows, days, strict=True)]
        if changes:
            self._update_each(connection, "day", changes)
        self._remember(connection, "clean", "no")


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = (
        None  # transactions begin where `_begin_sqlite` says, not where the driver guesses
    )
    for pragma in ("busy_timeout=60000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another has written meanwhile; one that
    # says from the start that it will write waits for its turn.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
