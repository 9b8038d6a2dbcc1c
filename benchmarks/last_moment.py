"""In a process that is about to be killed: what it is doing, told to its parent, and a death at a certain commit."""

from __future__ import annotations

import mmap
import os
import signal
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import Engine, event

from sentinel import main_job, schedule_job

PHASES = ("starting", "reading", "tagging", "report")
_AT_COMMIT = 1  # where it stands whether it died at a commit
_COMMITS = 8  # where the number of commits stands


class Watched:
    """Memory that parent and child share."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 16)
        self.seen: Counter[str] = Counter()
        self.at_commits: Counter[str] = Counter()

    @property
    def phase(self) -> str:
        """In which the child is."""
        return PHASES[self._shared[0]]

    @property
    def commits(self) -> int:
        """That the child has made."""
        return int.from_bytes(self._shared[_COMMITS:], "little")

    def begin(self) -> None:
        """Before each child."""
        self._shared[:] = bytes(16)

    def note_kill(self) -> None:
        """The child was killed: count what it was doing."""
        self.seen[self.phase] += 1
        self.at_commits[self.phase] += self._shared[_AT_COMMIT]

    def tally(self) -> str:
        """What was counted, for people."""
        lines = (f"{phase} {self.seen[phase]} ({self.at_commits[phase]} at a commit)" for phase in PHASES)
        return "killed while " + ", ".join(lines)

    def attach(self, die_at: int, after: bool) -> None:
        """In the child: tell what it does; die at a commit (0: at none), before it is written or after."""
        for owner, read, tag in ((main_job, "_read", "tag_store"), (schedule_job, "collect", "tag")):
            self._mark(owner, read, 1)
            self._mark(owner, tag, 2)
            self._mark(owner, "write_report", 3)
        event.listen(Engine, "commit", lambda _connection: self._committing(0 if after else die_at))
        if after:
            event.listen(Engine, "checkin", lambda *_: self._committing(die_at, done=True), named=False)

    def _mark(self, owner: Any, name: str, phase: int) -> None:
        usual: Callable[..., Any] = getattr(owner, name)

        @wraps(usual)
        def marked(*arguments: Any, **named: Any) -> Any:
            self._shared[0] = phase
            return usual(*arguments, **named)

        setattr(owner, name, marked)

    def _committing(self, die_at: int, *, done: bool = False) -> None:
        if not done:
            self._shared[_COMMITS:] = (self.commits + 1).to_bytes(8, "little")
        if die_at and self.commits >= die_at:
            self._shared[_AT_COMMIT] = 1
            os.kill(os.getpid(), signal.SIGKILL)
