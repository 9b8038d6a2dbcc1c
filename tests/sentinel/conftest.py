"""Worlds with a known effect, for the tests of mood and effects; databases for those of the store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest

from sentinel.store import Store


@pytest.fixture(scope="session")
def worlds() -> ModuleType:
    """The module ``worlds.py`` beside this file; tests are no package it could be imported from."""
    spec = spec_from_file_location("worlds", Path(__file__).with_name("worlds.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["worlds"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server of the tests' own, on a socket in a temporary folder; without PostgreSQL they skip."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'mood-sentinel[postgres]'")
    initdb = PROGRAMS[-1] if PROGRAMS else shutil.which("initdb")
    if initdb is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    programs = Path(initdb).parent
    with TemporaryDirectory(prefix="sentinel-postgres-") as name:
        folder, user, become = Path(name), "tester", []
        if os.geteuid() == 0:  # the server refuses to run as root
            user, become = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, user)
        data, socket = str(folder / "data"), f"-k {folder} -c listen_addresses= -c fsync=off"
        initialise = [
            *become,
            str(programs / "initdb"),
            "-D",
            data,
            *f"-U {user} -A trust -E UTF8 -N".split(),
        ]
        control = [
            *become,
            str(programs / "pg_ctl"),
            "-D",
            data,
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            socket,
        ]
        _quietly(initialise, folder)
        server = PostgresServer(folder, user, control)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _quietly(command: list[str], folder: Path) -> None:
    # No pipes: the server would keep them open.
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> Callable[[], str]:
    """Makes URLs of SQLite files that are not there yet."""
    numbers = count()
    return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"


@pytest.fixture
def new_postgres_url(postgres: PostgresServer) -> Callable[[], str]:
    """Makes URLs of empty databases of a PostgreSQL server."""
    return postgres.new_url


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes URLs of empty databases; the test runs over SQLite and over PostgreSQL."""
    made: Callable[[], str] = request.getfixturevalue(f"new_{request.param}_url")
    return made


@pytest.fixture
def store(new_url: Callable[[], str]) -> Iterator[Store]:
    """An empty store."""
    opened = Store(new_url())
    yield opened
    opened.close()


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """Makes a folder one that nobody can write in, not even the superuser, until the test is over."""
    locked: list[Path] = []
    root = os.geteuid() == 0

    def lock(folder: Path) -> None:
        if not root:
            folder.chmod(0o500)
            locked.append(folder)
            return
        for how in (["--bind", str(folder)], ["-o", "remount,ro,bind"]):
            made = subprocess.run(["mount", *how, str(folder)], capture_output=True, check=False)
            if made.returncode:
                pytest.skip(f"no folder can be mounted read-only: {made.stderr.decode().strip()}")
            if folder not in locked:
                locked.append(folder)

    yield lock
    for folder in locked:
        if root:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            folder.chmod(0o700)
