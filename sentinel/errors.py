"""What can go wrong, as a caller may catch it.

::

    SentinelError               a command ends with code 1 and one line
    ├── UsageError              wrong arguments or settings; code 2
    │   ├── RowError            a row of a table holds a value that cannot be read
    │   └── SettingsError       sentinel.toml: file, key, what was expected
    ├── PluginError             a plug-in is missing, broken or registered twice
    │   └── UnknownPluginError  none of that name, which is wrong usage as well; code 2
    ├── SourceError             an export as a whole cannot be read; the run goes on without it
    └── StoreError              the store cannot be opened or written, or is of another version
        ├── AddressError        its address is none, which is wrong usage as well; code 2
        └── PassingError        for a reason that may be gone in a moment
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "AddressError",
    "PassingError",
    "PluginError",
    "RowError",
    "SentinelError",
    "SettingsError",
    "SourceError",
    "StoreError",
    "UnknownPluginError",
    "UsageError",
    "did_you_mean",
]


class SentinelError(Exception):
    """Root of all errors a user can cause or mend; ``str()`` is one line for a terminal."""

    exit_code = 1


class UsageError(SentinelError):
    """The command line or a table of announcements is not what the command takes."""

    exit_code = 2


class RowError(UsageError):
    """A value of a table cannot be read.

    Parameters
    ----------
    problem : without the row.
    row : counted from 0, without a header.
    table : what the rows are.
    """

    def __init__(self, problem: str, row: int, table: str = "") -> None:
        super().__init__(f"{table}, row {row + 1}: {problem}".removeprefix(", "))
        self.problem = problem
        self.row = row


class SettingsError(UsageError):
    """A settings file is wrong; names the file and the key."""


class PluginError(SentinelError):
    """A plug-in is missing, does not import, or breaks its contract."""


class UnknownPluginError(PluginError, UsageError):
    """No plug-in of that name is installed: a slip of the command line or the settings."""

    exit_code = 2


class SourceError(SentinelError):
    """An export cannot be read at all: unknown format, empty, damaged, a bomb."""


class StoreError(SentinelError):
    """The store cannot be opened or written."""


class AddressError(StoreError, UsageError):
    """What was given as the address of a store is none: a slip of the command line or the settings."""

    exit_code = 2


class PassingError(StoreError):
    """The store cannot be reached just now: a server restarts, or two wanted the same rows."""


def did_you_mean(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """The end of a message about an unknown name: ``. Did you mean 'vader'?``; "" if none of `known` is like it."""
    near = get_close_matches(name, known, n=1, cutoff=likeness)
    return f". Did you mean {near[0]!r}?" if near else ""
