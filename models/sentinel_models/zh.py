"""Chinese sentiment: logistic regression over characters, pairs of characters and a valence list."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .adaptation import Adaptable
from .chinese import MEASURES, body, known, measure, measured
from .experts import Experts, softmax
from .language import spoken
from .ngrams import Indices
from .posts import FIRST, posts_of
from .scores import SCORE_COLUMNS, score_columns
from .sides import Judged, Sides
from .sums import Runs, RunSums, bodies_of, runs_of, runs_within
from .weights import load_weights, quality
from .words import read

__all__ = ["Zh"]

Floats = npt.NDArray[np.float64]


class Zh(Adaptable):
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model` of Chinese posts.

    A score is the mood towards Alibaba's side where a post sets it against a rival.

    Parameters
    ----------
    taxonomy : a TOML file with names of one's own, as for ``entities``.
    """

    name: ClassVar[str] = "zh"
    columns: ClassVar[tuple[str, ...]] = SCORE_COLUMNS
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self, weights: str | None = None, taxonomy: str | None = None) -> None:
        self.quality = quality("zh")
        self._sides = Sides(taxonomy)
        self.version = f"{load_weights('zh')['version']}-{self._sides.version}"
        self.put_over(weights)
        self.tag(FIRST)

    def shipped(self, batch: Columns) -> Columns:
        """Scores of the posts whose `lang` is Chinese and that hold a Han character."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        entities = batch.get("entities") or [None] * len(texts)
        posts = posts_of(texts)
        langs = spoken(posts, langs)
        chinese = {lang: lang.startswith("zh") for lang in set(langs)}
        rows = np.flatnonzero(
            np.fromiter(map(chinese.__getitem__, langs), bool, len(langs)) & (posts.han > 0)
        )
        if not len(rows):
            return score_columns(len(texts), [], np.empty((0, 3)), "")
        measures = measured(bodies_of(posts))[np.searchsorted(posts.rows, rows)]
        logits = _logits(runs_of(posts), rows, measures)
        self._take_sides(logits, self._sides.judged(posts, entities, rows))
        return score_columns(len(texts), rows.tolist(), softmax(logits), f"{self.name} {self.version}")

    @staticmethod
    def _take_sides(logits: Floats, judged: Judged) -> None:
        """Move the logits of posts that set Alibaba's side against a rival, or say something outright."""
        if judged.focused:
            texts = list(map(body, judged.focused.values()))
            logits[list(judged.focused)] = _logits(Runs.of(texts), np.arange(len(texts)), measure(texts))
        logits[judged.moved] += judged.pushes

    def explain(self, text: str) -> dict[str, Any]:
        """The valence words, the runs of characters that weigh most for positive over negative, and the sides."""
        reading = read(text)
        prose = body(reading)
        experts, sums = _experts()
        found = runs_within(prose)
        scaled = sums.outputs(Runs.of([prose])) * experts.units / np.sqrt(max(len(found), 1))
        measures = measure([prose])
        logits, shares = experts.mixture(scaled.sum(axis=0, keepdims=True), measures)
        negative, neutral, positive = softmax(logits)[0].round(6).tolist()
        added = experts.towards_positive(scaled, shares[0]).round(3).tolist()
        measured = experts.measured_towards_positive(measures[0], shares[0]).tolist()
        return {
            "p_negative": negative,
            "p_neutral": neutral,
            "p_positive": positive,
            "experts": dict(zip(experts.names, shares[0].round(3).tolist(), strict=True)),
            "lexicon": [(word, round(valence, 3)) for _, word, valence in known(prose)],
            "runs": sorted(zip(found, added, strict=True), key=lambda pair: -abs(pair[1]))[:20],
            "measured": {
                name: round(value, 3) for name, value in zip(MEASURES, measured, strict=True) if value
            },
            "sides": self._sides.explain(reading),
            "learned": self.learned(text),
        }


def _logits(found: Runs, posts: Indices, measures: Floats) -> Floats:
    """Logits of negative, neutral, positive of some posts, shape (len(posts), 3)."""
    experts, sums = _experts()
    return experts.mixture(sums.sums(found, posts) * experts.units, measures)[0]


@cache
def _experts() -> tuple[Experts, RunSums]:
    experts = Experts(load_weights("zh"))
    return experts, RunSums(experts.features)
