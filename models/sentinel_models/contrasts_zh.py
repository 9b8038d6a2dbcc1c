"""Of two named sides, the one that a Chinese sentence sets above the other without a word of comparison.

Names are single marks, as in ``comparisons_zh``.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from .comparison_words import OURS, RIVAL, TABLES
from .comparisons import points
from .groups import ways

__all__ = ["contrast_zh"]


def _pattern(written: str) -> re.Pattern[str]:
    """<won>, <lost> stand for the names, _20_ for up to twenty characters without a name, others as in `ways`."""
    whole = ""
    for part in written.split(" "):
        if gap := re.fullmatch(r"_(\d+)_", part):
            whole += rf"[^{OURS}{RIVAL}。;!]{{0,{gap[1]}}}?"
        elif part.startswith("<"):
            whole += f"(?P{part}[{OURS}{RIVAL}])"
        else:
            whole += f"(?:{'|'.join(ways(part))})"
    return re.compile(whole)


def _cues(written: str) -> tuple[str, ...]:
    """Words of which a sentence that fits holds one: of the parts of the pattern, those of the shortest list."""
    parts = [ways(part) for part in written.split(" ") if part[0] not in "<_"]
    return min(parts, key=len)


def _by_first() -> dict[str, list[tuple[str, int]]]:
    """First character of a cue -> the cues that begin so, and the numbers of their patterns."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, written in enumerate(TABLES["zh"]["contrasts"]):
        for cue in _cues(written):
            found.setdefault(cue[0], []).append((cue, number))
    return found


_PATTERNS: Final = list(map(_pattern, TABLES["zh"]["contrasts"]))
_BY_FIRST: Final = _by_first()


def contrast_zh(marked: str) -> int:
    """1 if our side stands above the other in a marked sentence that holds both, -1 if below, else 0."""
    if OURS not in marked or RIVAL not in marked:
        return 0
    begun = chain.from_iterable(_BY_FIRST.get(sign, ()) for sign in set(marked))
    for number in sorted({number for cue, number in begun if cue in marked}):
        if match := _PATTERNS[number].search(marked):
            verdict = points(match["won"], match["lost"], False)
            if verdict:
                return verdict
    return 0
