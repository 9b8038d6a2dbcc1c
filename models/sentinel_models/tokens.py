"""Posts as rows of a table of tokens, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from .chunks import DULL, Chunks
from .columns import Column
from .joined import END, OPEN
from .lexicon import (
    common_words,
    emoji_valences,
    english_phrase_words,
    english_phrases,
    english_valences,
)
from .ngrams import Hashes, Indices, bucket, pair_hashes, word_hash
from .resources import lines, table
from .words import Reading

__all__ = ["Batch", "Tokens", "kind", "tokens"]

Floats = npt.NDArray[np.float64]

_ROWS: Final = 300_000
_DULL_ADDRESS: Final = "https://t.co/0000000000"
_TELLING: Final = 0.3  # valence from which a phrase counts as praise or blame
_FACTS: Final = ("valence", "negator", "degree", "known", "emoji", "exclamation", "question", "but")
_PHRASES: Final = ("<good>", "<bad>", "<plain>", "<joined>")  # of the lexicon, see _join_phrases
_MARKS: Final = (
    *("<url>", "<user>", "<cash>", "<money>", "<number>", "<up>", "<down>", "<percent>"),
    *("<open>", "<end>"),
    *_PHRASES,
)


class Tokens(dict[str, int]):
    """Token -> its number, and what is known of each.

    Handles, cashtags, numbers and addresses have numbers of their own, but share the word that stands for their kind.

    Attributes
    ----------
    words : list of str
        By number, the word that a token is scored as.
    written : list of str
        By number, the token as it stands in posts.
    address : int
        The number of every shortened address.
    chunks : Chunks
        Cuts texts into tokens.
    kept : WeakKeyDictionary
        Column -> its values so far, see `Column`; for as long as somebody holds the column.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.written: list[str] = []
        self.kept = WeakKeyDictionary[Column, tuple[npt.NDArray[Any], int]]()
        for mark in _MARKS:
            self._add(mark, mark)
        self[OPEN], self[END] = self["<open>"], self["<end>"]
        self.address = self._add(_DULL_ADDRESS, "<url>")
        self.chunks = Chunks(self, _DULL_ADDRESS)

    def __missing__(self, token: str) -> int:
        """Number of a token that was not seen yet."""
        if DULL.fullmatch(token):
            return self.address
        return self._add(token, _canonical(token))

    def _add(self, token: str, word: str) -> int:
        number = self[token] = len(self.words)
        self.words.append(word)
        self.written.append(token)
        return number

    def numbers(self, tokens: Sequence[str]) -> Indices:
        """Numbers of tokens; the table grows."""
        return np.fromiter(map(self.__getitem__, tokens), np.int64, len(tokens))

    @property
    def hashes(self) -> Hashes:
        """Hash of each word."""
        return _HASHES.of(self)

    @property
    def facts(self) -> Floats:
        """`_FACTS` of each word."""
        return _FACT_VALUES.of(self)


def _facts_of(word: str) -> tuple[float, ...]:
    valences, negators = english_valences(), _negators()
    return (
        valences.get(word, 0.0),
        float(word in negators),
        _degrees().get(word, 0.0),
        float(word in valences or word in negators or word in common_words() or word in _PHRASES),
        float(word in emoji_valences()),
        float(word[0] in "!?" and "!" in word),
        float(word[0] in "!?" and "?" in word),
        float(word in ("but", "however", "yet", "although")),
    )


@cache
def _negators() -> frozenset[str]:
    return frozenset(lines("negators_en.txt"))


@cache
def _degrees() -> dict[str, float]:
    return table("degrees_en.tsv")


def _places_of(word: str) -> int:
    """1 if a phrase of the lexicon begins with the word, 2 if one goes on with it, 3 for both."""
    firsts, seconds = english_phrase_words()
    return (word in firsts) + 2 * (word in seconds)


_HASHES: Final = Column.of_each(word_hash, np.uint64, canonical=True)
_FACT_VALUES: Final = Column.of_each(_facts_of, np.float64, canonical=True)
_KIND: Final = {word: at for at, word in enumerate((*_MARKS, "rt"), 1)}
_KINDS: Final = Column.of_each(lambda word: _KIND.get(word, 0), canonical=True)
_PLACES: Final = Column.of_each(_places_of, canonical=True)


def _canonical(token: str) -> str:
    first = token[0]
    if first == "h" and token.startswith(("http://", "https://")):
        return "<url>"
    if first == "@":
        return "<user>"
    if first == "$":
        return "<cash>" if token[1:2].isalpha() else "<money>"
    if first == "#" and len(token) > 1:
        return _canonical(token[1:])  # "#3" is a number too: what "3" is must not depend on which came first
    if first.isdigit() or (first in "+-" and len(token) > 1):
        if token[-1] == "%":
            return "<up>" if first == "+" else "<down>" if first == "-" else "<percent>"
        return "<money>" if "$" in token else "<number>" if token[-1].isdigit() else token.lstrip("+-")
    return token[:3] if first in "!?" else token[:40]


@cache
def _tables() -> list[Tokens]:
    return [Tokens()]


def tokens() -> Tokens:
    """The table of this process. When it is full, a new one: ever new words must not fill the memory."""
    tables = _tables()
    if max(len(tables[0].words), len(tables[0].chunks)) > _ROWS:
        tables[0] = Tokens()
    return tables[0]


@dataclass(frozen=True, slots=True)
class Batch:
    """The tokens of some posts, one after the other."""

    known: Tokens  #: the table they were looked up in
    rows: Indices  #: number of each token in the table
    post: Indices  #: the post each token stands in
    starts: Indices  #: first token of each post
    counts: Indices  #: tokens a post, its beginning and end among them
    negated: npt.NDArray[np.bool_]  #: whether a negator stands within three tokens before
    hashes: Hashes  #: of each token
    pairs: Indices  #: bucket of each token with the one after it
    facts: Floats  #: of each token

    @classmethod
    def of(cls, readings: Sequence[Reading], known: Tokens | None = None) -> Batch:
        """Look up the tokens of posts; the table grows."""
        known = known or tokens()
        rows = known.numbers(list(chain.from_iterable((OPEN, *reading.tokens, END) for reading in readings)))
        return cls.of_rows(known, rows, np.array([len(reading.tokens) + 2 for reading in readings], np.int64))

    @classmethod
    def of_rows(cls, known: Tokens, rows: Indices, counts: Indices) -> Batch:
        """The batch of posts whose tokens were looked up; `rows` is changed where words make a phrase."""
        post = np.repeat(np.arange(len(counts)), counts)
        joined = _join_phrases(rows, post, known)
        facts, hashes = known.facts[rows], known.hashes[rows]
        for first, length, valence in joined:
            facts[first : first + length, 0] = 0.0
            facts[first, 0] = valence
        negator = facts[:, 1] > 0
        negated = _before(negator, post, 1) | _before(negator, post, 2) | _before(negator, post, 3)
        pairs = bucket(pair_hashes(hashes, np.roll(hashes, -1)))
        return cls(known, rows, post, np.cumsum(counts) - counts, counts, negated, hashes, pairs, facts)

    def take(self, posts: Indices) -> Batch:
        """The tokens of some of the posts, in their order."""
        if len(posts) == len(self.counts):
            return self
        chosen = np.zeros(len(self.counts), bool)
        chosen[posts] = True
        kept = chosen[self.post]
        counts = self.counts[chosen]
        return Batch(
            self.known,
            self.rows[kept],
            np.repeat(np.arange(len(counts)), counts),
            np.cumsum(counts) - counts,
            counts,
            self.negated[kept],
            self.hashes[kept],
            self.pairs[kept],
            self.facts[kept],
        )

    def total(self, values: npt.ArrayLike) -> Floats:
        """Sum of a value a token over each post."""
        added = np.bincount(self.post, weights=np.asarray(values, float), minlength=len(self.counts))
        return added.astype(float)

    @property
    def kinds(self) -> npt.NDArray[np.uint8]:
        """Which mark each token is, see `kind`; 0 if it is none."""
        kinds: npt.NDArray[np.uint8] = _KINDS.of(self.known)[self.rows]
        return kinds


def kind(mark: str) -> int:
    """The number by which `Batch.kinds` knows a mark such as "<url>"."""
    return _KIND[mark]


def _join_phrases(rows: Indices, post: Indices, known: Tokens) -> list[tuple[int, int, float]]:
    """Put one mark in place of each phrase of the lexicon, in `rows`; first token, length and valence of each.

    "not bad" and "price war" do not mean what their words mean; the longest phrase at a place counts.
    """
    places = _PLACES.of(known)[rows]
    maybe = np.flatnonzero((places[:-1] & 1 != 0) & (places[1:] & 2 != 0))
    if not len(maybe):
        return []
    keys, values = english_phrases()
    hashes = known.hashes[rows]
    taken = np.zeros(len(rows), bool)
    runs, first = hashes[maybe], maybe
    found = []
    for length in (2, 3, 4):
        whole = first + length <= len(rows)
        first, runs = first[whole], runs[whole]
        last = first + length - 1
        runs = pair_hashes(runs, hashes[last])
        at = np.searchsorted(keys, runs)
        at[at == len(keys)] = 0
        there = (keys[at] == runs) & (post[first] == post[last])
        found.append((length, first[there].tolist(), values[at[there]].tolist()))
    joined = []
    for length, firsts, valences in reversed(found):
        for place, valence in zip(firsts, valences, strict=True):
            if not taken[place : place + length].any():
                taken[place : place + length] = True
                mark = "<good>" if valence > _TELLING else "<bad>" if valence < -_TELLING else "<plain>"
                rows[place : place + length] = known["<joined>"]
                rows[place] = known[mark]
                joined.append((place, length, valence))
    return joined


def _before(flags: npt.NDArray[np.bool_], post: Indices, by: int) -> npt.NDArray[np.bool_]:
    """Flags of the token `by` places before, false over the edge of a post."""
    moved = np.zeros_like(flags)
    moved[by:] = flags[:-by] & (post[by:] == post[:-by])
    return moved
