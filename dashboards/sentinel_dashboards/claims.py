"""Sentences put to the test: what the posts support, what they contradict, and what they cannot tell."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sentinel.results import Results

from .numerals import HARD, equal, plain, records, signed
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


_CHOICE: Final = re.compile(r"(platform|lang|topic|entity|phrase) (?:(\d+) of )?(.+)", re.DOTALL)


def _card(row: Mapping[str, Any], words: Words) -> dict[str, str]:
    card = {
        "sentence": plain((row["claim_zh"] if words.lang == "zh" else "") or row["claim"]),
        "tested": words(f"claims.kind.{row['kind']}"),
        "direction": words(f"claims.{row['direction']}"),
        "figure": _figure(row, words),
        "n": words("claims.announcements", n=int(row["n"]))
        if row["kind"] == "price"
        else words(f"claims.n.{words.counted}", n=int(row["n_posts"]), authors=int(row["n_authors"])),
        "reason": words.reason(row["reason"]),
        "which": _which(row, words),
    }
    found = [card.pop(name) for name in ("figure", "n", "reason")]
    about = [card.pop(name) for name in ("tested", "direction", "which")]
    return card | {
        "found": words("sentence.space").join(words("sentence", text=text) for text in found if text),
        "about": words("sentence", text=words("list.semicolon").join(text for text in about if text)),
    }


#: Of claims.csv's units, how a figure is written: what is shown of it, and with how many digits.
_SHOWN: Final[Mapping[str, tuple[Callable[[float], float], int]]] = {
    "mood points": (float, 2),
    "share of posts": (lambda share: 100 * share, 1),
    "log ratio": (lambda ratio: 100 * math.expm1(ratio), 0),
    "return": (lambda part: 100 * part, 1),
}


def _figure(row: Mapping[str, Any], words: Words) -> str:
    if row["effect"] is None:
        return ""
    unit = plain(row["unit"])
    scaled, digits = _SHOWN[unit]
    text = words(
        f"claims.figure.{unit.replace(' ', '_')}",
        **{name: signed(scaled(row[name]), digits) for name in ("effect", "low", "high")},
    )
    return text if row["p"] is None else f"{text}; p{HARD}{equal(row['p'])}"


def _which(row: Mapping[str, Any], words: Words) -> str:
    """Which posts, of which days: names as everywhere on the page."""
    parts = [_choice(part, words) for part in plain(row["posts"]).split("; ") if part]
    first, last = (_day(row[name], words) for name in ("since", "until"))
    if first and last:
        parts.append(words("claims.from_to", first=first, last=last))
    elif first or last:
        parts.append(words("claims.from" if first else "claims.to", day=first or last))
    return words("list.semicolon").join(parts)


def _choice(part: str, words: Words) -> str:
    """A choice in the words of claims.csv, such as "topic open_source or chips", in the reader's."""
    match = _CHOICE.fullmatch(part)
    if match is None:
        return part  # of a phrase that itself holds a semicolon
    family, least, listed = match.groups()
    names = listed.split(" or ")
    if family == "phrase":
        told = words("list.or").join(words("claims.quoted", text=name) for name in names)
        return (
            words("claims.phrases_of", least=least, names=told)
            if least
            else words("claims.phrases", names=told)
        )
    told = words("list.or").join(words.scope(f"{family}:{name}") for name in names)
    return words("claims.choice", family=words(f"claims.of.{family}"), names=told)


def _day(value: Any, words: Words) -> str:
    if not value:
        return ""
    day = date.fromisoformat(plain(value))
    return words.period(day, day)
