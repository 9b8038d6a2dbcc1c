"""What happens where a database fails: nothing half-written, a clear message, another try where that helps."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from sentinel.errors import PassingError, StoreError
from sentinel.ports import Batch, Reject
from sentinel.post import columns_of
from sentinel.store import Store


def batch(number: int, size: int = 2) -> Batch:
    posts = [
        {
            "platform": "x",
            "post_id": f"{number}-{i}",
            "published": "2031-03-01T00:00:00Z",
            "precision": "second",
            "author": "synth_1",
            "kind": "post",
            "text": f"text {i}",
        }
        for i in range(size)
    ]
    return Batch(columns_of(posts), rejects=[Reject(f"line {number}", "no date", "x")], cursor=str(number))


def begin(store: Store, sha256: str = "s1") -> int:
    number = store.begin_input(sha256, "a.jsonl", "test", 10)
    assert number is not None
    return number


def counts(store: Store) -> tuple[int, int, int]:
    (entry,) = store.ledger()
    return entry["rows"], entry["posts"], entry["rejects"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentinel.store.faults._PAUSES", (0.01, 0.1, 0.3, 0.5, 1, 2, 4))


# -- a lost connection ---------------------------------------------------------------------------------------


def lose(store: Store, how: str, cut: Callable[[Store, int], None]) -> list[str]:
    """Let the next commit lose its connection, before or after the server has written it."""
    happened: list[str] = []

    @event.listens_for(store._engine, "commit")
    def lost(connection: Any) -> None:
        if happened:
            return
        happened.append(how)
        driver = connection.connection.driver_connection
        number = driver.info.backend_pid
        if how == "after":
            driver.execute("COMMIT")
        happened.append("now")
        cut(store, number)

    return happened


def end_connection(store: Store, number: int) -> None:
    with store._engine.connect() as other:
        other.execute(text(f"SELECT pg_terminate_backend({number})"))


@pytest.mark.parametrize("how", ["before", "after"])
@pytest.mark.parametrize("restarted", [False, True], ids=["connection ended", "server restarted"])
def test_a_connection_lost_in_a_commit_neither_loses_nor_doubles_a_batch(
    postgres: Any, how: str, restarted: bool
) -> None:
    store = Store(postgres.new_url())
    number = begin(store)
    store.add(number, batch(1))
    happened = lose(store, how, (lambda *_: postgres.restart()) if restarted else end_connection)
    store.add(number, batch(2))
    assert happened
    store.add(number, batch(3))
    store.end_input(number)
    assert counts(store) == (9, 6, 3)
    assert [row[1] for row in store.rejected()] == ["line 1", "line 2", "line 3"]
    store.close()


def test_a_server_that_restarts_meanwhile_costs_nothing(postgres: Any) -> None:
    store = Store(postgres.new_url())
    number = begin(store)
    restart = threading.Thread(target=postgres.restart)
    restart.start()
    for i in range(400):
        store.add(number, batch(i))
        if i > 100 and not restart.is_alive():
            break
    restart.join()
    store.add(number, batch(1000))
    store.end_input(number)
    rows, posts, rejects = counts(store)
    assert rows == (i + 2) * 3
    assert (posts, rejects) == ((i + 2) * 2, i + 2)
    store.close()


def test_a_server_that_stays_away_is_told_of(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentinel.store.faults._PAUSES", (0.01, 0.1))
    store = Store(postgres.new_url())
    number = begin(store)
    postgres.stop()
    try:
        with pytest.raises(PassingError, match=r"is the server running.*nothing of this step was written"):
            store.add(number, batch(1))
        with pytest.raises(PassingError, match="is the server running"):
            Store(postgres.url_of("postgres"))
    finally:
        postgres.start()
    store.add(number, batch(1))
    assert counts(store) == (3, 2, 1)
    store.close()


def test_who_began_to_read_an_input_first_gives_way_once_another_has_begun(
    new_url: Callable[[], str],
) -> None:
    """The lock of an input is gone with the connection that held it."""
    url = new_url()
    first, second = Store(url), Store(url)
    number = begin(first)
    first.add(number, batch(1))
    assert begin(second) == number
    with pytest.raises(StoreError, match=r"a\.jsonl: another program has begun to read it"):
        first.add(number, batch(2))
    first.end_input(number, refused="its own trouble")
    second.add(number, batch(1))
    second.end_input(number)
    assert counts(second) == (3, 2, 1)
    assert second.ledger()[0]["status"] == "read"
    for store in (first, second):
        store.close()


# -- the daemon's lock -----------------------------------------------------------------------------------------


def test_there_is_one_daemon_a_store(new_url: Callable[[], str]) -> None:
    url = new_url()
    first, second = Store(url), Store(url)
    with first.exclusive() as holds:
        assert holds()
        with pytest.raises(StoreError, match="another daemon works on"), second.exclusive():
            pass
    with second.exclusive() as holds:
        assert holds()
    for store in (first, second):
        store.close()


def test_a_daemon_whose_lock_was_lost_takes_it_again_or_hears_that_it_is_gone(postgres: Any) -> None:
    url = postgres.new_url()
    first, second = Store(url), Store(url)
    with first.exclusive() as holds:
        postgres.restart()
        assert holds()
        with pytest.raises(StoreError, match="another daemon"), second.exclusive():
            pass
        postgres.stop()
        try:
            with pytest.raises(PassingError, match="is the server running"):
                holds()
        finally:
            postgres.start()
        with second.exclusive():
            assert not holds()
        assert holds()
    for store in (first, second):
        store.close()


# -- SQLite files ----------------------------------------------------------------------------------------------


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    store = Store(f"sqlite:///{path}")
    number = begin(store)
    store.add(number, batch(1, 300))
    store.end_input(number)
    store.close()
    return path


def contents(path: Path) -> list[tuple[Any, ...]]:
    store = Store(f"sqlite:///{path}")
    found = [tuple(row) for part in store.rows(("post_id", "text")) for row in part]
    store.close()
    return found


def test_a_full_disk_keeps_what_was_there(filled: Path) -> None:
    before = contents(filled)
    store = Store(f"sqlite:///{filled}")

    @event.listens_for(store._engine, "checkout")
    def full(connection: Any, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    number = begin(store, "s2")
    with pytest.raises(StoreError, match=r"full.*free some space.*nothing of this step was written"):
        store.add(number, batch(2, 5000))
    store.close()
    assert contents(filled) == before


def test_a_damaged_file_is_told_of_and_not_touched(filled: Path) -> None:
    damaged = bytearray(filled.read_bytes())
    damaged[4096:20480] = bytes(16384)
    filled.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"damaged.*'sentinel check'.*'sentinel backup'"):
        contents(filled)
    filled.write_bytes(b"nothing like a database" * 400)
    with pytest.raises(StoreError, match="damaged, or another kind of file"):
        contents(filled)
    assert filled.read_bytes() == b"nothing like a database" * 400


def test_a_file_that_may_not_be_written_is_told_of(
    filled: Path, tmp_path: Path, read_only: Callable[[Path], None]
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    path = filled.rename(place / "a.db")
    read_only(place)
    with pytest.raises(StoreError, match=r"may not be written|does its folder exist"):
        begin(Store(f"sqlite:///{path}"), "s2")


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does its folder exist"):
        Store(f"sqlite:///{tmp_path / 'none' / 'a.db'}")


def test_a_file_that_somebody_keeps_locked_is_told_of(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentinel.store.engines._WAIT", 0.2)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = Store(f"sqlite:///{filled}")
    with pytest.raises(StoreError, match="another program keeps it locked"):
        begin(store, "s2")
    other.execute("ROLLBACK")
    assert begin(store, "s2")
    other.close()
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_copy_on_a_full_disk_names_the_copy_and_leaves_nothing(filled: Path, small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(16 << 20))
    store = Store(f"sqlite:///{filled}")
    with pytest.raises(StoreError, match=r"copy\.db cannot be written: No space left on device"):
        store.backup(small_disk / "copy.db")
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]
    store.close()


def test_a_command_on_a_full_disk_says_so_and_goes_on_where_there_is_space(small_disk: Path) -> None:
    long = "long " * 40
    lines = [
        f'{{"id": "{i}", "created_at": "2031-03-01T00:00:00Z", "text": "{long}{i}"}}' for i in range(6000)
    ]
    (small_disk / "a.jsonl").write_text("\n".join(lines) + "\n")
    (small_disk / "ballast").write_bytes(bytes(13 << 20))
    command = [sys.executable, "-m", "sentinel", "collect", "a.jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=small_disk)
    assert done.returncode == 1
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(contents(small_disk / "sentinel.db")) < 6000
    (small_disk / "ballast").unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=small_disk)
    assert done.returncode == 0, done.stderr
    assert len(contents(small_disk / "sentinel.db")) == 6000
