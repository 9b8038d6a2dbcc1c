"""Measured features of English posts: what the valence list finds, marks, handles, numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

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
    starts, total, listed, known = batch.starts, batch.total, batch.listed, facts()
    valence = _effective(batch)
    up, down = np.maximum(valence, 0), np.minimum(valence, 0)
    sums, ups = total(valence), total(up)
    words = np.maximum(batch.counts - 2, 1)
    silent = np.asarray(batch.count(batch.valence != 0) == 0, float)
    kinds = batch.kinds

    def count(mark: str) -> npt.NDArray[np.int32]:
        return batch.count(kinds == kind(mark))

    place = (valence != 0) * (1.0 + np.arange(len(valence)) - np.repeat(starts, batch.counts))
    columns = (
        sums / np.sqrt(sums * sums + 15.0),  # VADER's own normalisation
        ups / np.sqrt(words) / 2,
        (sums - ups) / np.sqrt(words) / 2,
        total(valence * place) / np.maximum(total(place), 1) / 2,
        np.maximum.reduceat(up, starts) / 3,
        np.minimum.reduceat(down, starts) / 3,
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


def _effective(batch: Batch) -> Floats:
    """Valence of each token in its place: degrees, negation, what follows a "but"."""
    post, listed = batch.post, batch.listed
    valence = batch.valence.copy()
    degree = np.zeros_like(valence)
    degree[1:] = facts().degree[listed[:-1]] * (post[1:] == post[:-1])
    valence += np.sign(valence) * degree * 2.5  # so that "very good" gains what VADER gives it
    valence[batch.negated] *= -0.74  # VADER's N_SCALAR
    turned = np.cumsum(facts().turns[listed])
    first_turn = np.repeat(turned[batch.starts], batch.counts)
    has_but = np.repeat(turned[batch.starts + batch.counts - 1], batch.counts) > first_turn
    valence[has_but & (turned > first_turn)] *= 1.5
    valence[has_but & (turned == first_turn)] *= 0.5
    return valence
