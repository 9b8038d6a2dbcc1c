"""What a sentence that sets one side beside the other says of it: "next to X, Y feels ancient".

Names are single marks, as in ``comparisons``.
"""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import MARK, OURS, REST, RIVAL, TABLES, any_of
from .leaning import leaning
from .needed import Part, phrases_part
from .statements import statements
from .words import read

__all__ = ["BESIDE", "LIKENESSES", "beside", "beside_alone"]

_EN: Final = TABLES["en"]
_LONG: Final = 200  # characters of what is said that are read
_OPENS: Final = any_of(_EN["beside"])
_NEXT_TO: Final = [
    *("next to", "compared to", "compared with", "beside", "alongside", "side by side with"),
    *("in comparison to", "in comparison with"),
]
_AGAINST: Final = [*_NEXT_TO, "against", "vs", "versus"]
_COMPARED: Final = any_of(_AGAINST)
#: What is needed for a sentence to set one name beside another, see `Needed`.
BESIDE: Final[list[list[Part]]] = [
    [phrases_part([phrase])] for phrase in (*_EN["beside"], "unlike", *_AGAINST)
]
_OPENING: Final = re.compile(
    rf"\b(?P<word>{_OPENS})\b"
    rf"[^{OURS}{RIVAL},]{{0,30}}(?P<other>{MARK})[^{OURS}{RIVAL},]{{0,15}}[,:-]\s*[^{OURS}{RIVAL},]{{0,15}}"
    rf"(?P<this>{MARK})(?P<rest>.*)"
)
_WITHIN: Final = re.compile(
    rf"(?P<this>{MARK}),? (?P<word>unlike) {REST}{{0,8}}(?P<other>{MARK}),?(?P<rest>.*)"
)
_CLOSING: Final = re.compile(
    rf"(?P<this>{MARK})(?P<rest>{REST}{{3,60}}?)\b(?P<word>{_COMPARED})\b{REST}{{0,20}}(?P<other>{MARK})"
)
# "put X next to Y and it looks like a toy"
_PUT: Final = re.compile(
    rf"\b(?:put|puts|putting|set|hold|holding|place|placed|stack|line|see|seen|run|try)\s(?:up\s)?{REST}{{0,12}}"
    rf"(?P<this>{MARK}){REST}{{0,15}}\b(?P<word>{_COMPARED})\s{REST}{{0,15}}(?P<other>{MARK}){REST}{{0,15}}"
    rf"(?:,|\band|\bso)\s(?P<rest>(?:(?:suddenly|immediately) )?(?:it|its|you|the)\b{REST}*)"
)
# "like a slideshow": beside another, what is like something else is like less, but for some things.
_SIMILE: Final = re.compile(
    rf"\b{any_of(_EN['appears'])}(?:\s\w+){{0,2}}?\s(?:like|as if|as though)\s"
    rf"(?!(?:it|they|we|he|she|there|that|this)\b)(?P<what>.*)"
)
_PLAIN: Final = re.compile(rf"\b{any_of(_EN['plain_similes'])}\b")
_FLATTERING: Final = re.compile(rf"\b{any_of(_EN['flattering'])}\b")
#: Beside these, which may mean another thing, only what appears like something counts.
_FAINT: Final = frozenset(["against", "alongside", "once you", "once you've"])
_COPULA_LAST: Final = re.compile(r"\s(?:is|are|was|were|has|does|did)\W*$")
_DATED: Final = re.compile(rf"\b{any_of(_EN['appears'])}(?:\s\w+){{0,2}}?\s{any_of(_EN['dated'])}\b")


#: What is needed for what appears like something beside another, see `Needed`.
LIKENESSES: Final[list[list[Part]]] = [
    [phrases_part([*_EN["beside"], *_AGAINST]), phrases_part(_EN["appears"])]
]
# The same where nobody knows the other for a rival: "next to X everything else I tried looks like a toy".
_BESIDE_OURS: Final = re.compile(
    rf"(?:^|[.!]\s)(?:\w+\s){{0,2}}?{any_of([*_AGAINST, *_EN['beside']])}\s{REST}{{0,12}}{OURS}[^{OURS},]{{0,15}},\s"
    rf"(?!(?:i|we|you|it|it's|this)\b)(?P<rest>{REST}*)"
)
_OURS_BESIDE: Final = re.compile(
    rf"{OURS}(?P<rest>(?:'s \w+)?\s{REST}{{3,60}}?)\b{any_of(_NEXT_TO)}"
    r"\s(?!(?:the|my|its|their|last|what|a|an)\b)\w"
)


def beside_alone(marked: str) -> int:
    """What a text says of ours beside something that nobody knows for a rival, by what one of them appears to be."""
    if marked.count(OURS) != 1 or RIVAL in marked:
        return 0
    if match := _BESIDE_OURS.search(marked):
        return -_seeming(match["rest"])
    match = _OURS_BESIDE.search(marked)
    return 0 if match is None else _seeming(match["rest"])


def beside(marked: str) -> int:
    """1 if an English sentence that sets the sides beside each other speaks well of ours, or ill of the other's."""
    match = (
        _PUT.search(marked) or _OPENING.search(marked) or _WITHIN.search(marked) or _CLOSING.search(marked)
    )
    if not match or match["other"] == match["this"]:
        return 0
    faint = match["word"] in _FAINT and match.re is _OPENING
    said = _said_of(match["rest"], faint) or int(match["word"] == "unlike")
    said = (said > 0) - (said < 0)
    return said if match["this"] == OURS else -said


def _said_of(rest: str, faint: bool) -> int:
    """Which way it leans what is said of one side beside the other."""
    if seems := _seeming(rest):
        return seems
    if faint:
        return 0
    return statements(read(rest)) or leaning(_COPULA_LAST.sub(" ", rest[:_LONG]))


def _seeming(rest: str) -> int:
    """The same of what it appears to be: like something, or old."""
    if _DATED.search(rest):
        return -1
    simile = _SIMILE.search(rest)
    if simile is None:
        return 0
    leans = leaning(simile["what"][:_LONG])
    if leans > 0 or _FLATTERING.search(simile["what"]):
        return 1
    return -1 if leans < 0 or not _PLAIN.search(simile["what"]) else 0
