from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sentinel.errors import SentinelError
from sentinel.export import write_bytes, write_csv
from sentinel.writing import together


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_take_their_places_together(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.txt", b"old")
    with together() as files:
        write_bytes(tmp_path / "a.txt", b"new")
        assert (tmp_path / "a.txt").read_bytes() == b"old"
        assert files.sha256(tmp_path / "a.txt") == hashlib.sha256(b"new").hexdigest()
        write_csv(tmp_path / "b.csv", ["x"], [[1]])
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt", "b.csv"]


def test_after_an_error_all_are_as_they_were(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.txt", b"old")

    def rows() -> Any:
        yield [1]
        raise KeyboardInterrupt

    def write() -> None:
        with together():
            write_bytes(tmp_path / "a.txt", b"new")
            write_csv(tmp_path / "b.csv", ["x"], rows())

    with pytest.raises(KeyboardInterrupt):
        write()
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_full_disk_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes(tmp_path / "a.txt", b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sentinel.writing.os.fsync", full)
    with pytest.raises(SentinelError, match=r"a\.txt cannot be written: No space left on device"):
        write_bytes(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(SentinelError, match=r"a/b\.txt cannot be written"):
        write_bytes(tmp_path / "a" / "b.txt", b"")


def test_what_a_killed_program_left_is_removed_and_a_living_one_is_let_be(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for owner in (ended.pid, os.getppid(), "x", 2**80):
        (tmp_path / f".a.txt.{owner}.part").write_text("half")
    write_bytes(tmp_path / "a.txt", b"new")
    assert names(tmp_path) == sorted([f".a.txt.{os.getppid()}.part", ".a.txt.x.part", "a.txt"])


def test_what_is_written_can_be_read_by_those_whom_the_umask_lets(tmp_path: Path) -> None:
    for mask in (0o022, 0o077):
        before = os.umask(mask)
        try:
            write_bytes(tmp_path / "new" / f"{mask}.txt", b"")
        finally:
            os.umask(before)
        assert (tmp_path / "new" / f"{mask}.txt").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_csv(pipe, ["x"], [[1]])
    assert os.read(reader, 99).split() == [b"x", b"1"]
    os.close(reader)
    assert pipe.is_fifo()
    assert names(tmp_path) == ["pipe"]
