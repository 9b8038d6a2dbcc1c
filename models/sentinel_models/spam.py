"""Pump alerts, ticker lists, bot tables, giveaways, adverts, paid hot-list slogans: weighed rules that can be shown."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar, Final

from sentinel.post import Columns

from .folding import simplify
from .words import Reading, read

__all__ = ["Spam"]

_BIAS: Final = -3.0

# Reason, weight in logits, pattern over the folded lower-case text.
_PATTERNS_EN: Final = tuple(
    (reason, weight, re.compile(pattern))
    for reason, weight, pattern in (
        (
            "giveaway",
            3.5,
            r"\bgive ?away\b|\bairdrop\b|\bwin (?:a|an|free|\$)\b|\bbest guess wins\b|\bto enter\b.{0,40}\brt\b",
        ),
        (
            "trial or subscription",
            3.5,
            r"\bfree trial\b|\bsubscribe\b|\bsign up\b|\bjoin (?:us|our|my|now|the best)\b|\bchat ?room\b|\bdiscord\.gg\b",
        ),
        (
            "alert service",
            3.5,
            r"\bmembers? (?:alerted|up|made)\b|\balerted\b|\bxtreme #?alert\b|\bstay tuned\b.{0,60}#pennystock",
        ),
        (
            "returns promised",
            3.0,
            r"\b\d{3,}(?:-\d+)?% (?:potential|gains?|profit|return)|\bpotential gains?\b|\bmake money\b|\bturn(?:ed)? \$\d+",
        ),
        (
            "table of figures",
            3.8,
            r"\b(?:52 ?wk (?:high|low)|day (?:high|low)|bid size|ask size|short sales|last trade|p/e ratio|e\.p\.s\.|stock forum|stock charts|last updated|click here)\b",
        ),
        ("algorithm table", 5.0, r"\balgos triggered\b|\bsigma-x\b|\bcrossfinder\b"),
        (
            "tweet robot",
            6.0,
            r"\byour tweet (?:was sent|has been featured)|\bfeatured tweet\b|\bmarket parse\b|\bjump in tweets\b",
        ),
        (
            "watch list",
            2.0,
            r"\bwatch ?list\b|\bcheat sheets?\b|\bw/l\b|\bbest options strateg|\bstock analyst finds\b|\bnew video\b",
        ),
        ("penny stocks", 2.5, r"#pennystocks?\b|\bpenny stocks?\b"),
        (
            "coupon",
            2.5,
            r"\b(?:promo|coupon|discount|referral|affiliate) (?:code|link)s?\b|\buse code\b|\b\d+% off\b",
        ),
    )
)
_PATTERNS_ZH: Final = tuple(
    (reason, weight, re.compile(pattern))
    for reason, weight, pattern in (
        (
            "coupon or free gift",
            2.6,
            r"红包|优惠券|大券|券包|立减|免单|满减|福利|送你|抽奖|转发.{0,6}抽|领取|秒杀|预售价|到手价",
        ),
        (
            "call to act",
            2.4,
            r"快来|赶紧|速来|点击|戳我|扫码|加群|加微信|私信|关注.{0,4}领|马上出发|一起来|来.{0,6}吧[!！。]?$|上千问|现在就上|立即体验|了解一下",
        ),
        (
            "brand voice",
            2.2,
            r"代言人|全球代言|联名|品牌大使|全新升级|重磅上线|官宣.{0,10}(?:代言|大使)|就用|一句话就|一键",
        ),
        ("stock tips", 3.0, r"牛股|荐股|老师带|进群|免费诊股|涨停板?推荐|加.{0,2}[vV薇]"),
    )
)
_TABLE_TAGS: Final = frozenset(
    "#stocks #stock #investing #invest #stockmarket #tradeideas #share #shares #trading #daytrading #pennystocks #futures #hft #forex".split()
)


class Spam:
    """Tags `spam`: the probability that a post is spam, an advert or a machine's table."""

    name: ClassVar[str] = "spam"
    columns: ClassVar[tuple[str, ...]] = ("spam",)
    version = "1"

    def tag(self, batch: Columns) -> Columns:
        """Probabilities in [0, 1], from each post alone."""
        return {"spam": [_probability(_reasons(read(text))) for text in batch["text"]]}

    def explain(self, text: str) -> dict[str, Any]:
        """The reasons with their weights in logits."""
        reasons = _reasons(read(text))
        return {"spam": _probability(reasons), "reasons": reasons, "bias": _BIAS}


def _probability(reasons: dict[str, float]) -> float:
    return round(1.0 / (1.0 + math.exp(-_BIAS - sum(reasons.values()))), 6)


def _reasons(reading: Reading) -> dict[str, float]:
    if reading.han * 4 > len(reading.plain):
        text = simplify(reading.lower)
        return {reason: weight for reason, weight, pattern in _PATTERNS_ZH if pattern.search(text)}
    reasons = {reason: weight for reason, weight, pattern in _PATTERNS_EN if pattern.search(reading.lower)}
    tokens = reading.tokens
    cashtags = {token for token in tokens if token[0] == "$" and token[1:2].isalpha()}
    words = sum(1 for token in tokens if "a" <= token[0] <= "z")
    if len(cashtags) > 3:
        share = len(cashtags) / (len(cashtags) + words)
        reasons["ticker list"] = round(0.5 * (len(cashtags) - 3) + 5.0 * max(0.0, share - 0.25), 6)
    table = len(_TABLE_TAGS.intersection(tokens))
    if table > 1:
        reasons["robot hashtags"] = 2.2 * (table - 1)
    return reasons
