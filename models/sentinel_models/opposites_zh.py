"""Of two named sides, the one that a Chinese post speaks better of, clause by clause, as in ``opposites``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from .chinese import known
from .comparison_words import OURS, RIVAL, TABLES, any_of
from .groups import ways
from .measures_zh import apart_zh
from .statements_zh import said_in

__all__ = ["opposed_zh"]

_SHORT: Final = 40  # characters up to which two clauses that begin with the sides are set side by side
_LONG: Final = 80  # characters from which a post says more than one thing of each
_PIECES: Final = re.compile("[,。;:!\n\\s]+|但是?|可是|而(?!且)|不过|却")
_AGAINST: Final = re.compile("但|可是|而|不过|却|反而|反倒|只有|居然|还是|人家")
_ALIKE: Final = re.compile("也|都|一样|差不多|同样|一起|分别|以及|各有")
_BEGINS: Final = re.compile(f"[^{OURS}{RIVAL}]{{0,3}}[{OURS}{RIVAL}]")  # a clause, with whom it speaks of
_STRONG: Final = 2  # what is stated outright; success and failure, and valence, are half of it
_VALUED: Final = 0.8  # valence from which a word is praise or blame
_EVENT: Final = re.compile(
    rf"(?P<won>{any_of(chain.from_iterable(map(ways, TABLES['zh']['succeeds'])))})"
    rf"|(?P<lost>{any_of(chain.from_iterable(map(ways, TABLES['zh']['fails'])))})"
)


def opposed_zh(marked: str) -> int:
    """1 if a marked post that names both sides speaks better of ours, -1 if of the other, else 0."""
    if len(marked) > _LONG or "?" in marked or OURS not in marked or RIVAL not in marked:
        return 0
    told: dict[str, list[str]] = {OURS: [], RIVAL: []}
    for side, clause in _clauses(marked):
        told[side].append(clause)
    if not told[OURS] or not told[RIVAL]:
        return 0
    if better := apart_zh(marked, told[OURS], told[RIVAL]):
        return better
    ours, theirs = (sum(map(_leaning, told[side])) for side in (OURS, RIVAL))
    if ours * theirs < 0:
        return 1 if ours > 0 else -1
    if (ours and theirs) or _ALIKE.search(marked):
        return 0
    side_by_side = len(marked) <= _SHORT and all(
        len(told[side]) == 1 and _BEGINS.match(told[side][0]) for side in told
    )
    if side_by_side or (_AGAINST.search(marked) and max(abs(ours), abs(theirs)) > 1):
        return (ours > 0) - (ours < 0) or (theirs < 0) - (theirs > 0)
    return 0


def _clauses(marked: str) -> Iterator[tuple[str, str]]:
    """The clauses that speak of one side alone, each with its mark; what names nobody goes with the one before."""
    side, clause = "", ""
    for piece in _PIECES.split(marked):
        ours, theirs = OURS in piece, RIVAL in piece
        if not (ours or theirs):
            clause += "," + piece
            continue
        if side in (OURS, RIVAL):
            yield side, clause
        side, clause = ("both" if ours and theirs else OURS if ours else RIVAL), piece
    if side in (OURS, RIVAL):
        yield side, clause


def _leaning(clause: str) -> int:
    """How much more success or praise than failure or blame there is in a clause."""
    total = _STRONG * sum(each.sign for each in said_in(clause))
    if not total:
        total = sum(
            (valence > 0) - (valence < 0) for _, _, valence in known(clause) if abs(valence) >= _VALUED
        )
    return total + sum(1 if event.lastgroup == "won" else -1 for event in _EVENT.finditer(clause))
