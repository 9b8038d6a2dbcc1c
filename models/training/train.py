"""Train all weights: one command, seeded, the same bytes twice.

    python models/training/train.py ../shared/data

Each language is learned in two steps. Sets without a neutral class teach two outputs, positive against negative by tone
and by stance; sets with three classes then teach an expert for each kind of post, with those two outputs among the
measured features. So a set that has no neutral posts cannot make the model think that there are none; when weights are
written, what those two add is added to the features that they are made of. English experts
learn from what a teacher says of more texts, too (``transfer.py``). A gate learns which kind a post is of. A tenth of
every set is held in: it sets the calibration, and makes figures. When that is done, the experts and the gate are taught
once more with that tenth, and these weights are shipped; those before are kept aside for ``evaluate.py``.
"""

from __future__ import annotations

import os

if __name__ == "__main__":  # before numpy is loaded: one thread, and the same instructions on any x86 machine
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"}

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))
from sentinel_models import vader
from sentinel_models.experts import softmax
from sentinel_models.words import cut, read
from training.calibration import Calibration, calibration
from training.corpora import (
    EXPERTS,
    OWN_SENTENCES,
    OWN_SHARE_SENTENCES,
    POLAR,
    examples,
    held_in,
    measuring,
)
from training.features import Floats, features_en, features_zh, rarity_of
from training.learning import (
    Taught,
    Told,
    by_set,
    by_text,
    expert,
    gate,
    labels_of,
    out_of_fold,
    polar_weights,
)
from training.saving import DATA, save, write_digests, write_experts
from training.train_heads import train_about, train_cashtags, train_spam, train_topics
from training.transfer import judged

from sentinel.quality import calibration_error, macro_f1, macro_recall

Learned = tuple[Floats, Floats]
#: Features that are kept, how rare each is, and the polar outputs of each.
Parts = tuple[npt.NDArray[np.int64], Floats, Floats]

#: How far the gate leans to an expert where two kinds of post look alike: a comment on a share reads like Weibo, and a
#: headline like a tweet.
GATE_LEAN = {"en": {"tweets": -1.5, "stocks": 1.0}, "zh": {"stocks": 1.0}}
#: What is added to the logits of an expert after calibration, for the best macro-F1 of its held-in texts.
MOVES = {("en", "headlines"): (0.0, 0.0, -0.25)}
#: Shares of negative, neutral and positive around which groups of posts may lie, for the experts of posts of which
#: nobody knows whether praise or blame prevails.
CENTRES = {"tweets": (0.3, 0.4, 0.3), "ai": (0.2, 0.6, 0.2)}
#: Experts of too few texts to be calibrated on the held-in tenth alone.
FEW = ("ai",)
#: Sentences that nobody posted, which calibrate nothing.
SENTENCES = (OWN_SENTENCES, OWN_SHARE_SENTENCES)
#: Experts that meet posts from other places than their sets: calibrated on sets that people labelled in three classes,
#: each by an expert that was taught neither that set nor by the teacher, who knows it.
UNSEEN = {("en", "stocks"): ("sp500_tweets_2020", "stocktwits_manual_cs129")}


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
    # By itself, so that it reads the weights and word lists that are there now.
    subprocess.run([sys.executable, Path(__file__).with_name("vocabulary.py"), options.data], check=True)


def train(model: str, lang: str, data: Path, forbidden: set[str]) -> None:
    """Learn the experts and the gate of a language, and write them."""
    taught, told, parts = material(lang, data, forbidden)
    names = list(EXPERTS[lang])
    learned = [expert(taught, at, name, told.get(name)) for at, name in enumerate(names)]
    fitted = [
        calibrated(taught, at, name, told.get(name), own)
        for (at, name), own in zip(enumerate(names), learned, strict=True)
    ]
    before = [*map(adjusted, fitted, learned), leaning_gate(taught, names)]
    check(taught, before)
    every = replace(taught, inner=np.zeros_like(taught.inner))
    learned = [expert(every, at, name, told.get(name)) for at, name in enumerate(names)]
    write_experts(model, names, *parts, [*map(adjusted, fitted, learned), leaning_gate(every, names)])
    write_experts(model, names, *parts, before, aside=True)


def material(lang: str, data: Path, forbidden: set[str]) -> tuple[Taught, dict[str, Told], Parts]:
    """All labelled texts of a language, what a teacher says of others, by expert, and what features are made with."""
    make = features_en if lang == "en" else features_zh
    kinds = {kind: list(examples(data, lang, sets, forbidden)) for kind, sets in EXPERTS[lang].items()}
    polar = {
        name: [
            example
            for example in examples(data, lang, sets, forbidden)
            if example.label != 1 and not held_in(data, example.text)
        ]
        for name, sets in POLAR[lang].items()
    }
    everything = [example for group in (*kinds.values(), *polar.values()) for example in group]
    rarity, keep = rarity_of(make, everything, root=lang == "zh")
    outputs = np.column_stack([polar_weights(make, rarity, keep, group) for group in polar.values()])

    def seen(texts: Sequence[str]) -> sp.csr_matrix:
        found = make(texts)
        hashed = (found.hashed @ sp.diags(rarity)).tocsr()
        measured = sp.csr_matrix(np.hstack([hashed @ outputs, found.measured]))
        return sp.hstack([hashed[:, keep], measured]).tocsr()

    rows = [example for group in kinds.values() for example in group]
    taught = Taught(
        lang,
        seen([example.text for example in rows]),
        rows,
        np.array([at for at, group in enumerate(kinds.values()) for _ in group]),
        np.array([held_in(data, example.text) for example in rows]),
        len(keep),
    )
    told = {
        name: Told(seen(found.texts), found.shares, found.origins, found.weights)
        for name, found in (judged(data, forbidden) if lang == "en" else {}).items()
    }
    return taught, told, (keep, rarity, outputs)


def calibrated(taught: Taught, at: int, name: str, told: Told | None, learned: Learned) -> Calibration:
    """The calibration of an expert, on the held-in texts of its kind, or on more that it did not learn."""
    coefficients, bias = learned
    real = np.array([row.source not in SENTENCES for row in taught.rows])
    own = taught.inner & (taught.kind == at) & real
    logits, truth = taught.matrix[own] @ coefficients.T + bias, labels_of(taught.rows)[own]
    if sets := UNSEEN.get((taught.lang, name)):
        logits, truth = out_of_fold(taught, at, name, None, by_set(taught, at, sets))
    elif name in FEW:
        folds = np.where(real, by_text(taught, at), -1)
        more, labels = out_of_fold(taught, at, name, told, folds)
        logits, truth = np.vstack([logits, more]), np.concatenate([truth, labels])
    centre = CENTRES.get(name)
    found = calibration(logits, truth, None if centre is None else np.array(centre))
    n_texts = int((~taught.inner & (taught.kind == at)).sum())
    n_told = 0 if told is None else len(told.shares)
    print(f"  {taught.lang} {name}: {n_texts} texts, {n_told} of a teacher, {found}", flush=True)
    return found._replace(shifts=found.shifts + MOVES.get((taught.lang, name), (0.0, 0.0, 0.0)))


def adjusted(fitted: Calibration, learned: Learned) -> Learned:
    """An expert whose probabilities hold."""
    coefficients, bias = learned
    return fitted.matrix @ coefficients, fitted.matrix @ bias + fitted.shifts


def leaning_gate(taught: Taught, names: Sequence[str]) -> Learned:
    """The gate, with its lean."""
    coefficients, bias = gate(taught.matrix[~taught.inner], taught.kind[~taught.inner])
    return coefficients, bias + np.array([GATE_LEAN[taught.lang].get(name, 0.0) for name in names])


def check(taught: Taught, experts: Sequence[Learned]) -> None:
    """Print figures on the held-in tenth; the last of `experts` is the gate."""
    outputs = [taught.matrix[taught.inner] @ coefficients.T + bias for coefficients, bias in experts]
    shares = softmax(outputs[-1])
    logits = np.sum([outputs[at] * shares[:, [at]] for at in range(len(experts) - 1)], axis=0)
    truth = labels_of(taught.rows)[taught.inner]
    names = np.array([row.source for row in taught.rows])[taught.inner]
    for name in sorted(set(names.tolist())):
        at = names == name
        guess = logits[at].argmax(axis=1)
        figures = (
            f"n {at.sum()}, macro-F1 {macro_f1(truth[at], guess):.3f}",
            f"recall {macro_recall(truth[at], guess):.3f}",
            f"calibration {calibration_error(truth[at], softmax(logits[at])):.3f}",
            f"gate {shares[at].mean(axis=0).round(2).tolist()}",
        )
        print(f"    {name}: {', '.join(figures)}", flush=True)


def calibrate_vader(data: Path, forbidden: set[str]) -> None:
    """Probabilities for VADER's compound score, from a fifth of the three-class sets."""
    sets = {name: weight for group in EXPERTS["en"].values() for name, weight in group.items()}
    rows = [row for row in examples(data, "en", sets, forbidden) if not held_in(data, row.text)][::5]
    compounds = np.array([vader.compound(read(row.text).prose) for row in rows])
    parts = np.column_stack([np.ones_like(compounds), compounds, np.abs(compounds), compounds**2])
    learned = LogisticRegression(C=100.0, fit_intercept=False, max_iter=500)
    learned.fit(parts, labels_of(rows), sample_weight=[row.weight for row in rows])
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


if __name__ == "__main__":
    main()
