"""Whom a post is about: the entities it names, and how likely it is about Alibaba at all."""

from __future__ import annotations

from typing import Any, ClassVar

from sentinel.post import Columns

from .about import about
from .mentions import mentions
from .taxonomy import digest, load_taxonomy
from .weights import load_weights, quality

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
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = f"{load_taxonomy().version}-{load_weights('about')['version']}{own}"
        self.quality = quality("entities")

    def tag(self, batch: Columns) -> Columns:
        """Ids of the entities, joined by ";", and the probability that the post is about Alibaba."""
        named = [self._mentions.find(text) for text in batch["text"]]
        return {
            "about": [
                about(text, found, self._mentions) for text, found in zip(batch["text"], named, strict=True)
            ],
            "entities": [";".join(found) for found in named],
        }

    def explain(self, text: str) -> dict[str, Any]:
        """The words behind each entity, and the probability."""
        found = self._mentions.find(text)
        return {"entities": found, "about": about(text, found, self._mentions)}
