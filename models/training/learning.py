"""The logistic regressions of a language: polar outputs, an expert for each kind of post, and the gate."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sentinel_models.ngrams import BITS
from sklearn.linear_model import LogisticRegression
from training.corpora import Example, beginning, key
from training.features import Floats, Make
from training.regression import shares_regression, telling

__all__ = [
    "FOLDS",
    "Taught",
    "Told",
    "by_set",
    "by_text",
    "expert",
    "gate",
    "labels_of",
    "out_of_fold",
    "polar_weights",
    "without",
]

Labels = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Inverse strength of the penalty, by expert; small sets want more of it. Chosen on the held-in tenth, those of Chinese
#: by cross-validation over what is learned from.
STRENGTH = {
    "en": {"tweets": 0.3, "headlines": 1.0, "stocks": 0.15, "ai": 0.8},
    "zh": {"stocks": 1.5, "weibo": 1.0, "news": 1.0, "ai": 2.0},
}
#: Weight of the other kinds' texts when an expert is taught.
FOREIGN = {
    "en": {"tweets": 0.1, "headlines": 0.003, "stocks": 0.1, "ai": 0.1},
    "zh": {"stocks": 0.003, "weibo": 0.03, "news": 0.1, "ai": 0.1},
}
#: How far the classes are made equal, 0 (as they come) to 1.
BALANCE = {"tweets": 0.9, "headlines": 0.9}
USUAL_BALANCE = 0.7
#: Weight of a text that the teacher has judged; one that people have labelled weighs about one.
TEACHER = {"tweets": 0.6, "headlines": 0.6, "stocks": 0.5, "ai": 1.0}
#: Experts whose features are freer the more their counts tell of a class, see `telling`: its smoothing. Chosen by
#: cross-validation over what is learned from.
SMOOTH = {"en": {"headlines": 1.0}, "zh": {"stocks": 1.5, "weibo": 1.5}}
#: Parts in which an expert of few texts is taught anew to be calibrated.
FOLDS = 3


@dataclass(frozen=True)
class Told:
    """What the teacher says of some texts."""

    matrix: sp.csr_matrix  #: features
    shares: Floats  #: of the labels, shape (n, 3)
    origins: Sequence[str]  #: beginnings of the texts they are cut from
    weights: Floats  #: of each text


@dataclass(frozen=True)
class Taught:
    """All labelled texts of a language."""

    lang: str
    matrix: sp.csr_matrix
    rows: Sequence[Example]
    kind: Labels  #: index of the kind of post
    inner: Flags  #: not to be learned from
    n_hashed: int  #: the first features, which are hashed; the others are measured


def labels_of(rows: Sequence[Example]) -> Labels:
    """Labels of some texts."""
    return np.array([row.label for row in rows])


def polar_weights(
    make: Make, rarity: Floats, keep: npt.NDArray[np.int64], group: Sequence[Example]
) -> Floats:
    """Weights of positive against negative over the hashed features."""
    matrix = (make([example.text for example in group]).hashed @ sp.diags(rarity)).tocsr()[:, keep]
    learned = LogisticRegression(C=0.3, max_iter=100, tol=2e-3)
    learned.fit(matrix, labels_of(group) == 2, sample_weight=[example.weight for example in group])
    full = np.zeros(1 << BITS)
    full[keep] = learned.coef_[0]
    return full


def expert(taught: Taught, at: int, name: str, told: Told | None) -> tuple[Floats, Floats]:
    """Three classes, taught on the texts of one kind, on half of the others at a small weight, and by the teacher."""
    labels, own = labels_of(taught.rows), taught.kind == at
    half = np.random.default_rng(at).random(len(labels)) < 0.5
    used = ~taught.inner & (own | half)
    weights = np.array([row.weight for row in taught.rows])
    weights = weights * np.where(own, 1.0, 2 * FOREIGN[taught.lang][name])
    learned_from = ~taught.inner & own
    mass = np.bincount(labels[learned_from], weights=weights[learned_from], minlength=3)
    weights *= ((mass.mean() / mass) ** BALANCE.get(name, USUAL_BALANCE))[labels]
    strength, smooth = STRENGTH[taught.lang][name], SMOOTH[taught.lang].get(name)
    matrix, weights = taught.matrix[used], weights[used]
    if told is None and smooth is None:
        learned = LogisticRegression(C=strength, max_iter=200, tol=2e-3)
        learned.fit(matrix, labels[used], sample_weight=weights)
        return learned.coef_, learned.intercept_
    shares = np.eye(3)[labels[used]]
    if told is not None:
        matrix = sp.vstack([matrix, told.matrix]).tocsr()
        shares = np.vstack([shares, told.shares])
        weights = np.concatenate([weights, TEACHER[name] * told.weights])
    freedom = 1.0 if smooth is None else telling(matrix, shares, weights, taught.n_hashed, smooth)
    return shares_regression(matrix, shares, weights, strength, freedom=freedom)


def by_text(taught: Taught, at: int) -> Labels:
    """A fold for each text that an expert learns from, the same for texts that begin alike; -1 for all others."""
    own = (taught.kind == at) & ~taught.inner
    folds = np.array([zlib.crc32(beginning(key(row.text)).encode()) % FOLDS for row in taught.rows])
    return np.where(own, folds, -1)


def by_set(taught: Taught, at: int, sets: Sequence[str]) -> Labels:
    """A fold for each of some sets; -1 for what an expert learns from other sets, or not at all."""
    own = (taught.kind == at) & ~taught.inner
    folds = np.array([sets.index(row.source) if row.source in sets else -1 for row in taught.rows])
    return np.where(own, folds, -1)


def out_of_fold(
    taught: Taught, at: int, name: str, told: Told | None, folds: Labels
) -> tuple[Floats, Labels]:
    """Logits and labels of the texts that have a fold, by experts that learned nothing of their fold."""
    marks = [beginning(key(row.text)) for row in taught.rows]
    logits = np.zeros((len(marks), 3))
    for fold in np.unique(folds[folds >= 0]):
        left_out = folds == fold
        hidden = {marks[row] for row in np.flatnonzero(left_out)}
        rest = replace(taught, inner=taught.inner | left_out)
        coefficients, bias = expert(rest, at, name, without(told, hidden))
        logits[left_out] = taught.matrix[left_out] @ coefficients.T + bias
    return logits[folds >= 0], labels_of(taught.rows)[folds >= 0]


def without(told: Told | None, hidden: set[str]) -> Told | None:
    """What the teacher says of texts that are cut from none of those that begin like `hidden`."""
    if told is None:
        return None
    kept = np.array([origin not in hidden for origin in told.origins])
    origins = [origin for origin in told.origins if origin not in hidden]
    return Told(told.matrix[kept], told.shares[kept], origins, told.weights[kept])


def gate(matrix: sp.csr_matrix, kind: Labels) -> tuple[Floats, Floats]:
    """Which kind a text is of."""
    mass = np.bincount(kind)
    weights = (mass.mean() / mass) ** 0.8
    learned = LogisticRegression(C=10.0, max_iter=200, tol=2e-3)
    learned.fit(matrix, kind, sample_weight=weights[kind])
    return learned.coef_, learned.intercept_
