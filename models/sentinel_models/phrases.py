"""The phrases that say something outright, as ``data/statements.toml`` lists them, and how they are looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, Final, NamedTuple

from .groups import ways
from .resources import lines
from .substrings import BODIES, Substrings

__all__ = [
    "ANY",
    "BARE",
    "END",
    "NUMBER",
    "ONE_OF",
    "OPEN",
    "Phrase",
    "Statement",
    "behind_gap",
    "constructions_zh",
    "gap_pairs",
    "listed",
    "look_ups",
    "mocks_zh",
    "negators",
    "opened_by",
    "phrases_zh",
    "signs_zh",
    "stated_words",
    "wide_pairs",
]

ANY: Final = ""  #: in place of the second of two words: whatever it is
ONE_OF: Final = "*"  #: in place of the second of two words: one of many
#: Contractions without their apostrophe -> with it.
BARE: Final = {
    f"{verb}nt": f"{verb}n't"
    for verb in (
        "ai",
        "are",
        "ca",
        "could",
        "did",
        "do",
        "does",
        "had",
        "has",
        "have",
        "is",
        "was",
        "were",
        "wo",
        "would",
    )
}
_WIDE: Final = 40  # pairs of words from which a phrase is not looked up by each pair
OPEN, END = "<open>", "<end>"  #: stand before and behind a post
NUMBER: Final = "<number>"  #: in a phrase, any number or sum of money
_GAP: Final = frozenset[str]()
_WITHIN: Final = "_"  # a gap in which no mark stands
_MANY: Final = 50_000  # pairs of words that are remembered
#: Kinds of phrases -> their sign. Of two kinds that fit the same words, the first one counts.
_SIGNS: Final = {
    "void": 0,
    "far": 0,
    "false": 0,
    "aside": 0,
    "good": 1,
    "bad": -1,
    "growing_good": 1,
    "growing_bad": -1,
    "plain": 0,
    "mock": 1,
    "predicate_good": 1,
    "predicate_bad": -1,
}


class Phrase(NamedTuple):
    """An English phrase of the lists."""

    words: tuple[frozenset[str], ...]  #: what may stand at each place; nothing for a gap
    at: int  #: place of the word it is looked up by
    sign: int
    kind: str  # the list it stands in
    order: int  # among all phrases: of two that fit the same words, the first counts
    near: bool = False  # its words have to stand in one clause


class Statement(NamedTuple):
    """A phrase that says something outright."""

    phrase: str
    sign: int  #: 1 praise, -1 blame, 0 neither
    mock: bool = False  #: praise that beside blame is none
    turned: bool = False  #: its words say the opposite one by one, so that it counts twice
    place: int = 0  #: of its first word among the words of an English post, the first is 1


@cache
def stated_words() -> frozenset[str]:
    """Every word of the English phrases: they are English, slang or not."""
    return frozenset(
        word
        for phrase in _phrases()
        for words in phrase.words
        for word in words
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


@cache
def _phrases() -> list[Phrase]:
    table, common = _tables()["en"], listed("common")
    every = {
        tuple(_GAP if word in ("*", _WITHIN) else frozenset(ways(word)) for word in entry.split(" ")): (
            name,
            _WITHIN in entry.split(" "),
        )
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
            near,
        )
        for order, (words, (name, near)) in enumerate(reversed(every.items()))
    ]


def _looked_up_at(words: tuple[frozenset[str], ...], counts: dict[str, int]) -> int:
    """The place, before any gap, of the word that fewest phrases hold, so that most posts find none."""
    solid = words.index(_GAP) if _GAP in words else len(words)
    places = [place for place in range(solid) if NUMBER not in words[place]]
    return min(places, key=lambda place: (max(map(counts.__getitem__, words[place])), place))


@cache
def look_ups() -> dict[str, dict[str, list[tuple[int, Phrase]]]]:
    """Word -> the one after it, `ANY` or `ONE_OF` -> the phrases looked up by these, with its place among the two."""
    found: dict[str, dict[str, list[tuple[int, Phrase]]]] = {}
    for phrase in _phrases():
        one, two, place = _pair(phrase)
        wide = ANY not in two and len(one) * len(two) > _WIDE
        for first, second in product(one, [ONE_OF] if wide else two):
            found.setdefault(first, {}).setdefault(second, []).append((place, phrase))
    return found


@lru_cache(maxsize=_MANY)
def opened_by(one: str, two: str) -> tuple[tuple[int, Phrase], ...]:
    """The phrases that two words may belong to, each with its place among the two."""
    following = look_ups().get(one, {})
    wide = [
        (place, phrase)
        for place, phrase in following.get(ONE_OF, ())
        if two in phrase.words[phrase.at + 1 - place]
    ]
    return (*following.get(ANY, ()), *following.get(two, ()), *wide)


def _pair(phrase: Phrase) -> tuple[frozenset[str], frozenset[str], int]:
    """The two places that a phrase is looked up by, and which of them is its place of look-up."""
    words, at = phrase.words, phrase.at
    after, before = words[at + 1 : at + 2], words[max(at - 1, 0) : at]
    if after not in ((), (_GAP,)) and NUMBER not in after[0]:
        return words[at], words[at + 1], 0
    if before and NUMBER not in before[0]:
        return words[at - 1], words[at], 1
    return words[at], frozenset([ANY]), 0


def behind_gap(phrase: Phrase) -> frozenset[str]:
    """Words of which one stands behind the first gap of a phrase; none where there is no gap, or any word may."""
    words = phrase.words
    solid = [
        each
        for each in words[words.index(_GAP) if _GAP in words else len(words) :]
        if each and each.isdisjoint((NUMBER, END))
    ]
    common = listed("common")
    return min(solid, key=lambda each: (not common.isdisjoint(each), len(each)), default=_GAP)


@cache
def gap_pairs() -> list[tuple[frozenset[str], frozenset[str]]]:
    """Words that open a phrase by themselves, and those of which one stands behind its gap, where it needs any."""
    alone = [phrase for phrase in _phrases() if ANY in _pair(phrase)[1]]
    return [(phrase.words[phrase.at], behind) for phrase in alone if (behind := behind_gap(phrase))]


@cache
def wide_pairs() -> list[tuple[frozenset[str], frozenset[str]]]:
    """Words that open a phrase with one of many others, and those others."""
    pairs = [(one, two) for one, two, _ in map(_pair, _phrases())]
    return [(one, two) for one, two in pairs if ANY not in two and len(one) * len(two) > _WIDE]


def _written_out(phrase: str) -> Iterator[str]:
    """The Chinese phrases that "太/真 好用" stands for."""
    yield from map("".join, product(*(ways(word) for word in phrase.split(" "))))


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
def mocks_zh() -> frozenset[str]:
    """The Chinese phrases that beside blame are no praise."""
    return frozenset(word for entry in _tables()["zh"]["mock"] for word in _written_out(entry))


@cache
def constructions_zh() -> list[tuple[list[str], int]]:
    """Lists of Chinese constructions, and their signs; of two that overlap, the first one counts."""
    table = _tables()["zh"]
    return [(table["around_plain"], 0), (table["around_bad"], -1), (table["around_good"], 1)]


@cache
def phrases_zh() -> Substrings:
    return Substrings(signs_zh(), BODIES)
