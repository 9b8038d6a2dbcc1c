"""Spellings made one for many posts at once: characters are looked up in tables, those of all posts together."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from .codes import Codes, codes_of, text_of
from .folding import MAX_CHARS, REPLACED, fold, simplified
from .joined import END, OPEN, Joined, whole_of

__all__ = ["fold_all", "lower_all", "unsettled"]

Flags = npt.NDArray[np.bool_]

_ALL: Final = 0x110000
_GONE: Final = 0xFFFFFFFF  # in the table of foldings: the character is left out
_SPLIT: Final = 0xFFFFFFFE  # what it is made is no single character, or depends on its neighbours
# Where a character's folding is worked out by itself: neither marks that combine nor letters that are composed.
_ALONE: Final = (
    *((0x00, 0x250), (0x2000, 0x2C00), (0x3000, 0x3099), (0x309B, 0x3100), (0xFE00, 0xFE10)),
    *((0xFF00, 0xFFA0), (0xFFE0, 0xFFF0), (0x1F000, 0x1FB00)),
)
_UNIFIED: Final = (0x4E00, 0xA000)  # Han characters that are as they should be
_CASED: Final = 0x20000  # from here on no letter has a small one
_BY_NEIGHBOURS: Final = (
    "\u0130\u03a3"  # letters whose small ones are two characters, or depend on what comes next
)
_ELLIPSIS: Final = "\u2026"  # the one character of several that posts are full of


def fold_all(texts: Sequence[str]) -> Joined:
    """What `fold` makes of each text."""
    if max(map(len, texts), default=0) > MAX_CHARS:
        texts = [text[: MAX_CHARS + 1] for text in texts]  # one more, so that it is told that there are more
    whole = whole_of(texts)
    if max(whole.count(OPEN), whole.count(END)) > len(texts):
        texts = [text.replace(OPEN, "\ufffd").replace(END, "\ufffd") for text in texts]
        whole = whole_of(texts)
    joined = Joined.of_whole(whole.replace(_ELLIPSIS, "..."))
    codes = _foldings().take(joined.codes)
    odd = joined.sizes() > MAX_CHARS
    odd[joined.owners(np.flatnonzero(codes == _SPLIT))] = True
    alone = np.flatnonzero(odd)
    if len(alone):
        codes = Joined(codes, joined.first).but(alone, [fold(texts[at]) for at in alone.tolist()]).codes
    gone = codes == _GONE
    return Joined.of_codes(codes[~gone] if gone.any() else codes)


def lower_all(folded: Joined) -> Joined:
    """Folded texts in lower case, their Chinese characters simplified."""
    codes = _small().take(folded.codes)
    if (codes == _SPLIT).any():
        folded = Joined.of_whole(folded.whole.lower())
        codes = _small().take(folded.codes)
    return Joined(codes, folded.first)


@cache
def _foldings() -> Codes:
    """Code point -> what it is folded to."""
    table = np.full(_ALL, _SPLIT, np.uint32)
    table[slice(*_UNIFIED)] = np.arange(*_UNIFIED)
    for code in chain.from_iterable(range(*ends) for ends in _ALONE):
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and not unicodedata.combining(folded):
            folded = REPLACED.get(folded, folded)
            table[code] = ord(folded) if folded else _GONE
    table[[ord(sign) for sign in "&<`"]] = _SPLIT  # a backtick stays as it is where all is ASCII
    table[[ord(OPEN), ord(END)]] = ord(OPEN), ord(END)
    return table


@cache
def unsettled() -> Flags:
    """Characters with which a folded text may not stay as it is when it is folded once more, by code point."""
    changed: Flags = _foldings() != np.arange(_ALL)
    return changed


@cache
def _small() -> Codes:
    """Code point -> the small letter, or the simplified character."""
    table = np.arange(_ALL, dtype=np.uint32)
    big = list(map(ord, _BY_NEIGHBOURS))
    cased = np.delete(table[:_CASED], big)  # of all others the small one is one character
    table[cased] = codes_of(text_of(cased).lower())
    table[big] = _SPLIT
    for traditional, simple in simplified().items():
        table[ord(traditional)] = ord(simple)
    return table
