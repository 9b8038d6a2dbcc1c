"""Pump alerts, ticker lists, robots' tables, giveaways, adverts, paid hot-list slogans: reasons that can be shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from . import cashtags
from . import chinese as chinese_words
from .heads import Heads
from .marks import CASHTAG, HASHTAG, HTTP
from .posts import FIRST, Posts, posts_of
from .resources import digest_of
from .sieve import said_zh
from .spam_reasons import Reasons, reasons_of, spam_reasons, weight_of
from .statements import LENGTHS_ZH, stated
from .sums import runs_of
from .weights import quality
from .words import Reading, read

__all__ = ["FACTS_ZH", "Spam", "are_chinese", "is_chinese"]

#: What the taught Chinese judgement is told of the reasons.
FACTS_ZH: Final = ("coupon_zh", "call_zh", "voice_zh")
#: Reasons that count by their stated weights beside that judgement, which saw too little of them.
_BESIDES: Final = ("contact_zh", "offer_zh", "tips_zh", "own_voice_zh")
_RULES: Final = 2  #: goes up when the rules of this file say something else
_BIAS: Final = -3.0
#: What Chinese posts without any of the reasons are held to: adverts taught the judgement, and small talk is as short.
_SURER: Final = 0.3
#: What a short Chinese opinion without any of the reasons is held to besides. The paid slogans that taught the
#: judgement name products and say nothing of them, so that names alone made "千问好用" (Qwen works well) look paid for.
_OPINION: Final = 1.2
_ILL: Final = -1.0
#: What a phrase alone makes of an English post at most, in logits, unless it weighs as much as a robot's: people too
#: cannot sign up, and give things away. Spam says more than one such thing, or has a link, a hashtag or a ticker.
_ALONE: Final = -0.5
_ROBOTS: Final = 5.0


class Spam:
    """Tags `spam`: the probability that a post is spam, an advert or a machine's table."""

    name: ClassVar[str] = "spam"
    columns: ClassVar[tuple[str, ...]] = ("spam",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self) -> None:
        self._heads = Heads("spam")
        words = digest_of("spam.toml", "robot_hashtags.txt", "statements.toml", "groups.toml")
        self.version = f"{self._heads.version}-{cashtags.version()}-{words}.{_RULES}"
        self.quality = quality("spam")
        self.tag(FIRST)

    def tag(self, batch: Columns) -> Columns:
        """Probabilities in [0, 1], from each post alone."""
        posts = posts_of(batch["text"])
        reasons = reasons_of(posts)
        logits = _BIAS + reasons.weights
        people = _said_in_passing(posts, reasons)
        logits[people] = np.minimum(logits[people], _ALONE)
        chinese = np.flatnonzero(are_chinese(posts))
        if len(chinese):
            told = reasons.among(FACTS_ZH)[chinese]
            taught = self._heads.chinese(runs_of(posts), chinese, told)[:, 0]
            plain = reasons.numbers[chinese] == 0
            taught = taught - np.where(plain, _SURER, 0.0) + _said_besides(reasons)[chinese]
            doubtful = np.flatnonzero(plain & (taught > 0))  # few: only who would be marked
            taught[doubtful] = _but_opinions(posts, chinese[doubtful], taught[doubtful])
            logits[chinese] = taught
        tickers, judged = cashtags.judged(posts)
        # Tweets of 2014-16 taught what a post with a ticker is: of later ways to advertise the phrases tell.
        told = np.where(reasons.phrases[tickers] > 1, _BIAS + reasons.weights[tickers], -np.inf)
        logits[tickers] = np.maximum(judged[:, cashtags.SPAM], told)
        return {"spam": (1.0 / (1.0 + np.exp(-logits.clip(-30.0, 30.0)))).round(6).tolist()}

    def explain(self, text: str) -> dict[str, Any]:
        """The reasons with their weights in logits; in Chinese, what the taught judgement says of them."""
        reading = read(text)
        explained: dict[str, Any] = {
            "reasons": dict(spam_reasons(text)),
            "spam": self.tag({"text": [text]})["spam"][0],
        }
        posts = posts_of([text])
        if _said_in_passing(posts, reasons_of(posts))[0]:
            explained["one phrase alone, no link or hashtag"] = "counts for less"
        if is_chinese(reading):
            explained["runs"] = self._heads.explain_chinese(reading)[:10]
        elif cashtags.has_ticker(reading):
            explained["ticker"] = cashtags.explain(text, cashtags.SPAM)
        return explained


def _but_opinions(
    posts: Posts, rows: npt.NDArray[np.int64], taught: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """What was judged of Chinese posts, less where a short one says what it thinks: slogans find no fault."""
    lower = list(map(posts.lower.__getitem__, rows.tolist()))
    ill = chinese_words.totals(lower) <= _ILL
    short = np.fromiter(map(len, lower), np.int64, len(lower)) < LENGTHS_ZH[1]
    taught[short & ill] = np.minimum(taught[short & ill], _ALONE)
    told = short & ~ill
    said = said_zh(posts, rows[told & (posts.han[rows] > 1)])
    for at in np.flatnonzero(told).tolist():
        row = int(rows[at])
        found = said[row] if row in said else stated(posts.reading(row))
        if any(statement.sign for statement in found):
            taught[at] -= _OPINION
    return taught


def _said_in_passing(posts: Posts, reasons: Reasons) -> npt.NDArray[np.bool_]:
    """Which posts hold nothing of spam but one phrase that is no robot's."""
    bare = posts.marked & np.uint32(HTTP | HASHTAG | CASHTAG) == 0
    passing: npt.NDArray[np.bool_] = (
        (reasons.phrases == 1) & (reasons.numbers == 1) & bare & (reasons.weights < _ROBOTS)
    )
    return passing


def _said_besides(reasons: Reasons) -> npt.NDArray[np.float64]:
    """Weights of what the taught judgement saw too little of, each post.

    Those who offer work or tips, by way of a messenger or not, are in no hot list. People who speak of a gift or a
    coupon are no advert for it, where nobody is called to get it.
    """
    told = reasons.among(_BESIDES)
    contact, call = reasons.among(("contact_zh", "call_zh")).T
    told[:, _BESIDES.index("own_voice_zh")] *= 1.0 - np.maximum(contact, call)
    weights = np.zeros(len(told))
    for name, flags in zip(_BESIDES, told.T, strict=True):
        weights += weight_of(name) * flags
    return weights


def is_chinese(reading: Reading) -> bool:
    """Whether a post is read by the Chinese rules."""
    return reading.han * 4 > len(reading.plain)


@lru_cache(maxsize=2)
def are_chinese(posts: Posts) -> npt.NDArray[np.bool_]:
    """`is_chinese` of each post."""
    chinese: npt.NDArray[np.bool_] = posts.han * 4 > posts.plain.sizes()
    return chinese
