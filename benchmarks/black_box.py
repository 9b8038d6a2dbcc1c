"""The command `sentinel effects` in made-up worlds: exports and a calendar in, effects.csv out, nothing else looked at.

The worlds are drawn by code of their own, apart from the generator of the tests: days with a mood that persists and
bursts of posts, authors with a character, and one announcement, of which half the worlds' moods take notice. Printed
are the share of false alarms, how often the interval held the truth, and by how much the effect was missed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sentinel.cli import main as sentinel

DAYS = 365
FIRST = np.datetime64("2025-01-01")
TOLERANCE = 2.58  # standard errors of a share of 5 %


@dataclass(frozen=True)
class Kind:
    """How posts come about."""

    authors: int = 25  # on an ordinary day
    persistence: float = 0.5
    burst: bool = False  # the announcement brings posts
    newcomer: bool = False  # a source with a better mood begins in the week before the announcement
    shocks: bool = False  # other news move the mood


KINDS = {
    "calm": Kind(persistence=0.0),
    "lasting": Kind(persistence=0.8),
    "burst": Kind(burst=True),
    "few": Kind(authors=6),
    "shocks": Kind(shocks=True),
    "newcomer": Kind(newcomer=True),
}


def day_moods(kind: Kind, rng: np.random.Generator) -> np.ndarray:
    """Mood of each day: persistence, weekdays, and news."""
    mood = np.zeros(DAYS)
    for day in range(1, DAYS):
        mood[day] = kind.persistence * mood[day - 1] + 0.06 * rng.normal()
    if kind.shocks:
        for day in rng.choice(DAYS, 12, replace=False):
            mood[day : day + 4] += 0.1 * rng.standard_t(4) * 0.5 ** np.arange(len(mood[day : day + 4]))
    return mood + rng.uniform(-0.04, 0.04, 7)[np.arange(DAYS) % 7]


def write_world(kind: Kind, effect: float, rng: np.random.Generator, folder: Path) -> None:
    """posts.csv and dates.csv."""
    mood = day_moods(kind, rng)
    zero = int(rng.integers(45, DAYS - 8))
    mood[zero : zero + 3] += effect
    volume = kind.authors * np.exp(0.3 * rng.normal(size=DAYS)) * np.where(np.arange(DAYS) % 7 < 2, 0.5, 1.0)
    for day in [*np.flatnonzero(rng.random(DAYS) < 0.02).tolist(), *([zero] if kind.burst else [])]:
        tail = volume[day : day + 6]
        tail *= 1 + rng.uniform(2, 8) * 0.6 ** np.arange(len(tail))
    character = 0.3 * rng.normal(size=40 * kind.authors)
    begins = zero - int(rng.integers(0, 8)) if kind.newcomer else DAYS
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["published", "author", "score", "platform"])
        for day, n in enumerate(rng.poisson(volume)):
            sources = ["reddit"] * n + (["weibo"] * kind.authors if day >= begins else [])
            who = rng.integers(0, len(character), len(sources))
            for author, source in zip(who.tolist(), sources, strict=True):
                for _ in range(int(rng.geometric(0.5))):
                    score = mood[day] + character[author] + 0.3 * rng.normal() + 0.3 * (source == "weibo")
                    at = FIRST + day
                    clock = f"{rng.integers(24):02d}:{rng.integers(60):02d}:00Z"
                    score = min(max(score, -1.0), 1.0)
                    rows.writerow([f"{at}T{clock}", f"{source}{author}", f"{score:.4f}", source])
    with (folder / "dates.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["date", "title", "time_utc"], [FIRST + zero, "a", f"{FIRST + zero}T09:30:00Z"]]
        )


def reaction(folder: Path) -> dict[str, str]:
    """The row of effects.csv on the announcement's own days, all posts together."""
    paths = [str(folder / name) for name in ("posts.csv", "dates.csv", "effects.csv")]
    (folder / "sentinel.toml").write_text('timezone = "UTC"\n')
    command = ["effects", "--posts", paths[0], "--announcements", paths[1], "--out", paths[2], "-q"]
    sentinel([*command, "-c", str(folder / "sentinel.toml")], standalone_mode=False)
    with (folder / "effects.csv").open(encoding="utf-8", newline="") as stream:
        return next(
            row for row in csv.DictReader(stream) if (row["scope"], row["window"]) == ("all", "reaction")
        )


def measure(name: str, worlds: int, effect: float) -> bool:
    """Print what becomes of so many worlds; whether false alarms, coverage and bias are as they should be."""
    rows = []
    with TemporaryDirectory() as temporary:
        for number in range(worlds):
            rng = np.random.default_rng([number, list(KINDS).index(name), int(100 * effect)])
            write_world(KINDS[name], effect, rng, Path(temporary))
            rows.append(reaction(Path(temporary)))
    tested = [row for row in rows if row["p"]]
    found = np.array([[float(row[column]) for column in ("effect", "low", "high", "p")] for row in tested])
    alarms = float((found[:, 3] <= 0.05).mean())
    covered = float(((found[:, 1] <= effect) & (effect <= found[:, 2])).mean())
    bias = float(found[:, 0].mean() - effect)
    error = float(found[:, 0].std() / np.sqrt(len(found)))
    share = f"{'false alarms' if not effect else 'found'} {alarms:6.1%}"
    print(
        f"{name:9} effect {effect:.2f}: {len(tested)} of {worlds} tested, {share}, covered {covered:6.1%}, "
        f"bias {bias:+.4f} (± {error:.4f})",
        flush=True,
    )
    most = TOLERANCE * np.sqrt(0.05 * 0.95 / len(tested))
    return (
        (effect > 0 or alarms <= 0.05 + most)
        and covered >= 0.95 - most
        and abs(bias) <= 0.01 + TOLERANCE * error
    )


def main() -> int:
    """Measure every kind of world, without an effect and with one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=300, help="of each kind and effect")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--effects", nargs="*", type=float, default=[0.0, 0.1])
    given = parser.parse_args()
    fine = [measure(name, given.worlds, effect) for effect in given.effects for name in given.kinds]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
