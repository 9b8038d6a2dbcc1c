"""Topics by their words alone: the rules of a taxonomy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .columns import Column
from .cues import Cues
from .gazetteer import Found, Gazetteer
from .posts import Posts
from .taxonomy import Taxonomy
from .words import Reading

__all__ = ["TopicWords"]

_MANY: Final = 10_000  # combinations of words that are remembered


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
        self._sieves = [Cues(cues) if cues else None for _, _, cues in self._patterns]
        exact = frozenset(word for _, _, words in self._exact for word in words)
        self._exactly = Column.of_each(exact.__contains__, bool)
        self._known: dict[tuple[int, bool], tuple[Found, Found]] = {}

    def find(self, reading: Reading) -> Found:
        """Topic id -> the words that open it; a topic that is excluded is left out."""
        found = self._searched(self._words.find(reading), reading)
        return self._opened(found, any(token[0] == "$" for token in reading.tokens))

    def find_all(self, posts: Posts, wanted: Sequence[int]) -> list[Found]:
        """What `find` says of some posts; not to be changed."""
        if len(self._known) > _MANY:
            self._known.clear()
        words = self._words.find_all(posts)
        slow = posts.flags(posts.of_tokens(self._exactly))
        for sieve in self._sieves:
            slow |= True if sieve is None else sieve.sift(posts)
        cashtags = posts.flags(posts.of_tokens(_CASHTAGS)).tolist()
        every = []
        for at, searched in zip(wanted, slow[wanted].tolist(), strict=True):
            found = words.get(at, {})
            if searched:
                found = self._opened(self._searched(found, posts.reading(at)), cashtags[at])
            elif found:
                kept = self._known.get((id(found), cashtags[at]))
                if kept is None:
                    kept = (
                        found,
                        self._opened(found, cashtags[at]),
                    )  # with `found`, whose id is then no other's
                    self._known[id(found), cashtags[at]] = kept
                found = kept[1]
            every.append(found)
        return every

    def _searched(self, words: Found, reading: Reading) -> Found:
        """The words that were found, and what the patterns and the words written exactly so find."""
        found = {key: [*hits] for key, hits in words.items()}
        lower = reading.lower
        for key, pattern, cues in self._patterns:
            if (not cues or any(map(lower.__contains__, cues))) and (match := pattern.search(lower)):
                found.setdefault(key, []).append(match.group())
        for key, pattern, exact in self._exact:
            if not exact.isdisjoint(reading.tokens) and (match := pattern.search(reading.plain)):
                found.setdefault(key, []).append(match.group())
        return found

    @staticmethod
    def _opened(found: Found, cashtag: bool) -> Found:
        """The topics that are open, in a post with or without a cashtag."""
        opened = {key: hits for key, hits in found.items() if key[0] not in "$-"}
        if cashtag:
            for key, hits in found.items():
                if key[0] == "$":
                    opened[key[1:]] = opened.get(key[1:], []) + hits
        return {key: hits for key, hits in opened.items() if "-" + key not in found}


_CASHTAGS: Final = Column.of_each(lambda token: token[0] == "$", bool)
