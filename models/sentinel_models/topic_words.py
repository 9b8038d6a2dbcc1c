"""Topics by their words alone: the rules of a taxonomy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from .columns import Column
from .cues import Cues
from .finds import Finds, Found
from .gazetteer import Gazetteer
from .marks import DOLLAR
from .ngrams import Indices
from .posts import Posts
from .taxonomy import Taxonomy
from .words import Reading

__all__ = ["TopicWords"]

#: Topic, pattern, and texts of which one must stand in a post before the pattern is tried.
_Pattern = tuple[str, re.Pattern[str], tuple[str, ...]]

_MANY: Final = 10_000  # combinations of words that are remembered


class TopicWords:
    """Finds the words of the topics of a taxonomy.

    Parameters
    ----------
    name : under which is shipped what frequent tokens are to it; "" for a user's taxonomy.
    """

    def __init__(self, taxonomy: Taxonomy, name: str = "") -> None:
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
            name,
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
        self._sieves = [
            Cues(cues, name and f"{name}: cues of {key}") if cues else None for key, _, cues in self._patterns
        ]
        exact = frozenset(word for _, _, words in self._exact for word in words)
        self._exactly = Column.of_table(
            lambda: dict.fromkeys(exact, True), bool, name=name and f"{name}: exact"
        )
        self._known: dict[tuple[int, bool], tuple[Found, Found]] = {}

    def find(self, reading: Reading) -> Found:
        """Topic id -> the words that open it; a topic that is excluded is left out."""
        more = self._searched(reading.lower, self._patterns) + self._written_so(reading)
        found = _joined(self._words.find(reading), more)
        return self._opened(found, any(token[0] == "$" for token in reading.tokens))

    def find_all(self, posts: Posts, wanted: Indices) -> Finds:
        """What `find` says of some posts."""
        if len(self._known) > _MANY:
            self._known.clear()
        among = np.zeros(len(posts), bool)
        among[wanted] = True
        words = self._words.find_all(posts, among)
        cashtags = posts.marked & DOLLAR != 0
        there, numbers = np.unique(2 * words.numbers[wanted] + cashtags[wanted], return_inverse=True)
        every = [self._kept(words.every[number >> 1], bool(number & 1)) for number in there.tolist()]
        finds = Finds(every, numbers)
        searched: dict[int, list[int]] = {}
        for number, sieve in enumerate(self._sieves):
            sifted = np.full(len(posts), True) if sieve is None else sieve.sift(posts)
            for row in np.flatnonzero(sifted[wanted]).tolist():
                searched.setdefault(row, []).append(number)
        exact = set(np.flatnonzero(posts.flags(posts.of_tokens(self._exactly))[wanted]).tolist())
        others = {}
        for row in searched.keys() | exact:
            at = int(wanted[row])
            more = self._searched(posts.lower[at], [self._patterns[at] for at in searched.get(row, ())])
            if row in exact:
                more += self._written_so(posts.reading(at))
            if more:
                others[row] = self._opened(_joined(words.of(at), more), bool(cashtags[at]))
        return finds.but(others)

    def _kept(self, found: Found, cashtag: bool) -> Found:
        """`_opened`, once for posts that hold the same words."""
        kept = self._known.get((id(found), cashtag))
        if kept is None:
            kept = found, self._opened(found, cashtag)  # with `found`, whose id is then no other's
            self._known[id(found), cashtag] = kept
        return kept[1]

    @staticmethod
    def _searched(lower: str, patterns: Iterable[_Pattern]) -> list[tuple[str, str]]:
        """Topics whose patterns are in a text, and what they find."""
        return [
            (key, match.group())
            for key, pattern, cues in patterns
            if (not cues or any(map(lower.__contains__, cues))) and (match := pattern.search(lower))
        ]

    def _written_so(self, reading: Reading) -> list[tuple[str, str]]:
        """Topics of which a word is written exactly as it should be, and that word."""
        return [
            (key, match.group())
            for key, pattern, exact in self._exact
            if not exact.isdisjoint(reading.tokens) and (match := pattern.search(reading.plain))
        ]

    @staticmethod
    def _opened(found: Found, cashtag: bool) -> Found:
        """The topics that are open, in a post with or without a cashtag."""
        opened = {key: hits for key, hits in found.items() if key[0] not in "$-"}
        if cashtag:
            for key, hits in found.items():
                if key[0] == "$":
                    opened[key[1:]] = opened.get(key[1:], []) + hits
        return {key: hits for key, hits in opened.items() if "-" + key not in found}


def _joined(words: Found, more: Iterable[tuple[str, str]]) -> Found:
    """What was found, each word under its key."""
    found = {key: [*hits] for key, hits in words.items()}
    for key, hit in more:
        found.setdefault(key, []).append(hit)
    return found
