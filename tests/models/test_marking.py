"""Names as marks: found without a pattern for each, as patterns would find them."""

from __future__ import annotations

import re
from random import Random

from sentinel_models.comparison_words import OURS
from sentinel_models.marking import _marked_out

NAMES = (
    "qwen",
    "alibaba cloud",
    "alibaba cloud's",
    "tongyi qianwen",
    "b a b",
    "阿里 cloud",
    "阿里云",
    "qwen 3",
    "a .b c",
)


def pattern_of(name: str) -> re.Pattern[str]:
    """A name, with other marks between its words, as a whole word if it is of Latin letters."""
    pattern = r"[\W_]{0,2}".join(map(re.escape, name.split(" ")))
    return re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z])(?:[-.][\w.]+)*" if name.isascii() else pattern)


def test_names_are_found_as_by_patterns() -> None:
    draw, changed = Random(8), 0
    words = [word for name in NAMES for word in name.split(" ")]
    for _ in range(20_000):
        name = draw.choice(NAMES)
        pieces = [*words, *name.split(" ") * 4, *" -_z", "--", "   ", ". ", "-3.5", "-max", "云", "\n"]
        text = "".join(draw.choices(pieces, k=draw.randrange(1, 8)))
        expected = pattern_of(name).sub(OURS, text)
        assert _marked_out(text, name, OURS) == expected, (text, name)
        changed += expected != text
    assert changed > 1_500
