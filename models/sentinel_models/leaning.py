"""Which way a clause leans: what it states outright, and words of success and failure, praise and blame."""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import NEGATION, OURS, RIVAL, TABLES, any_of
from .groups import ways
from .lexicon import english_valences
from .statements_en import stated_en
from .words import cut

__all__ = ["leaning"]

_VALUED: Final = 1.4  # valence from which a word is praise or blame
_STRONG: Final = 2  # what is stated outright, or praise and blame; success and failure are half of it


def _listed(name: str) -> list[str]:
    return [way.replace(r"\s+", " ") for entry in TABLES["en"][name] for way in ways(entry)]


_FAILS: Final = frozenset(_listed("fails"))
# Of two that begin together the longer one counts: "followed the format" is none of those who "followed".
_EVENT: Final = re.compile(rf"\b{any_of([*_FAILS, *_listed('succeeds')])}(?![\w-])")
# "Y did", "X couldn't", "X never has": a clause that ends with what it says of another one's verb.
_ELLIPSIS: Final = re.compile(
    r"(?:(?P<no>n't|\bcannot|\bnot|\bno|\bnever(?: (?:has|did|does|will|is))?|\bnot so much)"
    r"|\b(?:did|does|can|could|has|will|is|was|yes))(?: (?:do|done|handle|manage) (?:it|that|this))?\W*$"
    rf"|[{OURS}{RIVAL}] (?:did|could|can) (?:it|in|on|fine|easily)\b"
)
_MENDS: Final = re.compile(rf"\b{any_of(TABLES['en']['mends'])}\b")
_BACK: Final = 24  # characters before a word in which a negation turns it


def leaning(clause: str) -> int:
    """How much more success or praise than failure or blame there is in a clause that is folded, in lower case."""
    words = cut(clause)
    said = stated_en(words, clause)
    total = _STRONG * sum(each.sign for each in said)
    taken = {word for each in said for word in each.phrase.split(" ")}
    for event in _EVENT.finditer(clause):
        first = event.group().split(" ")[0]
        if first not in taken:
            turned = NEGATION.search(clause[max(0, event.start() - _BACK) : event.start()]) is not None
            total += -1 if (event.group() in _FAILS) != turned else 1
            taken.update(event.group().split(" "))
    worth = [_worth(word) for word in words if word not in taken]
    total += sum(worth) if not _MENDS.search(clause) else sum(each for each in worth if each > 0)
    if ends := _ELLIPSIS.search(clause):
        total += -1 if ends["no"] else 1
    return total


def _worth(word: str) -> int:
    valence = english_valences().get(word, 0.0)
    return 0 if abs(valence) < _VALUED else _STRONG if valence > 0 else -_STRONG
