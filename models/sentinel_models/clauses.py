"""The clauses of a post that names both sides, and those of them that speak of rivals alone."""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import OURS, RIVAL
from .finds import Found
from .marking import Marker
from .words import Reading, lowered, read

__all__ = ["MOST_CASHTAGS", "parted", "sentences", "set_against"]

MOST_CASHTAGS: Final = 2  #: a post with more is a list, not a comparison

_SENTENCES: Final = re.compile(r"(?<=[.!?;。])\s+|[。;\n]+|(?<=[!?])")
_CLAUSES: Final = re.compile(
    r"(?<=[.!?;])\s+|[,。,;\n]+|(?<=[!?])|\s(?:(?<!anything )(?<!nothing )(?<!all )but|while|whereas|although|though)\s"
    r"|\sand\s(?:now\s)?(?=\S+(?:\s\S+)?\s(?:is|was|has|isn't|wasn't|hasn't|doesn't|can't|won't|keeps|looks"
    r"|gets|got|just|still|suddenly)\s)",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(r"\b(?:but|while|whilst|whereas|yet|though|although|meanwhile)\b")
_ALIKE_ZH: Final = re.compile("[也都]|一起|跟着|接连")


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence for sentence in _SENTENCES.split(text) if sentence.strip()]


def parted(
    marker: Marker, reading: Reading, named: Found | None = None
) -> tuple[Reading, Reading] | tuple[None, None]:
    """A post without the clauses that speak of rivals alone, and those; ``None`` twice if one is empty.

    Parameters
    ----------
    named : the names in it, if they are known.
    """
    if reading.plain.count("$") > MOST_CASHTAGS:
        return None, None
    clauses = [clause for clause in _CLAUSES.split(reading.plain) if clause.strip()]
    if len(clauses) < 2:
        return None, None
    names = marker.names(reading, named)
    marked = [marker.marked(lowered(clause), names) for clause in clauses]
    alone = [RIVAL in clause and OURS not in clause for clause in marked]
    if not any(alone) or not any(OURS in clause for clause in marked):
        return None, None
    kept, left_out = (
        read(", ".join(clause for clause, out in zip(clauses, alone, strict=True) if out == which))
        for which in (False, True)
    )
    return kept, left_out


def set_against(reading: Reading) -> bool:
    """Whether clauses about a rival and about our side are told as opposites."""
    if reading.han > 1:
        return _ALIKE_ZH.search(reading.lower) is None
    found = sentences(reading.lower)
    return len(found) == 1 and _AGAINST.search(found[0]) is not None
