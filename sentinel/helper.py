"""A second process, so that a second core works too: it reads large exports while this one stores and tags.

Whatever goes wrong there, from a reader that fails to a process that is killed or hangs, this process goes on by itself
from where the other one stopped, and then meets the same fault or none.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from types import TracebackType
from typing import IO, Any, Final

import orjson

from sentinel.errors import SentinelError
from sentinel.ports import Batch, Reject
from sentinel.rows import Found
from sentinel.source import Source

__all__ = ["PROCESSES", "Helper", "Stopped"]

#: Environment variable: 1 keeps everything in one process.
PROCESSES: Final = "SENTINEL_PROCESSES"
_LARGE: Final = 16 * 2**20  # bytes of a file that is worth another process
_EXACT: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_APPEND_NEWLINE

_PATIENCE: Final = 60.0  # seconds
_GET_READY: Final = b'{"do":"get ready"}\n'


class Stopped(Exception):
    """The other process does not go on: it failed, was killed, or never began."""


class Helper:
    """The second process, started when there is something for it to do; it ends with the ``with`` block.

    Parameters
    ----------
    timezone : of the store.
    """

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone
        self._process: Popen[bytes] | None = None
        self._order: bytes | None = None  #: what it works on
        self._then = b""  #: what it does after each order
        self._taken = False  #: whether its batches are being taken
        #: The file whose SHA-256 a thread works out, with its state before anything was read of it.
        self._first: tuple[Source, Thread, tuple[int, ...] | None] | None = None
        self.meanwhile: Callable[[], None] = lambda: None  #: what is to be done here while it reads on

    def __enter__(self) -> Helper:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.dismiss()

    def dismiss(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            for stream in filter(None, (self._process.stdin, self._process.stdout)):
                with suppress(OSError):  # what was not written yet cannot be any more
                    stream.close()
            self._process.wait()
        self._process = self._order = None

    def expect(self, source: Source, name: str, options: Mapping[str, Any]) -> bool:
        """Have it begin to read a file in a format, if that is worth it; what `read` gives is then there sooner."""
        if not source.is_file or source.size < _LARGE or not _has_cores():
            return False
        order = {
            "do": "read",
            "path": str(source.path),
            "name": source.name,
            "format": name,
            "options": dict(options),
            "timezone": self._timezone,
        }
        return self._begin(order)

    def expect_first(self, paths: Sequence[Path], use: str | None) -> None:
        """Have it begin with the first of the paths, if that is a large file; what is wrong with it is told later.

        Meanwhile a thread of this process works out the file's SHA-256, for `know`.
        """
        with suppress(SentinelError, OSError):
            if paths and paths[0].is_file() and paths[0].stat().st_size >= _LARGE and _has_cores():
                from sentinel.formats import recognise

                source, state = Source.of_file(paths[0]), _state(paths[0])
                if self.expect(source, recognise(source, use).plugin.name, {}):
                    thread = Thread(target=_digest, args=(source,), daemon=True)
                    thread.start()
                    self._first = source, thread, state

    def know(self, source: Source) -> None:
        """Take over the SHA-256 of the file that was to be the first, if that file alone is the source.

        What is read ahead of another source, or of a file that has changed since, is not used: a digest of later bytes
        would say that they were read.
        """
        if self._first is None:
            return
        first, thread, state = self._first
        self._first = None
        if source.is_file and (first.path, first.name) == (source.path, source.name):
            thread.join()
            if "sha256" in vars(first) and _state(source.path) == state:
                source.sha256 = first.sha256
                return
        self.dismiss()

    def read(
        self, source: Source, name: str, options: Mapping[str, Any]
    ) -> Iterator[tuple[Batch, Found | None]]:
        """The batches of a file that it was expected to read, with what was found out about their posts.

        Raises
        ------
        Stopped
            If there are more batches, or it cannot be told.
        """
        if not self.expect(source, name, options):
            raise Stopped
        self._taken = True
        for answer in self._answers():
            rejects = [Reject(*reject) for reject in answer["rejects"]]
            posts = answer["posts"]
            found = Found(*answer["found"]) if answer["found"] else None
            yield Batch(posts, rejects, answer["skipped"], answer["warnings"], answer["cursor"]), found
            self.meanwhile()

    def write(self, order: Mapping[str, Any]) -> bool:
        """Have it write posts.csv, as `sentinel.posts_ahead` says."""
        return _has_cores() and self._begin({"do": "write", **order})

    def written(self) -> int:
        """How many rows posts.csv has, when it is written.

        Raises
        ------
        Stopped
            If it was not.
        """
        (answer,) = self._answers()
        return int(answer["rows"])

    def get_ready(self) -> None:
        """Have it load what it writes posts.csv with, as soon as it is there and has nothing else to do."""
        self._then = _GET_READY
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(_GET_READY)
                self._process.stdin.flush()

    def _begin(self, order: Mapping[str, Any]) -> bool:
        try:
            line = orjson.dumps(order, option=_EXACT)
        except TypeError:
            return False
        if line == self._order and not self._taken:  # it is at it
            return True
        if self._order is not None:
            self.dismiss()
        try:
            self._process = self._process or _started()
            assert self._process.stdin is not None
            self._process.stdin.write(line + self._then)
            self._process.stdin.flush()
        except OSError:
            self.dismiss()
            return False
        self._order, self._taken = line, False
        return True

    def _answers(self) -> Iterator[Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        stream = self._process.stdout
        while True:
            try:
                answer = orjson.loads(_exactly(stream, int.from_bytes(_exactly(stream, 8), "little")))
            except (OSError, EOFError):
                self.dismiss()
                raise Stopped from None
            if "beat" in answer:
                continue
            if "end" in answer or "failed" in answer:
                self._order = None
                if "failed" in answer:
                    raise Stopped
                return
            yield answer


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes of a pipe.

    Raises
    ------
    EOFError
        If there are no more.
    TimeoutError
        If none come for so long that who writes them must hang: it shows every few seconds that it lives.
    """
    waiting = select.poll()
    waiting.register(stream, select.POLLIN)
    parts: list[bytes] = []
    while size:
        if not waiting.poll(_PATIENCE * 1000):
            raise TimeoutError
        part = os.read(stream.fileno(), size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _digest(source: Source) -> None:
    with suppress(SentinelError, OSError):  # who reads the file meets it again
        _ = source.sha256


def _state(path: Path) -> tuple[int, ...] | None:
    """What changes with the bytes of a file; ``None`` if it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _has_cores() -> bool:
    """Whether a second process would have a core to itself."""
    if os.environ.get(PROCESSES) == "1":
        return False
    here = getattr(os, "sched_getaffinity", None)
    return (len(here(0)) if here else os.cpu_count() or 1) > 1


def _started() -> Popen[bytes]:
    """A process that Ctrl-C does not reach: who started it ends it."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return Popen(
        [sys.executable, "-P", "-m", "sentinel.helper_process"],
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        process_group=0,
    )
