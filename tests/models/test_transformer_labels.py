"""What the labels of somebody else's classifier mean."""

from __future__ import annotations

import pytest
from sentinel_models.transformer_labels import meanings

from sentinel.errors import SettingsError


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["negative", "neutral", "positive"], [0, 1, 2]),
        (["POSITIVE", "NEGATIVE"], [2, 0]),
        (["Bearish", "Neutral", "Bullish"], [0, 1, 2]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], [0, 1, 2]),
        (["LABEL_0", "LABEL_1"], [0, 2]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [0, 0, 1, 2, 2]),
        (["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"], [0, 0, 1, 2, 2]),
        (["负面", "正面"], [0, 2]),
    ],
)
def test_usual_names_are_understood(names: list[str], expected: list[int]) -> None:
    assert meanings(names, None) == expected


def test_the_settings_say_what_other_names_mean() -> None:
    given = {"joy": "positive", "ANGER": "negative", "surprise": ""}
    assert meanings(["anger", "joy", "surprise"], given) == [0, 2, None]


@pytest.mark.parametrize(
    ("names", "given", "problem"),
    [
        (["anger", "joy"], None, "what they mean is not known"),
        ([f"LABEL_{number}" for number in range(5)], None, "what they mean is not known"),
        (["anger", "joy"], {"jot": "positive"}, "labels names 'jot'; the model has anger, joy"),
        (["anger", "joy"], {"joy": "good"}, "'joy' is 'good'; expected negative"),
        (["anger", "joy"], {"joy": "positive"}, "fewer than two mean something"),
        (["negative"], None, "fewer than two mean something"),
    ],
)
def test_what_is_not_understood_is_told(names: list[str], given: dict[str, str] | None, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        meanings(names, given)
