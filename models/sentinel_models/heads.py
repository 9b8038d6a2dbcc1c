"""Taught yes-or-no judgements: logistic regressions over words and pairs (English) or runs of characters (Chinese)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .chinese import body
from .ngrams import Indices
from .sums import Runs, RunSums, TokenSums, runs_within
from .tokens import Batch
from .weights import load_weights
from .words import Reading

__all__ = ["Heads"]

Floats = npt.NDArray[np.float64]

_FEW: Final = 0.25  # share of posts below which those that have a fact are looked at alone


class Heads:
    """Judgements of a model, one an output.

    For each language the arrays are ``{lang}_features`` (n_buckets, n_outputs) whole numbers, ``{lang}_units``
    (n_outputs), ``{lang}_slopes`` (n_facts, n_outputs) and ``{lang}_bias`` (n_outputs); ``names`` of the outputs.

    Parameters
    ----------
    name : of the weights in ``artifacts/``.
    """

    def __init__(self, name: str) -> None:
        arrays = load_weights(name)
        self.version = str(arrays["version"])
        self.names = [str(output) for output in arrays["names"]]
        self.thresholds: Floats = arrays["thresholds"].astype(float)
        self._arrays = {key: arrays[key] for key in arrays if key[:3] in ("en_", "zh_")}
        if "en_features" in self._arrays:
            self._words = TokenSums(self._arrays["en_features"])
        if "zh_features" in self._arrays:
            self._runs = RunSums(self._arrays["zh_features"])

    def english(self, batch: Batch, rows: Indices, facts: npt.ArrayLike) -> Floats:
        """Logits of the English posts at `rows` of a batch, shape (len(rows), n_outputs)."""
        return self._logits("en", self._words.sums(batch, rows), facts)

    def chinese(self, found: Runs, rows: Indices, facts: npt.ArrayLike) -> Floats:
        """Logits of the Chinese posts at `rows` of a batch, shape (len(rows), n_outputs)."""
        return self._logits("zh", self._runs.sums(found, rows), facts)

    def explain_chinese(self, reading: Reading, output: int = 0) -> list[tuple[str, float]]:
        """The runs of characters that weigh most for or against an output."""
        text = body(reading)
        found = runs_within(text)
        weights = (
            self._runs.outputs(Runs.of([text]))[:, output]
            * self._arrays["zh_units"][output]
            / max(len(found), 1) ** 0.5
        )
        return _ranked(found, weights)

    def explain_english(
        self, reading: Reading, facts: Sequence[float], names: Sequence[str], output: int = 0
    ) -> dict[str, list[tuple[str, float]]]:
        """What the words and the facts of a post add to an output, the weightiest first."""
        batch = Batch.of([reading])
        added = (
            self._words.outputs(batch)[:, output]
            * self._arrays["en_units"][output]
            / np.sqrt(batch.counts[0])
        )
        told = np.asarray(facts) * self._arrays["en_slopes"][:, output]
        words = [batch.known.words[row] for row in batch.rows]
        return {"words": _ranked(words, added), "facts": _ranked(names, told)}

    def _logits(self, lang: str, sums: Floats, facts: npt.ArrayLike) -> Floats:
        if not len(sums):
            return np.empty((0, len(self.names)))
        arrays = self._arrays
        told = np.zeros(sums.shape)
        # One by one: a product of matrices rounds otherwise in another batch.
        for fact, slopes in zip(np.asarray(facts, float).T, arrays[lang + "_slopes"], strict=True):
            there = np.flatnonzero(fact != 0)
            if len(there) < len(fact) * _FEW:
                told[there] += fact[there, None] * slopes
            else:
                told += fact[:, None] * slopes
        logits: Floats = sums * arrays[lang + "_units"] + told + arrays[lang + "_bias"]
        return logits


def _ranked(names: Sequence[str], weights: Floats) -> list[tuple[str, float]]:
    pairs = zip(names, weights.round(3).tolist(), strict=True)
    return [pair for pair in sorted(pairs, key=lambda pair: -abs(pair[1])) if pair[1]]
