"""Pump alerts, ticker lists, robots' tables, giveaways, adverts, paid hot-list slogans: reasons that can be shown."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, ClassVar, Final

from sentinel.post import Columns

from .gazetteer import Gazetteer
from .heads import Heads
from .resources import lines
from .sums import runs_of
from .weights import quality
from .words import Reading, read

__all__ = ["Spam", "spam_reasons"]

_BIAS: Final = -3.0


class Spam:
    """Tags `spam`: the probability that a post is spam, an advert or a machine's table."""

    name: ClassVar[str] = "spam"
    columns: ClassVar[tuple[str, ...]] = ("spam",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self) -> None:
        self._heads = Heads("spam")
        self.version = self._heads.version
        self.quality = quality("spam")

    def tag(self, batch: Columns) -> Columns:
        """Probabilities in [0, 1], from each post alone."""
        readings = [read(text) for text in batch["text"]]
        reasons = [spam_reasons(text) for text in batch["text"]]
        logits = [_BIAS + sum(found.values()) for found in reasons]
        chinese = [at for at, reading in enumerate(readings) if is_chinese(reading)]
        taught = self._heads.chinese(
            runs_of(batch["text"]).take(chinese), [facts_zh(reasons[at]) for at in chinese]
        )
        for at, logit in zip(chinese, taught[:, 0].tolist(), strict=True):
            logits[at] = logit
        return {"spam": [round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))), 6) for logit in logits]}

    def explain(self, text: str) -> dict[str, Any]:
        """The reasons with their weights in logits; in Chinese, what the taught judgement says of them."""
        reading = read(text)
        explained: dict[str, Any] = {
            "reasons": dict(spam_reasons(text)),
            "spam": self.tag({"text": [text]})["spam"][0],
        }
        if is_chinese(reading):
            explained["runs"] = self._heads.explain_chinese(reading)[:10]
        return explained


def is_chinese(reading: Reading) -> bool:
    """Whether a post is read by the Chinese rules."""
    return reading.han * 4 > len(reading.plain)


def facts_zh(reasons: Mapping[str, float]) -> Sequence[float]:
    """What the taught Chinese judgement is told of the reasons."""
    return [float(name in reasons) for name in ("coupon_zh", "call_zh", "voice_zh", "tips_zh")]


@lru_cache(maxsize=16_384)
def spam_reasons(text: str) -> Mapping[str, float]:
    """Reason -> weight in logits. Two taggers ask for those of the same batch: the last ones are kept."""
    reading = read(text)
    phrases, weights = _phrases()
    reasons = {reason: weights[reason] for reason in phrases.find(reading)}
    if "$" not in reading.plain and "#" not in reading.plain:
        return reasons
    tokens = reading.tokens
    if reading.plain.count("$") > 3:
        cashtags = {token for token in tokens if token[0] == "$" and token[1:2].isalpha()}
        words = sum(1 for token in tokens if "a" <= token[0] <= "z")
        share = len(cashtags) / max(len(cashtags) + words, 1)
        if len(cashtags) > 3:
            reasons["ticker list"] = round(0.5 * (len(cashtags) - 3) + 5.0 * max(0.0, share - 0.25), 6)
    table = len(_table_tags().intersection(tokens))
    if table > 1:
        reasons["robot hashtags"] = round(1.4 * (table - 1), 6)
    if table and _twice_tagged(tokens):
        reasons["table of a ticker"] = 2.6
    return reasons


def _twice_tagged(tokens: Sequence[str]) -> bool:
    """Whether a ticker stands bare, as a cashtag and as a hashtag: robots write so, people do not."""
    return any(token[0] == "$" and token[1:] in tokens and "#" + token[1:] in tokens for token in tokens)


@cache
def _phrases() -> tuple[Gazetteer, dict[str, float]]:
    text = files("sentinel_models").joinpath("data", "spam.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    found = Gazetteer(
        {reason: table.get("words", []) for reason, table in tables.items()},
        {reason: table.get("words_zh", []) for reason, table in tables.items()},
    )
    return found, {reason: float(table["weight"]) for reason, table in tables.items()}


@cache
def _table_tags() -> frozenset[str]:
    return frozenset(lines("robot_hashtags.txt"))
