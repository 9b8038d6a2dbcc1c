"""Logistic regression on shares: a text may be 70 % positive and 30 % neutral, as a teacher sees it.

What a feature may weigh can depend on how much its counts tell of a class, as in naive Bayes (Wang and Manning 2012).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

__all__ = ["shares_regression", "telling"]

Floats = npt.NDArray[np.float64]


def shares_regression(
    matrix: sp.csr_matrix,
    shares: Floats,
    weights: Floats,
    strength: float,
    rounds: int = 80,
    freedom: Floats | float = 1.0,
) -> tuple[Floats, Floats]:
    """Coefficients (n_classes, n_features) and intercepts of the least weighted cross entropy.

    Parameters
    ----------
    matrix : shape (n, n_features).
    shares : shape (n, n_classes), the classes of each row; they add up to one.
    weights : shape (n,).
    strength : inverse of the penalty, as scikit-learn's ``C``.
    rounds : iterations at most.
    freedom : shape (n_features, n_classes), or the same for all; a coefficient of twice the freedom may be twice as
        large at the same penalty.
    """
    n_features, n_classes = matrix.shape[1], shares.shape[1]
    turned = matrix.T.tocsr()

    def loss(values: Floats) -> tuple[float, Floats]:
        every = values.reshape(n_features + 1, n_classes)
        slopes, bias = every[:-1], every[-1]
        logits = matrix @ (slopes * freedom) + bias
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        total = powers.sum(axis=1, keepdims=True)
        entropy = -(weights * (shares * (logits - np.log(total))).sum(axis=1)).sum()
        wrong = (powers / total - shares) * weights[:, None]
        gradient = np.vstack([(turned @ wrong) * freedom + slopes / strength, wrong.sum(axis=0)])
        return float(entropy + (slopes**2).sum() / strength / 2), gradient.ravel()

    start = np.zeros((n_features + 1) * n_classes)
    options = {"maxiter": rounds, "gtol": 1e-3, "ftol": 1e-7}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    every = found.x.reshape(n_features + 1, n_classes)
    return (every[:-1] * freedom).T, every[-1]


def telling(matrix: sp.csr_matrix, shares: Floats, weights: Floats, n_counted: int, smooth: float) -> Floats:
    """The freedom of each coefficient: half of it is even, half by how much more often a class holds the feature.

    Parameters
    ----------
    matrix : shape (n, n_features).
    shares : shape (n, n_classes).
    weights : shape (n,).
    n_counted : the first features, which texts hold or do not; all others have a freedom of one.
    smooth : texts that are thought of as holding each feature, so that a few say little.
    """
    holds = matrix[:, :n_counted].astype(bool).astype(float)
    counts = holds.T @ (shares * weights[:, None])
    own, other = smooth + counts, smooth + counts.sum(axis=1, keepdims=True) - counts
    ratios = np.log((own / own.sum(axis=0)) / (other / other.sum(axis=0)))
    freedom = np.ones((matrix.shape[1], shares.shape[1]))
    freedom[:n_counted] = (1.0 + np.abs(ratios)) / 2
    return freedom
