"""Figures of a classifier, against sums done by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, recall_score

from sentinel.quality import (
    calibration_error,
    class_f1,
    confusion,
    interval,
    macro_f1,
    macro_recall,
    mood_error,
    topic_counts,
)

GENERATOR = np.random.default_rng(5)
TRUTH = GENERATOR.integers(0, 3, 500)
GUESS = np.where(GENERATOR.random(500) < 0.6, TRUTH, GENERATOR.integers(0, 3, 500))


def test_figures_are_those_of_scikit_learn() -> None:
    assert macro_f1(TRUTH, GUESS) == pytest.approx(f1_score(TRUTH, GUESS, average="macro"))
    assert macro_recall(TRUTH, GUESS) == pytest.approx(recall_score(TRUTH, GUESS, average="macro"))
    assert class_f1(TRUTH, GUESS, 2) == pytest.approx(f1_score(TRUTH == 2, GUESS == 2))
    assert (confusion(TRUTH, GUESS)[:, :3] == confusion_matrix(TRUTH, GUESS)).all()


def test_unscored_is_wrong_and_has_its_column() -> None:
    truth, guess = np.array([0, 1, 2, 2]), np.array([0, -1, 2, -1])
    assert confusion(truth, guess).tolist() == [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1]]
    assert macro_recall(truth, guess) == pytest.approx((1 + 0 + 0.5) / 3)
    assert macro_f1(truth, guess) == pytest.approx((1 + 0 + 2 / 3) / 3)


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    sure = np.tile([0.0, 0.05, 0.95], (100, 1))
    truth = np.array([2] * 80 + [0] * 20)
    assert calibration_error(truth, sure) == pytest.approx(0.15)


def test_a_scorer_without_error_has_no_mood_error_and_a_shifted_one_has_its_shift() -> None:
    assert mood_error(TRUTH, (TRUTH - 1).astype(float)) == 0.0
    assert mood_error(TRUTH, (TRUTH - 1).astype(float) + 0.1) == pytest.approx(0.1)


def test_an_interval_holds_the_figure_and_shrinks_with_n() -> None:
    def width(n: int) -> float:
        low, high = interval(lambda at: macro_f1(TRUTH[:n][at], GUESS[:n][at]), n)
        assert low <= macro_f1(TRUTH[:n], GUESS[:n]) <= high
        return high - low

    assert width(500) < width(50)


def test_a_topic_of_one_annotator_is_neither_right_nor_wrong() -> None:
    counts = topic_counts([{"a"}, {"a"}], [{"a", "b"}, {"a"}], [{"a", "b"}, {"b"}])
    assert counts.tolist() == [[1, 0, 0], [0, 1, 1]]
