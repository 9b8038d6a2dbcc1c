"""Valence lists: VADER's own with our corrections for talk about firms, markets and models, and emoji."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from .folding import fold
from .ngrams import Hashes, pair_hashes, word_hash
from .resources import lines, table
from .words import cut

__all__ = [
    "common_words",
    "emoji_valences",
    "english_phrase_words",
    "english_phrases",
    "english_valences",
    "own_valences",
]


@cache
def english_valences() -> dict[str, float]:
    """Word -> valence on VADER's scale (-4 to 4). Words that mislead in our subject matter are left out."""
    text = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.strip())
    valences = {(row[0] if row[0].isascii() else fold(row[0])).lower(): float(row[1]) for row in rows}
    return {
        word: valence
        for word, valence in {**valences, **own_valences(), **emoji_valences()}.items()
        if valence
    }


@cache
def own_valences() -> dict[str, float]:
    """Our corrections to VADER's list; 0 takes a word out."""
    return table("lexicon_en.tsv")


@cache
def emoji_valences() -> dict[str, float]:
    """Emoji -> valence; 0 = known to say nothing by itself."""
    return table("emoji.tsv")


@cache
def english_phrases() -> tuple[Hashes, npt.NDArray[np.float64]]:
    """Hashes of the phrases that mean something else than their words, in order, and the valence of each."""
    found = {}
    for phrase, valence in table("phrases_en.tsv").items():
        hashes = np.array([word_hash(word) for word in cut(fold(phrase))], np.uint64)
        run = hashes[:1]
        for at in range(1, len(hashes)):
            run = pair_hashes(run, hashes[at : at + 1])
        found[int(run[0])] = valence
    keys = np.array(sorted(found), np.uint64)
    return keys, np.array([found[int(key)] for key in keys])


@cache
def english_phrase_words() -> tuple[frozenset[str], frozenset[str]]:
    """The first words of those phrases, and the second ones."""
    phrases = [cut(fold(phrase)) for phrase in table("phrases_en.tsv")]
    return frozenset(words[0] for words in phrases), frozenset(
        words[1] for words in phrases if len(words) > 1
    )


@cache
def common_words() -> frozenset[str]:
    """The commonest English words of posts, as counted over the training texts."""
    return frozenset(lines("words_en.txt"))
