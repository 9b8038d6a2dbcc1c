"""Finds texts wherever they stand in Chinese posts, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from .ngrams import Indices
from .posts import Posts

__all__ = ["Substrings"]

_FIRST, _SECOND, _ALONE = 1, 2, 4
_CODES: Final = 0x110000


class Substrings:
    """A list of texts. Places whose two characters are no beginning of any of them are never looked at."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        self._roles = np.zeros(_CODES, np.uint8)
        for entry in dict.fromkeys(entries):
            self._by_beginning.setdefault(entry[:2], []).append(entry)
            self._roles[ord(entry[0])] |= _FIRST if len(entry) > 1 else _ALONE
            if len(entry) > 1:
                self._roles[ord(entry[1])] |= _SECOND

    def find_all(self, posts: Posts) -> Iterator[tuple[int, str]]:
        """Posts with Chinese characters and the texts they hold, each once for every place."""
        whole = posts.whole
        places, owners = self.places(posts)
        for place, at in zip(places.tolist(), owners.tolist(), strict=True):
            for entry in self._by_beginning.get(whole[place : place + 2], ()):
                if whole.startswith(entry, place):
                    yield at, entry
            for entry in self._by_beginning.get(whole[place], ()):
                yield at, entry

    def places(self, posts: Posts) -> tuple[Indices, Indices]:
        """Places in `Posts.whole` where one of the texts may begin, and the posts they belong to."""
        roles = self._roles[posts.codes]
        begins = (roles & _ALONE) != 0
        begins[:-1] |= ((roles[:-1] & _FIRST) != 0) & ((roles[1:] & _SECOND) != 0)
        places = np.flatnonzero(begins)
        owners = np.searchsorted(posts.first, places, side="right") - 1
        chinese = posts.han[owners] > 0
        return places[chinese], owners[chinese]
