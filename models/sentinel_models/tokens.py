"""Posts as rows of a table of tokens, for a whole batch at once."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, product, repeat
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from .chunks import DULL, Chunks
from .columns import Column
from .joined import END, OPEN, joined_words
from .lexicon import (
    common_words,
    emoji_valences,
    english_phrase_words,
    english_phrases,
    english_valences,
)
from .ngrams import Hashes, Indices, bucket, pair_hashes, word_hash
from .resources import lines, table
from .vocabulary import NOTHING, Vocabulary, vocabulary
from .words import Reading

__all__ = ["Batch", "Tokens", "facts", "kind", "tokens", "use"]

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_ROWS: Final = 100_000  # some 45 MB of them, those that are shipped included
_DULL_ADDRESS: Final = "https://t.co/0000000000"
_SIGNS: Final = frozenset("".join(signs) for n in (1, 2, 3) for signs in product("!?", repeat=n))
_TURNS: Final = frozenset(["but", "however", "yet", "although"])
_TELLING: Final = 0.3  # valence from which a phrase counts as praise or blame
_PHRASES: Final = ("<good>", "<bad>", "<plain>", "<joined>")  # of the lexicon, see _join_phrases
_MARKS: Final = (
    *("<url>", "<user>", "<cash>", "<money>", "<number>", "<up>", "<down>", "<percent>"),
    *("<open>", "<end>"),
    *_PHRASES,
)


class Tokens(dict[str, int]):
    """Token -> its number, and what is known of each.

    Handles, cashtags, numbers and addresses have numbers of their own, but share the word that stands for their kind.

    Parameters
    ----------
    frequent : tokens that are known from the beginning.

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
    shipped : Mapping
        Name of a column -> its values for the first tokens.
    kept : WeakKeyDictionary
        Column -> its values so far, see `Column`; for as long as somebody holds the column.
    """

    def __init__(self, frequent: Vocabulary = NOTHING) -> None:
        super().__init__()
        self.words: list[str] = []
        self.written: list[str] = []
        self.kept = WeakKeyDictionary[Column, tuple[npt.NDArray[Any], int]]()
        self.address = len(_MARKS)
        self._add([*_MARKS, _DULL_ADDRESS], [*_MARKS, "<url>"])
        self[OPEN], self[END] = self["<open>"], self["<end>"]
        self["\n"] = self["<open>"]  # parts what is cut at once; no token holds one
        self.shipped = frequent.columns
        self._learn(frequent.tokens)
        self.chunks = Chunks(self.numbers, self.address, frequent.tokens)

    def __missing__(self, token: str) -> int:
        """Number of a token that was not seen yet."""
        return int(self.numbers([token])[0])

    def _add(self, tokens: Sequence[str], words: Sequence[str]) -> None:
        self.update(zip(tokens, range(len(self.words), len(self.words) + len(tokens)), strict=True))
        self.words += words
        self.written += tokens

    def _learn(self, tokens: Sequence[str]) -> None:
        words = [token[:40] if token.isalpha() else _canonical(token) for token in tokens]
        for at in _drawn_out(tokens):
            words[at] = _spelled(tokens[at].removeprefix("#"))
        self._add(tokens, words)

    def numbers(self, tokens: Sequence[str]) -> Indices:
        """Numbers of tokens; the table grows."""
        found = np.fromiter(map(self.get, tokens, repeat(-1)), np.int64, len(tokens))
        unknown = np.flatnonzero(found < 0)
        if len(unknown):
            missing = [tokens[at] for at in unknown.tolist()]
            self._learn(
                [token for token in dict.fromkeys(missing) if token[0] != "h" or not DULL.fullmatch(token)]
            )
            found[unknown] = np.fromiter(map(self.get, missing, repeat(self.address)), np.int64, len(missing))
        return found

    @property
    def hashes(self) -> Hashes:
        """Hash of each word."""
        return _HASHES.of(self)

    @property
    def listed(self) -> Indices:
        """Place of each word among those of which something is known by a list; 0 for all others."""
        return _LISTED.of(self)


class Facts(NamedTuple):
    """What lists say of words, an array each; the first place is that of a word on no list."""

    places: dict[str, int]  #: word -> its place in the arrays
    valence: Floats
    degree: Floats
    negator: Flags
    known: Flags
    emoji: Flags
    exclamation: Flags
    question: Flags
    turns: Flags
    kind: npt.NDArray[np.uint8]  #: which mark, see `kind`; 0 if it is none
    opens: Flags  #: a phrase of the lexicon begins with the word
    goes_on: Flags  #: a phrase has it in second place


@cache
def facts() -> Facts:
    """What is known of words by lists."""
    valences, degrees, negators = (
        english_valences(),
        table("degrees_en.tsv"),
        frozenset(lines("negators_en.txt")),
    )
    known, emoji = {*valences, *negators, *common_words(), *_PHRASES}, emoji_valences()
    firsts, seconds = english_phrase_words()
    words = ["", *sorted({*known, *degrees, *emoji, *_SIGNS, *_TURNS, *_KIND, *firsts, *seconds})]

    def among(group: Container[str]) -> Flags:
        return np.fromiter(map(group.__contains__, words), bool, len(words))

    return Facts(
        {word: at for at, word in enumerate(words)},
        np.array([valences.get(word, 0.0) for word in words]),
        np.array([degrees.get(word, 0.0) for word in words]),
        among(negators),
        among(known),
        among(emoji),
        among({signs for signs in _SIGNS if "!" in signs}),
        among({signs for signs in _SIGNS if "?" in signs}),
        among(_TURNS),
        np.array([_KIND.get(word, 0) for word in words], np.uint8),
        among(firsts),
        among(seconds),
    )


_HASHES: Final = Column.of_each(word_hash, np.uint64, name="hashes", canonical=True)
_KIND: Final = {word: at for at, word in enumerate((*_MARKS, "rt"), 1)}
_LISTED: Final = Column.of_table(lambda: facts().places, np.int64, name="listed", canonical=True)


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


_RUN: Final = re.compile(r"([a-z])\1\1+")


def _drawn_out(tokens: Sequence[str]) -> list[int]:
    """The words that hold a letter three times in a row."""
    joined = joined_words(tokens)
    codes = joined.codes
    letters = (codes >= ord("a")) & (codes <= ord("z"))
    runs = np.flatnonzero(letters[2:] & (codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]))
    held = dict.fromkeys(joined.owners(runs).tolist())
    return [at for at in held if tokens[at].removeprefix("#").isalpha()]


def _spelled(token: str) -> str:
    """A drawn-out word ("soooo goooood") as it is usually spelled, if that is on a list."""
    known = facts().places
    usual = (_RUN.sub(letters, token) for letters in (r"\1\1", r"\1"))
    return next((word for word in usual if word in known), token)[:40]


_TABLES: Final[list[Tokens]] = []


def tokens() -> Tokens:
    """The table of this process. When it is full, a new one: ever new words must not fill the memory."""
    if not _TABLES or max(len(_TABLES[0].words), len(_TABLES[0].chunks)) > _ROWS:
        use(Tokens(vocabulary()))
    return _TABLES[0]


def use(table: Tokens) -> None:
    """Make a table that of this process."""
    _TABLES[:] = [table]


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
    words: Indices  #: bucket of each token, another one if it is negated
    pairs: Indices  #: bucket of each token with the one after it
    listed: Indices  #: place of each token in the arrays of `facts`
    valence: Floats  #: of each token, or of the phrase that begins with it

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
        listed, hashes = known.listed[rows], known.hashes[rows]
        valence = facts().valence[listed]
        for first, length, value in joined:
            valence[first : first + length] = 0.0
            valence[first] = value
        negator = facts().negator[listed]
        negated = _before(negator, post, 1) | _before(negator, post, 2) | _before(negator, post, 3)
        words = bucket(hashes + negated.astype(np.uint64))
        pairs = bucket(pair_hashes(hashes, np.roll(hashes, -1)))
        return cls(
            known,
            rows,
            post,
            np.cumsum(counts) - counts,
            counts,
            negated,
            hashes,
            words,
            pairs,
            listed,
            valence,
        )

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
            self.words[kept],
            self.pairs[kept],
            self.listed[kept],
            self.valence[kept],
        )

    def count(self, which: Flags) -> npt.NDArray[np.int32]:
        """How many tokens of each post are marked."""
        if not len(self.starts):
            return np.empty(0, np.int32)
        return np.add.reduceat(which.view(np.uint8), self.starts, dtype=np.int32)

    @property
    def kinds(self) -> npt.NDArray[np.uint8]:
        """Which mark each token is, see `kind`; 0 if it is none."""
        kinds: npt.NDArray[np.uint8] = facts().kind[self.listed]
        return kinds


def kind(mark: str) -> int:
    """The number by which `Batch.kinds` knows a mark such as "<url>"."""
    return _KIND[mark]


def _join_phrases(rows: Indices, post: Indices, known: Tokens) -> list[tuple[int, int, float]]:
    """Put one mark in place of each phrase of the lexicon, in `rows`; first token, length and valence of each.

    "not bad" and "price war" do not mean what their words mean; the longest phrase at a place counts.
    """
    listed = known.listed[rows]
    maybe = np.flatnonzero(facts().opens[listed[:-1]] & facts().goes_on[listed[1:]])
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
