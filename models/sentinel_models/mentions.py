"""Whom a post names: word boundaries in Latin script, substrings in Chinese, ambiguous names only in context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

import numpy as np

from .chinese import pattern_of
from .cues import Cues
from .finds import Finds, Found
from .gazetteer import Gazetteer
from .posts import Posts
from .taxonomy import Taxonomy, load_taxonomy
from .words import Reading, read

__all__ = ["Mentions", "mentions", "names_in"]

_MANY: Final = 10_000  # combinations of names that are remembered


class Mentions:
    """Finds the entities of a taxonomy.

    Parameters
    ----------
    name : under which is shipped what frequent tokens are to it; "" for a user's taxonomy.
    """

    def __init__(self, taxonomy: Taxonomy, name: str = "") -> None:
        self.entities = taxonomy.entities
        #: Names of each entity that need no context.
        self.names = {
            key: frozenset([*_and_possessive(entity.names_en), *entity.names_zh])
            for key, entity in taxonomy.entities.items()
        }
        self._order = {key: at for at, key in enumerate(taxonomy.entities)}
        self._ours = frozenset(key for key, entity in taxonomy.entities.items() if entity.side == "alibaba")
        self._names = Gazetteer(
            {key: _and_possessive(entity.names_en) for key, entity in taxonomy.entities.items()}
            | {"~" + key: _and_possessive(entity.likely_en) for key, entity in taxonomy.entities.items()}
            | {
                "?" + key: _and_possessive((*entity.weak_en, *map(str.lower, entity.names_exact)))
                for key, entity in taxonomy.entities.items()
            }
            | {"!" + key: _and_possessive(entity.not_names_en) for key, entity in taxonomy.entities.items()},
            {key: entity.names_zh for key, entity in taxonomy.entities.items()}
            | {"~" + key: entity.likely_zh for key, entity in taxonomy.entities.items()}
            | {"?" + key: entity.weak_zh for key, entity in taxonomy.entities.items()}
            | {"!" + key: entity.not_names_zh for key, entity in taxonomy.entities.items()},
            {key: entity.prefixes for key, entity in taxonomy.entities.items()},
            name,
        )
        self._context = {
            key: Gazetteer({key: entity.context_en}, {key: entity.context_zh})
            for key, entity in taxonomy.entities.items()
            if entity.context_en or entity.context_zh
        }
        self._exact = {
            key: re.compile(
                rf"(?<![A-Za-z0-9_$#@.])(?:{'|'.join(map(re.escape, entity.names_exact))})(?![A-Za-z0-9_])"
            )
            for key, entity in taxonomy.entities.items()
            if entity.names_exact
        }
        self._not_when = {
            key: (
                re.compile("|".join(f"(?:{pattern})" for pattern in entity.not_when), re.DOTALL),
                self._cues(entity.cues),
            )
            for key, entity in taxonomy.entities.items()
            if entity.not_when
        }
        self._sieves = {
            key: Cues(taxonomy.entities[key].cues, name and f"{name}: cues of {key}")
            for key, (_, cues) in self._not_when.items()
            if cues
        }
        self._plain: dict[int, tuple[Found, tuple[Found | None, list[str]]]] = {}

    def find_all(self, posts: Posts) -> Finds:
        """What `find` says of each post."""
        if len(self._plain) > _MANY:
            self._plain.clear()
        finds = self._names.find_all(posts)
        plain = [self._without_context(found) for found in finds.every]
        unsure = finds.spread([named is None for named, _ in plain], bool)
        for key, (pattern, _) in self._not_when.items():
            may = [key in ambiguous for _, ambiguous in plain]
            if any(may):
                where = finds.spread(may, bool)
                if key in self._sieves:
                    where &= self._sieves[key].sift(posts)
                for at in np.flatnonzero(where).tolist():
                    unsure[at] |= pattern.search(posts.lower[at]) is not None
        rows = np.flatnonzero(unsure)
        others = {
            at: self._find(finds.of(at), reading)
            for at, reading in zip(rows.tolist(), posts.readings(rows), strict=True)
        }
        return Finds([named or {} for named, _ in plain], finds.numbers).but(others)

    def _without_context(self, found: Found) -> tuple[Found | None, list[str]]:
        """The names if nothing else in the post matters to them, and those that may be ambiguous."""
        kept = self._plain.get(id(found))
        if kept is None:
            keys = self._keys(found)
            named: Found | None = None
            if not any(self._needs_context(key, found) for key in keys):
                named = {key: words for key in keys if (words := self._named(key, found, None))}
            ambiguous = [key for key in named or () if key in self._not_when]
            kept = found, (named, ambiguous)  # with `found`, whose id is then no other's
            self._plain[id(found)] = kept
        return kept[1]

    def find(self, text: str) -> dict[str, list[str]]:
        """Entity id -> the words that name it, in the order of the taxonomy."""
        return self.find_in(read(text))

    def find_in(self, reading: Reading) -> Found:
        """The same, of a text that is read already."""
        return self._find(self._names.find(reading), reading)

    def _find(self, found: Found, reading: Reading) -> Found:
        named = {}
        for key in self._keys(found):
            words = self._named(key, found, reading)
            if words and key in self._not_when:
                words = self._surviving(key, words, reading)
            if words:
                named[key] = words
        return named

    def _keys(self, found: Found) -> list[str]:
        """Ids whose names, clear or not, were found, in the order of the taxonomy."""
        keys = {key[1:] if key[0] in "~?!" else key for key in found}
        return sorted(keys, key=self._order.__getitem__)

    def side(self, named: Iterable[str], side: str) -> list[str]:
        """Those of `named` that are on a side."""
        return [key for key in named if self.entities[key].side == side]

    def any_ours(self, entities: str) -> bool:
        """Whether one of some ids, joined by ";", is on Alibaba's side."""
        return not self._ours.isdisjoint(entities.split(";"))

    def _named(self, key: str, found: Mapping[str, list[str]], reading: Reading | None) -> list[str]:
        """Words that name an entity: the clear ones, and the weak ones if their context is there."""
        words = found.get(key, [])
        if "!" + key in found:
            return words
        words = words + found.get("~" + key, [])
        weak = found.get("?" + key, [])
        if weak and (
            not self._needs_context(key, found) or (reading and self._in_context(key, weak, reading))
        ):
            return [*words, *weak]
        return words

    def _needs_context(self, key: str, found: Mapping[str, list[str]]) -> bool:
        """Whether an entity is named by weak words alone, which count in their context."""
        return (
            "?" + key in found
            and "!" + key not in found
            and not (key in found or "~" + key in found)
            and self._ours.isdisjoint(found)
        )

    @staticmethod
    def _cues(cues: Iterable[str]) -> re.Pattern[str] | None:
        return pattern_of(cues) if cues else None

    def _in_context(self, key: str, weak: list[str], reading: Reading) -> bool:
        if key in self._exact and _stands_out(self._exact[key], reading):
            return True
        context = self._context.get(key)
        return context is not None and bool(set(context.find(reading).get(key, ())).difference(weak))

    def _surviving(self, key: str, words: list[str], reading: Reading) -> list[str]:
        """The names that are left when the ambiguous readings are cut out of the text."""
        pattern, cues = self._not_when[key]
        if (cues and not cues.search(reading.lower)) or not pattern.search(reading.lower):
            return words
        rest = read(pattern.sub(" ", reading.lower))
        return self._named(key, self._names.find(rest), rest)


def _stands_out(names: re.Pattern[str], reading: Reading) -> bool:
    """Whether a name stands there in upper and lower case as given, in a post that is not all in capitals."""
    if not names.search(reading.plain):
        return False
    rest = names.sub("", reading.plain)
    lower, upper = sum(map(str.islower, rest)), sum(map(str.isupper, rest))
    return lower > upper or (reading.han > 0 and not upper)


def _and_possessive(names: Iterable[str]) -> list[str]:
    """Names, and those that end in a letter with "'s" too."""
    names = list(names)
    owned = [name + "'s" for name in names if name[-1:].isalpha() and name.isascii() and name[0] not in "$@#"]
    return list(dict.fromkeys([*names, *owned]))


@lru_cache(maxsize=2)
def names_in(finder: Mentions, posts: Posts) -> Finds:
    """What `Mentions.find` says of each post of a batch; several taggers ask."""
    return finder.find_all(posts)


@cache
def mentions(path: str | None = None) -> Mentions:
    """The finder for a taxonomy file; built once."""
    return Mentions(load_taxonomy(path), "" if path else "entities")
