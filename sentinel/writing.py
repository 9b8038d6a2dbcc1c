"""Files that are written aside and take their places when they are complete: one by one, or all of them together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from glob import escape
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from sentinel.errors import SentinelError

__all__ = ["Together", "aside", "complete", "part_of", "together"]


class Together:
    """Files that are complete, and wait for the others."""

    def __init__(self) -> None:
        self._parts: dict[Path, Path] = {}

    def add(self, path: Path, part: Path) -> None:
        """`part` is what `path` will be."""
        self._parts[path] = part

    def sha256(self, path: Path) -> str:
        """SHA-256 of what `path` will be, in hexadecimal digits."""
        with self._parts[path].open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()

    def take_their_places(self) -> None:
        """In the order of their completion."""
        for path, part in self._parts.items():
            with _told(path):
                part.replace(path)
        for folder in {path.parent for path in self._parts}:
            _sync_folder(folder)

    def discard(self) -> None:
        """Leave what was there before."""
        for part in self._parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


_TOGETHER: ContextVar[Together | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[Together]:
    """Within, files that are written take their places only at the end, and none of them after an error."""
    waiting = Together()
    before = _TOGETHER.set(waiting)
    try:
        yield waiting
        waiting.take_their_places()
    except BaseException:
        waiting.discard()
        raise
    finally:
        _TOGETHER.reset(before)


@contextmanager
def aside(path: Path, encoding: str | None = "utf-8") -> Iterator[Any]:
    """A file beside `path` that takes its place only when it is complete and on the disk.

    Parameters
    ----------
    encoding : ``None`` is for bytes.

    Raises
    ------
    SentinelError
        If it cannot be written; an older file of that name is then still whole.
    """
    if _is_device(path):
        with _told(path), _opened(path, encoding) as stream:
            yield stream
        return
    part = part_of(path)
    try:
        with _told(path):
            with complete(part, encoding) as stream:
                yield stream
            waiting = _TOGETHER.get()
            if waiting is not None:
                waiting.add(path, part)
            else:
                part.replace(path)
                _sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def part_of(path: Path) -> Path:
    """Where `path` is written aside, in a folder that is there then, without what others left there.

    Raises
    ------
    SentinelError
        If the folder cannot be made.
    """
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left(path)
    return path.with_name(f".{path.name}.{os.getpid()}.part")  # two runs may write into one folder


@contextmanager
def complete(part: Path, encoding: str | None = "utf-8") -> Iterator[Any]:
    """A file that is on the disk as a whole when the block ends."""
    with _opened(part, encoding) as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SentinelError(f"{path} cannot be written: {error.strerror or error}") from error


def _is_device(path: Path) -> bool:
    """Whether it is a pipe or a device, such as ``/dev/stdout``: those stay what they are."""
    return path.is_relative_to("/dev") or path.is_fifo() or path.is_char_device()


def _opened(path: Path, encoding: str | None) -> IO[Any]:
    if encoding is None:
        return path.open("wb")
    return path.open("w", encoding=encoding, newline="", errors="replace")


def _remove_left(path: Path) -> None:
    """Remove what a program that was killed left of this file."""
    for left in path.parent.glob(f".{escape(path.name)}.*.part"):
        owner = left.name.split(".")[-2]
        if owner.isdecimal() and not _is_alive(int(owner)):
            left.unlink(missing_ok=True)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """Let the new names survive a power failure; some file systems know no such thing."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
