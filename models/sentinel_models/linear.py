"""English sentiment: logistic regression over words, characters and measured features."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .english import MEASURES, Batch, Tokens, measure, token_features
from .language import language_of
from .ngrams import bucket
from .scores import evidence_gate, score_columns, softmax
from .weights import load_weights, quality
from .words import Reading, read

__all__ = ["Linear"]

Floats = npt.NDArray[np.float64]

#: Smallest share of tokens that must be known English for a post whose language is not English by the tag.
_KNOWN: Final = 0.5


class Linear:
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of English posts."""

    name: ClassVar[str] = "linear"
    columns: ClassVar[tuple[str, ...]] = (
        "label",
        "score",
        "p_negative",
        "p_neutral",
        "p_positive",
        "confidence",
        "model",
    )

    def __init__(self) -> None:
        weights = load_weights("linear")
        self.version = str(weights["version"])
        self.quality = quality("linear")

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is English, or undetermined with evidence such as an emoji."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        readings = [read(text) for text in texts]
        judged = [
            at
            for at, reading in enumerate(readings)
            if evidence_gate(reading, langs[at] or language_of(texts[at]))
        ]
        probabilities = _scorer().probabilities([readings[at] for at in judged])
        return score_columns(len(texts), judged, probabilities, f"{self.name} {self.version}")

    def explain(self, text: str) -> dict[str, Any]:
        """What each token and each measured feature adds to the logit of positive over negative."""
        return _scorer().explain(read(text))


class _Scorer:
    """The weights, and the table of tokens compiled from them."""

    def __init__(self) -> None:
        weights = load_weights("linear")
        self._features = weights["features"]
        self._unit = float(weights["unit"])
        self._heads = weights["heads"].astype(float)
        self._bias = weights["bias"].astype(float)
        self._tokens = Tokens()
        self._plain = np.empty((0, self._features.shape[1]), np.int64)
        self._negated = self._plain

    def sums(self, batch: Batch) -> Floats:
        """Feature weights of each post added up, shape (n_posts, n_outputs)."""
        self._compile()
        word = np.where(batch.negated[:, None], self._negated[batch.rows], self._plain[batch.rows])
        total = word + self._features[batch.pairs]
        starts = np.cumsum(batch.counts) - batch.counts
        added = np.add.reduceat(total, starts, axis=0)
        return added * self._unit / np.sqrt(batch.counts)[:, None]

    def logits(self, batch: Batch) -> Floats:
        sums = self.sums(batch)
        measured = np.column_stack([sums[:, 3:], measure(batch, self._tokens)])
        logits: Floats = sums[:, :3] + measured @ self._heads + self._bias
        return logits

    def probabilities(self, readings: Sequence[Reading]) -> Floats:
        if not readings:
            return np.empty((0, 3))
        return softmax(self.logits(Batch.of(readings, self._tokens)))

    def _compile(self) -> None:
        """Rows of the tokens that are new."""
        words = self._tokens.words
        if len(self._plain) > len(words):
            self._plain = self._negated = self._plain[:0]
        new = words[len(self._plain) :]
        if not new:
            return
        hashes = self._tokens.hashes[len(self._plain) :]
        at, buckets = token_features(new)
        characters = np.zeros((len(new), self._features.shape[1]), np.int64)
        np.add.at(characters, at, self._features[buckets].astype(np.int64))
        plain = characters + self._features[bucket(hashes)]
        negated = characters + self._features[bucket(hashes + np.uint64(1))]
        self._plain = np.concatenate([self._plain, plain])
        self._negated = np.concatenate([self._negated, negated])

    def explain(self, reading: Reading) -> dict[str, Any]:
        batch = Batch.of([reading], self._tokens)
        logits = self.logits(batch)[0]
        scale = self._unit / np.sqrt(batch.counts[0])
        word = np.where(batch.negated[:, None], self._negated[batch.rows], self._plain[batch.rows])
        spread = (word + self._features[batch.pairs]) * scale
        towards = (
            spread[:, 2]
            - spread[:, 0]
            + spread[:, 3:] @ (self._heads[: spread.shape[1] - 3, 2] - self._heads[: spread.shape[1] - 3, 0])
        )
        measured = measure(batch, self._tokens)[0]
        slopes = self._heads[spread.shape[1] - 3 :, 2] - self._heads[spread.shape[1] - 3 :, 0]
        probabilities = softmax(logits[None, :])[0]
        return {
            "p_negative": round(float(probabilities[0]), 6),
            "p_neutral": round(float(probabilities[1]), 6),
            "p_positive": round(float(probabilities[2]), 6),
            "tokens": [
                (self._tokens.words[row], round(float(value), 3))
                for row, value in zip(batch.rows, towards, strict=True)
            ],
            "measured": {
                name: round(float(value * slope), 3)
                for name, value, slope in zip(MEASURES, measured, slopes, strict=True)
                if value
            },
        }


@cache
def _scorer() -> _Scorer:
    return _Scorer()
