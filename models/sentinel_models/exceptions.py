"""Who alone did it, or alone did not: "everyone except X got this right", "the only one that failed was X".

Names are single marks, as in ``comparisons``.
"""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import MARK, OURS, RIVAL, TABLES, any_of
from .leaning import leaning
from .needed import Part, phrases_part

__all__ = ["EXCEPTIONS", "excepted"]

_EN: Final = TABLES["en"]
_REST: Final = f"[^{OURS}{RIVAL}?]"
_WHO: Final = (
    rf"\b(?:(?P<all>{any_of(_EN['everybody'])})|(?P<none>{any_of(_EN['nobody'])}))\b(?!\s+else\b)"
    rf"[^{OURS}?,:;.]{{0,25}}?"
)
_BUT: Final = (
    rf"\b(?:{any_of(_EN['excepting'])})(?:\s+for)?\s+(?:the\s+|my\s+|our\s+|poor\s+|of\s+course\s+)?"
)
_ONE: Final = any_of(_EN["only_one"])
_CAN: Final = re.compile(
    rf"\b(?:(?P<no>can't|cannot|couldn't|could not|failed to|unable to)|can|could|managed to|able to)"
    rf"\s(?:\w+\s)?{any_of(_EN['skills'])}\b"
)
#: What may follow a name that is not all that is excepted: "only X and Y were tested".
_NOT_ALONE: Final = rf"(?!\W*(?:and|or|&|,)\W*\w*\W*{MARK})"
_EXCEPTED: Final = (
    # "everyone except X got this right", "nobody solved it but X": what is said of all others
    re.compile(rf"{_WHO}{_BUT}(?P<side>{MARK}){_NOT_ALONE},?(?P<rest>\s{_REST}{{3,80}})"),
    re.compile(rf"{_WHO}(?P<rest>\s{_REST}{{3,60}}?)\W+{_BUT}(?P<side>{MARK})\W*$"),
    re.compile(rf"(?:^|[.;!]\s+){_BUT}(?P<side>{MARK}),\s+{_WHO}(?P<rest>\s{_REST}{{3,60}})"),
)
#: What stands before an "only" that is said of a name, and not of what is done with it: "I use only X".
_BEFORE_ONLY: Final = (
    r"(?:^|[,.;:!]\s+|\s-+\s+|\b(?:tried|tested|tests|asked|models|assistants|apps|clouds|and|but|so)\s+)"
)
_ALONE: Final = (
    # "the only one that got it was X", "X was the only one that failed", "only X got it": what is said of it
    re.compile(
        rf"\b{_ONE}\s+(?:that|who|which|to)(?P<rest>\s{_REST}{{3,60}}?)(?:\s+(?:is|was)|:|\s-)\s+(?P<side>{MARK})\W*$"
    ),
    re.compile(
        rf"(?P<side>{MARK})\s+(?:is|was|were)\s+{_ONE}(?:\s\w+){{0,4}}?\s+(?:that|who|which|to)(?P<rest>\s{_REST}{{3,60}})"
    ),
    re.compile(rf"{_BEFORE_ONLY}only\s+(?P<side>{MARK})(?P<rest>\s{_REST}{{3,60}})"),
    re.compile(rf"(?P<side>{MARK})\s+alone(?P<rest>\s{_REST}{{3,60}})"),
)
#: What is needed for each of these, see `Needed`.
EXCEPTIONS: Final[list[list[Part]]] = [
    [phrases_part([*_EN["everybody"], *_EN["nobody"]]), phrases_part(_EN["excepting"])],
    [phrases_part([*_EN["only_one"], "only", "alone"])],
]


def excepted(marked: str) -> int:
    """1 if ours alone did well, or did not do badly, in a short English text, -1 the other way round, else 0."""
    if OURS not in marked:
        return 0
    for pattern in (*_EXCEPTED, *_ALONE):
        match = pattern.search(marked)
        if match is None:
            continue
        if (
            pattern in _EXCEPTED and marked.count(match["side"]) > 1
        ):  # "nobody trusts X except X's own people"
            continue
        of_others = match.groupdict().get("all") is not None
        if leans := _leaning(match["rest"]):
            return 1 if ((leans > 0) != of_others) == (match["side"] == OURS) else -1
    return 0


def _leaning(deed: str) -> int:
    """Which way a deed leans: what somebody can do is no failure."""
    if leans := leaning(deed):
        return leans
    can = _CAN.search(deed)
    return 0 if can is None else -1 if can["no"] else 1
