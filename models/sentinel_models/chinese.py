"""What the Chinese scorer knows of a post: its runs of characters, and what the valence list finds by longest match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from .folding import simplify
from .lexicon import emoji_valences
from .resources import lines, table
from .words import Reading

__all__ = ["MEASURES", "RUNS", "body", "known", "measure"]

#: Lengths of the runs of characters that are features.
RUNS: Final = (1, 2, 3, 4)

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
)

_NOISE: Final = re.compile(
    r"https?://[^\s\u3000-\u9fff]*|@[\w\-]+[:：]?|\[[^\[\]]{1,8}\]|//@?|转发微博|展开全文?|网页链接|\s+"
)
_QUESTION: Final = re.compile("吗|呢|怎么|如何|为什么|为何|什么|哪|有没有|是否|是不是|几")
_NEGATION_WINDOW: Final = 4  # characters before a valence word in which a negator turns it
_DEGREE_WINDOW: Final = 3


def body(reading: Reading) -> str:
    """The text as the features see it: simplified, lower case, without addresses, handles and [emoticons]."""
    return _NOISE.sub(" ", simplify(reading.lower))[:4_000]


def known(text: str) -> list[tuple[int, str, float]]:
    """Valence words of a text: (position, word, valence in its place), longest match first, left to right."""
    lexicon, longest = _lexicon()
    negators, degrees = _negators(), _degrees()
    found = []
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 0, -1):
            word = text[at : at + length]
            valence = lexicon.get(word)
            if valence is not None:
                before = text[max(0, at - _NEGATION_WINDOW) : at]
                for degree, weight in degrees.items():
                    if before[-_DEGREE_WINDOW:].endswith(degree):
                        valence += weight * (1 if valence > 0 else -1) * 2.5
                        break
                turns = sum(before.count(negator) for negator in negators)
                if turns % 2:
                    valence *= -0.74
                found.append((at, word, valence))
                at += length
                break
        else:
            at += 1
    return found


def measure(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """The measured features of bodies of posts, shape (n_posts, len(MEASURES))."""
    return np.array([_measures(text) for text in texts], float).reshape(len(texts), len(MEASURES))


def _measures(text: str) -> tuple[float, ...]:
    values = [valence for _, _, valence in known(text)]
    total = sum(values)
    positive = sum(value for value in values if value > 0)
    negative = sum(value for value in values if value < 0)
    size = max(len(text), 4)
    return (
        total / float(np.sqrt(total * total + 15.0)),
        positive / size**0.5 / 2,
        negative / size**0.5 / 2,
        values[-1] / 2 if values else 0.0,
        min(text.count("!"), 3) / 2,
        min(text.count("?"), 2) / 2,
        float(bool(_QUESTION.search(text))),
        float(np.log1p(size)) / 4,
        float("#" in text),
        float("《" in text or "【" in text),
        sum("a" <= character <= "z" for character in text) / size,
        float("%" in text),
    )


@cache
def _lexicon() -> tuple[dict[str, float], int]:
    words = {simplify(word): valence for word, valence in table("lexicon_zh.tsv").items()}
    words |= {emoji: valence for emoji, valence in emoji_valences().items() if valence}
    return words, max(map(len, words))


@cache
def _negators() -> tuple[str, ...]:
    return tuple(word for word in lines("negators_zh.txt") if len(word) == 1)


@cache
def _degrees() -> dict[str, float]:
    return dict(sorted(table("degrees_zh.tsv").items(), key=lambda entry: -len(entry[0])))
