"""From probabilities to tags, and the gate before them: what cannot be judged is unscored, never neutral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .tokens import Batch, facts

__all__ = ["SCORE_COLUMNS", "evidence", "score_columns"]

#: What a scorer tags.
SCORE_COLUMNS: Final = ("label", "score", "p_negative", "p_neutral", "p_positive", "confidence", "model")

_ORDER: Final = np.array(["negative", "neutral", "positive"], object)
_UNSCORED: Final = {"label": "unscored", "model": ""}


def evidence(batch: Batch, english: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which posts an English scorer may judge.

    English (`english` true) needs one word that is known; a post without a language (emoji, cashtags) needs a word or
    an emoji of known valence.
    """
    known = batch.count(facts().known[batch.listed]) > 0
    valence = batch.count(batch.valence != 0) > 0
    return np.where(english, known, valence)


def score_columns(
    n_posts: int, judged: Sequence[int], probabilities: npt.NDArray[np.float64], model: str
) -> Columns:
    """Tag columns of a batch in which the posts at `judged` have `probabilities`, shape (len(judged), 3)."""
    negative, positive = probabilities[:, 0].round(6), probabilities[:, 2].round(6)
    neutral = (1.0 - negative - positive).round(6)  # the three add up to one after rounding too
    three = np.column_stack([negative, neutral, positive])
    filled = {
        "label": _ORDER[three.argmax(axis=1)],
        "score": (positive - negative).round(6),
        "p_negative": negative,
        "p_neutral": neutral,
        "p_positive": positive,
        "confidence": np.maximum(np.maximum(negative, neutral), positive),
        "model": np.full(len(judged), model, object),
    }
    columns = {name: values.tolist() for name, values in filled.items()}
    if len(judged) == n_posts:
        return columns
    every: Columns = {name: [_UNSCORED.get(name)] * n_posts for name in columns}
    for name, values in columns.items():
        column = every[name]
        for at, value in zip(judged, values, strict=True):
            column[at] = value
    return every
