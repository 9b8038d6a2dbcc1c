"""How a database is named and connected to."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from sentinel.address import address_problem, without_password
from sentinel.errors import AddressError, StoreError

__all__ = ["WRITES", "anchored_url", "make_engine", "make_private", "sqlite_url", "store_file"]

#: Execution option of a connection that says from the start that it will write.
WRITES: Final = "sentinel_writes"
_WAIT: Final = 60.0  # seconds that a connection waits for another's transaction to end


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at `path`, whatever characters its name has."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def anchored_url(url: str, folder: Path) -> str:
    """`url` with a relative path of an SQLite file put under `folder`; any other as it is."""
    file = store_file(url)
    if file is None:
        return url
    return make_url(url).set(database=str(folder / file)).render_as_string(hide_password=False)


def make_engine(url: str, cache_mib: int) -> Engine:
    """What connects to the database at this URL, when it is first used.

    Parameters
    ----------
    cache_mib : of an SQLite file's pages, that a connection may keep.

    Raises
    ------
    AddressError
        If the URL cannot be understood, or is of a database that sentinel does not keep a store in.
    StoreError
        If its driver is not installed.
    """
    if problem := address_problem(url):
        raise AddressError(f"store {problem}")
    try:
        # A pooled connection may be gone since a server restarted: it is asked for a sign of life first.
        postgres = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(postgres, pool_pre_ping=not url.startswith("sqlite"))
    except ImportError as error:
        raise StoreError(
            f"store {without_password(url)!r} cannot be used: {error}; install mood-sentinel[postgres]"
        ) from None
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        said = " ".join(str(error).split())
        raise AddressError(
            f"store {without_password(url)!r} cannot be used: {said}; expected such as sqlite:///FILE or "
            "postgresql+psycopg://USER@HOST/NAME"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_tune_sqlite, cache_mib))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def store_file(url: str | URL) -> Path | None:
    """The file of the SQLite database at this URL; ``None`` for any other database, and for what is no URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number
        return None  # opening it says what is wrong
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def make_private(file: Path) -> None:
    """Make the file of a new database, to be read by its owner alone: it says who wrote what.

    What SQLite lays beside it takes its mode over. A file that is there keeps its own.
    """
    with suppress(OSError):  # SQLite, which is next to try, says what is wrong
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _tune_sqlite(cache_mib: int, connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin_sqlite` says, not where the driver guesses.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_WAIT * 1000:.0f}")
    _keep_a_log(connection)
    # A batch of posts touches thousands of pages of the indexes; with less room they are written several times.
    cache = f"cache_size=-{cache_mib * 1024}"
    # The log, up to 256 MB of it, is then worked in seldom, each time with a wait for the disk.
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", cache, "wal_autocheckpoint=65536"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: Any) -> None:
    """Switch the file to WAL mode, if it is not.

    SQLite does not wait here, whatever `busy_timeout` says: of several that open a new file at once all but one are
    told at once that it is locked.
    """
    waited, pause = 0.0, 0.002
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > _WAIT:
                raise
        else:
            return
        sleep(pause)
        waited, pause = waited + pause, min(pause * 2, 0.1)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another has written meanwhile; one that
    # says from the start that it will write waits for its turn.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
