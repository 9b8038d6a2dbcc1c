"""The method is honest: in worlds without effect it rarely finds one, and intervals hold the truth.

``SENTINEL_NIGHTLY=1`` runs every climate at 2000 worlds; else a choice of them at 300.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from sentinel.cli import main

NIGHTLY = os.environ.get("SENTINEL_NIGHTLY") == "1"
N_WORLDS = 2000 if NIGHTLY else 300
LENGTHS = (365, 150) if NIGHTLY else (365,)
CLIMATES = "ABCDEFGHI" if NIGHTLY else "BDEFGI"
MOVED = "BCDEF" if NIGHTLY else "BD"
COVERAGE = (0.93, 0.98) if NIGHTLY else (0.91, 0.99)
BIAS = 0.010 if NIGHTLY else 0.025
EFFECT = 0.10


@dataclass
class Outcome:
    """Tested worlds of one climate."""

    alarms: float
    coverage: float
    bias: float
    n: int


def simulate(worlds: ModuleType, climate: str, n_days: int, effect: float = 0.0) -> Outcome:
    estimates: list[Any] = []
    for seed in range(N_WORLDS):
        rng = np.random.default_rng([seed, n_days, ord(climate)])
        world = worlds.make_world(worlds.CLIMATES[climate], n_days, rng).shifted(effect, 3)
        estimates.append(worlds.reaction(world))
    tested = [one for one in estimates if not one.obstacle]
    return Outcome(
        alarms=float(np.mean([one.p <= 0.05 for one in tested])),
        coverage=float(np.mean([one.low <= effect <= one.high for one in tested])),
        bias=float(np.mean([one.effect - effect for one in tested])),
        n=len(tested),
    )


@pytest.mark.parametrize("n_days", LENGTHS)
@pytest.mark.parametrize("climate", CLIMATES)
def test_chance_alone_is_rarely_called_an_effect(worlds: ModuleType, climate: str, n_days: int) -> None:
    found = simulate(worlds, climate, n_days)
    print(f"{climate}, {n_days} days: {found}")
    assert found.n >= N_WORLDS / 2
    assert found.alarms <= 0.05 + 2.58 * np.sqrt(0.05 * 0.95 / N_WORLDS)


@pytest.mark.parametrize("climate", "DI")
def test_files_say_what_the_arrays_say(worlds: ModuleType, tmp_path: Path, climate: str) -> None:
    """What holds for these worlds holds for `sentinel effects`: the same figures by way of its CSV files."""
    world = worlds.make_world(worlds.CLIMATES[climate], 365, np.random.default_rng([1, 365]))
    posts, dates, out = (tmp_path / name for name in ("posts.csv", "dates.csv", "effects.csv"))
    world.posts().sample(frac=1, random_state=1).to_csv(posts, index=False)
    worlds.announcement(world.event)[["date", "title", "time_utc"]].to_csv(dates, index=False)
    command = ["effects", "--posts", str(posts), "--announcements", str(dates), "--out", str(out), "-q"]
    assert CliRunner().invoke(main, command).exit_code == 0
    table = pd.read_csv(out)
    row = table[(table["scope"] == "all") & (table["window"] == "reaction")].iloc[0]
    one = worlds.reaction(world)
    for name in ("effect", "se", "low", "high", "p", "placebos"):
        assert row[name] == pytest.approx(getattr(one, name), rel=1e-5, abs=1e-9)
    assert (row["verdict"] == "no visible change") == (one.p > 0.05)


@pytest.mark.parametrize("climate", MOVED)
def test_an_effect_is_measured_without_bias_and_covered(worlds: ModuleType, climate: str) -> None:
    found = simulate(worlds, climate, 365, EFFECT)
    print(f"{climate}, effect of {EFFECT}: {found}")
    assert abs(found.bias) < BIAS
    assert COVERAGE[0] <= found.coverage <= COVERAGE[1]


def test_welch_on_posts_fails_where_this_method_does_not(worlds: ModuleType) -> None:
    """Guards the generator: a world in which the usual before/after test is fine would prove nothing."""
    alarms = 0
    for seed in range(N_WORLDS):
        world = worlds.make_world(worlds.CLIMATES["B"], 365, np.random.default_rng([seed, 365, 1]))
        before = world.score[(world.day >= world.event - 7) & (world.day < world.event)]
        after = world.score[(world.day >= world.event) & (world.day < world.event + 7)]
        alarms += stats.ttest_ind(after, before, equal_var=False).pvalue <= 0.05
    print(f"Welch on posts: {alarms / N_WORLDS:.3f}")
    assert alarms / N_WORLDS > 0.15


@pytest.mark.skipif(not NIGHTLY, reason="small p-values need many worlds; set SENTINEL_NIGHTLY=1")
@pytest.mark.parametrize("climate", "BE")
def test_extrapolated_p_is_no_smaller_than_it_should_be(worlds: ModuleType, climate: str) -> None:
    p = []
    for seed in range(10 * N_WORLDS):
        world = worlds.make_world(worlds.CLIMATES[climate], 365, np.random.default_rng([seed, 3]))
        one = worlds.reaction(world)
        p.append(one.p if np.isnan(one.beyond) else one.beyond)
    for level in (0.005, 0.002, 0.001):
        print(f"{climate}: p <= {level} in {np.mean(np.array(p) <= level):.4f}")
        assert np.mean(np.array(p) <= level) <= level + 2.58 * np.sqrt(level / len(p))
