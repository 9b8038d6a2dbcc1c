"""Finds the words of many lists in one pass over a post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .folding import fold, simplify
from .words import Reading, cut

__all__ = ["Gazetteer"]


class Gazetteer:
    """Lists of words, each under a key.

    Parameters
    ----------
    words : key -> words and phrases that count as whole words; a hyphen or a space within a phrase is the same. A
        hashtag that is the phrase written together counts too.
    substrings : key -> words that count wherever they stand in a text that holds Han characters.
    prefixes : key -> beginnings of words.
    """

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        substrings: Mapping[str, Iterable[str]] | None = None,
        prefixes: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._rest: dict[
            str, list[tuple[list[str], str]]
        ] = {}  # first token -> what must follow it, and its key
        for key, phrases in words.items():
            for phrase in phrases:
                self._add(cut(fold(phrase).lower()), key)
        self._firsts = frozenset(self._rest)
        self._prefixes = [
            (fold(prefix).lower(), key) for key, group in (prefixes or {}).items() for prefix in group
        ]
        self._substrings: dict[str, list[tuple[str, str]]] = {}
        for key, entries in (substrings or {}).items():
            for entry in entries:
                folded = simplify(fold(entry).lower())
                self._substrings.setdefault(folded[0], []).append((folded, key))
        self._characters = frozenset(self._substrings)

    def _add(self, tokens: list[str], key: str) -> None:
        if not tokens:
            return
        starts = [(tokens[0], tokens[1:])]
        if tokens[0][0] not in "$#@":
            starts.append(("#" + "".join(tokens), []))
        for first, rest in starts:
            if (rest, key) not in self._rest.setdefault(first, []):
                self._rest[first].append((rest, key))

    def find(self, reading: Reading) -> dict[str, list[str]]:
        """Key -> the words that were found, each once."""
        found: dict[str, list[str]] = {}
        tokens = reading.tokens
        for first in self._firsts.intersection(tokens):
            for rest, key in self._rest[first]:
                if not rest or _follows(tokens, first, rest):
                    found.setdefault(key, []).append(" ".join((first, *rest)))
        for prefix, key in self._prefixes:
            if prefix in reading.lower:
                for token in dict.fromkeys(tokens):
                    if token.startswith(prefix, token[0] == "#"):
                        found.setdefault(key, []).append(token)
        if reading.han:
            for first in self._characters.intersection(reading.lower):
                for entry, key in self._substrings[first]:
                    if entry in reading.lower:
                        found.setdefault(key, []).append(entry)
        for words in found.values():
            words.sort()  # sets have no order of their own
        return found


def _follows(tokens: list[str], first: str, rest: list[str]) -> bool:
    """Whether `rest` stands right after some `first`."""
    if rest[0] not in tokens:
        return False
    at = tokens.index(first)
    for _ in range(tokens.count(first) - 1):
        if tokens[at + 1 : at + 1 + len(rest)] == rest:
            return True
        at = tokens.index(first, at + 1)
    return tokens[at + 1 : at + 1 + len(rest)] == rest
