"""Posts that hold a ticker of Alibaba's: talk about the share, a list of tickers, or a robot's line.

A ticker is written to be found, not to say something: four in ten such posts are spam or about something else. Two
logistic regressions over words and a few facts tell them apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .heads import Heads
from .latin import tokens_of
from .spam_reasons import spam_reasons
from .words import Reading, read

__all__ = ["ABOUT", "FACTS", "SPAM", "TICKERS", "cashtag_facts", "explain", "has_ticker", "judged", "version"]

Floats = npt.NDArray[np.float64]

#: Cashtags of the company.
TICKERS: Final = frozenset(["$baba", "$babaf", "$9988"])
#: Outputs of the judgement.
SPAM, ABOUT = 0, 1
#: What it is told beside the words.
FACTS: Final = (
    "cashtags",
    "share of cashtags",
    "hashtags",
    "ours first",
    "named in words",
    "address",
    "repost",
    "reasons",
    "question",
    "exclamation",
    "words",
    "begins with ours",
    "ours alone",
    "number of reasons",
    "ticker and headline",
    "ends with a cashtag",
    "ours repeated",
    "digits",
)

_NAME: Final = re.compile(r"\balibaba\b|(?<![$#])\bbaba\b|jack ma")
_HEADLINE: Final = re.compile(r"(?:rt @\w+:? )?\$[a-z]+ \$[a-z]+:")


def has_ticker(reading: Reading) -> bool:
    """Whether the judgement is for this post: it holds a ticker of Alibaba's and is not Chinese."""
    return "$" in reading.plain and reading.han < 4 and not TICKERS.isdisjoint(reading.tokens)


def cashtag_facts(text: str) -> list[float]:
    """`FACTS` of a post that holds a ticker."""
    reading = read(text)
    tokens, lower = reading.tokens, reading.lower
    cashtags = [token for token in tokens if token[0] == "$" and token[1:2].isalpha()]
    words = sum(1 for token in tokens if "a" <= token[0] <= "z" and not token.startswith("http"))
    others = set(cashtags).difference(TICKERS)
    reasons = spam_reasons(text)
    return [
        math.log1p(len(set(cashtags))),
        len(cashtags) / max(1, len(cashtags) + words),
        math.log1p(sum(1 for token in tokens if token[0] == "#")),
        float(bool(cashtags) and cashtags[0] in TICKERS),
        float(_NAME.search(lower) is not None),
        float("http" in lower),
        float(lower.startswith("rt ")),
        min(sum(reasons.values()), 8.0) / 4,
        float("?" in lower),
        float("!" in lower),
        math.log1p(words),
        float(tokens[0] in TICKERS),
        float(not others),
        float(len(reasons)),
        float(_HEADLINE.match(lower) is not None),
        float(tokens[-1][0] == "$"),
        float(cashtags.count("$baba") > 1),
        float(any(character.isdigit() for character in lower)),
    ]


def judged(batch: Columns) -> tuple[Sequence[int], Floats]:
    """The posts of a batch that hold a ticker, and logits of spam and about, shape (n_found, 2)."""
    langs = batch.get("lang") or [None] * len(batch["text"])
    return _judged(tuple(batch["text"]), tuple(langs))


@lru_cache(maxsize=2)
def _judged(texts: tuple[str, ...], langs: tuple[str | None, ...]) -> tuple[Sequence[int], Floats]:
    """Two taggers ask about the same batch: the last answers are kept."""
    found = [at for at, text in enumerate(texts) if "$" in text and has_ticker(read(text))]
    if not found:
        return (), np.empty((0, 2))
    facts = np.array([cashtag_facts(texts[at]) for at in found])
    return found, _heads().english(tokens_of({"text": list(texts), "lang": list(langs)}, found), facts)


def version() -> str:
    """Of the weights."""
    return _heads().version


def explain(text: str, output: int) -> dict[str, Any]:
    """The facts and words that weigh most for an output (`SPAM` or `ABOUT`), in logits."""
    return _heads().explain_english(read(text), cashtag_facts(text), FACTS, output)


@cache
def _heads() -> Heads:
    return Heads("cashtags")
