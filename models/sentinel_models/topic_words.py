"""Topics by their words alone: the rules of a taxonomy."""

from __future__ import annotations

import re

from .gazetteer import Gazetteer
from .taxonomy import Taxonomy
from .words import Reading

__all__ = ["TopicWords"]


class TopicWords:
    """Finds the words of the topics of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        topics = taxonomy.topics
        self.names = list(topics)
        self._words = Gazetteer(
            {key: topic.words_en for key, topic in topics.items()}
            | {"$" + key: topic.words_with_cashtag for key, topic in topics.items()}
            | {
                "-" + key: [word for word in topic.exclude if word.isascii()] for key, topic in topics.items()
            },
            {key: topic.words_zh for key, topic in topics.items()}
            | {
                "-" + key: [word for word in topic.exclude if not word.isascii()]
                for key, topic in topics.items()
            },
            {key: topic.prefixes for key, topic in topics.items()},
        )
        self._patterns = [
            (key, re.compile("|".join(f"(?:{pattern})" for pattern in topic.patterns)), topic.cues)
            for key, topic in topics.items()
            if topic.patterns
        ]
        self._exact = [
            (
                key,
                re.compile(r"\b(?:" + "|".join(map(re.escape, topic.words_exact)) + r")\b"),
                {w.lower() for w in topic.words_exact},
            )
            for key, topic in topics.items()
            if topic.words_exact
        ]

    def find(self, reading: Reading) -> dict[str, list[str]]:
        """Topic id -> the words that open it; a topic that is excluded is left out."""
        found = self._words.find(reading)
        lower = reading.lower
        for key, pattern, cues in self._patterns:
            if (not cues or any(map(lower.__contains__, cues))) and (match := pattern.search(lower)):
                found.setdefault(key, []).append(match.group())
        for key, pattern, words in self._exact:
            if not words.isdisjoint(reading.tokens) and (match := pattern.search(reading.plain)):
                found.setdefault(key, []).append(match.group())
        if not found:
            return found
        if "$" in lower and any(token[0] == "$" for token in reading.tokens):
            for key in [key for key in found if key[0] == "$"]:
                found.setdefault(key[1:], []).extend(found[key])
        return {key: found[key] for key in found if key[0] not in "$-" and "-" + key not in found}
