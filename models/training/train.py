"""Train the weights of ``linear`` and ``zh``: one command, seeded, the same weights twice.

    python models/training/train.py ../shared/data

Each language is learned in two steps. Sets without a neutral class teach two outputs, positive against negative by tone
and by stance; sets with three classes then teach the label, with those two outputs among their measured features. So a
set that has no neutral posts cannot make the model think that there are none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))
from corpora import POLAR, THREE, Example, held_in, measuring, training  # noqa: E402
from sentinel_models import chinese, english, vader  # noqa: E402
from sentinel_models.ngrams import BITS, bucket, character_ngrams  # noqa: E402
from sentinel_models.scores import softmax  # noqa: E402
from sentinel_models.words import cut, read  # noqa: E402

ARTIFACTS = Path(__file__).parents[1] / "sentinel_models" / "artifacts"
DATA = Path(__file__).parents[1] / "sentinel_models" / "data"
UNIT = 1.0 / 512  # weights are whole multiples of this
Floats = npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/ and gold/")
    parser.add_argument("--only", choices=["en", "zh"])
    options = parser.parse_args()
    forbidden = measuring(options.data)
    if options.only != "zh":
        _write_common_words(options.data, forbidden)
        _train("linear", "en", options.data, forbidden)
        _calibrate_vader(options.data, forbidden)
    if options.only != "en":
        _train("zh", "zh", options.data, forbidden)
    _write_digests()


def _calibrate_vader(data: Path, forbidden: set[str]) -> None:
    """Probabilities for VADER's compound score, from a fifth of the three-class sets."""
    examples = list(training(data, THREE["en"], forbidden))[::5]
    compounds = np.array([vader.compound(read(example.text).prose) for example in examples])
    parts = np.column_stack([np.ones_like(compounds), compounds, np.abs(compounds), compounds**2])
    learned = LogisticRegression(C=100.0, fit_intercept=False, max_iter=500)
    learned.fit(
        parts, [example.label for example in examples], sample_weight=[example.weight for example in examples]
    )
    _save("vader", slopes=learned.coef_.T)


def features_en(texts: Sequence[str]) -> tuple[sp.csr_matrix, Floats]:
    """Hashed features and measured features of English texts."""
    tokens = english.Tokens()
    batch = english.Batch.of([read(text) for text in texts], tokens)
    hashes = tokens.hashes
    n_words = len(hashes)
    at, characters = english.token_features(tokens.words)
    rows = [at, np.arange(n_words), at + n_words, np.arange(n_words) + n_words]
    columns = [characters, bucket(hashes), characters, bucket(hashes + np.uint64(1))]
    of_words = sp.coo_matrix(
        (np.ones(sum(map(len, rows)), np.float32), (np.concatenate(rows), np.concatenate(columns))),
        shape=(2 * n_words, 1 << BITS),
    ).tocsr()
    n_posts = len(texts)
    in_posts = sp.coo_matrix(
        (np.ones(len(batch.rows), np.float32), (batch.post, batch.rows + n_words * batch.negated)),
        shape=(n_posts, 2 * n_words),
    ).tocsr()
    pairs = sp.coo_matrix(
        (np.ones(len(batch.pairs), np.float32), (batch.post, batch.pairs)), shape=(n_posts, 1 << BITS)
    ).tocsr()
    scale = sp.diags(1.0 / np.sqrt(batch.counts)).astype(np.float32)
    return (scale @ (in_posts @ of_words + pairs)).tocsr(), english.measure(batch, tokens)


def features_zh(texts: Sequence[str]) -> tuple[sp.csr_matrix, Floats]:
    """Hashed features and measured features of Chinese texts."""
    bodies = [chinese.body(read(text)) for text in texts]
    at, buckets = character_ngrams(bodies, chinese.RUNS)
    counts = np.maximum(np.bincount(at, minlength=len(texts)), 1)
    matrix = sp.coo_matrix(
        (np.ones(len(at), np.float32), (at, buckets)), shape=(len(texts), 1 << BITS)
    ).tocsr()
    return (sp.diags(1.0 / np.sqrt(counts)).astype(np.float32) @ matrix).tocsr(), chinese.measure(bodies)


def _train(model: str, lang: str, data: Path, forbidden: set[str]) -> None:
    features = features_en if lang == "en" else features_zh
    outputs = []
    for name, weights in POLAR[lang].items():
        examples = [example for example in training(data, weights, forbidden) if example.label != 1]
        outputs.append(_polar(features, examples, name))
    examples = list(training(data, THREE[lang], forbidden))
    fit = [example for example in examples if not held_in(example.text)]
    check = [example for example in examples if held_in(example.text)]
    matrix, measured = features([example.text for example in fit])
    matrix_check, measured_check = features([example.text for example in check])
    polar = np.column_stack(outputs)
    dense, dense_check = (
        np.hstack([matrix @ polar, measured]),
        np.hstack([matrix_check @ polar, measured_check]),
    )
    keep = _frequent(matrix, 3)
    learned = LogisticRegression(C=1.0, max_iter=150, tol=1e-3)
    learned.fit(
        sp.hstack([matrix[:, keep], sp.csr_matrix(dense)]).tocsr(),
        [example.label for example in fit],
        sample_weight=_weights(fit),
    )
    sparse, heads, bias = _split(learned, keep, dense.shape[1])
    logits = matrix_check @ sparse + dense_check @ heads + bias
    truth = np.array([example.label for example in check])
    heat = _temperature(logits, truth)
    sparse, heads, bias = sparse / heat, heads / heat, bias / heat
    _report(check, logits)
    whole = np.rint(np.hstack([sparse, polar]) / UNIT)
    np.clip(whole, -32767, 32767, out=whole)
    _save(model, features=whole.astype(np.int16), unit=np.float64(UNIT), heads=heads, bias=bias)


def _polar(features: Any, examples: Sequence[Example], name: str) -> Floats:
    """Weights of positive against negative over the hashed features."""
    matrix, _ = features([example.text for example in examples])
    keep = _frequent(matrix, 3)
    learned = LogisticRegression(C=1.0, max_iter=100, tol=1e-3)
    learned.fit(
        matrix[:, keep], [example.label == 2 for example in examples], sample_weight=_weights(examples)
    )
    full = np.zeros(1 << BITS)
    full[keep] = learned.coef_[0]
    print(
        f"  {name}: {len(examples)} texts, accuracy on them {learned.score(matrix[:, keep], [e.label == 2 for e in examples]):.3f}"
    )
    return full


def _weights(examples: Sequence[Example]) -> Floats:
    """Weight of each example, the classes of a language balanced."""
    weights = np.array([example.weight for example in examples])
    labels = np.array([example.label for example in examples])
    mass = {label: weights[labels == label].sum() for label in set(labels.tolist())}
    mean = sum(mass.values()) / len(mass)
    return weights * np.array([(mean / mass[label]) ** 0.7 for label in labels.tolist()])


def _frequent(matrix: sp.csr_matrix, least: int) -> npt.NDArray[np.int64]:
    """Features that occur in at least so many texts."""
    return np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= least)


def _split(
    learned: LogisticRegression, keep: npt.NDArray[np.int64], n_dense: int
) -> tuple[Floats, Floats, Floats]:
    coefficients = learned.coef_.T - learned.coef_.T.mean(axis=1, keepdims=True)
    sparse = np.zeros((1 << BITS, 3))
    sparse[keep] = coefficients[:-n_dense]
    return sparse, coefficients[-n_dense:], learned.intercept_ - learned.intercept_.mean()


def _temperature(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The temperature of least log loss on texts that were not learned from."""
    grid = np.exp(np.linspace(np.log(0.5), np.log(3.0), 61))
    losses = [-np.log(softmax(logits / heat)[np.arange(len(truth)), truth] + 1e-12).mean() for heat in grid]
    return float(grid[int(np.argmin(losses))])


def _report(examples: Sequence[Example], logits: Floats) -> None:
    from sklearn.metrics import f1_score

    guess = logits.argmax(axis=1)
    truth = np.array([example.label for example in examples])
    for name in sorted({example.source for example in examples}):
        at = np.array([example.source == name for example in examples])
        print(f"  {name}: {at.sum()} held in, macro-F1 {f1_score(truth[at], guess[at], average='macro'):.3f}")


def _save(model: str, **arrays: Any) -> None:
    digest = hashlib.sha256(
        b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    ).hexdigest()
    ARTIFACTS.mkdir(exist_ok=True)
    np.savez_compressed(ARTIFACTS / f"{model}.npz", version=np.array(f"1-{digest[:8]}"), **arrays)


def _write_digests() -> None:
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(ARTIFACTS.glob("*.npz"))
    }
    (ARTIFACTS / "digests.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


def _write_common_words(data: Path, forbidden: set[str]) -> None:
    """The commonest words of English posts: evidence for the language tag and the gate."""
    counts: Counter[str] = Counter()
    for example in training(data, {**THREE["en"], **POLAR["en"]["tone"]}, forbidden):
        counts.update(set(cut(example.text.lower())))
    words = sorted(
        word for word, n in counts.items() if n >= 25 and word.isascii() and word.replace("'", "").isalpha()
    )
    head = "# Words of English posts, counted over the training texts by models/training/train.py.\n"
    (DATA / "words_en.txt").write_text(head + "\n".join(words) + "\n", encoding="utf-8")
    print(f"  {len(words)} common words")


if __name__ == "__main__":
    main()
