"""Worlds with a known effect, for the tests of mood and effects; databases for those of the store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sentinel.store import Store


def loaded(path: Path) -> ModuleType:
    """A module that is no part of a package."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def worlds() -> ModuleType:
    """The module ``worlds.py`` beside this file."""
    return loaded(Path(__file__).with_name("worlds.py"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A running server of the tests' own, as ``benchmarks/server.py`` makes it; without PostgreSQL they skip."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'mood-sentinel[postgres]'")
    server = loaded(Path(__file__).parents[2] / "benchmarks" / "server.py")
    program = server.initdb()
    if program is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with server.running(program) as running:
        yield running


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> Callable[[], str]:
    """Makes URLs of SQLite files that are not there yet."""
    numbers = count()
    return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"


@pytest.fixture
def new_postgres_url(postgres: Any) -> Callable[[], str]:
    """Makes URLs of empty databases of a PostgreSQL server."""
    made: Callable[[], str] = postgres.new_url
    return made


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
