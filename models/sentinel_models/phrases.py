"""The phrases that say something outright, as ``data/statements.toml`` lists them, and how they are looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, Final, NamedTuple

from .resources import lines
from .substrings import Substrings

__all__ = ["ANY", "Phrase", "listed", "look_ups", "negators", "phrases_zh", "signs_zh", "stated_words"]

ANY: Final = ""  #: in place of the second of two words: whatever it is


class Phrase(NamedTuple):
    words: tuple[str, ...]  #: "*" for a gap
    at: int  #: place of the word it is looked up by
    sign: int
    kind: str  # the list it stands in
    order: int  # among those that are looked up by the same word
    bag: frozenset[str]  # its words: all of them must be there


@cache
def stated_words() -> frozenset[str]:
    """Every word of the English phrases: they are English, slang or not."""
    return frozenset(
        word
        for held in _phrases().values()
        for phrase in held
        for word in phrase.words
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


def _written_out(phrase: str) -> Iterator[tuple[str, ...]]:
    """The phrases that "good/great work" stands for."""
    yield from product(*(word.split("/") for word in phrase.split(" ")))


@cache
def _phrases() -> dict[str, list[Phrase]]:
    """Word -> the phrases looked up by it: the word of each that fewest phrases hold, so that most posts find none."""
    table = _tables()["en"]
    signs = {"good": 1, "bad": -1, "plain": 0, "mock": 1, "predicate_good": 1, "predicate_bad": -1}
    every: dict[tuple[str, ...], tuple[int, str]] = {}
    for name, sign in signs.items():
        for entry in table[name]:
            for words in _written_out(entry):
                every.setdefault(words, (sign, name))
    counts: dict[str, int] = {}
    for words in every:
        for word in set(words):
            counts[word] = counts.get(word, 0) + 1
    found: dict[str, list[Phrase]] = {}
    common = listed("common")
    for words, (sign, kind) in every.items():
        solid = words.index("*") if "*" in words else len(words)  # looked up before any gap
        at = min(
            range(solid),
            key=lambda place: (counts[words[place]] + 1000 * (words[place] in common), place),
        )
        held = found.setdefault(words[at], [])
        held.append(Phrase(words, at, sign, kind, len(held), frozenset(words) - {"*"}))
    return found


@cache
def look_ups() -> dict[str, dict[str, list[tuple[int, Phrase]]]]:
    """Word -> the one after it, or `ANY` -> the phrases looked up by these, each with its place among the two."""
    found: dict[str, dict[str, list[tuple[int, Phrase]]]] = {}
    for phrase in chain.from_iterable(_phrases().values()):
        words, at = phrase.words, phrase.at
        if words[at + 1 : at + 2] not in ((), ("*",)):
            one, two, place = words[at], words[at + 1], 0
        elif at:
            one, two, place = words[at - 1], words[at], 1
        else:
            one, two, place = words[at], ANY, 0
        found.setdefault(one, {}).setdefault(two, []).append((place, phrase))
    return found


@cache
def signs_zh() -> dict[str, int]:
    table = _tables()["zh"]
    return {word: sign for name, sign in (("plain", 0), ("bad", -1), ("good", 1)) for word in table[name]}


@cache
def phrases_zh() -> Substrings:
    return Substrings(signs_zh())
