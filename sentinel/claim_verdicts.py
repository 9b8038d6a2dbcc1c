"""From an interval to the verdict on a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sentinel.claim_posts import ClaimPosts
from sentinel.claims_file import Claim
from sentinel.effects import EffectOptions
from sentinel.price import Quotes
from sentinel.weekly import Spread

__all__ = ["MIN_AUTHORS", "VERDICTS", "Material", "Row", "margin", "too_few", "undecided", "verdict"]

SUPPORTED, CONTRADICTED, OPEN = VERDICTS = ("supported", "contradicted", "not enough posts")
MIN_AUTHORS: Final = 10
MIN_POSTS: Final = 30
_MARGINS: Final = {"share": 0.01, "price": 0.01}
Row = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What claims are judged from."""

    posts: ClaimPosts
    announcements: pd.DataFrame
    options: EffectOptions
    quotes: Quotes | None = None  #: prices, where they are given


def margin(claim: Claim) -> float:
    """The smallest difference worth the sentence."""
    return _MARGINS.get(claim.kind, 0.05) if claim.margin is None else claim.margin


def verdict(claim: Claim, spread: Spread) -> Row:
    """From the interval alone."""
    low, high = sorted((claim.sign * spread.low, claim.sign * spread.high))
    found: Row = {"effect": spread.value, "low": spread.low, "high": spread.high}
    if low > 0:
        return found | {"verdict": SUPPORTED, "reason": ""}
    if high < 0:
        return found | {"verdict": CONTRADICTED, "reason": "it went the other way"}
    if high < margin(claim):
        reason = f"the interval leaves out any difference of {margin(claim):g} in that direction"
        return found | {"verdict": CONTRADICTED, "reason": reason}
    return found | {
        "verdict": OPEN,
        "reason": f"the interval holds both 0 and {margin(claim):g}: it cannot be told",
    }


def undecided(reason: str, **facts: Any) -> Row:
    """Not enough posts, and what is missing."""
    return {"verdict": OPEN, "reason": reason, **facts}


def too_few(n_posts: int, n_authors: int) -> str:
    """What is missing for any figure; "" if nothing."""
    if n_posts < MIN_POSTS:
        return f"too few posts ({n_posts}; {MIN_POSTS} needed)"
    if n_authors < MIN_AUTHORS:
        return f"too few authors ({n_authors}; {MIN_AUTHORS} needed)"
    return ""
