"""Posts as rows of a table of tokens, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from .lexicon import common_words, emoji_valences, english_phrases, english_valences
from .ngrams import Hashes, Indices, bucket, pair_hashes, word_hash
from .resources import lines, table
from .words import Reading, read

__all__ = ["Batch", "Tokens", "batch_of", "tokens"]

Floats = npt.NDArray[np.float64]

_ROWS: Final = 300_000
_TELLING: Final = 0.3  # valence from which a phrase counts as praise or blame
_FACTS: Final = ("valence", "negator", "degree", "known", "emoji", "exclamation", "question", "but")
_PHRASES: Final = ("<good>", "<bad>", "<plain>", "<joined>")  # of the lexicon, see _join_phrases
_MARKS: Final = (
    *("<url>", "<user>", "<cash>", "<money>", "<number>", "<up>", "<down>", "<percent>"),
    *("<open>", "<end>"),
    *_PHRASES,
)


class Tokens(dict[str, int]):
    """Token -> row. Handles, addresses, cashtags and numbers share a row a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.emptied = 0  #: times the table was emptied; what was worked out for its rows is then void
        self._lexicon = english_valences()
        self._emoji = frozenset(emoji_valences())
        self._negators = frozenset(lines("negators_en.txt"))
        self._degrees = table("degrees_en.tsv")
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
        row = self.get(canonical)
        if row is None:
            row = self[canonical] = self._add(canonical)
        if canonical != "<url>":  # addresses do not come twice
            self[token] = row
        return row

    def _add(self, word: str) -> int:
        self.words.append(word)
        return len(self.words) - 1

    def rows(self, readings: Sequence[Reading]) -> Indices:
        """Rows of the tokens of posts, each post with its beginning and end."""
        if len(self) > _ROWS:  # a stream of ever new words must not fill the memory
            self._reset()
            self.emptied += 1
        found = np.array(
            list(
                map(
                    self.__getitem__,
                    chain.from_iterable(("<open>", *reading.tokens, "<end>") for reading in readings),
                )
            ),
            np.int64,
        )
        new = self.words[len(self.hashes) :]
        if new:
            self.hashes = np.concatenate(
                [self.hashes, np.array([word_hash(word) for word in new], np.uint64)]
            )
            self.facts = np.concatenate([self.facts, np.array([self._facts(word) for word in new])])
        return found

    def _facts(self, word: str) -> tuple[float, ...]:
        return (
            self._lexicon.get(word, 0.0),
            float(word in self._negators),
            self._degrees.get(word, 0.0),
            float(
                word in self._lexicon or word in self._negators or word in common_words() or word in _PHRASES
            ),
            float(word in self._emoji),
            float(word[0] in "!?" and "!" in word),
            float(word[0] in "!?" and "?" in word),
            float(word in ("but", "however", "yet", "although")),
        )


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
def tokens() -> Tokens:
    """The one table of this process."""
    return Tokens()


@dataclass(frozen=True, slots=True)
class Batch:
    """The tokens of some posts, one after the other."""

    rows: Indices  #: row of each token in the table
    post: Indices  #: the post each token stands in
    starts: Indices  #: first token of each post
    counts: Indices  #: tokens a post, its beginning and end among them
    negated: npt.NDArray[np.bool_]  #: whether a negator stands within three tokens before
    hashes: Hashes  #: of each token
    pairs: Indices  #: bucket of each token with the one after it
    facts: Floats  #: of each token
    emptied: int  #: state of the table when the rows were looked up

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Batch:
        """Look up the tokens of posts; the table grows."""
        known = tokens()
        rows = known.rows(readings)
        counts = np.array([len(reading.tokens) + 2 for reading in readings], np.int64)
        post = np.repeat(np.arange(len(readings)), counts)
        valences = _join_phrases(rows, post, known)
        facts, hashes = known.facts[rows], known.hashes[rows]
        facts[:, 0] = np.where(np.isnan(valences), facts[:, 0], valences)
        negator = facts[:, 1] > 0
        negated = _before(negator, post, 1) | _before(negator, post, 2) | _before(negator, post, 3)
        pairs = bucket(pair_hashes(hashes, np.roll(hashes, -1)))
        return cls(
            rows, post, np.cumsum(counts) - counts, counts, negated, hashes, pairs, facts, known.emptied
        )

    def take(self, posts: Sequence[int]) -> Batch:
        """The tokens of some of the posts, in their order."""
        if len(posts) == len(self.counts):
            return self
        chosen = np.zeros(len(self.counts), bool)
        chosen[list(posts)] = True
        kept = chosen[self.post]
        counts = self.counts[chosen]
        return Batch(
            self.rows[kept],
            np.repeat(np.arange(len(counts)), counts),
            np.cumsum(counts) - counts,
            counts,
            self.negated[kept],
            self.hashes[kept],
            self.pairs[kept],
            self.facts[kept],
            self.emptied,
        )

    def total(self, values: npt.ArrayLike) -> Floats:
        """Sum of a value a token over each post."""
        added = np.bincount(self.post, weights=np.asarray(values, float), minlength=len(self.counts))
        return added.astype(float)

    def count(self, mark: str) -> Floats:
        """How often each post has a kind of token."""
        return self.total(self.rows == tokens()[mark])


@lru_cache(maxsize=4)
def _batch_of(texts: tuple[str, ...]) -> Batch:
    return Batch.of([read(text) for text in texts])


def batch_of(texts: Sequence[str]) -> Batch:
    """The tokens of posts; several taggers ask for the same posts, the last batches are kept."""
    batch = _batch_of(tuple(texts))
    if batch.emptied != tokens().emptied:
        _batch_of.cache_clear()
        batch = _batch_of(tuple(texts))
    return batch


def _join_phrases(rows: Indices, post: Indices, known: Tokens) -> Floats:
    """Put one mark in place of each phrase of the lexicon, in `rows`; the valence of each phrase, NaN elsewhere.

    "not bad" and "price war" do not mean what their words mean; the longest phrase at a place counts.
    """
    valences = np.full(len(rows), np.nan)
    keys, values = english_phrases()
    hashes = known.hashes[rows]
    runs = [hashes]
    for length in (2, 3, 4):
        runs.append(pair_hashes(runs[-1][:-1], hashes[length - 1 :]))
    for length in (4, 3, 2):
        run = runs[length - 1]
        if not len(run):
            continue
        at = np.searchsorted(keys, run)
        at[at == len(keys)] = 0
        for first in np.flatnonzero((keys[at] == run) & (post[: len(run)] == post[length - 1 :])).tolist():
            if np.isnan(valences[first : first + length]).all():
                value = values[at[first]]
                mark = "<good>" if value > _TELLING else "<bad>" if value < -_TELLING else "<plain>"
                rows[first : first + length] = known["<joined>"]
                rows[first] = known[mark]
                valences[first : first + length] = 0.0
                valences[first] = value
    return valences


def _before(flags: npt.NDArray[np.bool_], post: Indices, by: int) -> npt.NDArray[np.bool_]:
    """Flags of the token `by` places before, false over the edge of a post."""
    moved = np.zeros_like(flags)
    moved[by:] = flags[:-by] & (post[by:] == post[:-by])
    return moved
