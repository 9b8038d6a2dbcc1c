"""A PostgreSQL server of its own for as long as it is needed, on a socket in a temporary folder; tests use it too."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class PostgresServer:
    """Makes databases; can be stopped as if it had crashed, and started again."""

    def __init__(self, folder: Path, user: str, control: list[str]) -> None:
        self.folder, self.user, self.n = folder, user, 0
        self._control = control

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        _quietly([*self._control, "start"], self.folder)

    def stop(self) -> None:
        """End the server at once."""
        _quietly([*self._control, "-m", "immediate", "stop"], self.folder)

    def restart(self) -> None:
        """Crash, and recover."""
        _quietly([*self._control, "-m", "immediate", "restart"], self.folder)

    def url_of(self, name: str) -> str:
        """URL of a database."""
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    def new_url(self) -> str:
        """URL of a database of its own, empty."""
        import psycopg

        self.n += 1
        name = f"test_{self.n}"
        where = f"host={self.folder} user={self.user} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        return self.url_of(name)


def initdb() -> Path | None:
    """The program that makes a cluster; ``None`` where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    return found[-1] if found else Path(beside) if beside else None


@contextmanager
def running(program: Path) -> Iterator[PostgresServer]:
    """A running server of the version that `initdb` gave."""
    with TemporaryDirectory(prefix="sentinel-postgres-") as name:
        folder, user, become = Path(name), "tester", []
        if os.geteuid() == 0:  # the server refuses to run as root
            user, become = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, user)
        data, options = str(folder / "data"), f"-k {folder} -c listen_addresses= -c fsync=off"
        _quietly([*become, str(program), "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "-N"], folder)
        control = [*become, str(program.with_name("pg_ctl")), "-D", data, "-w", "-l", str(folder / "log")]
        server = PostgresServer(folder, user, [*control, "-o", options])
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Makes URLs of empty databases.

    Raises
    ------
    SystemExit
        If PostgreSQL is not installed.
    """
    program = initdb()
    if program is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with running(program) as server:
        yield server.new_url


def _quietly(command: list[str], folder: Path) -> None:
    # No pipes: the server would keep them open.
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
