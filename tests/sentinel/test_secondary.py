"""Attention, the same authors, categories, changes without dates, rivals: each is as honest as the main test.

``SENTINEL_NIGHTLY=1`` runs many more worlds.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.attention import ATTENTION_COLUMNS, estimate_attention
from sentinel.changepoints import CHANGE_COLUMNS, change_points
from sentinel.composition import COMPOSITION_COLUMNS, same_authors
from sentinel.control import CONTROL_COLUMNS, less_rivals
from sentinel.effects import EffectOptions
from sentinel.mood import author_days
from sentinel.pooled import POOLED_COLUMNS, pooled_effects
from sentinel.settings import Break

NIGHTLY = os.environ.get("SENTINEL_NIGHTLY") == "1"
N_WORLDS = 1000 if NIGHTLY else 150
TOLERANCE = 2.58 * np.sqrt(0.05 * 0.95 / N_WORLDS)
T = 365


def world(worlds: ModuleType, climate: str, seed: int) -> Any:
    return worlds.make_world(worlds.CLIMATES[climate], T, np.random.default_rng([seed, T, ord(climate), 7]))


def rejected(p: list[float]) -> float:
    known = np.array(p)[~np.isnan(p)]
    assert len(known) > N_WORLDS / 2
    share = float((known <= 0.05).mean())
    print(f"p <= 0.05 in {share:.3f} of {len(known)}")
    return share


@pytest.mark.parametrize("climate", "ABFI" if NIGHTLY else "BI")
def test_attention_is_rarely_found_where_volume_moves_by_chance(worlds: ModuleType, climate: str) -> None:
    p = []
    for seed in range(N_WORLDS):
        one = world(worlds, climate, seed)
        p.append(estimate_attention(one.author_days(), worlds.announcement(one.event))["p"].iloc[0])
    assert rejected(p) <= 0.05 + TOLERANCE


def test_bursts_of_attention_are_found(worlds: ModuleType) -> None:
    found = []
    for seed in range(30):
        one = world(worlds, "D", seed)
        found.append(estimate_attention(one.author_days(), worlds.announcement(one.event)))
    table = pd.concat(found)
    assert list(table.columns) == list(ATTENTION_COLUMNS)
    assert (table["p"] <= 0.05).mean() > 0.5
    assert table["ratio"].median() > 2.5
    assert ((table["p"] <= 0.05) == ((table["low"] > 1) | (table["high"] < 1))).all()


def test_attention_counts_reposts_and_stays_out_of_gaps(worlds: ModuleType) -> None:
    posts = world(worlds, "A", 1).posts()
    burst = posts[posts["published"].str.startswith("2024-07-18")]
    reposts = pd.concat([burst.assign(author=burst["author"] + str(n), kind="repost") for n in range(9)])
    days = author_days(pd.concat([posts, reposts]), "UTC")
    row = estimate_attention(days, worlds.announcement(199)).iloc[0]
    assert (row["first_day"], row["last_day"]) == ("2024-07-18", "2024-07-20")
    assert row["ratio"] > 1.5
    assert row["p"] < 0.05
    holes = posts[~posts["published"].between("2024-07-10", "2024-07-20")]
    missing = estimate_attention(author_days(holes, "UTC"), worlds.announcement(199)).iloc[0]
    assert missing["reason"] == "no platform was collected through baseline and window"


def test_a_new_query_is_neither_attention_nor_an_unexplained_change(worlds: ModuleType) -> None:
    one = world(worlds, "A", 1)
    posts = one.posts()
    late = posts["published"] >= "2024-07-15"  # day 196
    wider = pd.concat([posts, posts[late].assign(author=lambda rows: "new" + rows["author"], score=0.4)])
    days, calendar = author_days(wider, "UTC"), worlds.calendar([197, 300])
    naive = estimate_attention(days, calendar)
    assert naive["p"].iloc[0] <= 0.05
    query = Break(date=date(2024, 7, 15), source="x", reason="a new query")
    options = EffectOptions(breaks=(query,))
    told = estimate_attention(days, calendar, options)
    assert told["reason"].iloc[0] == "a break in what was collected from x lies between baseline and window"
    assert told["reason"].iloc[1] == ""
    assert told["placebos"].iloc[1] < naive["placebos"].iloc[1]
    points = change_points(days, calendar, options).points
    assert points["breaks"].tolist() == ["x: a new query"]


@pytest.mark.parametrize("climate", "BCD" if NIGHTLY else "B")
def test_the_change_of_the_same_authors_is_covered_by_its_error(worlds: ModuleType, climate: str) -> None:
    inside = []
    for seed in range(N_WORLDS):
        one = world(worlds, climate, seed).shifted(0.1, 3)
        row = same_authors(one.author_days(), worlds.announcement(one.event)).iloc[0]
        if row["n_both"] >= 2:
            inside.append(abs(row["effect_both"] - 0.1) <= 1.96 * row["se_both"])
    assert np.mean(inside) >= 0.91


def test_other_people_are_told_from_other_thoughts(worlds: ModuleType) -> None:
    one = world(worlds, "A", 3)
    posts = one.posts()
    during = (one.day >= one.event) & (one.day < one.event + 3)
    fans = posts[during].assign(author=lambda rows: "fan" + rows["author"], score=0.9)
    table = same_authors(author_days(pd.concat([posts, fans]), "UTC"), worlds.announcement(one.event))
    assert list(table.columns) == list(COMPOSITION_COLUMNS)
    row = table.iloc[0]
    assert row["n_both"] > 10
    assert abs(row["effect_both"]) < 2 * row["se_both"] < 0.3


def spread_out(rng: np.random.Generator, k: int) -> list[int]:
    """Days of k announcements that share none."""
    return sorted((45 + 3 * rng.choice((T - 53) // 3, k, replace=False)).tolist())


@pytest.mark.parametrize("k", [3, 6, 12])
@pytest.mark.parametrize("climate", "BC" if NIGHTLY else "B")
def test_categories_are_rarely_found_to_move_by_chance(worlds: ModuleType, climate: str, k: int) -> None:
    p = []
    for seed in range(N_WORLDS):
        calendar = worlds.calendar(spread_out(np.random.default_rng(seed), k), category="chips")
        p.append(pooled_effects(world(worlds, climate, seed).author_days(), calendar)["p"].iloc[0])
    assert rejected(p) <= 0.05 + TOLERANCE


def test_pooling_sees_what_single_announcements_cannot(worlds: ModuleType) -> None:
    one = world(worlds, "A", 5)
    events = spread_out(np.random.default_rng(5), 8)
    during = np.isin(one.day, [event + after for event in events for after in range(3)])
    moved = replace(one, score=np.clip(one.score + 0.12 * during, -1, 1)).author_days()
    calendar = worlds.calendar(events, category="chips")
    table = pooled_effects(moved, calendar)
    assert list(table.columns) == list(POOLED_COLUMNS)
    row = table.iloc[0]
    assert (row["n"], row["direction"]) == (8, "as it came")
    assert row["p"] <= 0.05
    assert row["low"] < 0.12 < row["high"]
    assert row["like_these_low"] < 0.12 < row["like_these_high"]


def test_good_and_bad_news_are_pooled_in_the_expected_direction(worlds: ModuleType) -> None:
    one = world(worlds, "A", 5)
    events = spread_out(np.random.default_rng(5), 8)
    signs = ["positive", "negative"] * 3 + ["unclear", "positive"]
    turn = {"positive": 1.0, "negative": -1.0, "unclear": 0.0}
    score = one.score.copy()
    for event, sign in zip(events, signs, strict=True):
        score += 0.15 * turn[sign] * ((one.day >= event) & (one.day < event + 3))
    calendar = worlds.calendar(events, category="chips").assign(expected_sign=signs)
    row = pooled_effects(replace(one, score=np.clip(score, -1, 1)).author_days(), calendar).iloc[0]
    assert (row["n"], row["direction"]) == (7, "as expected")
    assert row["effect"] > 0.08
    assert row["p"] <= 0.05


def test_a_single_announcement_is_no_category(worlds: ModuleType) -> None:
    row = pooled_effects(world(worlds, "A", 1).author_days(), worlds.calendar([200], category="chips")).iloc[
        0
    ]
    assert row["reason"] == "too few announcements could be tested (1; 2 needed)"
    assert np.isnan(row["p"])


@pytest.mark.parametrize("climate", "ABCEF" if NIGHTLY else "BC")
def test_changes_are_rarely_found_where_mood_only_wanders(worlds: ModuleType, climate: str) -> None:
    found, matched = [], []
    for seed in range(N_WORLDS):
        calendar = worlds.calendar(spread_out(np.random.default_rng(seed), 8))
        changes = change_points(world(worlds, climate, seed).author_days(), calendar)
        found.append(len(changes.points) > 0)
        matched.append(changes.p <= 0.05)
    assert np.mean(found) <= 0.05 + TOLERANCE
    assert np.mean(matched) <= 0.05


def test_lasting_changes_are_found_and_matched(worlds: ModuleType) -> None:
    one = world(worlds, "A", 2)
    events = [60, 100, 140, 180, 220, 260, 300, 330]
    level = 0.25 * ((one.day >= 100) ^ (one.day >= 220))
    moved = replace(one, score=np.clip(one.score + level, -1, 1)).author_days()
    changes = change_points(moved, worlds.calendar(events))
    assert list(changes.points.columns) == list(CHANGE_COLUMNS)
    assert (changes.announcements, changes.matched) == (8, 2)
    assert changes.points["clusters"].tolist() == [str(worlds.FIRST_DAY + day) for day in (100, 220)]
    assert changes.points["change"].to_numpy() == pytest.approx([0.25, -0.25], abs=0.08)
    assert changes.expected < 0.5
    assert changes.p <= 0.05


def test_what_moves_everybody_is_no_effect_of_ones_own(worlds: ModuleType) -> None:
    one = world(worlds, "A", 4).shifted(0.3, 3)
    other = world(worlds, "A", 9)
    market = replace(other, event=one.event).shifted(0.3, 3).posts()
    market = market.assign(author="m" + market["author"], about=0.1, entities="deepseek")
    table = less_rivals(author_days(pd.concat([one.posts(), market]), "UTC"), worlds.announcement(one.event))
    assert list(table.columns) == list(CONTROL_COLUMNS)
    row = table.iloc[0]
    assert row["effect_rivals"] == pytest.approx(0.3, abs=0.12)
    assert row["low"] < 0 < row["high"]
    quiet = other.posts().assign(about=0.1, entities="openai")
    quiet["author"] = "m" + quiet["author"]
    row = less_rivals(
        author_days(pd.concat([one.posts(), quiet]), "UTC"), worlds.announcement(one.event)
    ).iloc[0]
    assert row["p"] <= 0.05
    assert row["low"] > 0


def test_without_posts_there_is_nothing_to_say(worlds: ModuleType) -> None:
    posts = pd.DataFrame({"published": [None], "author": ["a"], "score": [0.1]})
    days, calendar = author_days(posts, "UTC"), worlds.calendar([10, 20], category="chips")
    assert estimate_attention(days, calendar).empty
    assert same_authors(days, calendar).empty
    assert pooled_effects(days, calendar).empty
    assert less_rivals(days, calendar).empty
    assert change_points(days, calendar).points.empty
