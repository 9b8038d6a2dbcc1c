"""Jobs in processes of their own: with a time-out, ended with all that they started, none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock, Thread
from time import monotonic
from typing import IO, Final

__all__ = ["SETTINGS_TEXT", "Children", "Ended"]

#: The variable in which a job gets the settings that are taken up.
SETTINGS_TEXT: Final = "SENTINEL_SETTINGS_TEXT"
GRACE: Final = 20.0  #: seconds that a child gets to end by itself
_LINES: Final = 50  # of what a child says are kept, from the end
_LINE: Final = 500  # bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    code: int  #: exit code, or minus the number of a signal
    said: tuple[str, ...]  #: last lines on standard error
    timeout: timedelta | None = None  #: which it did not keep

    @property
    def problem(self) -> str:
        """Why it failed; "" if it did not."""
        if self.timeout is not None:
            return f"did not end within {self.timeout}; ended"
        if self.code == 0:
            return ""
        if self.code == -signal.SIGKILL:
            return "ended by signal SIGKILL; the machine may be out of memory"
        if self.code < 0:
            name = signal.Signals(-self.code).name if -self.code in set(signal.Signals) else str(-self.code)
            return f"ended by signal {name}"
        return self.said[-1] if self.said else f"ended with code {self.code}"


@dataclass(slots=True)
class Children:
    """The processes in progress. Once told to end them all, it starts no more."""

    grace: float = GRACE
    _running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: bool = False
    _lock: Lock = field(default_factory=Lock)

    def run(
        self, arguments: Sequence[str], timeout: timedelta, variables: Mapping[str, str] | None = None
    ) -> Ended | None:
        """Run a command to its end, with more environment variables; ``None`` if it was abandoned: everything stops.

        It holds the other end of a pipe on its standard input, which breaks when this process dies in any way.
        """
        with self._lock:
            if self._stopping:
                return None
            child = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env=None if variables is None else {**os.environ, **variables},
            )
            self._running[child.pid] = child
        said: deque[str] = deque(maxlen=_LINES)
        listener = Thread(target=_listen, args=[child.stderr, said], daemon=True)
        listener.start()
        timed_out = False
        try:
            child.wait(timeout.total_seconds())
        except subprocess.TimeoutExpired:
            timed_out = True
            _end([child], self.grace)
        finally:
            with self._lock:
                self._running.pop(child.pid, None)
        _signal(child, signal.SIGKILL)  # what it started and left behind
        listener.join(5.0)
        for stream in (child.stdin, child.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        if self._stopping and child.returncode != 0 and not timed_out:
            return None
        return Ended(child.returncode, tuple(said), timeout if timed_out else None)

    def end_all(self) -> None:
        """End all within the grace, and start no more."""
        with self._lock:
            self._stopping = True
            running = list(self._running.values())
        _end(running, self.grace)

    def resume(self) -> None:
        """Allow starting again."""
        self._stopping = False


def _listen(stream: IO[bytes], said: deque[str]) -> None:
    """Keep the last lines of a stream, however much comes."""
    with suppress(OSError, ValueError):  # closed from the other side
        while line := stream.readline(_LINE):
            text = line.decode(errors="replace").rstrip()
            if text:
                said.append(text)


def _end(children: Sequence[subprocess.Popen[bytes]], grace: float) -> None:
    """Ask children to end, all at once, then make them."""
    for child in children:
        _signal(child, signal.SIGTERM)
    end = monotonic() + grace
    for child in children:
        try:
            child.wait(max(0.0, end - monotonic()))
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
            child.wait()


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
