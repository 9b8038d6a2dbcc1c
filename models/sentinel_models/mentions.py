"""Whom a post names: word boundaries in Latin script, substrings in Chinese, ambiguous names only in context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from .chinese import pattern_of
from .gazetteer import Gazetteer
from .taxonomy import Taxonomy, load_taxonomy
from .words import Reading, read

__all__ = ["Mentions", "mentions"]


class Mentions:
    """Finds the entities of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.entities = taxonomy.entities
        #: Names of each entity that need no context.
        self.names = {
            key: frozenset(entity.names_en + entity.names_zh) for key, entity in taxonomy.entities.items()
        }
        self._order = {key: at for at, key in enumerate(taxonomy.entities)}
        self._ours = frozenset(key for key, entity in taxonomy.entities.items() if entity.side == "alibaba")
        self._names = Gazetteer(
            {key: entity.names_en for key, entity in taxonomy.entities.items()}
            | {"~" + key: entity.likely_en for key, entity in taxonomy.entities.items()}
            | {"?" + key: entity.weak_en for key, entity in taxonomy.entities.items()}
            | {"!" + key: entity.not_names_en for key, entity in taxonomy.entities.items()},
            {key: entity.names_zh for key, entity in taxonomy.entities.items()}
            | {"~" + key: entity.likely_zh for key, entity in taxonomy.entities.items()}
            | {"?" + key: entity.weak_zh for key, entity in taxonomy.entities.items()}
            | {"!" + key: entity.not_names_zh for key, entity in taxonomy.entities.items()},
            {key: entity.prefixes for key, entity in taxonomy.entities.items()},
        )
        self._context = {
            key: Gazetteer({key: entity.context_en}, {key: entity.context_zh})
            for key, entity in taxonomy.entities.items()
            if entity.context_en or entity.context_zh
        }
        self._not_when = {
            key: (
                re.compile("|".join(f"(?:{pattern})" for pattern in entity.not_when), re.DOTALL),
                self._cues(entity.cues),
            )
            for key, entity in taxonomy.entities.items()
            if entity.not_when
        }

    def find(self, text: str) -> dict[str, list[str]]:
        """Entity id -> the words that name it, in the order of the taxonomy."""
        reading = read(text)
        found = self._names.find(reading)
        if not found:
            return {}
        keys = {key[1:] if key[0] in "~?!" else key for key in found}
        named = {}
        for key in sorted(keys, key=self._order.__getitem__) if len(keys) > 1 else keys:
            words = self._named(key, found, reading)
            if words and key in self._not_when:
                words = self._surviving(key, words, reading)
            if words:
                named[key] = words
        return named

    def side(self, named: Iterable[str], side: str) -> list[str]:
        """Those of `named` that are on a side."""
        return [key for key in named if self.entities[key].side == side]

    def any_ours(self, entities: str) -> bool:
        """Whether one of some ids, joined by ";", is on Alibaba's side."""
        return not self._ours.isdisjoint(entities.split(";"))

    def _named(self, key: str, found: Mapping[str, list[str]], reading: Reading) -> list[str]:
        """Words that name an entity: the clear ones, and the weak ones if their context is there."""
        words = found.get(key, [])
        if "!" + key in found:
            return words
        words = words + found.get("~" + key, [])
        weak = found.get("?" + key, [])
        if weak and (words or not self._ours.isdisjoint(found) or self._in_context(key, weak, reading)):
            return [*words, *weak]
        return words

    @staticmethod
    def _cues(cues: Iterable[str]) -> re.Pattern[str] | None:
        return pattern_of(cues) if cues else None

    def _in_context(self, key: str, weak: list[str], reading: Reading) -> bool:
        context = self._context.get(key)
        return context is not None and bool(set(context.find(reading).get(key, ())).difference(weak))

    def _surviving(self, key: str, words: list[str], reading: Reading) -> list[str]:
        """The names that are left when the ambiguous readings are cut out of the text."""
        pattern, cues = self._not_when[key]
        if (cues and not cues.search(reading.lower)) or not pattern.search(reading.lower):
            return words
        rest = read(pattern.sub(" ", reading.lower))
        return self._named(key, self._names.find(rest), rest)


@cache
def mentions(path: str | None = None) -> Mentions:
    """The finder for a taxonomy file; built once."""
    return Mentions(load_taxonomy(path))
