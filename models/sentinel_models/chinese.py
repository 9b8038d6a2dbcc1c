"""Chinese posts: the text as the features see it, and what the valence list finds by longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from math import log1p, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from .folding import simplify
from .lexicon import emoji_valences
from .resources import lines, table
from .words import Reading

__all__ = ["MEASURES", "body", "known", "measure", "pattern_of"]

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
    r"https?://[^\s\u3000-\u9fff]*|@[\w\-]+[:：]?|\[[^\[\]]{1,8}\]|//@?|转发微博|展开全文?|网页链接|\s+"
)
_QUESTION: Final = re.compile("吗|呢|怎么|如何|为什么|为何|什么|哪|有没有|是否|是不是|几")
_LATIN: Final = re.compile("[a-z]")
_WINDOW: Final = 4  # characters before a valence word in which a negator turns it
_LENGTH: Final = 4_000


def body(reading: Reading) -> str:
    """The text as the features see it: simplified, lower case, without addresses, handles and [emoticons]."""
    return _NOISE.sub(" ", reading.lower)[:_LENGTH]


def known(text: str) -> list[tuple[int, str, float]]:
    """Valence words of a text: (position, word, valence in its place), longest match first, left to right."""
    pattern, lexicon = _lexicon()
    negators, degrees = _negators(), _degrees()
    found = []
    for match in pattern.finditer(text):
        word, at = match.group(), match.start()
        valence = lexicon[word]
        before = text[max(0, at - _WINDOW) : at]
        if before:
            degree = degrees.get(before[-1]) or degrees.get(before[-2:]) or degrees.get(before[-3:])
            if degree:
                valence += degree * (2.5 if valence > 0 else -2.5)
            if len(negators.findall(before)) % 2:
                valence *= -0.74
        found.append((at, word, valence))
    return found


def measure(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """The measured features of bodies of posts, shape (n_posts, len(MEASURES))."""
    return np.array([_measures(text) for text in texts], float).reshape(len(texts), len(MEASURES))


def _measures(text: str) -> tuple[float, ...]:
    values = [valence for _, _, valence in known(text)]
    total = sum(values)
    positive = sum(value for value in values if value > 0)
    size = max(len(text), 4)
    return (
        total / sqrt(total * total + 15.0),
        positive / sqrt(size) / 2,
        (total - positive) / sqrt(size) / 2,
        values[-1] / 2 if values else 0.0,
        min(text.count("!"), 3) / 2,
        min(text.count("?"), 2) / 2,
        float(_QUESTION.search(text) is not None),
        log1p(size) / 4,
        float("#" in text),
        float("《" in text or "【" in text),
        len(_LATIN.findall(text)) / size,
        float("%" in text),
        float(not values),
    )


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds the longest of some words at each place; words that begin alike share their beginning."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        at = tree
        for character in word:
            at = at.setdefault(character, {})  # type: ignore[assignment]
        at[""] = {}
    return re.compile(_branches(tree))


def _branches(tree: dict[str, dict[str, object]]) -> str:
    ways = [re.escape(character) + _branches(rest) for character, rest in sorted(tree.items()) if character]  # type: ignore[arg-type]
    if not ways:
        return ""
    return "(?:" + "|".join(ways) + ")" + "?" * ("" in tree)


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, float]]:
    words = {simplify(word): valence for word, valence in table("lexicon_zh.tsv").items()}
    words |= {emoji: valence for emoji, valence in emoji_valences().items() if valence}
    return pattern_of(words), words


@cache
def _negators() -> re.Pattern[str]:
    return re.compile("|".join(word for word in lines("negators_zh.txt") if len(word) == 1))


@cache
def _degrees() -> dict[str, float]:
    return table("degrees_zh.tsv")
