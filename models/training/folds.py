"""Measure the scorers on every labelled text, each judged by weights that were taught without it.

    python models/training/folds.py ../shared/data

The held-in tenth of a small set is too few texts to tell a good score from a lucky one. Here all experts and the gate
are taught three times, each time without a third of all texts, those that begin like them, and what the teacher says
of pieces of them. The calibration of an expert is the one that ``train.py`` finds. What sides and statements add to a
score is left out. Writes a table between the marks in ``models/README.md``.
"""

from __future__ import annotations

import os

if __name__ == "__main__":  # as in train.py
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"}

import argparse
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1]))
from sentinel_models.experts import softmax
from training.corpora import EXPERTS, beginning, key, measuring
from training.evaluate import LEAST, put_between
from training.features import Floats
from training.learning import FOLDS, Taught, Told, expert, labels_of, without
from training.train import adjusted, calibrated, leaning_gate, material

from sentinel.quality import calibration_error, interval, macro_f1, macro_recall

MARKS = ("<!-- folds: begin -->", "<!-- folds: end -->")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/, posts/ and gold/")
    options = parser.parse_args()
    forbidden = measuring(options.data)
    lines = ["| set | posts | macro-F1 (90 % interval) | macro-recall | ECE |", "|---|--:|--:|--:|--:|"]
    for lang in EXPERTS:
        taught, told, _ = material(lang, options.data, forbidden)
        lines += figures(taught, mixed(taught, told))
    text = "".join(f"{line}\n" for line in lines)
    print(text)
    put_between(MARKS, text)


def mixed(taught: Taught, told: dict[str, Told]) -> Floats:
    """Logits of negative, neutral and positive of all texts, shape (n, 3), each by weights taught without it."""
    names = list(EXPERTS[taught.lang])
    marks = np.array([beginning(key(row.text)) for row in taught.rows])
    folds = np.array([zlib.crc32(mark.encode()) % FOLDS for mark in marks.tolist()])
    every = np.zeros((len(marks), len(names), 3))
    gate = np.zeros((len(marks), len(names)))
    for fold in range(FOLDS):
        left_out = folds == fold
        hidden = set(marks[left_out].tolist())
        rest, matrix = replace(taught, inner=left_out), taught.matrix[left_out]
        for at, name in enumerate(names):
            slopes, bias = expert(rest, at, name, without(told.get(name), hidden))
            every[left_out, at] = matrix @ slopes.T + bias
        slopes, bias = leaning_gate(rest, names)
        gate[left_out] = matrix @ slopes.T + bias
    for at, name in enumerate(names):
        found = calibrated(taught, at, name, told.get(name), expert(taught, at, name, told.get(name)))
        slopes, bias = adjusted(found, (np.eye(3), np.zeros(3)))
        every[:, at] = every[:, at] @ slopes.T + bias
    mixture: Floats = np.einsum("ne,nec->nc", softmax(gate), every)
    return mixture


def figures(taught: Taught, logits: Floats) -> Iterator[str]:
    """A row of the table for each set."""
    labels = labels_of(taught.rows)
    sources = np.array([row.source for row in taught.rows])
    for name in dict.fromkeys(sources.tolist()):
        at = np.flatnonzero(sources == name)
        if len(at) < LEAST:
            continue
        yield f"| {name} ({taught.lang}) | {len(at):,} | {row(labels[at], softmax(logits[at]))} |"


def row(truth: npt.NDArray[np.int64], shares: Floats) -> str:
    """Figures of some texts of given labels."""
    guess = shares.argmax(axis=1)
    low, high = interval(lambda at: macro_f1(truth[at], guess[at]), len(truth))
    return (
        f"{macro_f1(truth, guess):.3f} ({low:.3f}-{high:.3f}) | {macro_recall(truth, guess):.3f} "
        f"| {calibration_error(truth, shares):.3f}"
    )


if __name__ == "__main__":
    main()
