"""Files of watched folders that need not be opened again, since they were read and have not changed.

Without it each run would open and hash whatever a folder keeps, tens of thousands of files in time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sentinel import __version__
from sentinel.plugins import installed
from sentinel.source import Source
from sentinel.store import Store

__all__ = ["KnownFiles", "folder_label"]

_TOGETHER: Final = 200  # files that are remembered in one step


def folder_label(use: str, path: object) -> str:
    """What the store calls a watched folder."""
    return f"{use} {os.fsencode(str(path)).decode(errors='replace')}"


class KnownFiles:
    """What the store remembers of the files that one ``[[collect]]`` reads.

    A file is known by its path, its size, and the times of its last changes, of which nobody can set the one of the
    inode. Another version of ours or of a format looks at every file again.
    """

    def __init__(self, store: Store, use: str, path: object, options: Mapping[str, Any]) -> None:
        self._store = store
        self._folder = folder_label(use, path)
        self._entry = repr((use, sorted(options.items())))
        formats = [
            f"{plugin.name} {plugin.entry.value} {plugin.origin}" for plugin in installed("collectors")
        ]
        self._readers = "\n".join([__version__, *formats])
        self._seen: dict[Path, tuple[str, str]] = {}  # files that are not known: key and stamp
        self._read: dict[Path, bool] = {}  # whether all that lies in them was read

    def among(self, folder: Path, there: Mapping[str, os.stat_result]) -> set[str]:
        """Names of the known ones among the files of a folder."""
        within = folder.absolute()
        found = {name: (self._key(within / name), self._stamp(stat)) for name, stat in there.items()}
        known = self._store.stamps([key for key, _ in found.values()])
        new = {name: pair for name, pair in found.items() if known.get(pair[0]) != pair[1]}
        self._seen.update((folder / name, pair) for name, pair in new.items())
        return found.keys() - new.keys()

    def _key(self, path: Path) -> str:
        return _digest(os.fsencode(path) + self._entry.encode("utf-8", "replace"))

    def _stamp(self, stat: os.stat_result) -> str:
        facts = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}\n{self._readers}"
        return _digest(facts.encode("utf-8", "replace"))

    def begin(self) -> None:
        """What is not known waits, until it is read."""
        self._store.remember_waiting(self._folder, len(self._seen))

    def note(self, source: Source, read: bool) -> None:
        """What lies in these files was read, or has to be tried again."""
        for path in [member.path for member in source.members().values()] or [source.path]:
            if (
                len(self._read) >= _TOGETHER and path not in self._read
            ):  # of an archive all members are needed
                self._save()
            self._read[path] = self._read.get(path, True) and read

    def _save(self) -> None:
        done = [self._seen[path] for path, read in self._read.items() if read and path in self._seen]
        self._read.clear()
        if done:
            self._store.remember_stamps(done)

    def end(self, n_waiting: int) -> None:
        """All was looked at; so many files wait for the next time."""
        self._save()
        self._store.remember_waiting(self._folder, n_waiting)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
