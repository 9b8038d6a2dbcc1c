"""Pump alerts, ticker lists, robots' tables, giveaways, adverts, paid hot-list slogans: reasons that can be shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from sentinel.post import Columns

from . import cashtags
from .heads import Heads
from .resources import digest_of
from .spam_reasons import spam_reasons
from .sums import runs_of
from .weights import quality
from .words import Reading, read

__all__ = ["Spam", "facts_zh", "is_chinese"]

_BIAS: Final = -3.0
#: What Chinese posts without any of the reasons are held to: adverts taught the judgement, and small talk is as short.
_SURER: Final = 0.3


class Spam:
    """Tags `spam`: the probability that a post is spam, an advert or a machine's table."""

    name: ClassVar[str] = "spam"
    columns: ClassVar[tuple[str, ...]] = ("spam",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self) -> None:
        self._heads = Heads("spam")
        words = digest_of("spam.toml", "robot_hashtags.txt")
        self.version = f"{self._heads.version}-{cashtags.version()}-{words}"
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
            logits[at] = logit if reasons[at] else logit - _SURER
        found, judged = cashtags.judged(batch)
        for at, logit in zip(found, judged[:, cashtags.SPAM].tolist(), strict=True):
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
        elif cashtags.has_ticker(reading):
            explained["ticker"] = cashtags.explain(text, cashtags.SPAM)
        return explained


def is_chinese(reading: Reading) -> bool:
    """Whether a post is read by the Chinese rules."""
    return reading.han * 4 > len(reading.plain)


def facts_zh(reasons: Mapping[str, float]) -> Sequence[float]:
    """What the taught Chinese judgement is told of the reasons."""
    return [float(name in reasons) for name in ("coupon_zh", "call_zh", "voice_zh", "tips_zh")]
