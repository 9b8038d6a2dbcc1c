"""Of two named sides, the one that an English sentence sets above the other without a verb of comparison.

"X used to be my default, now it's Y", "X is no Y", "even X couldn't fix it but Y did". Names are single marks, as in
``comparisons``.
"""

from __future__ import annotations

import re
from typing import Final

from .comparisons import NEGATION, OURS, RIVAL, TABLES, points

__all__ = ["contrast_en"]

_MARK: Final = f"[{OURS}{RIVAL}]"
_REST: Final = f"[^{OURS}{RIVAL}]"


def _pattern(written: str) -> re.Pattern[str]:
    """<won> and <lost> stand for the names, _20_ for up to twenty characters without a name, a/b for one of two words."""
    words = []
    for word in written.split(" "):
        gap = re.fullmatch(r"_(\d+)_", word)
        if gap:
            words.append(rf"{_REST}{{0,{gap.group(1)}}}?")
        elif "<" in word:
            words.append(re.sub(r"<(\w+)>", rf"(?P<\1>{_MARK})", word))
        else:
            words.append(rf"\b(?:{word.replace('/', '|')})\b")
    whole = words[0]
    for before, after in zip(words, words[1:], strict=False):
        whole += ("" if "{0," in before or "{0," in after else r"\s+") + after
    return re.compile(whole)


_PATTERNS: Final = [_pattern(written) for written in TABLES["en"]["contrasts"]]
_CHOICES: Final = [_pattern(written) for written in TABLES["en"]["choices"]]


def contrast_en(marked: str) -> int:
    """1 if our side stands above the other in a marked sentence that holds both, -1 if below, else 0."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(marked):
            verdict = points(match["won"], match["lost"], _denied(marked, match))
            if verdict:
                return verdict
    for pattern in _CHOICES:
        for match in pattern.finditer(marked):
            if not _denied(marked, match):
                return 1 if match["won"] == OURS else -1
    return 0


def _denied(marked: str, match: re.Match[str]) -> bool:
    return NEGATION.search(marked[max(0, match.start() - 16) : match.start()]) is not None
