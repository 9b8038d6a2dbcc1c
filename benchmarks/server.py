"""A PostgreSQL server of its own for as long as it is needed, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Makes URLs of empty databases.

    Raises
    ------
    SystemExit
        If PostgreSQL is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for path in (shutil.which("initdb"),) if path
    ]
    if not found:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with TemporaryDirectory(prefix="sentinel-postgres-") as name:
        folder, user, become = Path(name), "tester", []
        if os.geteuid() == 0:  # the server refuses to run as root
            user, become = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, user)
        data, options = str(folder / "data"), f"-k {folder} -c listen_addresses= -c fsync=off"
        initdb = [*become, str(found[-1]), "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "-N"]
        control = [*become, str(found[-1].with_name("pg_ctl")), "-D", data, "-w", "-l", str(folder / "log")]
        _quietly(initdb, folder)
        _quietly([*control, "-o", options, "start"], folder)
        try:
            numbers = count()
            yield lambda: _new_url(folder, user, next(numbers))
        finally:
            _quietly([*control, "-m", "immediate", "stop"], folder)


def _new_url(folder: Path, user: str, number: int) -> str:
    import psycopg

    with psycopg.connect(f"host={folder} user={user} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE d{number} TEMPLATE template0 ENCODING 'UTF8'".encode())
    return f"postgresql+psycopg://{user}@/d{number}?host={folder}"


def _quietly(command: list[str], folder: Path) -> None:
    # No pipes: the server would keep them open.
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
