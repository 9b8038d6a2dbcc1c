"""How likely a post says something about Alibaba, rather than naming it in a list of tickers or in passing."""

from __future__ import annotations

from collections.abc import Mapping

from .mentions import Mentions
from .words import read

__all__ = ["about"]


def about(text: str, named: Mapping[str, list[str]], mentions: Mentions) -> float:
    """Probability in [0, 1]; 0 if the post names nothing of Alibaba's."""
    ours = mentions.side(named, "alibaba")
    if not ours:
        return 0.0
    tokens = read(text).tokens
    cashtags = {token for token in tokens if token[0] == "$" and token[1:2].isalpha()}
    words = [word for key in ours for word in named[key] if not word.startswith(("$", "#"))]
    if not words and len(cashtags) > 1:
        return round(max(0.05, 0.9 - 0.2 * (len(cashtags) - 1)), 6)
    rivals = len(mentions.side(named, "rival"))
    return round(max(0.2, 0.97 - 0.1 * max(0, rivals - len(words))), 6)
