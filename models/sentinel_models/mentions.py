"""Whom a post names: word boundaries in Latin script, substrings in Chinese, ambiguous names only in context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from .gazetteer import Gazetteer
from .taxonomy import Entity, Taxonomy, load_taxonomy
from .words import Reading, read

__all__ = ["Mentions", "mentions"]


class Mentions:
    """Finds the entities of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.entities = taxonomy.entities
        names, substrings, prefixes = {}, {}, {}
        for key, entity in taxonomy.entities.items():
            names[key], names["?" + key], names["+" + key] = (
                entity.names_en,
                entity.weak_en,
                entity.context_en,
            )
            substrings[key], substrings["?" + key] = entity.names_zh, entity.weak_zh
            substrings["+" + key] = entity.context_zh
            prefixes[key] = entity.prefixes
        self._words = Gazetteer(names, substrings, prefixes)
        self._not_when = {
            key: re.compile("|".join(f"(?:{pattern})" for pattern in entity.not_when), re.DOTALL)
            for key, entity in taxonomy.entities.items()
            if entity.not_when
        }

    def find(self, text: str) -> dict[str, list[str]]:
        """Entity id -> the words that name it, in the order of the taxonomy."""
        reading = read(text)
        found = self._words.find(reading)
        if not found:
            return {}
        ours = self._strong_side(found)
        named = {}
        for key, entity in self.entities.items():
            words = self._names(key, found, ours)
            if words and key in self._not_when and not self._survives(key, entity, reading):
                words = []
            if words:
                named[key] = words
        return named

    def side(self, named: Iterable[str], side: str) -> list[str]:
        """Those of `named` that are on a side."""
        return [key for key in named if self.entities[key].side == side]

    def _strong_side(self, found: Mapping[str, list[str]]) -> bool:
        return any(key in self.entities and self.entities[key].side == "alibaba" for key in found)

    @staticmethod
    def _names(key: str, found: Mapping[str, list[str]], ours: bool) -> list[str]:
        """Words that name an entity: the clear ones, and the weak ones if their context is there."""
        words = found.get(key, [])
        weak = found.get("?" + key, [])
        if weak and (words or ours or set(found.get("+" + key, [])).difference(weak)):
            words = [*words, *weak]
        return words

    def _survives(self, key: str, entity: Entity, reading: Reading) -> bool:
        """Whether the entity is still named when its ambiguous readings are cut out."""
        pattern = self._not_when[key]
        if not pattern.search(reading.lower):
            return True
        rest = read(pattern.sub(" ", reading.lower))
        found = self._words.find(rest)
        return bool(self._names(key, found, self._strong_side(found)))


@cache
def mentions(path: str | None = None) -> Mentions:
    """The finder for a taxonomy file; built once."""
    return Mentions(load_taxonomy(path))
