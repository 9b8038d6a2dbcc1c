"""Chinese posts: the text as the features see it, and what the valence list finds by longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from .codes import codes_of
from .folding import simplify
from .joined import PAIR_BITS, Joined, pair_numbers
from .lexicon import emoji_valences
from .ngrams import Indices
from .resources import lines, table
from .substrings import BODIES, Substrings
from .words import Reading

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

__all__ = ["MEASURES", "bodies", "body", "branches", "known", "measure", "measured", "pattern_of", "totals"]

#: Names of the measured features, in order.
MEASURES: Final = (
    "lexicon compound",
    "lexicon positive",
    "lexicon negative",
    "lexicon last",
    "exclamation",
    "question",
    "question word",
    "length",
    "hashtag",
    "title marks",
    "latin share",
    "percent",
    "lexicon silent",
)

_NOISE: Final = re.compile(
    r"https?://[^\s\u3000-\u9fff\ufdd0-\ufdef]*|@[\w\-]+[:：]?|\[[^\[\]\ufdd0-\ufdef]{1,8}\]|//@?|转发微博|展开全文?|网页链接"
    r"|\s+"
)
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_KINDS: Final = ("!", "?", "#", "%", "《【", _LATIN)
_QUESTIONS: Final = "吗 呢 怎么 如何 为什么 为何 什么 哪 有没有 是否 是不是 几"
_WINDOW: Final = 4  # characters before a valence word in which a negator turns it
_LENGTH: Final = 4_000


def body(reading: Reading) -> str:
    """The text as the features see it: simplified, lower case, without addresses, handles and [emoticons]."""
    return _NOISE.sub(" ", reading.lower)[:_LENGTH]


def bodies(lower: Joined) -> Joined:
    """`body` of posts, from their lower-case texts."""
    alone, pairs = _noise_begins()
    noisy = alone.take(lower.codes)
    noisy[:-1] |= pairs.take(lower.pairs)
    changed = lower.sizes() > _LENGTH
    changed[lower.owners(np.flatnonzero(noisy))] = True
    rows = np.flatnonzero(changed)
    if not len(rows):
        return lower
    return lower.but(rows, [_NOISE.sub(" ", lower[at])[:_LENGTH] for at in rows.tolist()])


@cache
def _noise_begins() -> tuple[Flags, Flags]:
    """Characters with which `_NOISE` may begin, by code point, and pairs of characters, by their numbers."""
    alone = np.zeros(0x110000, bool)
    alone[[ord(sign) for sign in "@["]] = True
    alone[[code for code in range(0x3001) if chr(code).isspace() and chr(code) != " "]] = True
    pairs = np.zeros(1 << PAIR_BITS, bool)
    begins = codes_of("ht//转发展开网页  ")
    pairs[pair_numbers(begins[::2], begins[1::2])] = True
    return alone, pairs


def known(text: str) -> list[tuple[int, str, float]]:
    """Valence words of a text: (position, word, valence in its place), longest match first, left to right."""
    finder, valences = _lexicon()
    return [
        (place, word, _valued(valences[word], text[max(0, place - _WINDOW) : place]))
        for place, word in finder.longest_in(text)
    ]


def totals(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Sum of the valences that `known` finds in each text."""
    owners, values = _known(Joined.of(texts))
    return np.bincount(owners, values, len(texts)).astype(float)


def _known(joined: Joined) -> tuple[Indices, Floats]:
    """Valence words of texts: the text each stands in, and its valence in its place."""
    owners, places, which = _lexicon()[0].longest(joined)
    codes, room = joined.codes, places - joined.first[owners] - 1  # characters of the text before
    degrees, goes_back = _degree_ends()
    values = _entry_valences()[which]
    behind = codes[places - 1]
    degree = np.where(room > 0, degrees[behind], 0.0)
    for at in np.flatnonzero((degree == 0.0) & (room > 1) & goes_back[behind]).tolist():
        place = int(places[at])
        degree[at] = _degree(joined.whole[place - min(int(room[at]), _WINDOW) : place])
    values += degree * np.where(values > 0, 2.5, -2.5)
    negators = np.zeros(len(places), np.int64)
    for reach in range(1, _WINDOW + 1):
        negators += (room >= reach) & _negating()[codes[places - np.minimum(room + 1, reach)]]
    return owners, np.where(negators % 2, values * -0.74, values)


def _valued(valence: float, before: str) -> float:
    """A valence behind some characters: degrees raise or lower it, an odd number of negators turns it."""
    if before:
        negators, degree = _negators(), _degree(before)
        if degree:
            valence += degree * (2.5 if valence > 0 else -2.5)
        if not negators.isdisjoint(before) and sum(map(negators.__contains__, before)) % 2:
            valence *= -0.74
    return valence


def _degree(before: str) -> float:
    """How much the degree word raises with which some characters end; 0 if there is none."""
    degrees = _degrees()
    return degrees.get(before[-1]) or degrees.get(before[-2:]) or degrees.get(before[-3:]) or 0.0


def measure(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """The measured features of bodies of posts, shape (n_posts, len(MEASURES))."""
    return measured(Joined.of(texts))


def measured(joined: Joined) -> npt.NDArray[np.float64]:
    """The same of bodies that are joined."""
    n_texts, counts = len(joined), _counts(joined)
    owners, values = _known(joined)
    total = np.bincount(owners, values, n_texts)
    positive = np.bincount(owners, np.maximum(values, 0.0), n_texts)
    last = np.zeros(n_texts)
    last[owners] = values  # of each text, the last one stays
    size = np.maximum(joined.sizes(), 4)

    def count(kind: str) -> Indices:
        own: Indices = counts[_KINDS.index(kind) + 1]
        return own

    columns = (
        total / np.sqrt(total * total + 15.0),
        positive / np.sqrt(size) / 2,
        (total - positive) / np.sqrt(size) / 2,
        last / 2,
        np.minimum(count("!"), 3) / 2,
        np.minimum(count("?"), 2) / 2,
        _questions().holding(joined),
        np.log1p(size) / 4,
        count("#") > 0,
        count("《【") > 0,
        count(_LATIN) / size,
        count("%") > 0,
        np.bincount(owners, minlength=n_texts) == 0,
    )
    return np.column_stack([np.asarray(column, float) for column in columns])


def _counts(joined: Joined) -> Indices:
    """Characters of each of `_KINDS` in each text, by their place there, the first is 1."""
    kinds = _kinds().take(joined.codes)
    places = np.flatnonzero(kinds != 0)
    cells = kinds[places] * np.int64(len(joined)) + joined.owners(places)
    shape = len(_KINDS) + 1, len(joined)
    counts: Indices = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    return counts


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Place of each character among `_KINDS`, by code point, the first is 1."""
    table = np.zeros(0x110000, np.uint8)
    for kind, characters in enumerate(_KINDS, 1):
        table[[ord(character) for character in characters]] = kind
    return table


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds the longest of some words at each place."""
    return re.compile(branches(words))


def branches(words: Iterable[str]) -> str:
    """The same, not compiled; words that begin alike share their beginning."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        at = tree
        for character in word:
            at = at.setdefault(character, {})  # type: ignore[assignment]
        at[""] = {}
    return f"(?:{_branches(tree)})" + "?" * ("" in tree)


def _branches(tree: dict[str, dict[str, object]]) -> str:
    """The ways to go on, grouped where there are several or none is one too: groups take long to compile."""
    ways = [re.escape(character) + _rest(rest) for character, rest in sorted(tree.items()) if character]  # type: ignore[arg-type]
    return "|".join(ways)


def _rest(tree: dict[str, dict[str, object]]) -> str:
    ways = _branches(tree)
    plain = "" not in tree and len(tree) == 1
    return ways if plain or not ways else f"(?:{ways})" + "?" * ("" in tree)


@cache
def _lexicon() -> tuple[Substrings, dict[str, float]]:
    words = {simplify(word): valence for word, valence in table("lexicon_zh.tsv").items()}
    words |= {emoji: valence for emoji, valence in emoji_valences().items() if valence}
    return Substrings(words, BODIES), words


@cache
def _entry_valences() -> Floats:
    """Valence of each entry of the list."""
    finder, valences = _lexicon()
    return np.array([valences[entry] for entry in finder.entries])


@cache
def _degree_ends() -> tuple[Floats, Flags]:
    """Degrees of one character, and whether longer degree words end with a character, by code point."""
    degrees, goes_back = np.zeros(0x110000), np.zeros(0x110000, bool)
    for word, degree in _degrees().items():
        if len(word) == 1:
            degrees[ord(word)] = degree
        goes_back[ord(word[-1])] |= len(word) > 1
    return degrees, goes_back


@cache
def _negating() -> Flags:
    """Which characters are negators, by code point."""
    negating = np.zeros(0x110000, bool)
    negating[list(map(ord, _negators()))] = True
    return negating


@cache
def _questions() -> Substrings:
    return Substrings(_QUESTIONS.split(), BODIES)


@cache
def _negators() -> frozenset[str]:
    return frozenset(word for word in lines("negators_zh.txt") if len(word) == 1)


@cache
def _degrees() -> dict[str, float]:
    return table("degrees_zh.tsv")
