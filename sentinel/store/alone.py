"""One daemon a store: its lock, and who holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Final

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from sentinel import locks
from sentinel.errors import StoreError
from sentinel.store.database import Database
from sentinel.store.faults import again

__all__ = ["Alone"]

_DAEMON_LOCK: Final = 7_305_117  # any number that is the same in every daemon


class Alone(Database):
    """The part of the store that lets only one daemon work on it."""

    @contextmanager
    def exclusive(self) -> Iterator[Callable[[], bool]]:
        """Be the only daemon of this store.

        Yields
        ------
        callable
            Whether this is still so: a server that was restarted forgets who held its lock, which is taken again
            then unless somebody else was faster. Raises StoreError while the server does not answer.

        Raises
        ------
        StoreError
            If there is another one.
        """
        if self._engine.dialect.name == "sqlite":
            with locks.exclusive(self.files[-2]) if self.files else nullcontext():
                yield lambda: True
            return
        lock = _ServerLock(self._engine)
        try:
            if not self._answered(lock.hold):
                raise StoreError(
                    f"store {self.url}: another daemon works on it already ({self.daemon() or 'unknown'}); "
                    "stop it first"
                )
            yield lambda: self._answered(lock.hold)
        finally:
            lock.release()

    def _answered(self, question: Callable[[], bool]) -> bool:
        with self._told():
            return question()

    def daemon_runs(self) -> bool:
        """Whether a daemon works on this store now."""
        if self._engine.dialect.name == "sqlite":
            return bool(self.files) and locks.is_held(self.files[-2])
        with self._reading() as connection:
            return not connection.scalar(select(func.pg_try_advisory_xact_lock_shared(_DAEMON_LOCK)))

    @again
    def remember_daemon(self, who: str) -> None:
        """Keep who the daemon is, such as its process id."""
        with self._writing() as connection:
            self._remember(connection, "daemon", who)

    def daemon(self) -> str:
        """Who the daemon is or was last; "" if there was none."""
        with self._reading() as connection:
            return self._fact(connection, "daemon") or ""


class _ServerLock:
    """The lock on a server, which forgets it when the connection ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Whether the lock is ours, or could be had again."""
        if self._connection is not None:
            try:
                self._connection.execute(select(1))
                return True
            except SQLAlchemyError:  # the connection is lost, and the lock with it
                self.release()
        connection = self._engine.connect()
        if connection.scalar(select(func.pg_try_advisory_lock(_DAEMON_LOCK))):
            self._connection = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            with suppress(
                SQLAlchemyError
            ):  # a lost connection has released it; a closed one does so in its own time
                self._connection.execute(select(func.pg_advisory_unlock(_DAEMON_LOCK)))
            self._connection.invalidate()  # really closed, not kept for others: it would keep the lock
            self._connection.close()
            self._connection = None
