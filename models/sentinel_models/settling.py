"""What settles a short post as a whole, before its sentences are compared: an answer, an exception, a likeness."""

from __future__ import annotations

import re
from typing import Final

from .beside import LIKENESSES, beside_alone
from .chosen import CHOICES, chosen_en, chosen_of_one, chosen_zh
from .comparison_words import CUES_ALONE, CUES_BESIDE, CUES_CHOICE, RIVAL, TABLES
from .exceptions import EXCEPTIONS, excepted
from .needed import Needed, runs_in
from .words import Reading

__all__ = ["may_settle", "may_settle_alone", "settled"]

#: What is needed for anything of it in an English post.
_NEEDED: Final = Needed([*CHOICES, *EXCEPTIONS, *LIKENESSES])
_APPEARS: Final = TABLES["en"]["appears"]
_MAY_SETTLE_ZH: Final = re.compile(r"[?]|二选一")


def may_settle(text: str, chinese: bool) -> bool:
    """Whether `settled` may say anything of a text in lower case: a sieve."""
    if chinese:
        return _MAY_SETTLE_ZH.search(text) is not None
    return _NEEDED.any_among(runs_in(text))


def may_settle_alone(reading: Reading) -> bool:
    """Whether it may say anything of an English post that names no rival: a sieve that needs no runs of letters."""
    tokens, text = reading.tokens, reading.lower
    if not CUES_ALONE.isdisjoint(tokens):
        return True
    if ("?" in text or ":" in text) and not CUES_CHOICE.isdisjoint(tokens):
        return True
    return not CUES_BESIDE.isdisjoint(tokens) and any(map(text.__contains__, _APPEARS))


def settled(marked: str, chinese: bool) -> int:
    """1 if a short marked text settles on our side or tells that it alone did well, -1 if the opposite, else 0."""
    if chinese:
        return chosen_zh(marked)
    if RIVAL in marked:
        return chosen_en(marked) or excepted(marked)
    return chosen_of_one(marked) or excepted(marked) or beside_alone(marked)
