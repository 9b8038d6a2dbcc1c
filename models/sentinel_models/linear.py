"""English sentiment: logistic regression over words, pairs of words, characters and measured features."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .english import CHARACTER_SHARE, MEASURES, Batch, Tokens, measure, token_features
from .experts import Experts, softmax
from .language import language_of
from .ngrams import bucket
from .scores import SCORE_COLUMNS, evidence_gate, score_columns
from .sides import Sides
from .weights import load_weights, quality
from .words import Reading, read

__all__ = ["Linear"]

Floats = npt.NDArray[np.float64]


class Linear:
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of English posts.

    A score is the mood towards Alibaba's side where a post sets it against a rival: "DeepSeek beats Qwen" is negative.
    """

    name: ClassVar[str] = "linear"
    columns: ClassVar[tuple[str, ...]] = SCORE_COLUMNS

    def __init__(self) -> None:
        self.version = str(load_weights("linear")["version"])
        self.quality = quality("linear")
        self._sides = Sides()

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is English, or undetermined with evidence such as an emoji."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        entities = batch.get("entities") or [None] * len(texts)
        readings = [read(text) for text in texts]
        judged = [
            at
            for at, (reading, lang) in enumerate(zip(readings, langs, strict=True))
            if evidence_gate(reading, lang or language_of(texts[at]))
        ]
        logits = _scorer().logits(
            [self._sides.focus(readings[at], entities[at]) or readings[at] for at in judged]
        )
        for row, at in enumerate(judged):
            push = self._sides.push(readings[at], entities[at])
            if push is not None:
                logits[row] += push
        return score_columns(len(texts), judged, softmax(logits), f"{self.name} {self.version}")

    def explain(self, text: str) -> dict[str, Any]:
        """What each token and each measured feature adds to positive over negative, in logits."""
        reading = read(text)
        explained = _scorer().explain(reading)
        explained["sides"] = self._sides.explain(reading)
        return explained


class _Scorer:
    """The weights, and the table of tokens compiled from them."""

    def __init__(self) -> None:
        self._experts = Experts(load_weights("linear"))
        self._tokens = Tokens()
        self._plain = np.empty((0, self._experts.features.shape[1]), np.int32)
        self._negated = self._plain

    def logits(self, readings: Sequence[Reading]) -> Floats:
        """Logits of negative, neutral, positive, shape (len(readings), 3)."""
        if not readings:
            return np.empty((0, 3))
        batch = Batch.of(readings, self._tokens)
        starts = np.cumsum(batch.counts) - batch.counts
        sums = np.add.reduceat(self._outputs(batch), starts, axis=0, dtype=np.int64)
        return self._experts.mixture(sums * self._scale(batch), measure(batch, self._tokens))[0]

    def explain(self, reading: Reading) -> dict[str, Any]:
        batch = Batch.of([reading], self._tokens)
        outputs = self._outputs(batch) * self._scale(batch)
        measures = measure(batch, self._tokens)
        logits, shares = self._experts.mixture(outputs.sum(axis=0, keepdims=True), measures)
        negative, neutral, positive = softmax(logits)[0].round(6).tolist()
        added = self._experts.towards_positive(outputs, shares[0])
        measured = self._experts.measured_towards_positive(measures[0], shares[0])
        words = [self._tokens.words[row] for row in batch.rows]
        return {
            "p_negative": negative,
            "p_neutral": neutral,
            "p_positive": positive,
            "experts": dict(zip(self._experts.names, shares[0].round(3).tolist(), strict=True)),
            "tokens": list(zip(words, added.round(3).tolist(), strict=True)),
            "measured": {
                name: round(value, 3)
                for name, value in zip(MEASURES, measured.tolist(), strict=True)
                if value
            },
        }

    def _outputs(self, batch: Batch) -> npt.NDArray[np.int32]:
        """Feature weights of each token with its pair, in whole units of CHARACTER_SHARE."""
        self._compile()
        own = self._plain[batch.rows]
        own[batch.negated] = self._negated[batch.rows[batch.negated]]
        own += self._experts.features[batch.pairs] * np.int32(CHARACTER_SHARE)
        return own

    def _scale(self, batch: Batch) -> Floats:
        scale: Floats = self._experts.units / CHARACTER_SHARE / np.sqrt(batch.counts)[:, None]
        return scale

    def _compile(self) -> None:
        """Rows of the tokens that are new."""
        words = self._tokens.words
        if len(self._plain) > len(words):  # the table was emptied
            self._plain = self._negated = self._plain[:0]
        new = words[len(self._plain) :]
        if not new:
            return
        features = self._experts.features
        hashes = self._tokens.hashes[len(self._plain) :]
        at, buckets = token_features(new)
        characters = np.zeros((len(new), features.shape[1]), np.int32)
        starts = np.flatnonzero(np.diff(at, prepend=-1))
        characters[at[starts]] = np.add.reduceat(features[buckets], starts, axis=0, dtype=np.int32)
        plain = characters + features[bucket(hashes)] * np.int32(CHARACTER_SHARE)
        negated = characters + features[bucket(hashes + np.uint64(1))] * np.int32(CHARACTER_SHARE)
        self._plain = np.concatenate([self._plain, plain])
        self._negated = np.concatenate([self._negated, negated])


@cache
def _scorer() -> _Scorer:
    return _Scorer()
