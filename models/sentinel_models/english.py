"""Measured features of English posts: what the valence list finds, marks, handles, numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from .ngrams import Indices
from .tokens import Batch, facts, kind

__all__ = ["MEASURES", "measure"]

Floats = npt.NDArray[np.float64]

#: Names of the measured features, in order.
MEASURES: Final = (
    "lexicon compound",
    "lexicon positive",
    "lexicon negative",
    "lexicon last",
    "lexicon largest",
    "lexicon smallest",
    "share known",
    "exclamation",
    "question",
    "question at the end",
    "cashtags",
    "address",
    "handles",
    "repost",
    "numbers",
    "rise",
    "fall",
    "length",
    "emoji",
    "negations",
    "lexicon silent",
    "lexicon silent and short",
)


def measure(batch: Batch) -> Floats:
    """The measured features of posts, shape (n_posts, len(MEASURES))."""
    starts, listed, known = batch.starts, batch.listed, facts()
    places = np.flatnonzero(batch.valence != 0)
    post = batch.post[places]
    valence = _effective(batch, places)
    every = np.zeros(len(listed))
    every[places] = valence

    def total(values: Floats) -> Floats:
        return np.bincount(post, weights=values, minlength=len(starts)).astype(float, copy=False)

    sums, ups = total(valence), total(np.maximum(valence, 0))
    words = np.maximum(batch.counts - 2, 1)
    silent = np.asarray(np.bincount(post, minlength=len(starts)) == 0, float)
    kinds = batch.kinds

    def count(mark: str) -> npt.NDArray[np.int32]:
        return batch.count(kinds == kind(mark))

    place = (valence != 0) * (1.0 + places - starts[post])
    columns = (
        sums / np.sqrt(sums * sums + 15.0),  # VADER's own normalisation
        ups / np.sqrt(words) / 2,
        (sums - ups) / np.sqrt(words) / 2,
        total(valence * place) / np.maximum(total(place), 1) / 2,
        np.maximum.reduceat(every, starts) / 3,  # what opens a post has no valence
        np.minimum.reduceat(every, starts) / 3,
        batch.count(known.known[listed]) / words,
        np.minimum(batch.count(known.exclamation[listed]), 3) / 2,
        np.minimum(batch.count(known.question[listed]), 2) / 2,
        known.question[listed[starts + batch.counts - 2]],
        np.log1p(count("<cash>")),
        np.minimum(count("<url>"), 2) / 2,
        np.log1p(count("<user>")),
        kinds[starts + 1] == kind("rt"),
        np.log1p(count("<number>")),
        count("<up>") > 0,
        count("<down>") > 0,
        np.log1p(words) / 4,
        np.log1p(batch.count(known.emoji[listed])),
        np.log1p(batch.count(known.negator[listed])),
        silent,
        silent / np.sqrt(words),
    )
    return np.column_stack([np.asarray(column, float) for column in columns])


def _effective(batch: Batch, places: Indices) -> Floats:
    """Valence of the tokens that have any, in their place: degrees, negation, what follows a "but"."""
    post, listed = batch.post[places], batch.listed
    valence = batch.valence[places]
    degree = facts().degree[listed[places - 1]] * (post == batch.post[places - 1])
    valence += np.sign(valence) * degree * 2.5  # so that "very good" gains what VADER gives it
    valence[batch.negated[places]] *= -0.74  # VADER's N_SCALAR
    turned = np.cumsum(facts().turns[listed])
    first_turn = turned[batch.starts][post]
    has_but = turned[batch.starts + batch.counts - 1][post] > first_turn
    valence[has_but & (turned[places] > first_turn)] *= 1.5
    valence[has_but & (turned[places] == first_turn)] *= 0.5
    return valence
