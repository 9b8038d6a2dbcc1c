"""How likely a post says something about Alibaba, rather than naming it in a list of tickers or in passing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

from .mentions import Mentions
from .spam import spam_reasons
from .weights import load_weights
from .words import read

__all__ = ["FACTS", "TICKERS", "about", "about_facts"]

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


#: Cashtags of the company.
TICKERS: Final = frozenset(["$baba", "$babaf", "$9988"])


def about(text: str, named: Mapping[str, list[str]], mentions: Mentions) -> float:
    """Probability in [0, 1]; 0 if the post names nothing of Alibaba's."""
    if not mentions.side(named, "alibaba"):
        return 0.0
    cashtags = _cashtags(text)
    if _by_cashtag_alone(named, mentions):
        return round(1.0 / (1.0 + math.exp(-_cashtag_logit(text, cashtags))), 6)
    slopes, bias = _weights()
    logit = bias + sum(
        slope * fact for slope, fact in zip(slopes, about_facts(text, named, mentions), strict=True)
    )
    logit -= 0.5 * max(0, len(set(cashtags)) - 2)
    return round(1.0 / (1.0 + math.exp(-logit)), 6)


def about_facts(text: str, named: Mapping[str, list[str]], mentions: Mentions) -> list[float]:
    """`FACTS` of a post that names something of Alibaba's otherwise than by a cashtag."""
    reading = read(text)
    words = [word for key in mentions.side(named, "alibaba") for word in named[key] if word[0] != "$"]
    places = [at for at in (reading.lower.find(word.split(" ")[0]) for word in words) if at >= 0]
    size = max(len(reading.lower), 1)
    times = sum(reading.lower.count(word) for word in dict.fromkeys(words))
    rivals = len(mentions.side(named, "rival"))
    strong = any(
        word in mentions.entities[key].names_en + mentions.entities[key].names_zh
        for key in named
        for word in named[key]
    )
    return [
        math.log1p(times),
        math.log1p(rivals),
        min(places, default=0) / size,
        math.log1p(size) / 5,
        len(mentions.side(named, "alibaba")) / (len(mentions.side(named, "alibaba")) + rivals),
        float(min(places, default=size) < 12),
        float(not strong),
        math.log1p(reading.lower.count("#")),
        float(reading.han * 4 > size),
    ]


def _cashtag_logit(text: str, cashtags: list[str]) -> float:
    """Of a post that names Alibaba by its ticker alone: one of a list, or at the end of a line, is no statement."""
    others = len(set(cashtags).difference(TICKERS))
    logit = 2.2 - 0.8 * others
    if others:
        logit -= 0.8 * (cashtags[0] not in TICKERS)  # the first ticker is what a post is about
        logit += 0.6 * (cashtags.count(cashtags[0]) > 1 and cashtags[0] in TICKERS)
    spam = sum(spam_reasons(text).values())
    return logit - 0.5 * spam * (others > 0)  # a robot's line carries tickers only to be found


def _cashtags(text: str) -> list[str]:
    return [token for token in read(text).tokens if token[0] == "$" and token[1:2].isalpha()]


def _by_cashtag_alone(named: Mapping[str, list[str]], mentions: Mentions) -> bool:
    return all(word[0] in "$#" for key in mentions.side(named, "alibaba") for word in named[key])


@cache
def _weights() -> tuple[list[float], float]:
    arrays = load_weights("about")
    return arrays["slopes"].tolist(), float(arrays["bias"])
