"""posts.csv, written by a second process while this one works out the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sentinel.helper import Helper, Stopped
from sentinel.store import Store
from sentinel.writing import Together, part_of

__all__ = ["PostsAhead", "posts_ahead"]

_MANY: Final = 20_000  # posts for which another process is worth the while


class PostsAhead:
    """The file aside that becomes posts.csv when all files take their places."""

    def __init__(self, helper: Helper, path: Path, part: Path) -> None:
        self._helper, self._path, self._part = helper, path, part

    def rows(self, files: Together) -> int | None:
        """How many rows it has, when it is complete; ``None`` if it was not to be had."""
        try:
            n = self._helper.written()
        except Stopped:
            return None
        files.add(self._path, self._part)
        return n


@contextmanager
def posts_ahead(
    helper: Helper, store: Any, path: Path, filters: dict[str, Any]
) -> Iterator[PostsAhead | None]:
    """Have posts.csv be written at `path`, if that is worth it; what is left of it in the end is removed."""
    opening = store.opening if isinstance(store, Store) and store.size >= _MANY else None
    if opening is None:
        yield None
        return
    part = part_of(path)
    try:
        begun = helper.write({"store": opening, "part": str(part), "filters": filters})
        yield PostsAhead(helper, path, part) if begun else None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
