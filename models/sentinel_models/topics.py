"""What a post is about: several topics, found by their words."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sentinel.post import Columns

from .gazetteer import Gazetteer
from .mentions import mentions
from .taxonomy import load_taxonomy
from .words import Reading, read

__all__ = ["Topics"]


class Topics:
    """Tags `topics`: ids of the taxonomy, or "other" for a post that names Alibaba and none of them.

    Parameters
    ----------
    taxonomy : a TOML file whose tables are added to the shipped ones; see ``taxonomy.toml``.
    """

    name: ClassVar[str] = "topics"
    columns: ClassVar[tuple[str, ...]] = ("topics",)
    version = "1"

    def __init__(self, taxonomy: str | None = None) -> None:
        loaded = load_taxonomy(taxonomy)
        self._mentions = mentions(taxonomy)
        words, substrings = {}, {}
        for key, topic in loaded.topics.items():
            words[key] = topic.words_en
            words["$" + key] = topic.words_with_cashtag
            words["-" + key] = [word for word in topic.exclude if word.isascii()]
            substrings[key] = topic.words_zh
            substrings["-" + key] = [word for word in topic.exclude if not word.isascii()]
        self._words = Gazetteer(words, substrings)
        self._topics = loaded.topics
        self._patterns = {
            key: re.compile("|".join(f"(?:{pattern})" for pattern in topic.patterns))
            for key, topic in loaded.topics.items()
            if topic.patterns
        }
        self._exact = {
            key: re.compile(r"\b(?:" + "|".join(map(re.escape, topic.words_exact)) + r")\b")
            for key, topic in loaded.topics.items()
            if topic.words_exact
        }

    def tag(self, batch: Columns) -> Columns:
        """Topic ids joined by ";", in the order of the taxonomy; "" if none."""
        entities = batch.get("entities") or [None] * len(batch["text"])
        return {
            "topics": [
                ";".join(self._find(read(text), named))
                for text, named in zip(batch["text"], entities, strict=True)
            ]
        }

    def explain(self, text: str) -> dict[str, Any]:
        """The words behind each topic."""
        reading = read(text)
        return {
            "topics": {key: words for key, words in self._found(reading).items() if not key.startswith("-")}
        }

    def _find(self, reading: Reading, entities: str | None) -> list[str]:
        found = self._found(reading)
        topics = [key for key in self._topics if key in found and "-" + key not in found]
        if topics:
            return topics
        if entities is None:
            entities = ";".join(self._mentions.find(reading.plain))
        named = entities.split(";") if entities else []
        return ["other"] if self._mentions.side(named, "alibaba") else []

    def _found(self, reading: Reading) -> dict[str, list[str]]:
        found = self._words.find(reading)
        if any(token[0] == "$" for token in reading.tokens):
            for key in self._topics:
                if "$" + key in found:
                    found.setdefault(key, []).extend(found["$" + key])
        for key, pattern in self._patterns.items():
            if key not in found and (match := pattern.search(reading.lower)):
                found[key] = [match.group()]
        for key, pattern in self._exact.items():
            if key not in found and (match := pattern.search(reading.plain)):
                found[key] = [match.group()]
        return {key: words for key, words in found.items() if key[0] != "$"}
