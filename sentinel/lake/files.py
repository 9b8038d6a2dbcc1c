"""Files of a lake, on this machine's disks or wherever fsspec reaches."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

from sentinel.errors import SourceError, UsageError

__all__ = ["Folder", "as_url", "local_paths"]

_URL: Final = re.compile(r"^([a-z][a-z0-9+]+):/+(?=[^/])")


def as_url(path: Path | str) -> str:
    """A path as given, or a URL whose two slashes became one when it was taken for a path."""
    text = str(path)
    found = _URL.match(text)
    if not found:
        return text
    slashes = ":///" if found.group(1) == "file" else "://"
    return found.group(1) + slashes + text[found.end() :]


class Folder:
    """A folder of a lake. Files are written whole or not at all.

    Parameters
    ----------
    url : a path, or any URL that fsspec knows; its credentials come from where fsspec looks for them.
    """

    def __init__(self, url: str) -> None:
        self.url = as_url(url)

    @property
    def _system(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        try:
            system, path = url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{self.url}: {error}") from None
        return system, path

    def path(self, *names: str) -> str:
        """Path of a file as its file system names it."""
        return posixpath.join(self._system[1], *names)

    @contextmanager
    def writing(self, *names: str) -> Iterator[Any]:
        """A file that is there only when it is complete; a task that is run twice writes the same one."""
        system, _ = self._system
        path = self.path(*names)
        aside = f"{posixpath.dirname(path)}/.{uuid4().hex}.part"
        system.makedirs(posixpath.dirname(path), exist_ok=True)
        try:
            with system.open(aside, "wb") as stream:
                yield stream
            system.mv(aside, path)
        except BaseException:
            if system.exists(aside):
                system.rm(aside)
            raise

    def reading(self, *names: str) -> Any:
        """A file, open for reading."""
        return self._system[0].open(self.path(*names), "rb")

    def names(self, *folder: str) -> list[str]:
        """Files and folders in a folder, sorted; none if it is not there."""
        system, _ = self._system
        path = self.path(*folder)
        if not system.isdir(path):
            return []
        system.invalidate_cache()
        found = (posixpath.basename(name.rstrip("/")) for name in system.ls(path, detail=False))
        return sorted(name for name in found if not name.startswith("."))

    def remove(self, *names: str) -> None:
        """Remove a file, or a folder with all in it."""
        system, _ = self._system
        if system.exists(self.path(*names)):
            system.rm(self.path(*names), recursive=True)


@contextmanager
def local_paths(url: str) -> Iterator[Path]:
    """A file or folder on this machine: the path itself, or a copy of what lies elsewhere."""
    if not _URL.match(url) or url.startswith("file:"):
        yield Path(re.sub("^file:/+", "/", url))
        return
    from fsspec.core import url_to_fs

    with TemporaryDirectory() as folder:
        try:
            system, path = url_to_fs(url)
            target = Path(folder) / posixpath.basename(path.rstrip("/"))
            system.get(path, str(target), recursive=system.isdir(path))
        except (ImportError, ValueError, OSError) as error:
            raise SourceError(f"{url} cannot be fetched: {error}") from error
        yield target
