"""Whom a post is about: the entities it names, and how likely it is about Alibaba at all."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from sentinel.post import Columns

from . import cashtags
from .about import About
from .finds import Finds
from .mentions import mentions, names_in
from .posts import FIRST, posts_of
from .taxonomy import digest, load_taxonomy
from .weights import load_weights, quality
from .words import read

__all__ = ["Entities"]


class Entities:
    """Tags `entities` and `about`.

    Parameters
    ----------
    taxonomy : a TOML file whose tables are added to the shipped ones; see ``taxonomy.toml``.
    """

    name: ClassVar[str] = "entities"
    columns: ClassVar[tuple[str, ...]] = ("about", "entities")
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)
        self._about = About(self._mentions)
        self.ids = {"entities": tuple(self._mentions.names)}
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = (
            f"{load_taxonomy().version}-{load_weights('about')['version']}-{cashtags.version()}{own}"
        )
        self.quality = quality("entities") if taxonomy is None else {}  # nobody measured it with other words
        self.tag(FIRST)

    def tag(self, batch: Columns) -> Columns:
        """Ids of the entities, joined by ";", and the probability that the post is about Alibaba."""
        posts = posts_of(batch["text"])
        named = names_in(self._mentions, posts)
        tickers, judged = cashtags.judged(posts)
        others = Finds([*named.every, {}], named.numbers.copy())
        others.numbers[tickers] = len(named.every)  # nothing is asked of those
        sure = self._about.probabilities(posts, others)
        sure[tickers] = (1.0 / (1.0 + np.exp(-judged[:, cashtags.ABOUT]))).round(6)
        return {
            "about": sure.tolist(),
            "entities": named.spread([";".join(found) for found in named.every]).tolist(),
        }

    def explain(self, text: str) -> dict[str, Any]:
        """The words behind each entity, and the probability."""
        explained: dict[str, Any] = {
            "entities": {
                name: list(dict.fromkeys(words)) for name, words in self._mentions.find(text).items()
            },
            "about": self.tag({"text": [text]})["about"][0],
        }
        if cashtags.has_ticker(read(text)):
            explained["ticker"] = cashtags.explain(text, cashtags.ABOUT)
        return explained
