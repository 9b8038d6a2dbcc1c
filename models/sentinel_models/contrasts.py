"""Of two named sides, the one that an English sentence sets above the other without a verb of comparison.

"X used to be my default, now it's Y", "X is no Y", "even X couldn't fix it but Y did". Names are single marks, as in
``comparisons``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .comparison_words import MARK, NEGATION, OURS, REST, RIVAL, TABLES
from .comparisons import points
from .groups import ways
from .leaning import leaning
from .needed import Needed, Part, runs_in, ways_of

__all__ = ["CONTRASTS", "choice_en", "contrast_en"]

_REST_OF_IT: Final = 120  # characters behind a choice
_CLAUSE: Final = re.compile("[,;:.]")
_BETWEEN: Final = r"(?:,?\s+|-|'s\s+)"  # two words of a pattern


def _pattern(written: str) -> re.Pattern[str]:
    """The pattern of an entry of ``comparisons.toml``.

    <won> and <lost> are two names, and not the same; _20_ is up to twenty characters without a name, _20+_ with names
    too; anything else is words, see `ways`, which may hold a piece of a pattern.
    """
    whole, after_gap, named = "", True, ""
    for part in written.split(" "):
        gap = re.fullmatch(r"_(\d+)(\+?)_", part)
        if gap:
            whole += rf"{'.' if gap[2] else REST}{{0,{gap[1]}}}?"
        else:
            whole += "" if after_gap else _BETWEEN
            if name := re.search(r"<(\w+)>", part):
                other = f"(?!(?P={named}))" if named else ""
                named = name[1]
                whole += part.replace(name[0], f"(?P<{named}>{other}{MARK})")
            else:
                whole += rf"\b(?:{'|'.join(ways(part))})\b"
        after_gap = gap is not None
    return re.compile(whole)


def _needs(written: str) -> Iterator[Part]:
    """What a sentence that fits holds, part by part."""
    after_gap = True
    for part in written.split(" "):
        gap = part[0] == "_"
        if not gap and "<" not in part:
            before = "" if after_gap else " "  # behind a gap it may stand beside a name
            yield [need for way in ways(part) for need in ways_of(before + way)]
        after_gap = gap


class _Patterns:
    """The patterns of a list, and the words that a sentence needs to fit one of them."""

    def __init__(self, name: str) -> None:
        self._patterns = list(map(_pattern, TABLES["en"][name]))
        self.needs = [list(_needs(written)) for written in TABLES["en"][name]]
        self._needed = Needed(self.needs)

    def matches(self, marked: str) -> Iterator[re.Match[str]]:
        """Where a marked sentence fits, pattern by pattern."""
        for number in sorted(set(self._needed.among(runs_in(marked)))):
            yield from self._patterns[number].finditer(marked)


_PATTERNS: Final = _Patterns("contrasts")
_CHOICES: Final = _Patterns("choices")
#: What is needed for each of their patterns, see `Needed`.
CONTRASTS: Final = [*_PATTERNS.needs, *_CHOICES.needs]


def contrast_en(marked: str) -> int:
    """1 if our side stands above the other in a marked sentence that holds both, -1 if below, else 0."""
    for match in _PATTERNS.matches(marked):
        turned = _denied(marked, match) != (
            match.start("lost") > match.start("won") and _echoes_blame(match.group())
        )
        if verdict := points(match["won"], match["lost"], turned):
            return verdict
    return choice_en(marked)


def _echoes_blame(said: str) -> bool:
    """Whether a second clause denies the blame of the first: "X needs a hint, Y doesn't"."""
    return said.endswith(("n't", " not")) and leaning(said[: max(map(said.rfind, (OURS, RIVAL)))]) < 0


def choice_en(marked: str) -> int:
    """1 if of two sides that a marked text names somebody settles on ours, -1 if on the other, else 0."""
    if OURS not in marked or RIVAL not in marked:
        return 0
    for match in _CHOICES.matches(marked):
        rest = marked[match.end() : match.end() + _REST_OF_IT]
        blamed = OURS not in rest and RIVAL not in rest and leaning(rest) < 0  # "the only one that failed"
        return 1 if (match["won"] == OURS) != (blamed or _denied(marked, match)) else -1
    return 0


def _denied(marked: str, match: re.Match[str]) -> bool:
    """Whether a negation stands before, in the same clause."""
    before = marked[max(0, match.start() - 24) : match.start()]
    return NEGATION.search(_CLAUSE.split(before)[-1]) is not None
