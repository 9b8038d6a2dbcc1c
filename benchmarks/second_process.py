"""The second process of a job that is killed: whether there was one, and whether it ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sentinel import helper, posts_ahead

MARK = "SENTINEL_BENCHMARK_OF_KILLS"
MODULE = b"sentinel.helper_process"
PATIENCE = 10.0  # seconds that it may live on


class SecondProcesses:
    """Those of this benchmark, known by a mark in their environment."""

    def __init__(self) -> None:
        self.mark = f"{MARK}={os.getpid()}".encode()
        self.n_seen = self.n_left = 0
        self.longest = 0.0

    def for_anything(self) -> None:
        """Let jobs start one for however little they have to do."""
        helper._LARGE = 1
        posts_ahead._MANY = 1
        os.environ[MARK] = str(os.getpid())

    def alive(self) -> Iterator[int]:
        """Process ids."""
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if MODULE not in (folder / "cmdline").read_bytes():
                    continue
                if self.mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)

    def look(self) -> None:
        """Just before a kill: is there one?"""
        self.n_seen += any(self.alive())

    def must_end(self) -> None:
        """After a kill: wait until there is none, but not for ever."""
        begun = time.monotonic()
        while any(self.alive()):
            self.longest = max(self.longest, time.monotonic() - begun)
            if time.monotonic() - begun > PATIENCE:
                self.n_left += 1
                print("a second process lives on after its first one was killed", flush=True)
                return
            time.sleep(0.02)

    def tally(self) -> str:
        """What was counted, for people."""
        return (
            f"{self.n_seen} kills at a time met a second process; {self.n_left} lived on, the others for "
            f"{self.longest:.1f} s at most"
        )
