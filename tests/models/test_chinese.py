"""Valence of Chinese words in their places, found in many texts at once."""

from __future__ import annotations

from random import Random

import numpy as np
from sentinel_models.chinese import known, totals
from sentinel_models.lexicon import emoji_valences
from sentinel_models.resources import lines, table


def test_valence_is_the_same_in_many_texts_as_in_one() -> None:
    draw = Random(11)
    words = [*draw.sample(sorted(table("lexicon_zh.tsv")), 200), *sorted(emoji_valences())[:20]]
    before = [*table("degrees_zh.tsv"), *lines("negators_zh.txt"), "的", "。", " "]
    texts = [
        "".join(draw.choice(draw.choice((words, before))) for _ in range(draw.randrange(7)))
        for _ in range(3_000)
    ]
    expected = [sum(valence for _, _, valence in known(text)) for text in texts]
    assert len(set(expected)) > 500
    assert np.allclose(totals(texts), expected, rtol=0, atol=1e-12)
    assert totals([]).tolist() == []
