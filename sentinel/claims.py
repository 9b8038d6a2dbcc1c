"""What people say that people say: each claim supported, contradicted, or not to be told from these posts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from sentinel.claim_effects import judge_effect
from sentinel.claim_phrases import judge_phrase
from sentinel.claim_prices import judge_price
from sentinel.claim_verdicts import VERDICTS, Material, Row, margin
from sentinel.claim_weeks import judge_change, judge_difference, judge_level, judge_share, judge_volume
from sentinel.claims_file import Claim
from sentinel.counting import counted
from sentinel.typed_table import typed_table

__all__ = ["CLAIM_COLUMNS", "VERDICTS", "judge_claims"]

CLAIM_COLUMNS: Final = (
    "id",
    "claim",  # the sentence
    "claim_zh",  # in Chinese; "" if its file has none
    "kind",  # as `sentinel.claims_file.KINDS`
    "verdict",  # one of `VERDICTS`
    "reason",  # what it rests on, or what is missing
    "direction",  # up or down: where the sentence says it goes
    "effect",
    "low",  # 95 % interval
    "high",
    "unit",  # of effect: mood points, share of posts, log ratio, return
    "margin",  # smallest difference worth the sentence, in that unit
    "p",  # only of effect and price
    "n_posts",  # behind the figure
    "n_authors",
    "n",  # weeks, announcements or authors that the figure is a mean of
    "since",
    "until",
    "posts",  # which posts: the choice in words
    "clusters",  # announcements tested, as in effects.csv (of price: their sessions), joined by "; "
)
_FIGURES: Final = ("effect", "low", "high", "margin", "p")
_COUNTS: Final = ("n_posts", "n_authors", "n")
_COUNTED: Final = ("phrase", "share", "volume")  # kinds that count posts without a score too
_UNITS: Final = {"share": "share of posts", "volume": "log ratio", "price": "return"}


def judge_claims(claims: Sequence[Claim], material: Material) -> pd.DataFrame:
    """A row a claim, in their order: columns `CLAIM_COLUMNS`.

    Supported: the 95 % interval lies on the side of 0 that the sentence says. Contradicted: it lies on the other
    side, or leaves out any difference of `margin` in the direction of the sentence. Else the posts cannot tell.
    """
    rows = [_identity(claim) | _judged(claim, material) for claim in claims]
    texts = set(CLAIM_COLUMNS).difference(_FIGURES, _COUNTS)
    return typed_table(rows, CLAIM_COLUMNS, texts=texts, counts=_COUNTS)


def _judged(claim: Claim, material: Material) -> Row:
    """The verdict, and that most of its posts name no author, where that is so."""
    row = _KINDS[claim.kind](claim, material)
    posts = material.posts
    if claim.kind == "price" or not row.get("n_posts"):
        return row
    rows, inside = posts.of(claim), posts.inside(claim.since, claim.until)
    if claim.kind not in _COUNTED:
        rows = posts.scored(rows)
    n_posts, _ = posts.people(rows, inside)
    nameless = posts.nameless(rows, inside)
    if 2 * nameless > n_posts:
        of = counted(n_posts, "post names", "posts name")
        note = f"{nameless:,} of {of} no author; each counts as an author of its own"
        row["reason"] = f"{row['reason']}; {note}" if row["reason"] else note
    return row


def _identity(claim: Claim) -> Row:
    return {
        "id": claim.id,
        "claim": claim.text,
        "claim_zh": claim.text_zh,
        "kind": claim.kind,
        "direction": claim.direction,
        "unit": _UNITS.get(claim.kind, "mood points"),
        "margin": margin(claim),
        "since": claim.since.isoformat() if claim.since else "",
        "until": claim.until.isoformat() if claim.until else "",
        "posts": _in_words(claim),
    }


def _in_words(claim: Claim) -> str:
    parts = [
        f"{name} {' or '.join(getattr(claim, name))}"
        for name in ("platform", "lang", "topic", "entity")
        if getattr(claim, name)
    ]
    if claim.phrases:
        least = f"{claim.min_phrases} of " if claim.min_phrases > 1 else ""
        parts.append(f"phrase {least}{' or '.join(claim.phrases)}")
    return "; ".join(parts)


_KINDS: Final[dict[str, Callable[[Claim, Material], Row]]] = {
    "effect": judge_effect,
    "level": judge_level,
    "change": judge_change,
    "difference": judge_difference,
    "share": judge_share,
    "volume": judge_volume,
    "phrase": judge_phrase,
    "price": judge_price,
}
