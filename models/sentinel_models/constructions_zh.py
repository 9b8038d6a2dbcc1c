"""Chinese constructions that say something as a whole, whatever stands in their gaps.

"没有千问我根本写不完" praises, "要是能听懂人话就好了" blames: each denial by itself would say the opposite.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from .groups import ways
from .phrases import constructions_zh
from .substrings import BODIES, Substrings

__all__ = ["constructed", "construction_cues"]

_REST: Final = "[^,。;!?]"


def constructed(text: str) -> list[tuple[int, int, int]]:
    """First place, the place after the last, and sign of the constructions in a short text, the first of those that
    overlap; of those that begin together, the one of the list that is named first.
    """
    every = sorted(
        (match.start(), order, match.end(), sign)
        for order, (pattern, sign) in enumerate(_patterns())
        for match in pattern.finditer(text)
    )
    found: list[tuple[int, int, int]] = []
    for first, _, last, sign in every:
        if not found or first >= found[-1][1]:
            found.append((first, last, sign))
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], int]]:
    """The constructions of ``statements.toml``, those of each list in one pattern, and their sign."""
    return [
        (re.compile("|".join(map(_pattern, entries))), sign)
        for entries, sign in constructions_zh()
        if entries
    ]


def _pattern(written: str) -> str:
    """_6_: up to six characters of the same clause; ",?": a comma that may be missing; others as in `ways`."""
    whole = ""
    for part in written.split(" "):
        gap = re.fullmatch(r"_(\d+)_", part)
        if gap or part == ",?":
            whole += f"{_REST}{{0,{gap[1]}}}?" if gap else part
        else:
            whole += f"(?:{'|'.join(map(re.escape, ways(part)))})"
    return whole


@cache
def construction_cues() -> Substrings:
    """Words of which a text that holds a construction holds one."""
    return Substrings(
        (cue for entries, _ in constructions_zh() for entry in entries for cue in _cues(entry)), BODIES
    )


def _cues(written: str) -> tuple[str, ...]:
    """Those of the part of a construction whose words are longest, and of such parts of the one with fewest."""
    parts = [ways(part) for part in written.split(" ") if part[0] not in "_,"]
    return min(parts, key=lambda part: (-min(map(len, part)), len(part)))
