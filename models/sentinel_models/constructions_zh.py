"""Chinese constructions that say something as a whole, whatever stands in their gaps.

"没有千问我根本写不完" praises, "要是能听懂人话就好了" blames: each denial by itself would say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Final

from .groups import ways
from .phrases import constructions_zh
from .substrings import BODIES, Substrings

__all__ = ["constructed", "construction_cues"]

_REST: Final = "[^,。;!?]"


def constructed(text: str, cues: Collection[str] | None = None) -> list[tuple[int, int, int]]:
    """First place, the place after the last, and sign of the constructions in a short text, the first of those that
    overlap; of those that begin together, the one of the list that is named first.

    Parameters
    ----------
    cues : those of `construction_cues` that the text holds, if they are known.
    """
    held = list(_cues_in(text)) if cues is None else cues
    if not held:
        return []
    of_cue = _of_cue()
    likely = sorted({each for cue in held for each in of_cue[cue]})
    every = sorted(
        (first, order, last, sign)
        for order, (patterns, sign) in enumerate(_lists())
        for first, last in _matches([patterns[at] for listed, at in likely if listed == order], text)
    )
    found: list[tuple[int, int, int]] = []
    for first, _, last, sign in every:
        if not found or first >= found[-1][1]:
            found.append((first, last, sign))
    return found


def _cues_in(text: str) -> Iterator[str]:
    """The cues that stand in a text."""
    begins = _begins()
    return (cue for first in begins.keys() & set(text) for cue in begins[first] if cue in text)


def _matches(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """Where the patterns of a list stand, as if they were one: the first one, and after its end the next."""
    at = 0
    while matches := [match for pattern in patterns if (match := pattern.search(text, at))]:
        first = min(matches, key=re.Match.start)  # of those that begin together, the one that is named first
        yield first.span()
        at = first.end()


@cache
def _lists() -> list[tuple[list[re.Pattern[str]], int]]:
    """The constructions of ``statements.toml``, list by list, and the sign of each list."""
    return [
        ([re.compile(_pattern(entry)) for entry in entries], sign) for entries, sign in constructions_zh()
    ]


@cache
def _of_cue() -> dict[str, list[tuple[int, int]]]:
    """The constructions that go with a cue: number of the list, place in it."""
    of_cue: dict[str, list[tuple[int, int]]] = {}
    for order, (entries, _) in enumerate(constructions_zh()):
        for at, entry in enumerate(entries):
            for cue in _cues(entry):
                of_cue.setdefault(cue, []).append((order, at))
    return of_cue


@cache
def _begins() -> dict[str, list[str]]:
    """First character of cues -> the cues."""
    begins: dict[str, list[str]] = {}
    for cue in _of_cue():
        begins.setdefault(cue[0], []).append(cue)
    return begins


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
    return Substrings(_of_cue(), BODIES)


def _cues(written: str) -> tuple[str, ...]:
    """Those of the part of a construction whose words are longest, and of such parts of the one with fewest."""
    parts = [ways(part) for part in written.split(" ") if part[0] not in "_,"]
    return min(parts, key=lambda part: (-min(map(len, part)), len(part)))
