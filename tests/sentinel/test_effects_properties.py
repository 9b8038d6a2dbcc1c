"""What must hold of every table of effects, whatever the posts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.effects import EFFECT_COLUMNS, estimate_effects
from sentinel.mood import author_days, daily_mood

N_DAYS = 140
seeds = st.integers(0, 10_000)
often = settings(max_examples=12, derandomize=True, deadline=None)


def make(worlds: ModuleType, seed: int, authors: float = 12.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    climate = worlds.Climate(authors=authors)
    world = worlds.make_world(climate, N_DAYS, np.random.default_rng(seed))
    return world.shifted(0.15, 3).posts(), worlds.announcement(world.event)


def effects(posts: pd.DataFrame, announcements: pd.DataFrame) -> pd.DataFrame:
    return estimate_effects(author_days(posts, "UTC"), announcements)


def numbers(table: pd.DataFrame, *columns: str) -> Any:
    return table[list(columns)].to_numpy()


@often
@given(seed=seeds)
def test_p_and_interval_agree_in_the_table(worlds: ModuleType, seed: int) -> None:
    table = effects(*make(worlds, seed))
    tested = table[table["p"].notna()]
    assert (tested["p"] >= 1 / (tested["k_e"] + 1) - 1e-6).all()
    assert (tested["p"] <= 1).all()
    assert ((tested["p"] <= 0.05) == ((tested["low"] > 0) | (tested["high"] < 0))).all()
    assert list(table.columns) == list(EFFECT_COLUMNS)


@often
@given(seed=seeds, constant=st.floats(-0.3, 0.3))
def test_a_constant_on_all_scores_changes_nothing(worlds: ModuleType, seed: int, constant: float) -> None:
    posts, announcements = make(worlds, seed)
    posts["score"] *= 0.6
    # Another source, so that what is done to strata is tested too.
    posts.loc[posts.index % 3 == 0, "platform"] = "weibo"
    moved = posts.assign(score=posts["score"] + constant)
    columns = ("effect", "se", "low", "high", "p")
    expected = numbers(effects(posts, announcements), *columns)
    assert numbers(effects(moved, announcements), *columns) == pytest.approx(expected, abs=2e-6, nan_ok=True)


@often
@given(seed=seeds, factor=st.floats(0.2, 1.0))
def test_effects_scale_with_the_scores(worlds: ModuleType, seed: int, factor: float) -> None:
    posts, announcements = make(worlds, seed)
    before = effects(posts, announcements)
    after = effects(posts.assign(score=posts["score"] * factor), announcements)
    columns = ("effect", "se", "low", "high")
    assert numbers(after, *columns) == pytest.approx(
        numbers(before, *columns) * factor, rel=1e-4, nan_ok=True
    )
    assert numbers(after, "p") == pytest.approx(numbers(before, "p"), nan_ok=True)


@often
@given(seed=seeds)
def test_every_post_twice_changes_nothing(worlds: ModuleType, seed: int) -> None:
    posts, announcements = make(worlds, seed)
    once = effects(posts, announcements)
    twice = effects(pd.concat([posts, posts]), announcements)
    columns = ("n_authors", "n_authors_baseline", "effect", "se", "low", "high", "p", "q")
    assert numbers(twice, *columns) == pytest.approx(numbers(once, *columns), rel=1e-4, abs=1e-9, nan_ok=True)


@often
@given(seed=seeds, score=st.sampled_from([-1.0, 1.0]))
def test_one_account_cannot_move_a_day_by_more_than_its_vote(
    worlds: ModuleType, seed: int, score: float
) -> None:
    posts, _ = make(worlds, seed)
    spam = posts.iloc[[0]].assign(score=score)
    before = daily_mood(author_days(posts, "UTC"))
    after = daily_mood(author_days(pd.concat([posts, *[spam] * 1000]), "UTC"))
    day = before[(before["scope"] == "all")].iloc[0]
    same = after[(after["scope"] == "all") & (after["day"] == day["day"])].iloc[0]
    assert same["n_authors"] == day["n_authors"]
    assert abs(same["mood"] - day["mood"]) <= 2 / day["n_authors"] + 1e-6


@often
@given(seed=seeds, hours=st.integers(-11, 14))
def test_the_zone_of_the_stamps_does_not_matter(worlds: ModuleType, seed: int, hours: int) -> None:
    posts, announcements = make(worlds, seed)
    local = pd.to_datetime(posts["published"]) + pd.Timedelta(hours=hours)
    stamps = local.dt.strftime("%Y-%m-%dT%H:%M:%S") + f"{hours:+03d}:00"
    pd.testing.assert_frame_equal(
        effects(posts.assign(published=stamps), announcements), effects(posts, announcements)
    )


@often
@given(seed=seeds, share=st.floats(0.05, 0.9), authors=st.floats(2, 6))
def test_fewer_posts_never_make_a_number(worlds: ModuleType, seed: int, share: float, authors: float) -> None:
    posts, announcements = make(worlds, seed, authors)
    kept = posts.sample(frac=share, random_state=seed)
    before, after = effects(posts, announcements), effects(kept, announcements)
    key = ["title", "window", "scope"]
    both = after.merge(before, on=key, how="left", suffixes=("", "_before"))
    over = both[~both["preliminary"]]
    for column in ("effect", "p"):
        assert over.loc[over[f"{column}_before"].isna(), column].isna().all()


@often
@given(seed=seeds)
def test_the_order_of_rows_does_not_matter_to_the_last_bit(worlds: ModuleType, seed: int) -> None:
    posts, announcements = make(worlds, seed)
    posts.loc[posts.index % 7 == 0, "author"] = None
    posts["lang"] = np.where(posts.index % 2 == 0, "en", "zh")
    shuffled = posts.sample(frac=1.0, random_state=seed)
    first, second = author_days(posts, "UTC"), author_days(shuffled, "UTC")
    pd.testing.assert_frame_equal(daily_mood(first), daily_mood(second), check_exact=True)
    pd.testing.assert_frame_equal(
        estimate_effects(first, announcements), estimate_effects(second, announcements), check_exact=True
    )


def test_the_same_seed_gives_the_same_bytes(worlds: ModuleType, tmp_path: Path) -> None:
    posts, announcements = make(worlds, 1)
    posts.to_csv(tmp_path / "posts.csv", index=False)
    announcements[["date", "title", "time_utc"]].to_csv(tmp_path / "dates.csv", index=False)
    command = [
        sys.executable,
        "-m",
        "sentinel",
        "effects",
        "--posts",
        "posts.csv",
        "--announcements",
        "dates.csv",
    ]
    for seed in ("1", "2"):  # of Python's hashes: no order of a set may show
        out = ["--out", f"{seed}.csv", "--seed", "7", "-q"]
        subprocess.run([*command, *out], check=True, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed})
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_the_short_cut_of_the_worlds_is_none(worlds: ModuleType) -> None:
    world = worlds.make_world(worlds.CLIMATES["I"], N_DAYS, np.random.default_rng(1))
    direct, by_text = world.author_days(), author_days(world.posts(), "UTC")
    votes, other = direct.scopes["all"], by_text.scopes["all"]
    # Numbers of authors differ; everything that is summed over them does not.
    assert np.array_equal(np.bincount(votes.day, votes.share), np.bincount(other.day, other.share))
    calendar = worlds.announcement(world.event)
    table = estimate_effects(by_text, calendar)
    row = table[(table["scope"] == "all") & (table["window"] == "reaction")].iloc[0]
    one = worlds.reaction(world)
    assert (row["effect"], row["p"], row["placebos"]) == pytest.approx(
        (one.effect, one.p, one.placebos), rel=1e-5
    )
