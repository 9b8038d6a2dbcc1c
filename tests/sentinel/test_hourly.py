"""Hours instead of days: rarely an effect where there is none, the effect where there is one, the reasons for no test.

``SENTINEL_NIGHTLY=1`` runs many more worlds.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.effects import EffectOptions
from sentinel.hourly import HOURLY_COLUMNS, could_be_hourly, hour_index, hourly_effects, hourly_reaction
from sentinel.settings import Break
from sentinel.votes import author_days

NIGHTLY = os.environ.get("SENTINEL_NIGHTLY") == "1"
N_WORLDS = 800 if NIGHTLY else 40
RATE = 6.0  # authors an hour
HOURS = 24 * 300


def hours_of(seed: int, phi: float, burst: bool, effect: float = 0.0) -> tuple[Any, Any, Any, int]:
    """Hour, author and score of posts, and the hour of an announcement."""
    rng = np.random.default_rng([seed, int(100 * phi), burst])
    steps = rng.normal(0, 0.06 * np.sqrt(1 - phi**2), HOURS)
    mood = np.zeros(HOURS)
    for at in range(1, HOURS):
        mood[at] = phi * mood[at - 1] + steps[at]
    mood += np.tile(rng.uniform(-0.04, 0.04, 168), HOURS // 168 + 1)[:HOURS]
    expected = RATE * (1 + 0.6 * np.sin(2 * np.pi * np.arange(HOURS) / 24))
    expected *= np.where(np.arange(HOURS) // 24 % 7 >= 5, 0.6, 1.0)
    event = int(rng.integers(40 * 24, HOURS - 48))
    if burst:
        expected[event : event + 24] *= rng.uniform(3, 8) * 0.94 ** np.arange(24)
    mood[event : event + 24] += effect
    hour = np.repeat(np.arange(HOURS), rng.poisson(expected))
    author = rng.integers(0, 2000, len(hour))
    score = mood[hour] + rng.normal(0, 0.3, 2000)[author] + rng.normal(0, 0.3, len(hour))
    return hour, author, np.clip(score, -1, 1), event


def reaction(seed: int, phi: float, burst: bool, effect: float = 0.0) -> dict[str, Any]:
    hour, author, score, event = hours_of(seed, phi, burst, effect)
    taken = np.zeros(HOURS, dtype=bool)
    taken[event : event + 72] = True
    return hourly_reaction(hour_index(hour, author, score, HOURS), event, 24, taken)


@pytest.mark.parametrize("burst", [False, True])
@pytest.mark.parametrize("phi", [0.0, 0.9, 0.97, 0.99] if NIGHTLY else [0.97])
def test_hours_without_effect_are_rarely_called_one(phi: float, burst: bool) -> None:
    p = np.array([reaction(seed, phi, burst).get("p", np.nan) for seed in range(N_WORLDS)])
    known = p[~np.isnan(p)]
    assert len(known) > N_WORLDS / 2
    print(f"phi {phi}, burst {burst}: p <= 0.05 in {(known <= 0.05).mean():.3f} of {len(known)}")
    assert (known <= 0.05).mean() <= 0.05 + 2.58 * np.sqrt(0.05 * 0.95 / len(known))


def test_an_effect_of_a_day_is_covered() -> None:
    found = [reaction(seed, 0.97, False, 0.15) for seed in range(20)]
    rows = [row for row in found if not np.isnan(row.get("p", np.nan))]
    assert np.mean([row["low"] <= 0.15 <= row["high"] for row in rows]) >= 0.8
    assert np.mean([row["effect"] for row in rows]) == pytest.approx(0.15, abs=0.05)
    for row in rows:
        assert (row["p"] <= 0.05) == (row["low"] > 0 or row["high"] < 0)


def posts(effect: float) -> tuple[pd.DataFrame, int]:
    hour, author, score, event = hours_of(3, 0.5, False, effect)
    stamps = np.datetime64("2024-01-01T00:30:00") + hour.astype("timedelta64[h]")
    table = pd.DataFrame(
        {
            "published": np.char.add(np.datetime_as_string(stamps), "Z"),
            "author": np.char.add("a", author.astype(str)),
            "score": score,
        }
    )
    return table, event


def test_announcements_have_their_hours(worlds: ModuleType) -> None:
    table, event = posts(0.2)
    days = author_days(table, "UTC")
    assert could_be_hourly(days)
    hour = np.datetime64("2024-01-01T00") + event
    known = worlds.calendar([event // 24]).assign(time_utc=f"{hour}:10:00Z")
    found = hourly_effects(table, days, known, EffectOptions())
    assert tuple(found.columns) == HOURLY_COLUMNS
    row = found.iloc[0]
    assert (row["first_hour"], row["reason"]) == (f"{hour}:00Z", "")
    assert row["low"] > 0
    shuffled = table.sample(frac=1, random_state=1).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        hourly_effects(shuffled, days, known, EffectOptions()), found, check_exact=True
    )
    unknown = hourly_effects(table, days, known.assign(time_utc=""), EffectOptions()).iloc[0]
    assert unknown["reason"] == "time of day unknown"
    early = hourly_effects(table, days, worlds.calendar([10]), EffectOptions()).iloc[0]
    assert early["reason"] == "too little history before it: 35 days needed"
    late = hourly_effects(table, days, worlds.calendar([HOURS // 24 - 1]), EffectOptions()).iloc[0]
    assert late["reason"] == "preliminary, 12 of 24 hours"


def test_few_posts_an_hour_are_left_to_the_days(worlds: ModuleType) -> None:
    table, event = posts(0.2)
    sparse = table.iloc[::3]
    days = author_days(sparse, "UTC")
    assert hourly_effects(sparse, days, worlds.calendar([event // 24]), EffectOptions()).empty
    assert not could_be_hourly(author_days(table.iloc[::20], "UTC"))
    assert hourly_effects(None, days, worlds.calendar([event // 24]), EffectOptions()).empty


def test_a_post_without_author_is_a_third_of_a_voice() -> None:
    hour, _, score, event = hours_of(3, 0.5, False)
    taken = np.zeros(HOURS, dtype=bool)
    taken[event : event + 72] = True
    posts = np.flatnonzero((hour >= event) & (hour < event + 24))
    for n, reason in ((29, "too few posts (29 posts without author; 30 needed)"), (30, "")):
        kept = np.delete(np.arange(len(hour)), posts[n:])
        alone = np.arange(len(kept))  # nobody is named
        index = hour_index(hour[kept], alone, score[kept], HOURS, n_named=0)
        found = hourly_reaction(index, event, 24, taken)
        assert (found["n_authors"], found["reason"]) == (n, reason)


def test_nothing_is_compared_across_a_break(worlds: ModuleType) -> None:
    table, event = posts(0.2)
    days = author_days(table.assign(platform="x"), "UTC")
    known = worlds.calendar([event // 24])

    def row(source: str, before: int) -> Any:
        changed = Break(
            date=(days.first_day + event // 24 - before).astype(object), source=source, reason="words"
        )
        return hourly_effects(table.assign(platform="x"), days, known, EffectOptions(breaks=[changed])).iloc[
            0
        ]

    across = row("x", 10)
    assert across["reason"] == "a break in what was collected from x lies between baseline and window"
    assert np.isnan(across["effect"])
    whole = hourly_effects(table.assign(platform="x"), days, known, EffectOptions()).iloc[0]
    early = row("x", 60)
    assert early["effect"] == whole["effect"]
    assert early["placebos"] < whole["placebos"]
    assert row("reddit", 10)["p"] == whole["p"]


def test_placebos_need_the_baseline_that_an_announcement_needs() -> None:
    hour, author, score, event = hours_of(3, 0.5, False)
    taken = np.zeros(HOURS, dtype=bool)
    taken[event : event + 72] = True

    def placebos(kept: np.ndarray[Any, Any]) -> dict[str, Any]:
        return hourly_reaction(hour_index(hour[kept], author[kept], score[kept], HOURS), event, 24, taken)

    whole = placebos(np.ones(len(hour), dtype=bool))
    week = hour // 168 - (event - 84) // 168  # of the event: 0
    # In nobody's window but of the weeks themselves; in the baseline of later ones.
    silent = (week >= 6) & (week < 11)
    few = placebos(~silent | (np.arange(len(hour)) % 300 == 0))
    # Five silent weeks can be no placebo, and one week more has them as its baseline.
    assert whole["placebos"] - few["placebos"] == 6
    assert few["effect"] == pytest.approx(whole["effect"], abs=0.01)
