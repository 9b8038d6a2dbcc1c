from __future__ import annotations

import pytest
from sentinel_models.vader import Vader, compound
from sentinel_models.words import read


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("BABA shares plunge 9%", -1),
        ("Alibaba stock soars", 1),
        ("BABA downgraded to sell", -1),
        ("isn’t it good", -1),
        ("isn't it good", -1),
        ("export ban lifted", 1),
        ("trust issues", -1),
        ("👍", 1),
        ("👎", -1),
        ("❤️", 1),
        ("Hugging Face", 0),
        ("shares of Alibaba", 0),
        ("@great_guy https://x.com/bad", 0),
        ("RT @great_guy: a table", 0),
    ],
)
def test_sign_of_the_compound_score(text: str, sign: int) -> None:
    score = compound(read(text).prose)
    assert (score > 0.05) - (score < -0.05) == sign


def test_long_texts_do_not_saturate() -> None:
    text = "The model is good. " * 40
    assert compound(text) == pytest.approx(compound("The model is good. "), abs=0.01)


def test_many_emoji_count_as_two() -> None:
    assert compound("🚀" * 50) == compound("🚀🚀")


def test_other_languages_are_unscored() -> None:
    tags = Vader().tag({"text": ["阿里 bad 垃圾", "これは good です", "good"], "lang": [None] * 3})
    assert tags["label"] == ["unscored", "unscored", "positive"]


def test_explains() -> None:
    assert Vader().explain("Qwen is great. The app is bad.")["clauses"]
