from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import orjson
import pytest

from sentinel.stated import NOT_MEASURED, stated


class Model:
    name = "odd"
    version = "1"
    columns: ClassVar[tuple[str, ...]] = ("label", "score")

    def __init__(self, quality: Any) -> None:
        self.quality = quality


@pytest.mark.parametrize(
    ("quality", "told"),
    [
        (None, NOT_MEASURED),
        ({}, NOT_MEASURED),
        ("great", NOT_MEASURED),
        ([0.7], NOT_MEASURED),
        ({"en": {"macro-F1": "0.71", "n": 400}}, {"en": {"macro-F1": "0.71", "n": 400}}),
        ({"en": {"macro-F1": np.float64(0.5), "n": np.int64(4)}}, {"en": {"macro-F1": 0.5, "n": 4}}),
        (
            {"en": {"macro-F1": float("nan")}, "zh": {1, 2}},
            {"en": {"macro-F1": NOT_MEASURED}, "zh": NOT_MEASURED},
        ),
        ({1: {"confusion": {True: {2: 3}}}}, {"1": {"confusion": {"True": {"2": 3}}}}),
    ],
)
def test_what_a_model_states_can_stand_in_a_file(quality: Any, told: Any) -> None:
    found = stated(Model(quality))
    assert found == {"name": "odd", "version": "1", "scores": True, "quality": told}
    assert orjson.loads(orjson.dumps(found)) == found
