"""What a user's corrections add to a scorer: a small layer over its probabilities, on top of the shipped weights.

The logits of a post are those of the shipped model, times a heat, plus a shift a label, plus what the post's words (of
Chinese, runs of characters) add. With few corrections all of these stay close to "as shipped": the penalty is chosen by
cross-validation over clusters of texts. Nothing else of the shipped model is touched, and its texts are not needed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from sentinel.errors import PluginError, SettingsError
from sentinel.post import Columns
from sentinel.weights_file import read_arrays

from .experts import softmax
from .scores import score_columns

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Adaptable", "Adaptation", "learn"]

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

CLASSES: Final = ("negative", "neutral", "positive")
_BUCKETS: Final = 1 << 16
_LONGEST: Final = 4_000  # characters of a post whose words are features
_TOKEN: Final = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+(?:'[^\W\d_]+)?|[^\w\s]")
_RUNS: Final = (1, 2, 3)  # of a layer of its own: what users label is little
_LEAST_TEXTS: Final = 2
_LEAST: Final = 1e-6  # of a probability, before its logarithm
#: Strengths of the penalty on words that are tried; the last is "words add nothing".
_PENALTIES: Final = (0.3, 1.0, 3.0, 10.0, 30.0, 1e6)
_SHIFT_PENALTY: Final = 100.0  # corrections are of unsure posts, whose labels are shared out otherwise
_HEAT_PENALTY: Final = 30.0
_SMALL: Final = 1e-4  # a weight that changes nothing
_FOLDS: Final = 5
_KEYS: Final = ("model", "base", "heat", "shift", "buckets", "words", "quality")


class Adaptation:
    """A layer that was learned, ready to be put over the tags of a scorer.

    Parameters
    ----------
    path : file of `sentinel.weights_file`.
    model, base : name and version of the scorer it is put over.

    Raises
    ------
    PluginError
        If the file is damaged, or was learned on top of another model or version.
    """

    def __init__(self, path: Path, model: str, base: str) -> None:
        arrays = read_arrays(path)
        missing = [name for name in _KEYS if name not in arrays]
        if missing:
            raise PluginError(
                f"weights {path} lack {', '.join(missing)}; 'sentinel train' writes what is needed"
            )
        learned = f"{arrays['model']} {arrays['base']}"
        shipped = f"{model} {_shipped(base)}"
        if learned != shipped:
            raise PluginError(
                f"weights {path} were learned on top of {learned}, and this is {shipped}; "
                "run 'sentinel train' again"
            )
        digest = hashlib.sha256(b"".join(arrays[name].tobytes() for name in _KEYS[2:6])).hexdigest()
        self.version = f"{base}+{digest[:8]}"
        self.quality: dict[str, dict[str, Any]] = json.loads(str(arrays["quality"]))
        self._name = f"{model} {self.version}"
        self._heat, self._shift = float(arrays["heat"]), arrays["shift"].astype(float)
        self._buckets, self._words = arrays["buckets"], arrays["words"].astype(float)

    def tags(self, texts: Sequence[str], columns: Columns) -> Columns:
        """Tags of a scorer with the layer over them; what was unscored stays so."""
        judged, three = _scored(columns)
        if not judged:
            return columns
        features = _features([texts[at] for at in judged], self._buckets)
        logits = self._heat * three + self._shift + features @ self._words
        return score_columns(len(texts), judged, softmax(logits), self._name)

    def explain(self, text: str) -> dict[str, float]:
        """What each known word or run of a text adds to positive over negative."""
        names = _names(text)
        gap = self._words[:, 2] - self._words[:, 0]
        known = {int(bucket): float(gap[at]) for at, bucket in enumerate(self._buckets)}
        found = {name: known.get(_bucket(name), 0.0) / max(len(names), 1) ** 0.5 for name in names}
        return {name: round(value, 3) for name, value in found.items() if abs(value) >= 0.0005}


def _shipped(version: str) -> str:
    """Without the marks of a taxonomy and of weights: what was learned holds whatever names a user adds."""
    return version.partition("+")[0]


class Adaptable:
    """A scorer that can learn from corrections: `shipped` tags as it came, `tag` with what was learned over it."""

    name: ClassVar[str]
    version: str
    quality: dict[str, dict[str, Any]]
    _adaptation: Adaptation | None = None

    def shipped(self, batch: Columns) -> Columns:
        """Tags without what was learned."""
        raise NotImplementedError

    def put_over(self, weights: str | None) -> None:
        """Use the file that `sentinel train` wrote; ``None`` uses none."""
        if weights is not None:
            if not isinstance(weights, str) or not weights:
                raise SettingsError(f"models plug-in {self.name!r}: weights is {weights!r}; expected a file")
            self._adaptation = Adaptation(Path(weights), self.name, self.version)
            self.version, self.quality = self._adaptation.version, self._adaptation.quality

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts that the model can judge; see `shipped` for which these are."""
        tags = self.shipped(batch)
        return tags if self._adaptation is None else self._adaptation.tags(batch["text"], tags)

    def adapt(
        self, batch: Columns, labels: Sequence[str], groups: Sequence[int], weights: Sequence[float]
    ) -> dict[str, npt.NDArray[Any]]:
        """See `sentinel.ports.Trainable`."""
        arrays = learn(self.shipped(batch), batch["text"], labels, groups, weights)
        if not arrays:
            return {}
        return arrays | {"model": np.array(self.name), "base": np.array(_shipped(self.version))}

    def learned(self, text: str) -> dict[str, float]:
        """What corrections taught about the words of a text; see `Adaptation.explain`."""
        return {} if self._adaptation is None else self._adaptation.explain(text)


def learn(
    columns: Columns,
    texts: Sequence[str],
    labels: Sequence[str],
    groups: Sequence[int],
    weights: Sequence[float],
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of an `Adaptation`, from posts, a scorer's tags of them, and the labels they should have.

    None at all if, by cross-validation, they teach nothing that holds for other posts.

    Parameters
    ----------
    columns : what the scorer tags them, as shipped; posts it leaves unscored teach nothing.
    groups : cluster of each text; clusters are not divided in cross-validation.
    weights : how much each post counts.
    """
    judged, logits = _scored(columns)
    if not judged:
        return {}
    truth = np.array([CLASSES.index(labels[at]) for at in judged], np.int64)
    weight = _evened(np.array([weights[at] for at in judged], float), truth)
    fold = np.array([groups[at] for at in judged], np.int64) // 7 % _FOLDS
    chosen = [texts[at] for at in judged]
    buckets = _repeated(chosen)
    features = _features(chosen, buckets)
    losses = np.array(
        [_losses_elsewhere(logits, features, truth, weight, fold, penalty) for penalty in _PENALTIES]
    )
    at = _strongest(losses)
    if losses[at].mean() >= _losses(logits, truth, weight).mean():
        return {}
    heat, shift, words = _fit(logits, features, truth, weight, _PENALTIES[at])
    used = np.abs(words).max(axis=1, initial=0.0) > _SMALL
    return {
        "heat": np.array(heat),
        "shift": shift,
        "buckets": buckets[used],
        "words": words[used].astype(np.float32),
        "posts": np.array(len(judged)),
    }


def _evened(weight: Floats, truth: Labels) -> Floats:
    """Weights with which each label counts as much as the others, as it does in macro-F1."""
    mass = np.bincount(truth, weights=weight, minlength=len(CLASSES))
    there = mass > 0
    share = np.where(there, mass.sum() / np.maximum(mass, 1e-12) / max(there.sum(), 1), 0.0)
    evened: Floats = weight * share[truth]
    return evened


def _repeated(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Buckets that at least two texts hold, sorted: what one text alone holds cannot be told from chance."""
    found = Counter(bucket for text in texts for bucket in {_bucket(name) for name in _names(text)})
    return np.array(sorted(bucket for bucket, n in found.items() if n >= _LEAST_TEXTS), np.int64)


def _scored(columns: Columns) -> tuple[list[int], Floats]:
    """Positions of the posts that were scored, and the logarithms of their probabilities."""
    judged = [at for at, label in enumerate(columns["label"]) if label in CLASSES]
    three = np.array([[columns[f"p_{name}"][at] for name in CLASSES] for at in judged], float).reshape(-1, 3)
    return judged, np.log(np.maximum(three, _LEAST))


def _names(text: str) -> list[str]:
    """Features of a text: words and pairs of words, and runs of Chinese characters, each once."""
    tokens = _TOKEN.findall(text[:_LONGEST].lower())
    names = dict.fromkeys(tokens)
    names |= dict.fromkeys(f"{one} {two}" for one, two in pairwise(tokens))
    for token in tokens:
        if token[0] >= "\u3400":
            names |= dict.fromkeys(
                token[at : at + length] for length in _RUNS for at in range(len(token) - length + 1)
            )
    return list(names)


def _bucket(name: str) -> int:
    return crc32(name.encode("utf-8", "replace")) % _BUCKETS


def _features(texts: Sequence[str], buckets: npt.NDArray[np.int64]) -> csr_array:
    """Which of the known buckets each text holds, scaled by the root of its length; shape (n_texts, n_buckets)."""
    from scipy.sparse import csr_array  # slow to import, and only corrections need it

    place = {bucket: at for at, bucket in enumerate(buckets.tolist())}
    ends, columns, values = [0], list[int](), list[float]()
    for text in texts:
        names = _names(text)
        found = sorted({place[bucket] for bucket in map(_bucket, names) if bucket in place})
        columns += found
        values += [len(names) ** -0.5] * len(found)
        ends.append(len(columns))
    return csr_array((values, columns, ends), shape=(len(texts), len(buckets)))


def _fit(
    logits: Floats, features: csr_array, truth: Labels, weight: Floats, penalty: float
) -> tuple[float, Floats, Floats]:
    """Heat, shift and words of least loss."""
    from scipy.optimize import minimize  # slow to import, and only learning needs it

    n_words = features.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        heat, shift, words = flat[0], flat[1:4], flat[4:].reshape(n_words, 3)
        shares = softmax(heat * logits + shift + features @ words)
        value = -(weight * np.log(shares[np.arange(len(truth)), truth] + 1e-12)).sum()
        value += 0.5 * (
            _HEAT_PENALTY * (heat - 1) ** 2 + _SHIFT_PENALTY * shift @ shift + penalty * (words**2).sum()
        )
        off = shares * weight[:, None]
        off[np.arange(len(truth)), truth] -= weight
        by_heat = (off * logits).sum() + _HEAT_PENALTY * (heat - 1)
        by_shift = off.sum(axis=0) + _SHIFT_PENALTY * shift
        by_words = features.T @ off + penalty * words
        return float(value), np.concatenate([[by_heat], by_shift, by_words.ravel()])

    start = np.concatenate([[1.0], np.zeros(3 + 3 * n_words)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return float(found[0]), found[1:4], found[4:].reshape(n_words, 3)


def _strongest(losses: Floats) -> int:
    """The strongest penalty that is no clearly worse than the best: by less than its difference is unsure.

    Parameters
    ----------
    losses : shape (n_penalties, n_texts), from the weakest penalty to the strongest.
    """
    best = int(np.argmin(losses.mean(axis=1)))
    for at in range(len(losses) - 1, best, -1):
        worse = losses[at] - losses[best]
        if worse.mean() <= worse.std() / np.sqrt(len(worse)):
            return at
    return best


def _losses(logits: Floats, truth: Labels, weight: Floats) -> Floats:
    """Weighted log loss of each text under logits as they are; their mean is that of all."""
    shares = softmax(logits)[np.arange(len(truth)), truth]
    losses: Floats = -weight * np.log(shares + 1e-12) / max(float(weight.mean()), 1e-12)
    return losses


def _losses_elsewhere(
    logits: Floats, features: csr_array, truth: Labels, weight: Floats, fold: Labels, penalty: float
) -> Floats:
    """Weighted log loss of each text, by what the folds it is not in teach."""
    moved = logits.copy()
    for held in range(_FOLDS):
        inside, outside = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        if len(inside) and len(outside):
            heat, shift, words = _fit(
                logits[inside], features[inside], truth[inside], weight[inside], penalty
            )
            moved[outside] = heat * logits[outside] + shift + features[outside] @ words
    return _losses(moved, truth, weight)
