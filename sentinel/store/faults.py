"""What a database's complaint means, what to do about it, and whether it passes by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from sentinel.errors import PassingError, StoreError

__all__ = ["ASK_CHECK", "again", "fault"]

_PAUSES: Final = (0.1, 0.5, 1, 2, 4, 8, 8)  # seconds between tries: a PostgreSQL server restarts within that

ASK_CHECK: Final = "'sentinel check' tells more; "  #: part of what is said of a damaged file

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked; end that program, or wait for it",
    sqlite3.SQLITE_READONLY: "it may not be written by this user, or lies on a read-only disk",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run it again",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written; is it full, gone or broken?",
    sqlite3.SQLITE_CANTOPEN: "does its folder exist, and may it be written?",
    sqlite3.SQLITE_CORRUPT: f"it is damaged; {ASK_CHECK}go on with a copy made by 'sentinel backup'",
    sqlite3.SQLITE_NOTADB: "it is damaged, or another kind of file; go on with a copy made by 'sentinel backup'",
}
# Somebody else recovers the log, or has written since this transaction began to read: both are over in a moment.
_PASSING_SQLITE: Final = {sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT}

_POSTGRES: Final = {
    "53100": "the server's disk is full; free some space there and run it again",
    "42501": "its user may not do that; grant it the rights on the database and its schema",
    "25006": "the database may only be read",
}
# Of appendix A of PostgreSQL's manual: connections, shutdowns and restarts, too many clients, deadlocks.
_PASSING_POSTGRES: Final = ("08", "57P0", "53300", "40001", "40P01")

_P = ParamSpec("_P")
_T = TypeVar("_T")


def fault(url: str, error: Exception) -> StoreError:
    """What is told instead of a driver's error.

    Parameters
    ----------
    url : the store's, without a password.
    """
    cause = getattr(error, "orig", None) or error
    text = (str(cause).splitlines() or [type(cause).__name__])[0]
    advice, passing = _judged(error, cause)
    kind = PassingError if passing else StoreError
    return kind(f"store {url}: {text}{advice and f' ({advice})'}; nothing of this step was written")


def _judged(error: Exception, cause: Any) -> tuple[str, bool]:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None) or 0  # 0: the driver's own complaint
        return _SQLITE.get(code & 0xFF, ""), code in _PASSING_SQLITE
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _POSTGRES.get(state, ""), state.startswith(_PASSING_POSTGRES)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    unreachable = isinstance(error, OperationalError) and hasattr(cause, "sqlstate")
    advice = "is the server running, and do address, user and password in the settings fit?"
    return (advice if lost or unreachable else ""), lost or unreachable


def again(step: Callable[_P, _T]) -> Callable[_P, _T]:
    """A step on the store that is tried again a few times where its fault passes.

    The step has to be one that may be done twice: its transaction may have been written just before the connection
    was lost.
    """

    @wraps(step)
    def tried(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        for pause in _PAUSES:
            try:
                return step(*args, **kwargs)
            except PassingError:
                sleep(pause)
        return step(*args, **kwargs)

    return tried
