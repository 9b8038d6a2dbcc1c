"""Texts as arrays of code points: kinds of characters, and spellings made one, for many posts at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from .folding import MAX_CHARS, REPLACED, fold, simplified, unescaped

__all__ = ["Codes", "codes_of", "fold_all", "simplify_all", "text_of", "unsettled"]

Codes = npt.NDArray[np.uint32]

_ALL: Final = 0x110000
_GONE: Final = 0xFFFFFFFF  # in the table of foldings: the character is left out
_SPLIT: Final = 0xFFFFFFFE  # its folding is no single character, or depends on its neighbours
_LONG: Final = 1_000  # characters of a post from which it is folded by itself
# Where a character's folding is worked out by itself: neither marks that combine nor letters that are composed.
_ALONE: Final = (
    *((0x00, 0x250), (0x2000, 0x2C00), (0x3000, 0x3099), (0x309B, 0x3100), (0xFE00, 0xFE10)),
    *((0xFF00, 0xFFF0), (0x1F000, 0x1FB00)),
)
_UNIFIED: Final = (0x4E00, 0xA000)  # Han characters that are as they should be


def codes_of(text: str) -> Codes:
    """Code points of a text; surrogates are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def fold_all(texts: Sequence[str]) -> list[str]:
    """What `fold` makes of each text."""
    folded = [
        unescaped(text) if "&" in text or "<" in text or len(text) > MAX_CHARS else text for text in texts
    ]
    odd = [at for at, text in enumerate(folded) if not text.isascii()]
    if not odd:
        return folded
    short = [at for at in odd if len(folded[at]) < _LONG]
    for at in set(odd).difference(short):
        folded[at] = fold(texts[at])
    if short:
        for at, text in zip(short, _fold_short([folded[at] for at in short]), strict=True):
            folded[at] = fold(texts[at]) if text is None else text
    return folded


def _fold_short(texts: Sequence[str]) -> list[str | None]:
    """Folded texts; ``None`` where one has to be folded by itself."""
    whole = "".join(texts)
    if "\u2026" in whole:
        texts = [text.replace("\u2026", "...") for text in texts]
        whole = "".join(texts)
    mapped = _foldings().take(codes_of(whole))
    ends = np.cumsum([0, *map(len, texts)])
    splits, gone = np.flatnonzero(mapped == _SPLIT), np.flatnonzero(mapped == _GONE)
    split = np.zeros(len(texts), bool)
    split[np.searchsorted(ends, splits, side="right") - 1] = True
    mapped[splits] = ord("?")
    if len(gone):
        mapped = np.delete(mapped, gone)
        ends -= np.searchsorted(gone, ends)
    whole = text_of(mapped)
    return [
        None if alone else whole[first:last]
        for alone, (first, last) in zip(split.tolist(), pairwise(ends.tolist()), strict=True)
    ]


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
    return table


@cache
def unsettled() -> npt.NDArray[np.bool_]:
    """Characters with which a folded text may not stay as it is when it is folded once more, by code point."""
    changed: npt.NDArray[np.bool_] = _foldings() != np.arange(_ALL)
    changed[[ord("&"), ord("<")]] = True  # what is left of entities and tags that were written twice over
    return changed


def simplify_all(codes: Codes) -> Codes:
    """What `simplify` makes of texts, as code points."""
    return _simple().take(codes)


@cache
def _simple() -> Codes:
    table = np.arange(_ALL, dtype=np.uint32)
    for traditional, simple in simplified().items():
        table[ord(traditional)] = ord(simple)
    return table
