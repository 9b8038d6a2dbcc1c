"""Sentences put to the test: what the posts support, what they contradict, and what they cannot tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
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


_CHOICE: Final = re.compile(r"(platform|lang|topic|entity|phrase) (?:(\d+) of )?(.+)", re.DOTALL)


def _card(row: Mapping[str, Any], words: Words) -> dict[str, str]:
    card = {
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
    found = [card.pop(name) for name in ("figure", "n", "reason")]
    about = [card.pop(name) for name in ("tested", "direction", "which")]
    return card | {
        "found": words("sentence.space").join(words("sentence", text=text) for text in found if text),
        "about": words("sentence", text=words("list.semicolon").join(text for text in about if text)),
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
