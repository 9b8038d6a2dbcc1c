"""Names of both sides of a sentence as single marks, so that patterns of comparisons need to know no names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .comparison_words import ANYBODY, ANYBODY_CUES, OURS, RIVAL
from .finds import Found
from .mentions import Mentions
from .words import Reading, cut

__all__ = ["Marker"]

_AGAIN: Final = re.compile(rf"([{OURS}{RIVAL}])(?:[\s\-/']*\1)+")  # "Alibaba's Qwen"
_SPACES: Final = re.compile(r"\s{2,}|[^\S ]")  # all but what is one space already
_AFTER: Final = r"(?![a-z])(?:[-.][\w.]+)*"  # of a name of Latin letters: the number of a version
_VERSION: Final = re.compile(_AFTER)
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Marker:
    """Writes marks in place of the names that somebody finds."""

    def __init__(self, finder: Mentions) -> None:
        marks = {"alibaba": OURS, "rival": RIVAL}
        self._finder = finder
        self._marks = {
            key: marks[entity.side] for key, entity in finder.entities.items() if entity.side in marks
        }

    def names(self, reading: Reading, named: Found | None = None) -> Found:
        """The names of a text: those that are known, else those that are found."""
        return self._finder.find_in(reading) if named is None else named

    def marked(self, text: str, named: Found) -> str:
        """A text in lower case in which each name of ours, or of a rival's, is one character, spaces made one.

        Whoever competes is a rival where none is named.

        Parameters
        ----------
        named : the names that it holds, and maybe others.
        """
        pairs = {
            (word, self._marks[key])
            for key, words in named.items()
            if key in self._marks
            for word in words
            if word[1:]
            not in words  # "上千问" (go to Qwen): the verb is no name, and in 比不上千问 is part of another
        }
        for word, mark in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
            text = _marked_out(text, word, mark)
        if RIVAL not in text and any(map(text.__contains__, ANYBODY_CUES)):
            text = text if ANYBODY_CUES.isdisjoint(cut(text)) else ANYBODY.sub(RIVAL, text)
        if text.count(OURS) > 1 or text.count(RIVAL) > 1:
            text = _AGAIN.sub(r"\1", text)
        return _SPACES.sub(" ", text)


def _marked_out(text: str, name: str, mark: str) -> str:
    """A text with a mark in place of a name; one of Latin letters is a whole word with the number of a version."""
    if not name.isascii() or " " in name:
        return _pattern_of(name).sub(mark, text) if " " in name else text.replace(name, mark)
    parts, last, place = [], 0, text.find(name)
    while place >= 0:  # a pattern of its own for each name would take longer to make than to use
        version = _VERSION.match(text, place + len(name))
        if version and text[max(place - 1, 0) : place] not in _LETTERS:
            parts += [text[last:place], mark]
            last = version.end()
        place = text.find(name, max(place + 1, last))
    return "".join([*parts, text[last:]])


@lru_cache(maxsize=1_000)
def _pattern_of(name: str) -> re.Pattern[str]:
    """A name, with other marks between its words."""
    pattern = r"[\W_]{0,2}".join(map(re.escape, name.split(" ")))
    return re.compile(rf"(?<![a-z0-9]){pattern}{_AFTER}" if name.isascii() else pattern)
