"""Why a post looks like spam: phrases, ticker lists, robots' tables, each with a weight that can be shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from .gazetteer import Gazetteer
from .resources import lines
from .words import read

__all__ = ["spam_reasons"]


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
