"""What a short post says outright: praise and blame that no bag of words can be trusted with.

"Qwen couldn't be better", "Alibaba is cooked", "ban on Alibaba Cloud lifted": the words of such a post, one by one, say
the opposite of the whole, or nothing. A list of phrases decides there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .chinese import body
from .columns import Column
from .lexicon import english_valences
from .marks import MARKS
from .posts import Posts
from .resources import lines
from .substrings import Substrings
from .words import Reading

__all__ = [
    "LENGTHS",
    "LENGTHS_ZH",
    "Statement",
    "may_state",
    "stated",
    "stated_words",
    "statements",
    "weight_of",
    "words_zh",
]

#: Words, Chinese characters: up to the first number a statement counts in full, from the second on not at all. A longer
#: post says more than one thing, and the taught judgement knows better.
LENGTHS: Final = (10, 16)
LENGTHS_ZH: Final = (16, 28)
_GAP: Final = 4
_REACH: Final = 4  # words before a phrase in which a negator turns it
_OPEN, _END = "<open>", "<end>"
_ANY: Final = ""  # in place of the second of two words: whatever it is
_VALUED: Final = 1.4  # valence from which a word that is negated says the opposite
_ASKED_ZH: Final = re.compile("[吗呢]|怎么|如何|什么|哪|多少|几个|是否|是不是|谁|有没有|能不能|可以")
_NEGATED_ZH: Final = re.compile(
    r"(?:不是|并不|并非|不算|不太|不够|没有|不会|不能说|谈不上|称不上|算不上|说不上|绝不|毫不|从不|从没|不|没|别)(?:很|太|那么|特别|多么|什么|怎么)?$"
    r"|(?:不|没|没有|未)(?:觉得|认为|感觉|发现|感到)[^,。]{0,6}$"
)


class Statement(NamedTuple):
    """A phrase that says something outright."""

    phrase: str
    sign: int  #: 1 praise, -1 blame, 0 neither
    mock: bool = False  #: praise that beside blame is none
    place: int = 0  #: of its first word among the words of an English post, the first is 1


def stated(reading: Reading) -> list[Statement]:
    """The statements of a short post, in their order; none in a long one."""
    if reading.han > 1:
        return _stated_zh(body(reading)) if len(reading.lower) < LENGTHS_ZH[1] else []
    tokens = reading.tokens
    return _stated_en(tokens, reading.lower) if len(tokens) < LENGTHS[1] else []


def may_state(posts: Posts) -> npt.NDArray[np.bool_]:
    """False for English posts that state nothing: without a word that does, or two that do together.

    Two are an adjective and what says it of somebody, a negator and a word of valence it turns, or open a phrase.
    """
    may: npt.NDArray[np.bool_] = posts.marked & _STATING != 0
    marks = posts.marks
    together = np.zeros(len(marks), bool)
    together[1:] = (marks[1:] & _PREDICATE != 0) & (marks[:-1] & _COPULA != 0)
    valued = marks & _VALUED_WORD != 0
    for reach in range(1, _REACH + 1):
        together[reach:] |= valued[reach:] & (marks[:-reach] & _NEGATOR != 0)
    may[posts.post[np.flatnonzero(together)]] = True
    words = posts.of_tokens(_WORDS)
    places = np.flatnonzero((words[:-1] != 0) & (words[1:] != 0))
    pairs = _pairs()
    paired = _pair(words[places], words[places + 1])
    may[posts.post[places[pairs[np.searchsorted(pairs, paired)] == paired]]] = True
    return may


@cache
def _numbers() -> dict[str, int]:
    """Token -> number of a word of the pairs that open a phrase."""
    words = sorted(set(chain.from_iterable(_word_pairs())))
    numbers = {word: at for at, word in enumerate(words, 1)}
    return numbers | {"#" + word: at for word, at in numbers.items()}


def _word_pairs() -> list[tuple[str, str]]:
    """The pairs of words that open a phrase."""
    return [(one, two) for one, following in _look_ups().items() for two in following if two != _ANY]


def _pair(one: npt.NDArray[np.int64], two: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return one << 32 | two


@cache
def _pairs() -> npt.NDArray[np.int64]:
    """The pairs of words, by their numbers, that open a phrase, in order; the last is greater than any."""
    known = _numbers()
    one, two = np.array([[known[one], known[two]] for one, two in _word_pairs()]).T
    return np.append(np.sort(_pair(one, two)), np.iinfo(np.int64).max)


def _tagged_too(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from (word, "#" + word)


def _alone(predicates: bool) -> Iterator[str]:
    """Words that are statements by themselves: those that have to be said of somebody, or the others."""
    for word, following in _look_ups().items():
        kinds = [phrase.kind.startswith("predicate") for _, phrase in following.get(_ANY, ())]
        if kinds and all(kinds) == predicates:
            yield word


def _valued() -> Iterator[str]:
    return (word for word, valence in english_valences().items() if abs(valence) >= _VALUED)


_STATING: Final = MARKS.listed("stating", lambda: _tagged_too(_alone(predicates=False)))
_PREDICATE: Final = MARKS.listed("predicate", lambda: _tagged_too(_alone(predicates=True)))
_VALUED_WORD: Final = MARKS.listed("valued", lambda: _tagged_too(_valued()))
_WORDS: Final = Column.of_table(_numbers, np.int64, name="words that state")


@cache
def words_zh() -> Substrings:
    """Finds words without one of which, or a question mark, a Chinese post states nothing outright."""
    return Substrings(phrase.split(" ")[0] for phrase in _signs_zh())


def weight_of(reading: Reading) -> float:
    """How much the statements of a post count, in [0, 1], by its length."""
    full, none = LENGTHS_ZH if reading.han > 1 else LENGTHS
    size = len(reading.lower) if reading.han > 1 else len(reading.tokens)
    return min(1.0, max(0.0, (none - size) / (none - full)))


def statements(reading: Reading, others: Callable[[Reading], Mapping[str, int]] = lambda _: {}) -> int | None:
    """1 for praise, -1 for blame, 0 for a plain fact or a question; ``None`` if nothing is stated or both are.

    Parameters
    ----------
    others : what the post says of somebody else -> its sign for us; asked if there is anything.
    """
    asked = _is_question(reading)
    found = stated(reading)
    if found and (signs := others(reading)):
        found = [each._replace(sign=signs.get(each.phrase, each.sign)) for each in found]
        found = [each for each in found if each.sign or each.phrase not in signs]
    if not found:
        return 0 if asked else None
    blamed = any(statement.sign < 0 for statement in found)
    total = sum(statement.sign for statement in found if not (blamed and statement.mock))
    if asked or not any(statement.sign for statement in found):
        return 0 if asked or not total else None
    return (total > 0) - (total < 0) or None


def _is_question(reading: Reading) -> bool:
    tokens = reading.tokens
    if reading.han > 1:
        return reading.lower.rstrip().endswith("?") and _ASKED_ZH.search(reading.lower) is not None
    return (
        bool(tokens)
        and tokens[-1][0] in "?!"
        and "?" in tokens[-1]
        and not _list("questions").isdisjoint(tokens[:2])
    )


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


class _Phrase(NamedTuple):
    words: tuple[str, ...]  #: "*" for a gap
    at: int  #: place of the word it is looked up by
    sign: int
    kind: str  # the list it stands in
    order: int  # among those that are looked up by the same word
    bag: frozenset[str]  # its words: all of them must be there


def _stated_en(tokens: Sequence[str], text: str) -> list[Statement]:
    look_ups = _look_ups()
    words = [_OPEN, *[token[1:] if token[0] == "#" else token for token in tokens], _END]
    hits = [
        (first, phrases)
        for first, word in enumerate(words[:-1])
        if word in look_ups
        for following in (_ANY, words[first + 1])
        if (phrases := look_ups[word].get(following))
    ]
    found = []
    if hits:
        bag = frozenset(words)
        found = [
            (span, phrase)
            for first, phrases in hits
            for place, phrase in phrases
            if phrase.bag <= bag and (span := _matched(words, first + place, phrase))
        ]
    # the longest first; of two at the same place, the one whose word of look-up comes first
    found.sort(key=lambda pair: (pair[0][0] - pair[0][1], pair[0][0], pair[1].at, pair[1].order))
    taken: set[int] = set()
    kept = []
    for (first, last), phrase in found:
        places = set(range(first, last))
        if taken.isdisjoint(places):
            taken |= places
            sign = -phrase.sign if _negated(words, first, taken, text) else phrase.sign
            kept.append(Statement(" ".join(words[first:last]), sign, phrase.kind == "mock", first))
    kept += _turned(words, taken, text)
    return sorted(kept, key=lambda statement: statement.place)


def _turned(words: Sequence[str], taken: set[int], text: str) -> Iterator[Statement]:
    """Words of the valence list, outside the phrases, that a negator turns: "won't disappoint", "isn't impressive"."""
    valences, negators = english_valences(), _negators()
    if negators.isdisjoint(words):
        return
    for at, word in enumerate(words):
        valence = valences.get(word, 0.0) if at not in taken and word not in negators else 0.0
        if abs(valence) >= _VALUED and _negated(words, at, taken, text):
            yield Statement(word, -1 if valence > 0 else 1, place=at)


def _matched(words: Sequence[str], place: int, phrase: _Phrase) -> tuple[int, int] | None:
    """First word and the one after the last, if `phrase` stands with its word of look-up at `place`."""
    first = place - phrase.at
    if first < 0 or (phrase.kind.startswith("predicate") and not _is_said(words, first)):
        return None
    at, gap = first, False
    for word in phrase.words:
        if word == "*":
            gap = True
            continue
        within = words[at : at + _GAP + 1] if gap else words[at : at + 1]
        gap = False
        if word not in within:
            return None
        at += within.index(word) + 1
    return first, at


def _is_said(words: Sequence[str], first: int) -> bool:
    """Whether an adjective is said of somebody."""
    return first > 0 and (
        words[first - 1] in _list("copulas")
        or _far_from(words, first)
        or (words[first - 1] == "up" and words[first - 2] == "straight")
    )


def _far_from(words: Sequence[str], first: int) -> bool:
    return first > 1 and words[first - 1] == "from" and words[first - 2] == "far"


def _negated(words: Sequence[str], first: int, taken: set[int], text: str) -> bool:
    """Whether a negator that is no part of a phrase stands a few words before, in the same clause of the text."""
    if _far_from(words, first) or (words[1] == "nothing" and words[2] == "about" and first > 2):
        return True
    return any(
        words[at] in _negators() and at not in taken and _in_one_clause(text, words[at], words[first])
        for at in range(max(0, first - _REACH), first)
    )


def _in_one_clause(text: str, one: str, two: str) -> bool:
    """Whether a word stands before another one without a mark between them."""
    return (
        re.search(rf"(?<!\w){re.escape(one)}(?!\w)[^,;:.!?\n]{{0,60}}?(?<!\w){re.escape(two)}(?!\w)", text)
        is not None
    )


def _stated_zh(text: str) -> list[Statement]:
    found = []
    for place, phrase in _phrases_zh().longest_in(text):
        sign = _signs_zh()[phrase]
        if sign and _NEGATED_ZH.search(text[max(0, place - 10) : place]):
            sign = -sign
        found.append(Statement(phrase, sign))
    return found


@cache
def _tables() -> dict[str, Any]:
    text = files("sentinel_models").joinpath("data", "statements.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_tables()["en"][name])


@cache
def _negators() -> frozenset[str]:
    return frozenset(lines("negators_en.txt"))


_COPULA: Final = MARKS.listed("copula", lambda: _tagged_too([*_list("copulas"), "from", "up"]))
_NEGATOR: Final = MARKS.listed("negator", lambda: _tagged_too(_negators()))


def _written_out(phrase: str) -> Iterator[tuple[str, ...]]:
    """The phrases that "good/great work" stands for."""
    yield from product(*(word.split("/") for word in phrase.split(" ")))


@cache
def _phrases() -> dict[str, list[_Phrase]]:
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
    found: dict[str, list[_Phrase]] = {}
    common = _list("common")
    for words, (sign, kind) in every.items():
        solid = words.index("*") if "*" in words else len(words)  # looked up before any gap
        at = min(
            range(solid),
            key=lambda place: (counts[words[place]] + 1000 * (words[place] in common), place),
        )
        held = found.setdefault(words[at], [])
        held.append(_Phrase(words, at, sign, kind, len(held), frozenset(words) - {"*"}))
    return found


@cache
def _look_ups() -> dict[str, dict[str, list[tuple[int, _Phrase]]]]:
    """Word -> the one after it, or `_ANY` -> the phrases looked up by these, each with its place among the two."""
    found: dict[str, dict[str, list[tuple[int, _Phrase]]]] = {}
    for phrase in chain.from_iterable(_phrases().values()):
        words, at = phrase.words, phrase.at
        if words[at + 1 : at + 2] not in ((), ("*",)):
            one, two, place = words[at], words[at + 1], 0
        elif at:
            one, two, place = words[at - 1], words[at], 1
        else:
            one, two, place = words[at], _ANY, 0
        found.setdefault(one, {}).setdefault(two, []).append((place, phrase))
    return found


@cache
def _signs_zh() -> dict[str, int]:
    table = _tables()["zh"]
    return {word: sign for name, sign in (("plain", 0), ("bad", -1), ("good", 1)) for word in table[name]}


@cache
def _phrases_zh() -> Substrings:
    return Substrings(_signs_zh())
