"""Valence lists: VADER's own with our corrections for talk about firms, markets and models, and emoji."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from .folding import fold
from .resources import lines, table

__all__ = ["common_words", "emoji_valences", "english_valences", "own_valences"]


@cache
def english_valences() -> dict[str, float]:
    """Word -> valence on VADER's scale (-4 to 4). Words that mislead in our subject matter are left out."""
    text = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.strip())
    valences = {fold(row[0]).lower(): float(row[1]) for row in rows}
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
def common_words() -> frozenset[str]:
    """The commonest English words of posts, as counted over the training texts."""
    return frozenset(lines("words_en.txt"))
