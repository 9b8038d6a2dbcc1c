"""What the English scorer knows of a post: its tokens as rows of a table, and a few measured features.

The table holds, for each distinct token, what its word and character features add up to. Most tokens repeat, so a post
costs a few look-ups; the rest is done for the whole batch at once. Weights are whole numbers: their sums do not depend
on the order of adding, and a post gets the same score in any batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from .folding import fold
from .lexicon import common_words, emoji_valences, english_valences
from .ngrams import Hashes, Indices, bucket, character_ngrams, pair_hashes, word_hash
from .resources import lines, table
from .words import Reading, cut

__all__ = ["CHARACTER_SHARE", "MEASURES", "Batch", "Tokens", "measure", "token_features"]

Floats = npt.NDArray[np.float64]

#: Names of the measured features, in order.
MEASURES: Final = (
    "lexicon compound",
    "lexicon positive",
    "lexicon negative",
    "lexicon last",
    "lexicon largest",
    "lexicon smallest",
    "share known",
    "exclamation",
    "question",
    "question at the end",
    "cashtags",
    "address",
    "handles",
    "repost",
    "numbers",
    "rise",
    "fall",
    "length",
    "emoji",
    "negations",
)
_CHARACTERS: Final = (2, 3, 4, 5)
#: A run of characters counts for one such part of a word: a word has many of them.
CHARACTER_SHARE: Final = 2
_ROWS: Final = 300_000


class Tokens(dict[str, int]):
    """Token -> row. Handles, addresses, cashtags and numbers share a row a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._lexicon = english_valences()
        self._emoji = frozenset(emoji_valences())
        self._negators = frozenset(lines("negators_en.txt"))
        self._degrees = table("degrees_en.tsv")
        self._phrases = _phrases()
        self._reset()

    def _reset(self) -> None:
        self.clear()
        self.words.clear()
        self.hashes: Hashes = np.empty(0, np.uint64)
        self.facts: Floats = np.empty((0, len(_FACTS)))
        for mark in _MARKS:
            self[mark] = self._add(mark)

    def __missing__(self, token: str) -> int:
        """Row of a token that was not seen yet."""
        canonical = _canonical(token)
        if canonical in self:
            row = self[canonical]
        else:
            row = self[canonical] = self._add(canonical)
        if canonical == token or token[0] == "#":
            self[token] = row
        return row

    def _add(self, word: str) -> int:
        self.words.append(word)
        return len(self.words) - 1

    def make_room(self) -> None:
        """Forget everything if a stream of ever new words has filled the table; call between batches."""
        if len(self.words) > _ROWS:
            self._reset()

    def complete(self) -> int:
        """Compute hashes and facts of the rows that are new; returns the number of rows."""
        new = self.words[len(self.hashes) :]
        if new:
            self.hashes = np.concatenate(
                [self.hashes, np.array([word_hash(word) for word in new], np.uint64)]
            )
            self.facts = np.concatenate([self.facts, np.array([self._facts(word) for word in new])])
        return len(self.words)

    def _facts(self, word: str) -> tuple[float, ...]:
        valence = self._lexicon.get(word, 0.0)
        known = word in self._lexicon or word in self._negators or word in common_words()
        return (
            valence,
            float(word in self._negators),
            self._degrees.get(word, 0.0),
            float(known),
            float(word in self._emoji),
            float(word[0] in "!?" and "!" in word),
            float(word[0] in "!?" and "?" in word),
            float(word in ("but", "however", "yet", "although")),
        )

    def phrase_valence(self, pairs: Hashes) -> tuple[npt.NDArray[np.bool_], Floats]:
        """Which runs of words are phrases of the lexicon, and their valences."""
        keys, valences = self._phrases
        at = np.searchsorted(keys, pairs)
        at[at == len(keys)] = 0
        return keys[at] == pairs, valences[at]


_FACTS: Final = ("valence", "negator", "degree", "known", "emoji", "exclamation", "question", "but")
_URL, _USER, _CASH, _MONEY, _NUMBER, _UP, _DOWN, _PERCENT, _OPEN, _END = (
    "<url>", "<user>", "<cash>", "<money>", "<number>", "<up>", "<down>", "<percent>", "<open>", "<end>",
)  # fmt: skip
_MARKS: Final = (_URL, _USER, _CASH, _MONEY, _NUMBER, _UP, _DOWN, _PERCENT, _OPEN, _END)


def _canonical(token: str) -> str:
    first = token[0]
    if first == "h" and token.startswith(("http://", "https://")):
        return _URL
    if first == "@":
        return _USER
    if first == "$":
        return _CASH if token[1:2].isalpha() else _MONEY
    if first == "#" and len(token) > 1:
        return token[1:]
    if first.isdigit() or (first in "+-" and len(token) > 1):
        if token[-1] == "%":
            return _UP if first == "+" else _DOWN if first == "-" else _PERCENT
        return _MONEY if "$" in token else _NUMBER if token[-1].isdigit() else token.lstrip("+-")
    if first in "!?":
        return token[:3]
    return token[:40]


def _phrases() -> tuple[Hashes, Floats]:
    found = {}
    for phrase, valence in table("phrases_en.tsv").items():
        found[_run_hash(cut(fold(phrase)))] = valence
    keys = np.array(sorted(found), np.uint64)
    return keys, np.array([found[int(key)] for key in keys])


def _run_hash(words: Sequence[str]) -> int:
    hashes = np.array([word_hash(word) for word in words], np.uint64)
    run = hashes[:1]
    for at in range(1, len(hashes)):
        run = pair_hashes(run, hashes[at : at + 1])
    return int(run[0])


@dataclass(frozen=True, slots=True)
class Batch:
    """The tokens of some posts, one after the other."""

    rows: Indices  #: row of each token in the table
    post: Indices  #: the post each token stands in
    counts: Indices  #: tokens a post
    negated: npt.NDArray[np.bool_]  #: whether a negator stands within three tokens before
    pairs: Indices  #: bucket of each token with the one after it; the last of a post pairs with its end

    @classmethod
    def of(cls, readings: Sequence[Reading], tokens: Tokens) -> Batch:
        """Look up the tokens of posts; the table grows."""
        tokens.make_room()
        rows = np.fromiter(
            map(
                tokens.__getitem__,
                chain.from_iterable(("<open>", *reading.tokens, "<end>") for reading in readings),
            ),
            np.int64,
        )
        tokens.complete()
        counts = np.fromiter((len(reading.tokens) + 2 for reading in readings), np.int64, len(readings))
        post = np.repeat(np.arange(len(readings)), counts)
        negator = tokens.facts[rows, 1] > 0
        negated = _before(negator, post, 1) | _before(negator, post, 2) | _before(negator, post, 3)
        hashes = tokens.hashes[rows]
        pairs = bucket(pair_hashes(hashes, np.roll(hashes, -1)))
        return cls(rows, post, counts, negated, pairs)


def _before(flags: npt.NDArray[np.bool_], post: Indices, by: int) -> npt.NDArray[np.bool_]:
    """Flags of the token `by` places before, false over the edge of a post."""
    moved = np.zeros_like(flags)
    moved[by:] = flags[:-by] & (post[by:] == post[:-by])
    return moved


def measure(batch: Batch, tokens: Tokens) -> Floats:
    """The measured features of posts, shape (n_posts, len(MEASURES))."""
    n_posts = len(batch.counts)
    facts = tokens.facts[batch.rows]
    valence = _effective(batch, tokens, facts)

    def total(values: npt.ArrayLike) -> Floats:
        return np.bincount(batch.post, weights=np.asarray(values, float), minlength=n_posts)

    def share(mark: str) -> Floats:
        return total(batch.rows == tokens[mark])

    up, down = np.maximum(valence, 0), np.minimum(valence, 0)
    sums, ups, downs = total(valence), total(up), total(down)
    starts = np.cumsum(batch.counts) - batch.counts
    ends = starts + batch.counts - 2
    words = np.maximum(batch.counts - 2, 1)
    weight = (valence != 0) * (1.0 + np.arange(len(valence)) - np.repeat(starts, batch.counts))
    columns = (
        sums / np.sqrt(sums * sums + 15.0),  # VADER's own normalisation
        ups / np.sqrt(words) / 2,
        downs / np.sqrt(words) / 2,
        total(valence * weight) / np.maximum(total(weight), 1) / 2,
        np.maximum.reduceat(up, starts) / 3,
        np.minimum.reduceat(down, starts) / 3,
        total(facts[:, 3]) / words,
        np.minimum(total(facts[:, 5]), 3) / 2,
        np.minimum(total(facts[:, 6]), 2) / 2,
        facts[ends, 6],
        np.log1p(share("<cash>")),
        np.minimum(share("<url>"), 2) / 2,
        np.log1p(share("<user>")),
        batch.rows[starts + 1] == tokens["rt"],
        np.log1p(share("<number>")),
        share("<up>") > 0,
        share("<down>") > 0,
        np.log1p(words) / 4,
        np.log1p(total(facts[:, 4])),
        np.log1p(total(facts[:, 1])),
    )
    return np.column_stack([np.asarray(column, float) for column in columns])


def _effective(batch: Batch, tokens: Tokens, facts: Floats) -> Floats:
    """Valence of each token in its place: phrases as wholes, degrees, negation, what follows a "but"."""
    valence = facts[:, 0].copy()
    run = tokens.hashes[batch.rows]
    hashes = run
    for length in (2, 3, 4):
        run = pair_hashes(run[:-1], hashes[length - 1 :])
        if not len(run):
            break
        known, value = tokens.phrase_valence(run)
        known &= batch.post[: len(run)] == batch.post[length - 1 :]
        for at in np.flatnonzero(known):
            valence[at : at + length] = 0.0
            valence[at] = value[at]
    degree = np.zeros_like(valence)
    degree[1:] = facts[:-1, 2] * (batch.post[1:] == batch.post[:-1])
    valence += np.sign(valence) * degree * 2.5  # so that "very good" gains what VADER gives it
    valence[batch.negated] *= -0.74  # VADER's N_SCALAR
    turned = np.cumsum(facts[:, 7])
    first = np.repeat(turned[np.cumsum(batch.counts) - batch.counts], batch.counts)
    last = np.repeat(turned[np.cumsum(batch.counts) - 1], batch.counts)
    has_but = last > first
    valence[has_but & (turned > first)] *= 1.5
    valence[has_but & (turned == first)] *= 0.5
    return valence


def token_features(words: Sequence[str]) -> tuple[Indices, Indices]:
    """Character features of words: (index of the word, in order; bucket)."""
    at, buckets = character_ngrams([f" {word} " for word in words], _CHARACTERS)
    order = np.argsort(at, kind="stable")
    return at[order], buckets[order]
