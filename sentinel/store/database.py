"""A database of posts: opened, its transactions, its locks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from operator import itemgetter
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, bindparam, delete, func, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from sentinel import locks
from sentinel.day_numbers import day_numbers
from sentinel.errors import StoreError
from sentinel.pseudonyms import Pseudonyms
from sentinel.store.engines import WRITES, make_engine, make_private, store_file
from sentinel.store.faults import fault
from sentinel.store.migrations import LAYOUT, LOADING, bring_up_to_date
from sentinel.store.schema import SCHEMA_VERSION, facts, posts, segments

__all__ = ["Database"]


class Database:
    """One database: opened, brought up to date, read and written in transactions.

    Parameters
    ----------
    url : SQLAlchemy URL, such as ``sqlite:///sentinel.db`` or ``postgresql+psycopg://…``.
    timezone : whose midnight ends a mood day; another one than the last time works the days out anew.
    create : make the SQLite file if there is none.
    pseudonyms : what authors are called in the rows that are given out; ``None`` is by their names.
    cache_mib : as `make_engine`; little where a process lives long and asks for little.

    Raises
    ------
    StoreError
        If the database cannot be opened, is not there and may not be made, or was written by another version of
        the schema.
    """

    def __init__(
        self,
        url: str,
        timezone: str = "Asia/Shanghai",
        *,
        create: bool = True,
        pseudonyms: Pseudonyms | None = None,
        cache_mib: int = 32,
    ) -> None:
        self._engine = make_engine(url, cache_mib)
        self.url = self._engine.url.render_as_string(hide_password=True)
        self._timezone = timezone
        self._pseudonyms = pseudonyms
        self._working_in: Thread | None = None
        self._marks: dict[
            int, str
        ] = {}  # of the inputs that are being read: what is in the ledger if nobody else is
        for file in self.files[:1]:
            if not create and not file.exists():
                raise StoreError(
                    f"store {self.url}: no such file; collect posts into it first, or give another --store"
                )
            make_private(file)
        try:
            if not self._is_ready():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        with self._writing() as connection:
            bring_up_to_date(connection, self.url)
            self._remember(connection, "schema", str(SCHEMA_VERSION))
            self._remember(connection, "layout", LAYOUT)
            if self._fact(connection, "timezone") != self._timezone:
                self._redo_days(connection)
                self._remember(connection, "timezone", self._timezone)

    def _is_ready(self) -> bool:
        """Whether there is nothing to prepare, so that opening a store does not wait for who is writing."""
        with self._reading() as connection:
            if not inspect(connection).has_table(facts.name):
                return False
            stored = dict(connection.execute(select(facts.c.name, facts.c.value)).all())
        wanted = {"schema": str(SCHEMA_VERSION), "timezone": self._timezone}
        return stored.get("layout") in (LAYOUT, LOADING) and wanted.items() <= stored.items()

    @property
    def files(self) -> tuple[Path, ...]:
        """The SQLite file and what lies beside it; of another database none."""
        file = store_file(self._engine.url)
        ends = ("", "-wal", "-shm", "-journal", ".lock", ".reading")
        return () if file is None else tuple(Path(f"{file}{end}") for end in ends)

    @property
    def opening(self) -> dict[str, str | None] | None:
        """What another process opens this store with, a password included; ``None`` if it is in memory."""
        if self._engine.dialect.name == "sqlite" and not self.files:
            return None
        url = self._engine.url.render_as_string(hide_password=False)
        key = self._pseudonyms.key if self._pseudonyms else None
        return {"url": url, "timezone": self._timezone, "pseudonym_key": key}

    def close(self) -> None:
        """Release the database."""
        if self._working_in is not None:
            self._working_in.join()
        self._engine.dispose()

    def work_in_log(self) -> None:
        """Have what was written go from SQLite's log into its file meanwhile, which `close` would have to wait for."""
        if self.files and self._working_in is None:
            self._working_in = Thread(target=self._work_in, daemon=True)
            self._working_in.start()

    def _work_in(self) -> None:
        with suppress(SQLAlchemyError, sqlite3.Error), closing(self._engine.raw_connection()) as pooled:
            connection: Any = pooled.driver_connection
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # waits for nobody, and nobody for it

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine.execution_options(**{WRITES: True}))

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._told(), engine.begin() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The database's errors as ours."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, UnicodeEncodeError) as error:
            raise fault(self.url, error) from error

    def _insert(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)

    def _execute_rows(
        self, connection: Connection, statement: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> int:
        """Execute an INSERT of the columns `names`, or an UPDATE with these parameters, for each of many rows.

        Returns
        -------
        int
            How many rows were written.
        """
        return sum(self._execute_parts(connection, statement, names, [rows] if rows else []))

    def _execute_parts(
        self,
        connection: Connection,
        statement: Any,
        names: Sequence[str],
        parts: Iterable[Sequence[tuple[Any, ...]]],
    ) -> list[int]:
        """As `_execute_rows`, some rows after the other; how many of each were written.

        Rows go to the driver as they are: a dictionary a row, and checking each value's type, costs more than
        writing them does.
        """
        compiled = statement.compile(dialect=connection.dialect, column_keys=names)
        ordered = _order_of(compiled, names)
        return [connection.exec_driver_sql(compiled.string, ordered(rows)).rowcount for rows in parts]

    @staticmethod
    def _rows_of(connection: Connection, query: Select[Any], size: int) -> Iterator[Sequence[Sequence[Any]]]:
        """Rows of a query for text and numbers, `size` at a time."""
        if connection.dialect.name != "sqlite":
            found = connection.execute(query, execution_options={"stream_results": True})
            yield from found.partitions(size)
            return
        result = connection.execute(query)
        assert result.cursor is not None
        try:  # as the driver gives them: SQLAlchemy's rows cost half as much again
            while rows := result.cursor.fetchmany(size):
                yield rows
        finally:
            result.close()

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
        with self._told():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with self._told():
                connection.execute(select(func.pg_advisory_lock(number)))
            try:
                yield
            finally:
                with suppress(SQLAlchemyError):  # a lost connection has released it
                    connection.execute(select(func.pg_advisory_unlock(number)))

    def _update_each(self, connection: Connection, column: str, changes: list[dict[str, Any]]) -> None:
        statement = update(posts).where(posts.c.id == bindparam("row")).values({column: bindparam("new")})
        rows = [(change["row"], change["new"]) for change in changes]
        self._execute_rows(connection, statement, ("row", "new"), rows)

    def _redo_days(self, connection: Connection) -> None:
        rows = connection.execute(select(posts.c.id, posts.c.published)).all()
        days = day_numbers([row.published for row in rows], self._timezone)
        changes = [{"row": row.id, "new": day} for row, day in zip(rows, days, strict=True)]
        if changes:
            self._update_each(connection, "day", changes)
        for name in ("clean", "tagged", "patterns"):
            self._remember(connection, name, "")
        connection.execute(delete(segments))


def _order_of(compiled: Any, names: Sequence[str]) -> Callable[[Sequence[tuple[Any, ...]]], Any]:
    """Makes of rows of the columns `names` what the driver takes as the parameters of a statement."""
    if not compiled.positional:
        return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]
    if list(compiled.positiontup) == list(names):
        return list
    taken = itemgetter(*map(list(names).index, compiled.positiontup))
    return lambda rows: list(map(taken, rows))
