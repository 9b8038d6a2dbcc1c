"""Finds the words of many lists in one pass over a post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from .folding import fold, simplify
from .words import Reading, cut

__all__ = ["Gazetteer"]

_NONE: Final[tuple[tuple[tuple[str, ...], str], ...]] = ()


class Gazetteer:
    """Lists of words, each under a key.

    Parameters
    ----------
    words : key -> words and phrases that count as whole words; a hyphen or a space within a phrase is the same.
    substrings : key -> words that count wherever they stand in a text that holds Han characters.
    prefixes : key -> beginnings of words.
    """

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        substrings: Mapping[str, Iterable[str]] | None = None,
        prefixes: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._starts = _Starts(prefixes or {})
        for key, phrases in words.items():
            for phrase in phrases:
                self._starts.add(phrase, key)
        self._substrings: dict[str, list[tuple[str, str]]] = {}
        for key, entries in (substrings or {}).items():
            for entry in entries:
                folded = simplify(fold(entry).lower())
                self._substrings.setdefault(folded[0], []).append((folded, key))
        self._first = frozenset(self._substrings)

    def find(self, reading: Reading) -> dict[str, list[str]]:
        """Key -> the words that were found, in the order in which the post has them."""
        found: dict[str, list[str]] = {}
        tokens, starts = reading.tokens, self._starts
        for at, token in enumerate(tokens):
            for rest, key in starts[token]:
                if not rest or tokens[at + 1 : at + 1 + len(rest)] == rest:
                    found.setdefault(key, []).append(" ".join((token, *rest)))
        if reading.han:
            text = simplify(reading.lower)
            for first in self._first.intersection(text):
                for entry, key in self._substrings[first]:
                    if entry in text:
                        found.setdefault(key, []).append(entry)
        return found


class _Starts(dict[str, tuple[tuple[tuple[str, ...], str], ...]]):
    """First token of a phrase -> what must follow it, and its key. Unknown tokens are looked up once by prefix."""

    def __init__(self, prefixes: Mapping[str, Iterable[str]]) -> None:
        super().__init__()
        self._prefixes = [(fold(prefix).lower(), key) for key, group in prefixes.items() for prefix in group]
        self._known: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}

    def add(self, phrase: str, key: str) -> None:
        tokens = tuple(cut(fold(phrase).lower()))
        if not tokens:
            return
        self._put(tokens[0], tokens[1:], key)
        if tokens[0][0] not in "$#@":
            self._put("#" + "".join(tokens), (), key)

    def _put(self, first: str, rest: tuple[str, ...], key: str) -> None:
        if (rest, key) not in self._known.get(first, _NONE):
            self._known[first] = (*self._known.get(first, _NONE), (rest, key))

    def __missing__(self, token: str) -> tuple[tuple[tuple[str, ...], str], ...]:
        hits = self._known.get(token, _NONE)
        bare = token.lstrip("#")
        hits += tuple(((), key) for prefix, key in self._prefixes if bare.startswith(prefix))
        if len(self) > 200_000:  # a stream of ever new words must not fill the memory
            self.clear()
        self[token] = hits
        return hits
