"""Finds the words of many lists in one pass over a post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import Column
from .finds import Finds, Found
from .folding import fold, simplify
from .hashed import Hashed
from .joined import OPEN, joined_words
from .listed import looked_up, note
from .ngrams import Indices
from .posts import Posts
from .substrings import TOKENS, Substrings
from .words import Reading, cut

__all__ = ["Gazetteer"]

_MANY: Final = 10_000  # combinations of words that are remembered
# What a token is to a gazetteer: an entry, the first word of a phrase, the second one.
_ENTRY, _FIRST, _SECOND = 1, 2, 4
_WITHIN: Final = "\0"  # before an entry that was found within Chinese
_MASK: Final = (1 << 64) - 1
_NOTHING: Final = np.uint64(1 << 63)  # sum of the numbers of nothing


class Gazetteer:
    """Lists of words, each under a key.

    Parameters
    ----------
    words : key -> words and phrases that count as whole words; a hyphen or a space within a phrase is the same. A
        hashtag that is the phrase written together counts too.
    substrings : key -> words that count wherever they stand in a text that holds Han characters.
    prefixes : key -> beginnings of words.
    name : under which is shipped what frequent tokens are to the lists; "" for lists of a user's.
    """

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        substrings: Mapping[str, Iterable[str]] | None = None,
        prefixes: Mapping[str, Iterable[str]] | None = None,
        name: str = "",
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
        beginnings = [OPEN + start + prefix for prefix, _ in self._prefixes for start in ("", "#")]
        self._beginnings = Substrings(beginnings, TOKENS)
        self._substrings: dict[str, list[tuple[str, str]]] = {}
        for key, entries in (substrings or {}).items():
            for entry in entries:
                folded = simplify(fold(entry).lower())
                self._substrings.setdefault(folded[0], []).append((folded, key))
        self._characters = frozenset(self._substrings)
        self._token_roles: dict[str, int] = {}
        self._phrases: dict[tuple[str, str], list[tuple[list[str], str]]] = {}  # by their first two words
        for first, rests in self._rest.items():
            for rest in {tuple(rest): rest for rest, _ in rests}.values():
                if rest:
                    phrase = " ".join((first, *rest))
                    self._phrases.setdefault((first, rest[0]), []).append((rest, phrase))
                for token, role in ((first, _FIRST), (rest[0], _SECOND)) if rest else ((first, _ENTRY),):
                    self._token_roles[token] = self._token_roles.get(token, 0) | role
        note(self._token_roles)
        self._roles = Column(self._roles_of, name=name and f"{name}: roles")
        self._numbers = Column(self._numbers_of, name=name and f"{name}: numbers")
        self._keyed: dict[str, list[tuple[str, str]]] = {}
        self._every: list[Found] = []  # what posts were found to hold
        self._sums = Hashed()  # sum of the numbers of what is held -> place in the last

    def _add(self, tokens: list[str], key: str) -> None:
        if not tokens:
            return
        starts = [(tokens[0], tokens[1:])]
        if tokens[0][0] not in "$#@":
            starts.append(("#" + "".join(tokens), []))
        for first, rest in starts:
            if (rest, key) not in self._rest.setdefault(first, []):
                self._rest[first].append((rest, key))

    def find(self, reading: Reading) -> Found:
        """Key -> the words that were found, each once."""
        found: Found = {}
        tokens = reading.tokens
        for first in sorted(self._firsts.intersection(tokens)):  # sets have no order of their own
            for rest, key in self._rest[first]:
                if not rest or _follows(tokens, first, rest):
                    found.setdefault(key, []).append(" ".join((first, *rest)))
        for prefix, key in self._prefixes:
            if prefix in reading.lower:
                for token in dict.fromkeys(tokens):
                    if token.startswith(prefix, token[0] == "#"):
                        found.setdefault(key, []).append(token)
        if reading.han:
            for first in sorted(self._characters.intersection(reading.lower)):
                for entry, key in self._substrings[first]:
                    if entry in reading.lower:
                        found.setdefault(key, []).append(entry)
        for words in found.values():
            words.sort()
        return found

    def find_all(self, posts: Posts, among: npt.NDArray[np.bool_] | None = None) -> Finds:
        """What `find` says of each post; of those that are not `among` the wanted ones, of their words alone.

        Posts are told apart by the sum of the numbers of what they hold, so that posts which hold the same words are
        looked at once.
        """
        if max(len(self._every), len(self._keyed)) > _MANY:
            self._every, self._sums, self._keyed = [], Hashed(), {}
        if not len(posts):
            return Finds([], np.empty(0, np.int64))
        others = self._phrases_in(posts, among)
        own = posts.of_tokens(self._numbers)
        sums = np.add.reduceat(own, posts.starts)
        if others:
            more = [sum(map(_number_of, texts)) & _MASK for texts in others.values()]
            sums[list(others)] += np.array(more, np.uint64)
        rows, within = self._within_chinese(posts, among)
        np.add.at(sums, rows, self._within_numbers[within])
        sums[sums == 0] = _NOTHING
        numbers = self._sums.find(sums)
        unknown = np.flatnonzero(numbers < 0)
        if len(unknown):
            new, first, which = np.unique(sums[unknown], return_index=True, return_inverse=True)
            numbers[unknown] = len(self._sums) + which
            self._sums.add(new)
            some = unknown[first]
            held = self._entries_of(posts, some, own != 0, rows, within)
            self._every += [
                self._found({*entries, *others.get(at, ())})
                for at, entries in zip(some.tolist(), held, strict=True)
            ]
        return Finds.among(self._every, numbers)

    def _entries_of(
        self,
        posts: Posts,
        some: Indices,
        entries: npt.NDArray[np.bool_],
        owners: Indices,
        within: Indices,
    ) -> Iterator[list[str]]:
        """What some posts hold: the tokens that are entries, and the words within Chinese, as they were found."""
        wanted = np.zeros(len(posts), bool)
        wanted[some] = True
        places = np.flatnonzero(entries & wanted[posts.post])
        tokens = posts.words_at(places)
        edges = np.searchsorted(
            places, np.stack([posts.starts[some], posts.starts[some] + posts.counts[some]])
        )
        edges_within = np.searchsorted(owners, np.stack([some, some + 1]))
        for first, last, one, end in zip(*edges.tolist(), *edges_within.tolist(), strict=True):
            words = [_WITHIN + self._within.entries[number] for number in within[one:end].tolist()]
            yield tokens[first:last] + words

    def _phrases_in(self, posts: Posts, among: npt.NDArray[np.bool_] | None) -> dict[int, list[str]]:
        """Phrases by post."""
        hits: dict[int, list[str]] = {}
        roles, written = posts.of_tokens(self._roles), posts.known.written
        opens = (roles & _FIRST).astype(bool)
        opens[:-1] &= (roles[1:] & _SECOND).astype(bool)
        if among is not None:
            opens &= among[posts.post]
        places = np.flatnonzero(opens)
        firsts, seconds = posts.ids[places].tolist(), posts.ids[places + 1].tolist()
        for at, place, first, second in zip(
            posts.post[places].tolist(), places.tolist(), firsts, seconds, strict=True
        ):
            for rest, phrase in self._phrases.get((written[first], written[second]), ()):
                if len(rest) == 1 or posts.words(place + 1, place + 1 + len(rest)) == rest:
                    hits.setdefault(at, []).append(phrase)
        return hits

    def _within_chinese(self, posts: Posts, among: npt.NDArray[np.bool_] | None) -> tuple[Indices, Indices]:
        """Words within Chinese: the posts they stand in, in order, and their places in the list."""
        owners, _, within = self._within.found(posts.chinese)
        rows = posts.rows[owners]
        if among is not None:
            wanted = among[rows]
            rows, within = rows[wanted], within[wanted]
        return rows, within

    @cached_property
    def _within(self) -> Substrings:
        """The words that count wherever they stand; made for those lists alone that are asked about whole batches."""
        return Substrings(entry for entries in self._substrings.values() for entry, _ in entries)

    @cached_property
    def _within_numbers(self) -> npt.NDArray[np.uint64]:
        return np.array([_number_of(_WITHIN + entry) for entry in self._within.entries], np.uint64)

    def _roles_of(self, tokens: Sequence[str]) -> npt.NDArray[np.uint8]:
        """What tokens are here."""
        return looked_up(self._token_roles, tokens, np.uint8)

    def _numbers_of(self, tokens: Sequence[str]) -> npt.NDArray[np.uint64]:
        """Numbers of the tokens that are entries, 0 for all others."""
        numbers = np.zeros(len(tokens), np.uint64)
        entries = np.flatnonzero(self._roles_of(tokens) & _ENTRY).tolist()
        if self._prefixes:
            entries += self._beginnings.found(joined_words(tokens))[0].tolist()
        for at in entries:
            numbers[at] = _number_of(tokens[at])
        return numbers

    def _by_prefix(self, token: str) -> list[str]:
        return [key for prefix, key in self._prefixes if token.startswith(prefix, token[0] == "#")]

    def _found(self, texts: set[str]) -> Found:
        """Words under their keys."""
        found: Found = {}
        for text in sorted(texts):
            keyed = self._keyed.get(text)
            if keyed is None:
                word = text.removeprefix(_WITHIN)
                keyed = self._keyed[text] = [(key, word) for key in self._keys(text)]
            for key, word in keyed:
                found.setdefault(key, []).append(word)
        for words in found.values():
            if len(words) > 1:
                words.sort()
        return found

    def _keys(self, text: str) -> Sequence[str]:
        if text[0] == _WITHIN:
            return [key for entry, key in self._substrings[text[1]] if entry == text[1:]]
        first, *rest = text.split(" ")
        keys = [key for words, key in self._rest.get(first, ()) if words == rest]
        return keys if rest else [*keys, *self._by_prefix(text)]


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


@lru_cache(maxsize=_MANY)
def _number_of(text: str) -> int:
    """A number of 64 bits; that two different sets of texts have the same sum does not happen."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")
