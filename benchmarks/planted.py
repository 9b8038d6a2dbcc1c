"""How often the main job finds the effects planted in the sample, and how often it finds any that are not there.

Usage: python benchmarks/planted.py [--seeds 20] [--first 1] [--posts 20000]

Ends with code 1 if fewer than nine in ten planted effects are found, or if more than 5 % of the announcements
without effect are called a change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from sentinel.analysis import analyse
from sentinel.pipeline import collect, tag
from sentinel.sample import PLANTED, write_sample
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.tagging import Tagger, make_tagger

ENOUGH_FOUND = 0.9
NOMINAL = 0.05


def primary_effects(seed: int, n_posts: int, tagger: Tagger) -> pd.DataFrame:
    """One row an announcement of importance 3: the whole job but for the drawing."""
    with TemporaryDirectory() as folder:
        sample = write_sample(Path(folder), seed, n_posts)
        settings = Settings(store=f"sqlite:///{folder}/sample.db", announcements=sample / "announcements.csv")
        store = Store(settings.store, settings.timezone)
        try:
            for outcome in collect(store, [sample / "exports"]):
                if outcome.problem:
                    raise SystemExit(outcome.problem)
            store.clean(settings.copy_days, settings.near_copies)
            tag(store, tagger)
            store.mark_patterns(settings.spam_patterns)
            effects = analyse(store, settings, tagger, seed=1).effects
        finally:
            store.close()
    return effects[(effects["family"] == "primary") & (effects["window"] == "reaction")]


def main() -> int:
    """Print a line a seed and the sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--posts", type=int, default=20_000)
    options = parser.parse_args()
    tagger = make_tagger()
    found = false = tested = 0
    sizes: dict[str, list[float]] = {title: [] for title in PLANTED}
    for seed in range(options.first, options.first + options.seeds):
        rows = primary_effects(seed, options.posts, tagger).to_dict("records")
        shown = []
        for row in rows:
            truth = PLANTED.get(row["title"])
            if truth is not None:
                found += row["verdict"] == truth
                sizes[row["title"]].append(row["effect"])
            else:
                tested += row["verdict"] != "not tested"
                false += row["verdict"] in ("rose", "fell")
            shown.append(f"{row['effect']:+.2f} q={row['q']:.2f} {row['verdict']}{'*' if truth else ''}")
        print(f"seed {seed:>3}: {' | '.join(shown)}", flush=True)
    n_planted = len(PLANTED) * options.seeds
    for title, effects in sizes.items():
        print(
            f"{title}: {pd.Series(effects).mean():+.3f} on average, from {min(effects):+.3f} to {max(effects):+.3f}"
        )
    print(f"planted effects found: {found} of {n_planted}; false findings: {false} of {tested}")
    return int(found < ENOUGH_FOUND * n_planted or false > NOMINAL * tested)


if __name__ == "__main__":
    sys.exit(main())
