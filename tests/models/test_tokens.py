from __future__ import annotations

from itertools import permutations

import pytest
from sentinel_models.tokens import Tokens

ALIKE = (
    ("#3", "3", "<number>"),
    ("#12", "12", "<number>"),
    ("#qwen", "qwen"),
    ("!!!!", "!!!"),
    ("+5b", "5b", "#5b"),
    ("#" + "a" * 50, "a" * 50, "a" * 40),
)


@pytest.mark.parametrize("alike", ALIKE, ids=lambda alike: str(alike[0][:8]))
def test_the_word_of_a_token_does_not_depend_on_which_came_first(alike: tuple[str, ...]) -> None:
    for order in permutations(alike):
        known = Tokens()
        assert len({known.words[known[token]] for token in order}) == 1, order
