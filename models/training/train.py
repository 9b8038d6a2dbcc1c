"""Train the weights of ``linear``, ``zh`` and ``vader``: one command, seeded, the same weights twice.

    python models/training/train.py ../shared/data

Each language is learned in two steps. Sets without a neutral class teach two outputs, positive against negative by tone
and by stance; sets with three classes then teach an expert for each kind of post, with those two outputs among the
measured features. So a set that has no neutral posts cannot make the model think that there are none. English experts
learn from what a teacher says of more texts, too (``transfer.py``). A gate learns which kind a post is of. A tenth of
every set is held in: it sets the calibration, and is never learned from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))
from sentinel_models import chinese, english, vader
from sentinel_models.experts import softmax
from sentinel_models.ngrams import BITS, bucket, character_ngrams
from sentinel_models.sums import CHARACTER_SHARE, RUNS, token_features
from sentinel_models.tokens import Batch, tokens
from sentinel_models.words import cut, read
from training.calibration import calibration
from training.corpora import EXPERTS, POLAR, Example, examples, held_in, measuring
from training.regression import shares_regression
from training.train_heads import train_about, train_cashtags, train_spam, train_topics
from training.transfer import judged

from sentinel.quality import calibration_error, macro_f1, macro_recall

ARTIFACTS = Path(__file__).parents[1] / "sentinel_models" / "artifacts"
DATA = Path(__file__).parents[1] / "sentinel_models" / "data"
Floats = npt.NDArray[np.float64]

#: Inverse strength of the penalty, by expert; small sets want more of it. Chosen on the held-in tenth.
STRENGTH = {
    "en": {"tweets": 0.3, "headlines": 1.0, "stocks": 0.15, "ai": 0.2},
    "zh": {"stocks": 1.0, "weibo": 1.0, "news": 1.0, "ai": 0.5},
}
#: Weight of the other kinds' texts when an expert is taught.
FOREIGN = {
    "en": {"tweets": 0.1, "headlines": 0.003, "stocks": 0.1, "ai": 0.1},
    "zh": {"stocks": 0.003, "weibo": 0.03, "news": 0.1, "ai": 0.1},
}
#: How far the classes are made equal, 0 (as they come) to 1.
BALANCE = {"tweets": 0.9}
USUAL_BALANCE = 0.7
#: How far the gate leans to an expert where two kinds of post look alike: a comment on a share reads like Weibo, and a
#: headline like a tweet.
GATE_LEAN = {"en": {"tweets": -1.0}, "zh": {"stocks": 0.5}}
#: What is added to the logits of an expert after calibration, for the best macro-F1 of its held-in texts.
MOVES = {"headlines": (0.0, 0.0, -0.25)}
#: Quantile of the weights of an output that the largest whole number stands for; larger weights are cut. Experts that
#: were taught many texts keep all of theirs.
LARGEST = 0.9995
WHOLE = {"zh": ("stocks", "weibo", "news")}
LEAST = 3  # texts in which a feature must occur
#: Weight of a text that the teacher has judged; one that people have labelled weighs about one.
TEACHER = {"headlines": 0.3, "stocks": 0.3, "ai": 0.5}
#: Experts for posts of which nobody knows whether praise or blame prevails.
SYMMETRIC = ("tweets",)


@dataclass(frozen=True)
class Features:
    """Features of some texts: hashed ones, shape (n, 2**BITS), and measured ones."""

    hashed: sp.csr_matrix
    measured: Floats


@dataclass(frozen=True)
class Told:
    """What the teacher says of some texts: their features, and shares (n, 3) of the labels."""

    matrix: sp.csr_matrix
    shares: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/, posts/ and gold/")
    parser.add_argument("--only", choices=["en", "zh", "vader", "tags"])
    options = parser.parse_args()
    forbidden = measuring(options.data)
    if options.only in (None, "en"):
        write_common_words(options.data, forbidden)
        train("linear", "en", options.data, forbidden)
    if options.only in (None, "zh"):
        train("zh", "zh", options.data, forbidden)
    if options.only in (None, "vader"):
        calibrate_vader(options.data, forbidden)
    if options.only in (None, "tags"):
        train_topics(options.data, forbidden, save)
        train_spam(options.data, forbidden, save)
        train_about(options.data, forbidden, save)
        train_cashtags(options.data, forbidden, save)
    write_digests()


def train(model: str, lang: str, data: Path, forbidden: set[str]) -> None:
    """Learn the experts and the gate of a language, and write them."""
    make = features_en if lang == "en" else features_zh
    kinds = {kind: list(examples(data, lang, sets, forbidden)) for kind, sets in EXPERTS[lang].items()}
    polar = {
        name: [
            example
            for example in examples(data, lang, sets, forbidden)
            if example.label != 1 and not held_in(example.text)
        ]
        for name, sets in POLAR[lang].items()
    }
    everything = [example for group in (*kinds.values(), *polar.values()) for example in group]
    rarity, keep = _rarity(make, everything)
    outputs = np.column_stack([_polar(make, rarity, keep, group) for group in polar.values()])
    rows = [example for group in kinds.values() for example in group]
    kind = np.array([at for at, group in enumerate(kinds.values()) for _ in group])
    inner = np.array([held_in(example.text) for example in rows])

    def seen(texts: Sequence[str]) -> sp.csr_matrix:
        found = make(texts)
        hashed = (found.hashed @ sp.diags(rarity)).tocsr()
        measured = sp.csr_matrix(np.hstack([hashed @ outputs, found.measured]))
        return sp.hstack([hashed[:, keep], measured]).tocsr()

    matrix = seen([example.text for example in rows])
    taught = judged(data, forbidden) if lang == "en" else {}
    experts = []
    for at, name in enumerate(kinds):
        texts, shares = taught.get(name, ([], np.empty((0, 3))))
        told = Told(seen(texts), shares) if texts else None
        coefficients, bias = _expert(matrix, rows, kind, inner, at, lang, name, told)
        own = inner & (kind == at)
        fitted = calibration(matrix[own] @ coefficients.T + bias, _labels(rows)[own], name in SYMMETRIC)
        moved = bias * fitted.slope + fitted.shifts + MOVES.get(name, (0.0, 0.0, 0.0))
        experts.append((coefficients * fitted.slope, moved))
        n_texts = int((~inner & (kind == at)).sum())
        print(f"  {model} {name}: {n_texts} texts, {len(texts)} of a teacher, {fitted}", flush=True)
    coefficients, bias = _gate(matrix, kind, inner)
    leans = GATE_LEAN[lang]
    experts.append((coefficients, bias + np.array([leans.get(name, 0.0) for name in kinds])))
    _check(matrix, rows, inner, experts, len(kinds))
    _write(model, list(kinds), keep, rarity, outputs, experts)


def features_en(texts: Sequence[str]) -> Features:
    """Features of English texts."""
    batch = Batch.of([read(text) for text in texts])
    n_words, n_texts = len(tokens().hashes), len(texts)
    at, characters = token_features(tokens().words)
    in_texts = _counts(batch.post, batch.rows, n_texts, n_words)
    within = in_texts @ _counts(at, characters, n_words) / CHARACTER_SHARE
    words = bucket(batch.hashes + batch.negated.astype(np.uint64))
    hashed = within + _counts(batch.post, words, n_texts) + _counts(batch.post, batch.pairs, n_texts)
    scale = sp.diags(1.0 / np.sqrt(batch.counts))
    return Features((scale @ hashed).tocsr().astype(np.float32), english.measure(batch))


def features_zh(texts: Sequence[str]) -> Features:
    """Features of Chinese texts."""
    bodies = [chinese.body(read(text)) for text in texts]
    at, buckets = character_ngrams(bodies, RUNS)
    scale = 1.0 / np.sqrt(np.maximum(np.bincount(at, minlength=len(texts)), 1))
    return Features(
        (sp.diags(scale) @ _counts(at, buckets, len(texts))).tocsr().astype(np.float32),
        chinese.measure(bodies),
    )


def _counts(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], n_rows: int, n_columns: int = 1 << BITS
) -> sp.csr_matrix:
    ones = np.ones(len(rows), np.float32)
    return sp.coo_matrix((ones, (rows, columns)), shape=(n_rows, n_columns)).tocsr()


def _rarity(
    make: Callable[[Sequence[str]], Features], group: Sequence[Example]
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Weight of each feature by how few texts hold it, and the features that enough texts hold."""
    n_texts = np.zeros(1 << BITS)
    for at in range(0, len(group), 20_000):
        found = make([example.text for example in group[at : at + 20_000]])
        n_texts += np.bincount(found.hashed.indices, minlength=1 << BITS)
    return np.log((1 + len(group)) / (1 + n_texts)) / 4, np.flatnonzero(n_texts >= LEAST)


def _polar(
    make: Callable[[Sequence[str]], Features],
    rarity: Floats,
    keep: npt.NDArray[np.int64],
    group: Sequence[Example],
) -> Floats:
    """Weights of positive against negative over the hashed features."""
    matrix = (make([example.text for example in group]).hashed @ sp.diags(rarity)).tocsr()[:, keep]
    learned = LogisticRegression(C=0.3, max_iter=100, tol=2e-3)
    learned.fit(matrix, _labels(group) == 2, sample_weight=[example.weight for example in group])
    full = np.zeros(1 << BITS)
    full[keep] = learned.coef_[0]
    return full


def _expert(
    matrix: sp.csr_matrix, rows: Sequence[Example], kind: npt.NDArray[np.int64], inner: npt.NDArray[np.bool_],
    at: int, lang: str, name: str, told: Told | None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Three classes, taught on the texts of one kind, on half of the others at a small weight, and by the teacher."""
    labels, own = _labels(rows), kind == at
    half = np.random.default_rng(at).random(len(rows)) < 0.5
    used = ~inner & (own | half)
    weights = np.array([row.weight for row in rows]) * np.where(own, 1.0, 2 * FOREIGN[lang][name])
    mass = np.bincount(labels[~inner & own], weights=weights[~inner & own], minlength=3)
    weights *= ((mass.mean() / mass) ** BALANCE.get(name, USUAL_BALANCE))[labels]
    if told is None:
        learned = LogisticRegression(C=STRENGTH[lang][name], max_iter=200, tol=2e-3)
        learned.fit(matrix[used], labels[used], sample_weight=weights[used])
        return learned.coef_, learned.intercept_
    return shares_regression(
        sp.vstack([matrix[used], told.matrix]).tocsr(),
        np.vstack([np.eye(3)[labels[used]], told.shares]),
        np.concatenate([weights[used], np.full(len(told.shares), TEACHER[name])]),
        STRENGTH[lang][name],
    )


def _gate(
    matrix: sp.csr_matrix, kind: npt.NDArray[np.int64], inner: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Which kind a text is of."""
    used = ~inner
    mass = np.bincount(kind[used])
    weights = (mass.mean() / mass) ** 0.8
    learned = LogisticRegression(C=10.0, max_iter=200, tol=2e-3)
    learned.fit(matrix[used], kind[used], sample_weight=weights[kind[used]])
    return learned.coef_, learned.intercept_


def _labels(rows: Sequence[Example]) -> npt.NDArray[np.int64]:
    return np.array([row.label for row in rows])


def _check(
    matrix: sp.csr_matrix,
    rows: Sequence[Example],
    inner: npt.NDArray[np.bool_],
    experts: Sequence[tuple[Floats, Floats]],
    n: int,
) -> None:
    """Print figures on the held-in tenth."""
    outputs = [matrix[inner] @ coefficients.T + bias for coefficients, bias in experts]
    shares = softmax(outputs[-1])
    logits = sum(outputs[at] * shares[:, [at]] for at in range(n))
    assert isinstance(logits, np.ndarray)
    truth, names = _labels(rows)[inner], np.array([row.source for row in rows])[inner]
    for name in sorted(set(names.tolist())):
        at = names == name
        guess = logits[at].argmax(axis=1)
        figures = (
            f"n {at.sum()}, macro-F1 {macro_f1(truth[at], guess):.3f}",
            f"recall {macro_recall(truth[at], guess):.3f}",
            f"calibration {calibration_error(truth[at], softmax(logits[at])):.3f}",
            f"gate {shares[at].mean(axis=0).round(2).tolist()}",
        )
        print(f"    {name}: {', '.join(figures)}")


def _write(
    model: str, names: Sequence[str], keep: npt.NDArray[np.int64], rarity: Floats, polar: Floats,
    experts: Sequence[tuple[Floats, Floats]],
) -> None:  # fmt: skip
    """Weights as whole numbers, a unit an output."""
    coefficients = np.vstack([matrix - matrix.mean(axis=0) for matrix, _ in experts]).T
    bias = np.concatenate([bias - bias.mean() for _, bias in experts])
    full = np.zeros((1 << BITS, coefficients.shape[1]))
    full[keep] = coefficients[: len(keep)]
    features = np.hstack([polar, full]) * rarity[:, None]
    largest = np.quantile(np.abs(features[keep]), LARGEST, axis=0)
    for at in (at for at, name in enumerate(names) if name in WHOLE.get(model, ())):
        own = slice(polar.shape[1] + 3 * at, polar.shape[1] + 3 * at + 3)
        largest[own] = np.abs(features[keep, own]).max(axis=0)
    units = largest / 127
    whole = np.clip(np.rint(features / units), -127, 127).astype(np.int8)
    save(
        model, features=whole, units=units, slopes=coefficients[len(keep) :], bias=bias, names=np.array(names)
    )


def calibrate_vader(data: Path, forbidden: set[str]) -> None:
    """Probabilities for VADER's compound score, from a fifth of the three-class sets."""
    sets = {name: weight for group in EXPERTS["en"].values() for name, weight in group.items()}
    rows = [row for row in examples(data, "en", sets, forbidden) if not held_in(row.text)][::5]
    compounds = np.array([vader.compound(read(row.text).prose) for row in rows])
    parts = np.column_stack([np.ones_like(compounds), compounds, np.abs(compounds), compounds**2])
    learned = LogisticRegression(C=100.0, fit_intercept=False, max_iter=500)
    learned.fit(parts, _labels(rows), sample_weight=[row.weight for row in rows])
    save("vader", slopes=learned.coef_.T)


def write_common_words(data: Path, forbidden: set[str]) -> None:
    """The commonest words of English posts: evidence for the language tag and the gate."""
    counts: Counter[str] = Counter()
    sets = {name: 1.0 for group in (*EXPERTS["en"].values(), POLAR["en"]["tone"]) for name in group}
    for example in examples(data, "en", sets, forbidden):
        counts.update(set(cut(example.text.lower())))
    words = sorted(
        word for word, n in counts.items() if n >= 25 and word.isascii() and word.replace("'", "").isalpha()
    )
    head = "# Words of English posts, counted over the training texts by models/training/train.py.\n"
    (DATA / "words_en.txt").write_text(head + "\n".join(words) + "\n", encoding="utf-8")
    print(f"  {len(words)} common words")


def save(model: str, **arrays: Any) -> None:
    """Write arrays, with a version that changes with them."""
    digest = hashlib.sha256(
        b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    ).hexdigest()
    ARTIFACTS.mkdir(exist_ok=True)
    np.savez_compressed(ARTIFACTS / f"{model}.npz", version=np.array(f"1-{digest[:8]}"), **arrays)


def write_digests() -> None:
    """Note the SHA-256 of every file of weights."""
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(ARTIFACTS.glob("*.npz"))
    }
    (ARTIFACTS / "digests.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
