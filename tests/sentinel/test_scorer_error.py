"""A scorer's measured errors, carried into the interval of an effect: beside it, never in its place."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sentinel.effects import estimate_effects
from sentinel.scorer_error import SCORER_COLUMNS, grip_of, less_scorer_error
from sentinel.votes import AuthorDays


def table(right: int, wrong: int, **more: Any) -> dict[str, dict[str, Any]]:
    """Guesses of a scorer on as many negative as positive posts."""
    return {
        "negative": {"negative": right, "positive": wrong, "unscored": 3, **more},
        "neutral": {"neutral": 10},
        "positive": {"negative": wrong, "positive": right, **more},
    }


def test_grip_is_the_slope_of_the_score() -> None:
    half = grip_of(table(75, 25))
    assert half is not None
    assert half.value == pytest.approx(0.5)
    assert half.n == 200
    perfect = grip_of(table(50, 0))
    assert perfect is not None
    assert (perfect.value, perfect.variance) == (1.0, 0.0)
    soft = table(75, 25)
    soft["negative"] |= {"mean": -0.2, "sd": 0.4}
    soft["positive"] |= {"mean": 0.2, "sd": 0.4}
    softer = grip_of(soft)
    assert softer is not None
    assert softer.value == pytest.approx(0.2)
    assert softer.variance == pytest.approx(0.4**2 / 100 * 2 / 4)


@pytest.mark.parametrize(
    "confusion", [None, {}, [], {"negative": 3}, table(2, 2), {"negative": {}, "positive": {}}]
)
def test_tables_that_say_nothing_give_no_grip(confusion: Any) -> None:
    assert grip_of(confusion) is None


@pytest.fixture(scope="module")
def days(worlds: ModuleType) -> tuple[AuthorDays, Any]:
    world = worlds.make_world(worlds.CLIMATES["A"], 300, np.random.default_rng(3)).shifted(0.2, 3)
    made = world.author_days()
    strata = tuple(one._replace(scorer="toy 1", lang="en") for one in made.strata)
    return replace(made, strata=strata), worlds.announcement(world.event)


def test_effects_are_widened_and_p_stands(days: tuple[AuthorDays, Any]) -> None:
    effects = estimate_effects(*days)
    models = [{"name": "toy", "quality": {"en": {"confusion": table(150, 50), "macro_f1": 0.7}}}]
    found = less_scorer_error(days[0], effects, models)
    assert list(found.columns) == list(SCORER_COLUMNS)
    assert len(found) == 1
    row, effect = (
        found.iloc[0],
        effects[(effects["scope"] == "all") & (effects["window"] == "reaction")].iloc[0],
    )
    assert row["effect_true"] == pytest.approx(effect["effect"] / 0.5)
    assert row["grip_low"] < 0.5 < row["grip_high"]
    assert row["low_true"] <= effect["low"] / 0.5
    assert row["high_true"] >= effect["high"] / 0.5
    assert (row["low_true"] > 0) == (effect["low"] > 0)
    assert row["reason"] == ""


@pytest.mark.parametrize(
    ("models", "reason"),
    [
        ([], "no confusion table of scorer 'toy' for language 'en'"),
        ([{"name": "toy", "quality": {"en": "0.7"}}], "no confusion table of scorer 'toy' for language 'en'"),
        ([{"name": "toy", "quality": {"zh": {"confusion": table(50, 1)}}}], "no confusion table of scorer"),
        (
            [{"name": "toy", "quality": {"en": {"confusion": table(11, 10)}}}],
            "the scorer was not shown to tell negative posts from positive ones",
        ),
    ],
)
def test_what_is_missing_is_said(days: tuple[AuthorDays, Any], models: list[Any], reason: str) -> None:
    row = less_scorer_error(days[0], estimate_effects(*days), models).iloc[0]
    assert row["reason"].startswith(reason)
    assert np.isnan(row["effect_true"])


def test_our_own_scorers_state_their_tables() -> None:
    from sentinel.tagging import make_tagger

    quality = {model.name: getattr(model, "quality", {}) for model in make_tagger(()).models}
    for name, lang in (("linear", "en"), ("zh", "zh")):
        grip = grip_of(quality[name][lang]["confusion"])
        assert grip is not None
        assert 0.2 < grip.value < 0.9
