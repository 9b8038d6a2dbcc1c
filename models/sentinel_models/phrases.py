"""The phrases that say something outright, as ``data/statements.toml`` lists them, and how they are looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, Final, NamedTuple

from .resources import lines
from .substrings import BODIES, Substrings
from .verbs import forms

__all__ = ["ANY", "Phrase", "listed", "look_ups", "negators", "phrases_zh", "signs_zh", "stated_words"]

ANY: Final = ""  #: in place of the second of two words: whatever it is
_GAP: Final = frozenset[str]()
_SIGNS: Final = {"good": 1, "bad": -1, "plain": 0, "mock": 1, "predicate_good": 1, "predicate_bad": -1}


class Phrase(NamedTuple):
    words: tuple[frozenset[str], ...]  #: what may stand at each place; nothing for a gap
    at: int  #: place of the word it is looked up by
    sign: int
    kind: str  # the list it stands in
    order: int  # among all phrases: of two that fit the same words, the first counts


@cache
def stated_words() -> frozenset[str]:
    """Every word of the English phrases: they are English, slang or not."""
    return frozenset(
        word
        for phrase in _phrases()
        for ways in phrase.words
        for word in ways
        if word.isalpha() and len(word) > 1
    )


@cache
def _tables() -> dict[str, Any]:
    text = files("sentinel_models").joinpath("data", "statements.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def listed(name: str) -> frozenset[str]:
    return frozenset(_tables()["en"][name])


@cache
def negators() -> frozenset[str]:
    return frozenset(lines("negators_en.txt"))


def _ways(written: str) -> frozenset[str]:
    """The words that "good/great", "soar~" or "{customers}" stands for."""
    return frozenset(chain.from_iterable(map(_ways_of, written.split("/"))))


@cache
def _ways_of(written: str) -> tuple[str, ...]:
    if written.startswith("{"):
        return tuple(chain.from_iterable(map(_ways_of, _tables()["en"]["groups"][written[1:-1]].split("/"))))
    return tuple(forms(written[:-1])) if written.endswith("~") else (written,)


@cache
def _phrases() -> list[Phrase]:
    table, common = _tables()["en"], listed("common")
    every = {
        tuple(_GAP if word == "*" else _ways(word) for word in entry.split(" ")): name
        for name in reversed(_SIGNS)
        for entry in reversed(table[name])
    }
    counts: dict[str, int] = {}
    for words in every:
        for word in chain.from_iterable(words):
            counts[word] = counts.get(word, 0) + 1 + 1000 * (word in common)
    return [
        Phrase(
            words,
            _looked_up_at(words, counts),
            _SIGNS[name],
            name,
            order,
        )
        for order, (words, name) in enumerate(reversed(every.items()))
    ]


def _looked_up_at(words: tuple[frozenset[str], ...], counts: dict[str, int]) -> int:
    """The place, before any gap, of the word that fewest phrases hold, so that most posts find none."""
    solid = words.index(_GAP) if _GAP in words else len(words)
    return min(range(solid), key=lambda place: (max(map(counts.__getitem__, words[place])), place))


@cache
def look_ups() -> dict[str, dict[str, list[tuple[int, Phrase]]]]:
    """Word -> the one after it, or `ANY` -> the phrases looked up by these, each with its place among the two."""
    found: dict[str, dict[str, list[tuple[int, Phrase]]]] = {}
    for phrase in _phrases():
        words, at, place = phrase.words, phrase.at, 0
        pair = words[at], frozenset([ANY])
        if words[at + 1 : at + 2] not in ((), (_GAP,)):
            pair = words[at], words[at + 1]
        elif at:
            pair, place = (words[at - 1], words[at]), 1
        for one, two in product(*pair):
            found.setdefault(one, {}).setdefault(two, []).append((place, phrase))
    return found


def _written_out(phrase: str) -> Iterator[str]:
    """The Chinese phrases that "太/真 好用" stands for."""
    yield from map("".join, product(*(word.split("/") for word in phrase.split(" "))))


@cache
def signs_zh() -> dict[str, int]:
    table = _tables()["zh"]
    return {
        word: sign
        for name, sign in (("plain", 0), ("bad", -1), ("good", 1))
        for entry in table[name]
        for word in _written_out(entry)
    }


@cache
def phrases_zh() -> Substrings:
    return Substrings(signs_zh(), BODIES)
