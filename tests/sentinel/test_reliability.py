"""The calibration error with what chance adds to it."""

from __future__ import annotations

import numpy as np
import pytest

from sentinel.quality import calibration_error
from sentinel.reliability import reliability


def drawn(n: int, seed: int, stretch: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and probabilities that hold; with a `stretch` above 1 they are too sure."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(size=(n, 3)) * 1.5
    holding = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (generator.random((n, 1)) > holding.cumsum(axis=1)).sum(axis=1)
    sure = np.exp(stretch * logits)
    return truth, sure / sure.sum(axis=1, keepdims=True)


def test_the_error_is_the_plain_one() -> None:
    truth, probabilities = drawn(300, 1)
    assert reliability(truth, probabilities, rounds=50).error == pytest.approx(
        calibration_error(truth, probabilities)
    )


def test_chance_alone_explains_the_error_of_probabilities_that_hold() -> None:
    found = [reliability(*drawn(60, seed), rounds=100) for seed in range(30)]
    plain, chance = np.mean([each.error for each in found]), np.mean([each.by_chance for each in found])
    assert plain == pytest.approx(chance, abs=0.015)
    assert chance > 0.07
    assert np.mean([each.debiased for each in found]) < 0.5 * plain
    assert np.mean([each.low == 0.0 for each in found]) > 0.85  # an interval of 90 %


def test_too_sure_a_scorer_is_found_out() -> None:
    found = reliability(*drawn(3000, 2, stretch=3.0))
    assert found.low > 0.1
    assert found.low < found.debiased < found.high
    assert found.debiased == pytest.approx(found.error, abs=0.01)  # of many posts chance adds little
    assert found.by_chance < 0.03


def test_same_posts_same_figures() -> None:
    truth, probabilities = drawn(100, 3)
    assert reliability(truth, probabilities, rounds=20) == reliability(truth, probabilities, rounds=20)


def test_one_post_has_figures_too() -> None:
    found = reliability(np.array([2]), np.array([[0.1, 0.2, 0.7]]), rounds=20)
    assert found.error == pytest.approx(0.3)
    assert 0.0 <= found.low <= found.high
