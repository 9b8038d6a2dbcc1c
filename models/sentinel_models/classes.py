"""Kinds of characters, as flags by code point: looked up once for all that is asked about the characters of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "ACCENT",
    "ANGLE",
    "DIGIT",
    "EDGE",
    "END",
    "EXCLAMATION",
    "GAP",
    "HAN",
    "JAPANESE",
    "KANA",
    "LETTERS",
    "OPEN",
    "QUESTION",
    "SCRIPT",
    "classes",
    "japanese_alone",
]

#: Stand before and after each text: two of the code points that Unicode never makes characters, so no folded text holds
#: them. (Surrogates would do too, but to encode one takes Python longer than a whole post.)
OPEN, END = "\ufdd0", "\ufdd1"

#: Chinese characters, Japanese syllables, letters of other scripts, Latin letters with accents and Spanish marks.
HAN, KANA, SCRIPT, ACCENT = 1, 2, 4, 8
#: Signs, and digits of ASCII.
QUESTION, EXCLAMATION, ANGLE, DIGIT = 16, 32, 64, 128
#: What parts chunks: spaces and Chinese characters; `OPEN` and `END`; Chinese characters that only Japanese has.
GAP, EDGE, JAPANESE = 256, 512, 1024
LETTERS: Final = HAN | KANA | SCRIPT | ACCENT

_ALL: Final = 0x110000
_RANGES: Final = {
    HAN: [(0x3400, 0x9FFF), (0x20000, 0x3FFFF)],
    KANA: [(0x3041, 0x30FA), (0x31F0, 0x31FF)],
    SCRIPT: [
        *((0x370, 0x6FF), (0x900, 0x9FF), (0xB80, 0xBFF), (0xC00, 0xC7F), (0xE00, 0xE7F), (0x1000, 0x11FF)),
        *((0x1780, 0x17FF), (0xAC00, 0xD7A3)),
    ],
    ACCENT: [
        *((0xDF, 0xF6), (0xF8, 0x24F), (0x1A1, 0x1A1), (0x1B0, 0x1B0), (0x1EA0, 0x1EF9)),
        *((0xBF, 0xBF), (0xA1, 0xA1)),
    ],
    GAP: [(0x3400, 0x9FFF), (0x20000, 0x3FFFF)],
}
_SIGNS: Final = {QUESTION: "?", EXCLAMATION: "!", ANGLE: "<>", DIGIT: "0123456789", EDGE: OPEN + END}


@cache
def classes() -> npt.NDArray[np.uint16]:
    """The flags of each character, by code point."""
    table = np.zeros(_ALL, np.uint16)
    for flag, ranges in _RANGES.items():
        for first, last in ranges:
            table[first : last + 1] |= np.uint16(flag)
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace()]
    lists: dict[int, Iterable[str]] = {GAP: spaces, JAPANESE: japanese_alone()}
    for flag, characters in (*_SIGNS.items(), *lists.items()):
        table[list(map(ord, characters))] |= np.uint16(flag)
    return table


@cache
def japanese_alone() -> frozenset[str]:
    """Commonest Japanese characters that neither mainland China nor Taiwan writes: 発, 売, 拡."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD0) for cell in range(0xA1, 0xFF))
    common = "".join(pair.decode("euc_jp", "ignore") for pair in rows)  # level 1 of JIS X 0208
    chinese = (common.encode(code, "ignore").decode(code) for code in ("gb2312", "big5"))
    return frozenset(common).difference(*chinese)
