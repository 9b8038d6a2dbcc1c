"""Chinese sentiment: logistic regression over runs of characters and a valence list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .chinese import MEASURES, RUNS, body, known, measure
from .language import language_of
from .ngrams import character_ngrams
from .scores import score_columns, softmax
from .weights import load_weights, quality
from .words import read

__all__ = ["Zh"]

Floats = npt.NDArray[np.float64]


class Zh:
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of Chinese posts."""

    name: ClassVar[str] = "zh"
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
        weights = load_weights("zh")
        self.version = str(weights["version"])
        self.quality = quality("zh")

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is Chinese and that hold at least two Han characters beside addresses."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        judged, bodies = [], []
        for at, text in enumerate(texts):
            if (langs[at] or language_of(text)).startswith("zh"):
                reading = read(text)
                if reading.han >= 2:
                    judged.append(at)
                    bodies.append(body(reading))
        return score_columns(len(texts), judged, _probabilities(bodies), f"{self.name} {self.version}")

    def explain(self, text: str) -> dict[str, Any]:
        """The valence words, and the runs of characters that weigh most for positive over negative."""
        text = body(read(text))
        features, unit, heads, _ = _arrays()
        runs = [text[at : at + length] for length in RUNS for at in range(len(text) - length + 1)]
        at, buckets = character_ngrams([text], RUNS)
        weights = (features[buckets, 2] - features[buckets, 0]) * unit / np.sqrt(max(len(at), 1))
        ranked = (
            sorted(zip(runs, weights.tolist(), strict=True), key=lambda pair: -abs(pair[1]))
            if len(runs) == len(weights)
            else []
        )
        measured = measure([text])[0]
        probabilities = _probabilities([text])[0]
        return {
            "p_negative": round(float(probabilities[0]), 6),
            "p_neutral": round(float(probabilities[1]), 6),
            "p_positive": round(float(probabilities[2]), 6),
            "lexicon": [(word, round(valence, 3)) for _, word, valence in known(text)],
            "runs": [(run, round(weight, 3)) for run, weight in ranked[:20]],
            "measured": {
                name: round(float(value * (slope[2] - slope[0])), 3)
                for name, value, slope in zip(MEASURES, measured, heads[-len(MEASURES) :], strict=True)
                if value
            },
        }


def _probabilities(bodies: Sequence[str]) -> Floats:
    if not bodies:
        return np.empty((0, 3))
    features, unit, heads, bias = _arrays()
    at, buckets = character_ngrams(bodies, RUNS)
    weights = features[buckets].astype(np.int64)
    sums = np.zeros((len(bodies), features.shape[1]), np.int64)
    for output in range(features.shape[1]):
        sums[:, output] = np.bincount(
            at, weights=weights[:, output], minlength=len(bodies)
        )  # exact: whole numbers
    counts = np.maximum(np.bincount(at, minlength=len(bodies)), 1)
    scaled = sums * unit / np.sqrt(counts)[:, None]
    logits: Floats = scaled[:, :3] + np.column_stack([scaled[:, 3:], measure(bodies)]) @ heads + bias
    return softmax(logits)


@cache
def _arrays() -> tuple[npt.NDArray[Any], float, Floats, Floats]:
    weights = load_weights("zh")
    return (
        weights["features"],
        float(weights["unit"]),
        weights["heads"].astype(float),
        weights["bias"].astype(float),
    )
