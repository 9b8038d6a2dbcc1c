"""Authors under other names: always the same one, and not to be turned back without the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Any, Final

__all__ = ["DEFAULT_KEY", "Pseudonyms"]

#: Known to all who read this, so that the same posts give the same files everywhere; a key of one's own hides more.
DEFAULT_KEY: Final = "mood-sentinel"

_X_POST: Final = re.compile(
    r"(https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/)[^/?#]+(/status(?:es)?/[0-9]+)", re.IGNORECASE
)

_X: Final = "https://x.com/"
_ENDS: Final = re.compile("[/?#]")  # a handle


class Pseudonyms:
    """Gives each name its pseudonym, a keyed hash of platform and name.

    One key gives the same pseudonyms on every machine, so that tables can be joined. Who knows the key can find out
    whether a given name is behind a pseudonym.
    """

    def __init__(self, key: str = DEFAULT_KEY) -> None:
        self.key = key
        self._keyed = blake2b(key=sha256(key.encode()).digest(), digest_size=8)
        self.of = lru_cache(maxsize=1 << 16)(self._of)  #: most posts are by few authors

    def _of(self, platform: str, name: str | None) -> str | None:
        """The pseudonym of an author; of nobody, nobody."""
        if not name:
            return name
        made = self._keyed.copy()
        made.update(f"{platform}\n{name}".encode("utf-8", "surrogatepass"))
        return f"anon-{made.hexdigest()}"

    def rows(self, rows: Iterable[Sequence[Any]], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows of posts without the names of their authors.

        Parameters
        ----------
        rows : columns `names`, then the platform.
        """
        columns = list(zip(*rows, strict=True))
        if not columns:
            return
        *columns, platforms = columns
        for at, name in enumerate(names):
            if name in ("author", "author_id"):
                columns[at] = tuple(map(self.of, platforms, columns[at]))
            elif name == "url":
                columns[at] = tuple(map(_nameless, platforms, columns[at]))
        yield from zip(*columns, strict=True)


def _nameless(platform: str, url: str | None) -> str | None:
    """A link to a post of X without its author's handle; other networks have no such link, theirs stay."""
    if not url or platform != "x":
        return url
    head, _, number = url.partition("/status/")
    handle = head.removeprefix(_X)
    if handle and handle != head and number.isascii() and number.isdigit() and not _ENDS.search(handle):
        return f"{_X}i/web/status/{number}"  # as nearly all are
    return _X_POST.sub(r"\1i/web\2", url)
