"""Texts of the built-in sample: phrases in ``data/sample_*.toml``, put together by chance."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

__all__ = ["opinion", "phrases"]


@cache
def phrases(name: str) -> dict[str, Any]:
    """The phrase tables ``en``, ``zh`` or ``noise``."""
    return tomllib.loads(
        files("sentinel").joinpath("data", f"sample_{name}.toml").read_text(encoding="utf-8")
    )


def opinion(rng: Random, lang: str, topic: str, mood: str, news: str | None, emoji_habit: float) -> str:
    """One post about a topic.

    Parameters
    ----------
    lang : "en" or "zh".
    topic : a key of the table ``names``; "rivals" is about others' models alone.
    mood : negative, neutral or positive; ordinary words carry it.
    news : category of the announcement people talk about just now, if any.
    emoji_habit : probability of an emoji at the end.
    """
    tables = phrases(lang)
    choice = rng.choice
    event = tables["news"].get(news)
    aspect, when = choice(tables["aspects"][topic]), choice(tables["when"])
    parts = {
        "name": choice(tables["names"][topic]),
        "aspect": aspect,
        "Aspect": _capital(aspect),
        "predicate": choice(tables["predicates"].get(mood, [""])),
        "verdict": choice(tables["verdicts"].get(mood, [""])),
        "number": str(rng.randrange(2, 90)),
        "event": event or tables["news"]["other"],
    }
    parts["when"] = when.format_map(parts)
    parts["when_low"] = when[0].lower() + when[1:]
    parts["open"] = choice(tables["openers"]).format_map(parts)
    tail = tables["tails"][-1] if event and rng.random() < 0.4 else choice(tables["tails"])
    parts["tail"] = tail.format_map(parts)
    text = choice(tables["plain" if mood == "neutral" else "mooded"]).format_map(parts)
    if rng.random() < 0.8:
        text = _capital(text)
    return f"{text} {choice(tables['emoji'][mood])}" if rng.random() < emoji_habit else text


def _capital(text: str) -> str:
    """The same with its first letter as a capital."""
    return text[:1].upper() + text[1:]
