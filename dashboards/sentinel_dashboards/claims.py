"""Sentences put to the test: what the posts support, what they contradict, and what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sentinel.results import Results

from .numerals import count, interval, p_value, plain, records, signed
from .words import Words

__all__ = ["claims"]

FEW: Final = 8  #: claims without a verdict that are shown unfolded
_ORDER: Final = ("supported", "contradicted", "not enough posts")
_KEYS: Final = {"supported": "supported", "contradicted": "contradicted", "not enough posts": "open"}


def claims(results: Results, words: Words) -> dict[str, Any]:
    """Answer, and a card a claim, in the order of the file within each verdict."""
    rows = records(results.claims)
    n = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in _ORDER}
    answer = words(
        "claims.answer",
        n=len(rows),
        supported=n["supported"],
        contradicted=n["contradicted"],
        open=n["not enough posts"],
    )
    return {
        "answer": answer if rows else words("claims.none"),
        "groups": [
            {
                "verdict": words(f"claims.{_KEYS[verdict]}"),
                "key": _KEYS[verdict],
                "folded": verdict == _ORDER[-1] and n[verdict] > FEW,
                "cards": [_card(row, words) for row in rows if row["verdict"] == verdict],
            }
            for verdict in _ORDER
            if n[verdict]
        ],
    }


def _card(row: Mapping[str, Any], words: Words) -> dict[str, str]:
    return {
        "sentence": plain((row["claim_zh"] if words.lang == "zh" else "") or row["claim"]),
        "tested": words(f"claims.kind.{row['kind']}"),
        "direction": words(f"claims.{row['direction']}"),
        "figure": _figure(row, words),
        "n": words("claims.announcements", n=int(row["n"]))
        if row["kind"] == "price"
        else words("claims.n", n=int(row["n_posts"]), authors=count(row["n_authors"])),
        "reason": words.reason(row["reason"]),
        "which": _which(row, words),
    }


def _figure(row: Mapping[str, Any], words: Words) -> str:
    if row["effect"] is None:
        return ""
    digits = 3 if row["unit"] in ("share of posts", "return") else 2
    text = words(
        "claims.figure",
        effect=signed(row["effect"], digits),
        unit=words(f"claims.unit.{plain(row['unit']).replace(' ', '_')}"),
        interval=interval(row["low"], row["high"])
        if digits == 2
        else f"{signed(row['low'], digits)} … {signed(row['high'], digits)}",
    )
    return text if row["p"] is None else f"{text}; p {p_value(row['p'])}"


def _which(row: Mapping[str, Any], words: Words) -> str:
    span = [plain(row["since"]), plain(row["until"])]
    parts = [plain(row["posts"])] if row["posts"] else []
    if span[0] and span[1]:
        parts.append(words("claims.from_to", first=span[0], last=span[1]))
    elif span[0] or span[1]:
        parts.append(words("claims.from" if span[0] else "claims.to", day=span[0] or span[1]))
    return "; ".join(parts)
