"""Names of both sides of a sentence as single marks, so that patterns of comparisons need to know no names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .comparison_words import ANYBODY, ANYBODY_CUES, OURS, RIVAL
from .finds import Found
from .mentions import Mentions
from .words import Reading, cut

__all__ = ["Marker", "Names"]

#: The names in a text, each with its mark, in the order in which they are marked.
Names = list[tuple[str, str]]

_AGAIN: Final = re.compile(rf"([{OURS}{RIVAL}])(?:[\s\-/']*\1)+")  # "Alibaba's Qwen"
_SPACES: Final = re.compile(r"\s{2,}|[^\S ]")  # all but what is one space already
_VERSION: Final = re.compile(r"(?![a-z])(?:[-.][\w.]+)*")  # behind a name of Latin letters
_GAP: Final = 2  # characters between the words of a name
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Marker:
    """Writes marks in place of the names that somebody finds."""

    def __init__(self, finder: Mentions) -> None:
        marks = {"alibaba": OURS, "rival": RIVAL}
        self._finder = finder
        self._marks = {
            key: marks[entity.side] for key, entity in finder.entities.items() if entity.side in marks
        }

    def names(self, reading: Reading, named: Found | None = None) -> Names:
        """The names of a text: those that are known, else those that are found."""
        named = self._finder.find_in(reading) if named is None else named
        names = {
            (word, self._marks[key])
            for key, words in named.items()
            if key in self._marks
            for word in words
            if word[1:]
            not in words  # "上千问" (go to Qwen): the verb is no name, and in 比不上千问 is part of another
        }
        return sorted(names, key=lambda pair: (-len(pair[0]), pair))

    def marked(self, text: str, names: Names) -> str:
        """A text in lower case in which each name of ours, or of a rival's, is one character, spaces made one.

        Whoever competes is a rival where none is named.

        Parameters
        ----------
        names : the names that it holds, and maybe others.
        """
        spaced = "  " in text or not text.isprintable()  # neither names nor marks bring more spaces
        for word, mark in names:
            text = _marked_out(text, word, mark)
        if RIVAL not in text and any(map(text.__contains__, ANYBODY_CUES)):
            text = text if ANYBODY_CUES.isdisjoint(cut(text)) else ANYBODY.sub(RIVAL, text)
        if text.count(OURS) > 1 or text.count(RIVAL) > 1:
            text = _AGAIN.sub(r"\1", text)
        return _SPACES.sub(" ", text) if spaced else text


def _marked_out(text: str, name: str, mark: str) -> str:
    """A text with a mark in place of a name; one of Latin letters is a whole word with the number of a version.

    Between the words of a name there may be other marks than a space. A pattern of its own for each name would take
    longer to make than to use.
    """
    bounded, (first, *rest) = name.isascii(), name.split(" ")
    if not bounded and not rest:
        return text.replace(name, mark)
    parts, last, place = [], 0, text.find(first)
    while place >= 0:
        end = -1
        if not bounded or text[max(place - 1, 0) : place] not in _LETTERS:
            end = _end_of(text, place + len(first), rest, bounded)
        if end >= 0:
            parts += [text[last:place], mark]
            last = end
        place = text.find(first, max(place + 1, last))
    return "".join([*parts, text[last:]])


def _end_of(text: str, at: int, rest: Sequence[str], bounded: bool) -> int:
    """Where a name ends whose other words come next; -1 if they do not, or if it is but the beginning of a word."""
    if not rest:
        version = _VERSION.match(text, at) if bounded else None
        return version.end() if version else -1 if bounded else at
    for gap in range(min(_GAP, len(text) - at), -1, -1):
        if not any(map(str.isalnum, text[at : at + gap])) and text.startswith(rest[0], at + gap):
            end = _end_of(text, at + gap + len(rest[0]), rest[1:], bounded)
            if end >= 0:
                return end
    return -1
