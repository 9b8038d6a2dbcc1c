"""Tokens of some posts of a batch, looked up for the whole batch at once, as the English scorer does."""

from __future__ import annotations

from collections.abc import Sequence

from sentinel.post import Columns

from .tokens import Batch, batch_of
from .words import read

__all__ = ["tokens_of"]


def tokens_of(batch: Columns, wanted: Sequence[int]) -> Batch:
    """The tokens of the posts at `wanted`, in their order."""
    texts, langs = batch["text"], batch.get("lang") or [None] * len(batch["text"])
    latin = [at for at, lang in enumerate(langs) if lang in ("en", "und")]
    place = {at: row for row, at in enumerate(latin)}
    if wanted and all(at in place for at in wanted):
        return batch_of([texts[at] for at in latin]).take([place[at] for at in wanted])
    return Batch.of([read(texts[at]) for at in wanted])
