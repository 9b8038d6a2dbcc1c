"""From probabilities to tags, and the gate before them: what cannot be judged is unscored, never neutral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .tokens import Batch

__all__ = ["SCORE_COLUMNS", "evidence", "score_columns"]

#: What a scorer tags.
SCORE_COLUMNS: Final = ("label", "score", "p_negative", "p_neutral", "p_positive", "confidence", "model")

_ORDER: Final = ("negative", "neutral", "positive")


def evidence(batch: Batch, english: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which posts an English scorer may judge.

    English (`english` true) needs one word that is known; a post without a language (emoji, cashtags) needs a word or
    an emoji of known valence.
    """
    known = batch.total(batch.facts[:, 3]) > 0
    valence = batch.total(batch.facts[:, 0] != 0) > 0
    return np.where(english, known, valence)


def score_columns(
    n_posts: int, judged: Sequence[int], probabilities: npt.NDArray[np.float64], model: str
) -> Columns:
    """Tag columns of a batch in which the posts at `judged` have `probabilities`, shape (len(judged), 3)."""
    columns: dict[str, list[Any]] = {
        "label": ["unscored"] * n_posts,
        "score": [None] * n_posts,
        "p_negative": [None] * n_posts,
        "p_neutral": [None] * n_posts,
        "p_positive": [None] * n_posts,
        "confidence": [None] * n_posts,
        "model": [""] * n_posts,
    }
    for at, (negative, neutral, positive) in zip(judged, probabilities.round(6).tolist(), strict=True):
        neutral = round(1.0 - negative - positive, 6)  # the three add up to one after rounding too
        largest = max(negative, neutral, positive)
        columns["label"][at] = _ORDER[(negative, neutral, positive).index(largest)]
        columns["score"][at] = round(positive - negative, 6)
        columns["p_negative"][at], columns["p_neutral"][at], columns["p_positive"][at] = (
            negative,
            neutral,
            positive,
        )
        columns["confidence"][at] = largest
        columns["model"][at] = model
    return columns
