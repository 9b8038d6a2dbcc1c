"""How likely a post says something about Alibaba, rather than naming it in a list of tickers or in passing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

from .mentions import Mentions
from .weights import load_weights
from .words import Reading, read

__all__ = ["FACTS", "about", "about_facts"]

#: What the judgement is told of a post that names something of Alibaba's.
FACTS: Final = (
    "times named",
    "rivals named",
    "how far in",
    "length",
    "share of the names",
    "named at the beginning",
    "weak names alone",
    "hashtags",
    "Chinese",
)


def about(reading: Reading, named: Mapping[str, list[str]], mentions: Mentions) -> float:
    """Probability in [0, 1]; 0 if the post names nothing of Alibaba's.

    Posts that hold its ticker are judged by ``cashtags``.
    """
    if not mentions.side(named, "alibaba"):
        return 0.0
    slopes, bias = _weights()
    logit = bias + sum(
        slope * fact for slope, fact in zip(slopes, _facts(reading, named, mentions), strict=True)
    )
    return round(1.0 / (1.0 + math.exp(-logit)), 6)


def about_facts(text: str, named: Mapping[str, list[str]], mentions: Mentions) -> list[float]:
    """`FACTS` of a post that names something of Alibaba's otherwise than by a cashtag."""
    return _facts(read(text), named, mentions)


def _facts(reading: Reading, named: Mapping[str, list[str]], mentions: Mentions) -> list[float]:
    words = [word for key in mentions.side(named, "alibaba") for word in named[key] if word[0] != "$"]
    places = [at for at in (reading.lower.find(word.split(" ")[0]) for word in words) if at >= 0]
    size = max(len(reading.lower), 1)
    times = sum(reading.lower.count(word) for word in dict.fromkeys(words))
    rivals = len(mentions.side(named, "rival"))
    strong = any(not mentions.names[key].isdisjoint(words) for key, words in named.items())
    ours = len(mentions.side(named, "alibaba"))
    return [
        math.log1p(times),
        math.log1p(rivals),
        min(places, default=0) / size,
        math.log1p(size) / 5,
        ours / (ours + rivals),
        float(min(places, default=size) < 12),
        float(not strong),
        math.log1p(reading.lower.count("#")),
        float(reading.han * 4 > size),
    ]


@cache
def _weights() -> tuple[list[float], float]:
    arrays = load_weights("about")
    return arrays["slopes"].tolist(), float(arrays["bias"])
