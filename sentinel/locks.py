"""One daemon a store, one reader an input: locks that the operating system releases however their owner ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from sentinel.errors import StoreError

__all__ = ["exclusive", "is_held", "turn"]


@contextmanager
def turn(path: Path, number: int) -> Iterator[None]:
    """Wait for, then hold, the lock of this `number` in the file; below 2**63.

    Raises
    ------
    StoreError
        If the file cannot be made.
    """
    descriptor = _opened(path)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX, 1, number)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {error.strerror or error}") from error


def _taken(descriptor: int) -> bool:
    """Take the lock; tried for a moment, since `is_held` has a hand on it while it looks."""
    for _ in range(10):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            sleep(0.02)
    return False


def is_held(path: Path) -> bool:
    """Whether a process holds the `exclusive` lock of this file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False  # nobody ever made it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of this file, which tells the owner's process id.

    Raises
    ------
    StoreError
        If another process holds it.
    """
    descriptor = _opened(path)
    try:
        if not _taken(descriptor):
            owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise StoreError(
                f"{path}: another daemon works on this store already (process {owner}); stop it first"
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)  # the file stays: removing it would let two processes lock two files of one name
