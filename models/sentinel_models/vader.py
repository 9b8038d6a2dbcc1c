"""English sentiment by vaderSentiment, with its texts made readable for it and its list made fit for our subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentinel.post import Columns

from .experts import softmax
from .language import spoken
from .lexicon import emoji_valences, own_valences
from .posts import posts_of
from .resources import table
from .scores import SCORE_COLUMNS, evidence, score_columns
from .weights import load_weights, quality
from .words import read

__all__ = ["Vader", "compound"]

Floats = npt.NDArray[np.float64]

_CLAUSES: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
#: From this number of words on a text is scored clause by clause: VADER's sum saturates on long texts.
_LONG: Final = 40
_HASHTAG: Final = re.compile(r"#(\w+)")
_CASHTAG: Final = re.compile(r"\$[A-Za-z][\w.]*")


class Vader:
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of English posts."""

    name: ClassVar[str] = "vader"
    columns: ClassVar[tuple[str, ...]] = SCORE_COLUMNS
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self) -> None:
        self._slopes: Floats = load_weights("vader")["slopes"]
        self.version = str(load_weights("vader")["version"])
        self.quality = quality("vader")

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is English, or undetermined with evidence such as an emoji."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        posts = posts_of(texts)
        known = np.array(spoken(posts, langs), object)
        latin = np.flatnonzero((known == "en") | (known == "und"))
        told = evidence(posts.batch.take(latin), known[latin] == "en")
        judged = latin[told].tolist()
        compounds = np.array([compound(posts.reading(at).prose) for at in judged])
        return score_columns(
            len(texts), judged, calibrated(compounds, self._slopes), f"{self.name} {self.version}"
        )

    def explain(self, text: str) -> dict[str, Any]:
        """The clauses as VADER reads them, and the compound score of each."""
        clauses = _clauses(read(text).prose)
        return {
            "clauses": [
                (clause, round(_analyzer().polarity_scores(clause)["compound"], 4)) for clause in clauses
            ]
        }


def compound(prose: str) -> float:
    """VADER's compound score in [-1, 1]; of a long text, the mean over its clauses that say anything."""
    scores = [_analyzer().polarity_scores(clause)["compound"] for clause in _clauses(prose)]
    telling = [score for score in scores if score]
    return sum(telling) / len(telling) if telling else 0.0


def calibrated(compounds: Floats, slopes: Floats) -> Floats:
    """Probabilities of negative, neutral, positive, shape (n, 3), from compound scores."""
    if not len(compounds):
        return np.empty((0, 3))
    parts = np.column_stack([np.ones_like(compounds), compounds, np.abs(compounds), compounds**2])
    return softmax(parts @ slopes)


def _clauses(prose: str) -> Sequence[str]:
    text = _rewrite(_CASHTAG.sub(" ", _HASHTAG.sub(r"\1", prose)))
    if len(text.split()) < _LONG:
        return [text]
    return [clause for clause in _CLAUSES.split(text) if clause.strip()]


def _rewrite(text: str) -> str:
    """Phrases and emoji put as single words of VADER's list; more than two of the same emoji count as two."""
    phrases, emoji = _patterns()
    text = phrases.sub(lambda match: _token(match.group().lower()), text)
    kept: dict[str, int] = {}

    def word(match: re.Match[str]) -> str:
        mark = match.group()
        kept[mark] = kept.get(mark, 0) + 1
        return f" {_token(mark)} " if kept[mark] <= 2 else " "

    return emoji.sub(word, text)


def _token(entry: str) -> str:
    return "zz" + "".join(
        character if character.isalnum() and character.isascii() else f"{ord(character):x}"
        for character in entry
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    phrases = sorted(table("phrases_en.tsv"), key=len, reverse=True)
    emoji = "".join(emoji_valences())
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b", re.IGNORECASE), re.compile(
        f"[{emoji}]"
    )


@cache
def _analyzer() -> Any:
    analyzer = SentimentIntensityAnalyzer()
    analyzer.emojis = {}  # it would put words in place of emoji, and score the words
    for word, valence in own_valences().items():
        if valence:
            analyzer.lexicon[word] = valence
        else:
            analyzer.lexicon.pop(word, None)
    for entry, valence in {**table("phrases_en.tsv"), **emoji_valences()}.items():
        if valence:
            analyzer.lexicon[_token(entry)] = valence
    return analyzer
