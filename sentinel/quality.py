"""How good tags are: figures of a classifier with bootstrap intervals, and the error of the mood they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

__all__ = [
    "adjusted",
    "calibration_error",
    "class_f1",
    "confusion",
    "count_interval",
    "f1_of_counts",
    "interval",
    "macro_f1",
    "macro_recall",
    "mood_error",
    "recall_of_counts",
    "topic_counts",
]

Labels = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def confusion(truth: Labels, guess: Labels, n_classes: int = 3) -> Labels:
    """Counts, shape (n_classes, n_classes + 1): a row a true class, a column a guess, the last one unscored (-1)."""
    table = np.zeros((n_classes, n_classes + 1), np.int64)
    np.add.at(table, (truth, np.where(guess < 0, n_classes, guess)), 1)
    return table


def macro_f1(truth: Labels, guess: Labels) -> float:
    """Mean F1 of the classes that occur in `truth`; a guess of -1 (unscored) is wrong."""
    return float(np.mean([class_f1(truth, guess, label) for label in np.unique(truth)]))


def macro_recall(truth: Labels, guess: Labels) -> float:
    """Mean recall of the classes that occur in `truth`."""
    return float(np.mean([(guess[truth == label] == label).mean() for label in np.unique(truth)]))


def class_f1(truth: Labels, guess: Labels, label: int) -> float:
    """F1 of one class; 0 if it is never guessed right."""
    right = float(((truth == label) & (guess == label)).sum())
    made = float((truth == label).sum() + (guess == label).sum())
    return 2 * right / made if made else 0.0


def calibration_error(truth: Labels, probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error of the largest probability, over equal bins of [0, 1]."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[at == b].mean() - confidence[at == b].mean()) * (at == b).mean()
        for b in range(bins)
        if (at == b).any()
    ]
    return float(sum(gaps))


def f1_of_counts(tables: Counts) -> Floats:
    """Macro-F1 of tables as `confusion` makes them, shape (…, n, n + 1), over the classes that occur."""
    right = np.diagonal(tables, axis1=-2, axis2=-1)
    true, made = tables.sum(axis=-1), tables.sum(axis=-2)[..., :-1]
    shares = 2 * right / np.maximum(true + made, 1)
    return _mean_where(shares, true > 0)


def recall_of_counts(tables: Counts) -> Floats:
    """Macro-recall of such tables."""
    true = tables.sum(axis=-1)
    return _mean_where(np.diagonal(tables, axis1=-2, axis2=-1) / np.maximum(true, 1), true > 0)


def _mean_where(shares: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    means: Floats = (shares * there).sum(axis=-1) / np.maximum(there.sum(axis=-1), 1)
    return means


def count_interval(
    table: Counts, figure: Callable[[Counts], Floats], rounds: int = 1000, seed: int = 1
) -> tuple[float, float]:
    """Bootstrap 90 % interval of a figure that depends on a table of counts alone: as drawing the posts anew."""
    n = int(table.sum())
    drawn = np.random.default_rng(seed).multinomial(n, table.ravel() / n, rounds)
    low, high = np.quantile(figure(drawn.reshape(rounds, *table.shape)), [0.05, 0.95])
    return float(low), float(high)


def adjusted(scores: Floats, truth: Labels, half: npt.NDArray[np.bool_], trust: int = 100) -> Floats:
    """Scores put right by labelled posts: each half by what the other half says.

    A straight line from score to label (-1, 0, 1), drawn towards "as it is" where there is little to go by.

    Parameters
    ----------
    scores : NaN where unscored.
    half : which half a post belongs to; copies of a text belong to the same.
    trust : with so many labelled posts, the line is believed half.
    """
    result = scores.copy()
    for target in (half, ~half):
        given = ~target & ~np.isnan(scores)
        known, label = scores[given], truth[given] - 1.0
        n, spread = len(known), float(np.var(known)) if given.any() else 0.0
        if not spread:
            continue
        belief = n / (n + trust)
        slope = 1 + belief * (float(np.mean((known - known.mean()) * label)) / spread - 1)
        shift = belief * (label.mean() - slope * known.mean())
        result[target] = slope * scores[target] + shift
    return result


def mood_error(truth: Labels, scores: Floats, size: int = 100, groups: int = 500, seed: int = 1) -> float:
    """Mean absolute difference of mean score and mean of the labels (-1, 0, 1) over random groups of posts.

    Unscored posts (NaN) have a label and no score, as in the mood of a report.
    """
    at = np.random.default_rng(seed).integers(0, len(truth), (groups, size))
    known = ~np.isnan(scores)[at]
    sums = np.nan_to_num(scores)[at].sum(axis=1)
    errors = np.abs(sums / np.maximum(known.sum(axis=1), 1) - (truth[at] - 1).mean(axis=1))
    return float(errors[known.any(axis=1)].mean()) if known.any() else float("nan")


def interval(
    figure: Callable[[npt.NDArray[np.int64]], float], n: int, rounds: int = 500, seed: int = 1
) -> tuple[float, float]:
    """Bootstrap 90 % interval of a figure that takes the rows to use."""
    generator = np.random.default_rng(seed)
    figures = [figure(generator.integers(0, n, n)) for _ in range(rounds)]
    low, high = np.quantile(figures, [0.05, 0.95])
    return float(low), float(high)


def topic_counts(
    truth: Sequence[set[str]], either: Sequence[set[str]], guess: Sequence[set[str]]
) -> npt.NDArray[np.int64]:
    """True positives, false positives, false negatives of each post; what only one annotator gave is neither."""
    return np.array(
        [(len(t & g), len(g - t - e), len(t - g)) for t, e, g in zip(truth, either, guess, strict=True)],
        np.int64,
    ).reshape(len(truth), 3)
