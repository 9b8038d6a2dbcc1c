"""Compare ways to put the mean score of a group of posts right: the table in docs/measuring.md.

    python models/training/mood_corrections.py ../shared/data

What a way needs to know it learns from one half of a set (halves by text, so that copies stay together); it is then
tried on random groups of 100 posts of the other half. A figure is the mean distance of mean score and mean label
(-1, 0, 1).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.evaluate import sets

from sentinel.evaluation import cluster, tagged
from sentinel.labelled import CLASSES, Labelled
from sentinel.quality import adjusted
from sentinel.tagging import make_tagger

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Way = Callable[[Floats, Labels, Floats], float]
SIGNS = np.array([-1.0, 0.0, 1.0])
STEPS = 100  # of the EM of SLD: it has come to rest by then
GROUPS = 200
LEAST = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/, posts/ and gold/")
    options = parser.parse_args()
    tagger = make_tagger()
    print(f"| set | posts | {' | '.join(WAYS)} |\n|---|--:|{'--:|' * len(WAYS)}")
    for _, name, rows in sets(options.data):
        posts = [Labelled(row["text"], name, label=row["label"]) for row in rows]
        tags = tagged(posts, tagger)
        known = [at for at, label in enumerate(tags["label"]) if label in CLASSES]
        if len(known) >= LEAST:
            truth = np.array([CLASSES.index(str(posts[at].label)) for at in known])
            three = np.array([[tags[f"p_{label}"][at] for label in CLASSES] for at in known])
            half = np.array([cluster(posts[at].text) % 2 == 0 for at in known])
            figures = " | ".join(f"{error(way, truth, three, half):.3f}" for way in WAYS.values())
            print(f"| {name} | {len(known)} | {figures} |", flush=True)


def error(way: Way, truth: Labels, three: Floats, half: npt.NDArray[np.bool_]) -> float:
    """The error of a way, over groups of either half."""
    found = []
    for target in (half, ~half):
        inside = np.flatnonzero(target)
        for at in np.random.default_rng(1).choice(inside, (GROUPS, 100)):
            mean = way(three[at], truth[~target], three[~target])
            found.append(abs(mean - float((truth[at] - 1).mean())))
    return float(np.mean(found))


def as_tagged(group: Floats, truth: Labels, three: Floats) -> float:
    return float(np.mean(group @ SIGNS))


def line(group: Floats, truth: Labels, three: Floats) -> float:
    """What `sentinel evaluate` does."""
    scores = np.concatenate([group, three]) @ SIGNS
    inside = np.arange(len(scores)) < len(group)
    labels = np.concatenate([np.ones(len(group), np.int64), truth])
    return float(np.mean(adjusted(scores, labels, inside)[inside]))


def counted(group: Floats, truth: Labels, three: Floats) -> float:
    """Classify and count: the mean of the labels."""
    return float(np.mean(SIGNS[group.argmax(axis=1)]))


def adjusted_count(group: Floats, truth: Labels, three: Floats) -> float:
    """Shares of the labels, put right by how often each class is taken for which."""
    guess = three.argmax(axis=1)
    taken = np.array([[np.mean(guess[truth == true] == made) for true in range(3)] for made in range(3)])
    counts = np.bincount(group.argmax(axis=1), minlength=3) / len(group)
    shares = np.clip(np.linalg.lstsq(taken, counts, rcond=None)[0], 0, None)
    return float((shares / shares.sum()) @ SIGNS)


def sld(group: Floats, truth: Labels, three: Floats) -> float:
    """Saerens, Latinne and Decaestecker (2002): probabilities moved to the prior that explains them best."""
    prior = np.bincount(truth, minlength=3) / len(truth)
    shares = prior
    for _ in range(STEPS):
        moved = group * (shares / prior)
        shares = (moved / moved.sum(axis=1, keepdims=True)).mean(axis=0)
    return float(shares @ SIGNS)


WAYS: dict[str, Way] = {
    "as tagged": as_tagged,
    "adjusted": line,
    "counted": counted,
    "adjusted count": adjusted_count,
    "SLD": sld,
}

if __name__ == "__main__":
    main()
