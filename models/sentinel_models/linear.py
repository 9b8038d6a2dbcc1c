"""English sentiment: logistic regression over words, pairs of words, characters and measured features."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .adaptation import Adaptable
from .english import MEASURES, measure
from .experts import Experts, softmax
from .language import spoken
from .ngrams import Indices
from .posts import FIRST, Posts, posts_of
from .scores import SCORE_COLUMNS, evidence, score_columns
from .sides import Sides
from .sums import TokenSums
from .tokens import Batch
from .weights import load_weights, quality
from .words import Reading, read

__all__ = ["Linear"]

Floats = npt.NDArray[np.float64]


class Linear(Adaptable):
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of English posts.

    A score is the mood towards Alibaba's side where a post sets it against a rival: "DeepSeek beats Qwen" is negative.

    Parameters
    ----------
    taxonomy : a TOML file with names of one's own, as for ``entities``.
    """

    name: ClassVar[str] = "linear"
    columns: ClassVar[tuple[str, ...]] = SCORE_COLUMNS
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self, weights: str | None = None, taxonomy: str | None = None) -> None:
        self.quality = quality("linear")
        self._sides = Sides(taxonomy)
        self.version = f"{load_weights('linear')['version']}-{self._sides.version}"
        self.put_over(weights)
        self.tag(FIRST)

    def shipped(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is English, or undetermined with evidence such as an emoji."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        entities = batch.get("entities") or [None] * len(texts)
        posts = posts_of(texts)
        known = np.array(spoken(posts, langs), object)
        latin = np.flatnonzero((known == "en") | (known == "und"))
        if not len(latin):
            return score_columns(len(texts), [], np.empty((0, 3)), "")
        english = known == "en"
        if len(latin) * 2 > len(posts):  # all of them, rather than to copy most
            told, logits = evidence(posts.batch, english)[latin], _scorer().logits(posts.batch)[latin]
        else:
            found = posts.batch.take(latin)
            told, logits = evidence(found, english[latin]), _scorer().logits(found)
        told |= self._take_sides(logits, posts, latin, entities)
        return score_columns(
            len(texts), latin[told].tolist(), softmax(logits[told]), f"{self.name} {self.version}"
        )

    def _take_sides(
        self, logits: Floats, posts: Posts, latin: Indices, entities: Sequence[str | None]
    ) -> npt.NDArray[np.bool_]:
        """Move the logits of posts that take sides or say something outright; true for those."""
        judged = self._sides.judged(posts, entities, latin)
        if judged.focused:
            focused = Batch.of(list(judged.focused.values()), posts.known)
            logits[list(judged.focused)] = _scorer().logits(focused)
        logits[judged.moved] += judged.pushes
        moved = np.zeros(len(latin), bool)
        moved[judged.moved] = True
        return moved

    def explain(self, text: str) -> dict[str, Any]:
        """What each token and each measured feature adds to positive over negative, in logits."""
        reading = read(text)
        explained = _scorer().explain(reading)
        explained["sides"] = self._sides.explain(reading)
        explained["learned"] = self.learned(text)
        return explained


class _Scorer:
    """The weights, and what they make of each token."""

    def __init__(self) -> None:
        self._experts = Experts(load_weights("linear"))
        self._sums = TokenSums(self._experts.features, "within words")

    def logits(self, batch: Batch) -> Floats:
        """Logits of negative, neutral, positive, shape (n_posts, 3)."""
        return self._experts.mixture(self._sums.sums(batch) * self._experts.units, measure(batch))[0]

    def explain(self, reading: Reading) -> dict[str, Any]:
        batch = Batch.of([reading])
        outputs = self._sums.outputs(batch) * self._experts.units / np.sqrt(batch.counts[0])
        measures = measure(batch)
        logits, shares = self._experts.mixture(outputs.sum(axis=0, keepdims=True), measures)
        negative, neutral, positive = softmax(logits)[0].round(6).tolist()
        added = self._experts.towards_positive(outputs, shares[0])
        measured = self._experts.measured_towards_positive(measures[0], shares[0])
        words = [batch.known.words[row] for row in batch.rows]
        return {
            "p_negative": negative,
            "p_neutral": neutral,
            "p_positive": positive,
            "experts": dict(zip(self._experts.names, shares[0].round(3).tolist(), strict=True)),
            "tokens": list(zip(words, added.round(3).tolist(), strict=True)),
            "measured": {
                name: round(value, 3)
                for name, value in zip(MEASURES, measured.tolist(), strict=True)
                if value
            },
        }


@cache
def _scorer() -> _Scorer:
    return _Scorer()
