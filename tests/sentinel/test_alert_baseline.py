"""Moves of mood and volume in worlds whose moves are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.alert_baseline import Moved, mood_move, recent_days, volume_move
from sentinel.alert_rules import Move
from sentinel.alert_watch import MOVED, seen_move

NOW = datetime(2024, 6, 1, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def posts(*moments: datetime, **columns: Any) -> pd.DataFrame:
    times = [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments]
    numbers = range(len(times))
    return pd.DataFrame({"published": times, "author": [f"a{n}" for n in numbers], "score": 0.1} | columns)


def year(worlds: ModuleType, seed: int = 1, authors: float = 60.0, **climate: Any) -> Any:
    rng = np.random.default_rng([seed, 8])
    world = worlds.make_world(worlds.Climate(authors=authors, bursts=False, **climate), 150, rng)
    return worlds.World(150, 149, world.day, world.author, world.source, world.score)


def last_day(world: Any) -> np.datetime64:
    first: np.datetime64 = world.author_days().first_day
    return first + 149


def test_days_end_now_and_not_at_midnight() -> None:
    moments = [NOW - timedelta(hours=hours) for hours in (0, 23, 25, 47, 49)]
    days = recent_days(posts(*moments), NOW, DAY)
    assert days.dates == ["2024-05-30", "2024-05-31", "2024-06-01"]
    assert days.collected.sum(axis=0).tolist() == [1, 2, 2]


def test_a_short_look_back_compares_the_same_hours() -> None:
    moments = [NOW - timedelta(hours=hours) for hours in (1, 5, 7, 25, 29, 31)]
    days = recent_days(posts(*moments), NOW, timedelta(hours=6))
    assert days.collected.sum(axis=0).tolist() == [2, 2]


def test_future_old_and_undated_posts_do_not_count() -> None:
    table = posts(NOW + DAY, NOW - 200 * DAY, NOW - DAY / 2)
    table.loc[len(table)] = [None, "z", 0.5]
    assert recent_days(table, NOW, DAY).collected.sum() == 1


def test_a_bare_date_counts_as_its_noon() -> None:
    table = posts(NOW - DAY / 2).assign(published="2024-06-01")
    assert recent_days(table, NOW, DAY).dates == ["2024-06-01"]


def test_a_planted_move_is_measured(worlds: ModuleType) -> None:
    world = year(worlds)
    usual = mood_move(world.author_days(), "all", 1, last_day(world))
    moved = mood_move(world.shifted(-0.3, 1).author_days(), "all", 1, last_day(world))
    # A little less where scores end at -1.
    assert moved.effect - usual.effect == pytest.approx(-0.3, abs=0.03)
    assert moved.sigma < -3
    assert abs(usual.sigma) < 3
    assert moved.n_authors == usual.n_authors > 30


@pytest.mark.parametrize(
    ("keep", "obstacle"),
    [
        (slice(0, 149), "no posts in this time"),  # nothing on the last day
        (slice(130, 150), "history too short"),
    ],
)
def test_what_cannot_be_judged_says_why(worlds: ModuleType, keep: slice, obstacle: str) -> None:
    world = year(worlds)
    kept = (world.day >= keep.start) & (world.day < keep.stop)
    first = int(world.day[kept].min())
    part = worlds.World(
        keep.stop - first,
        0,
        world.day[kept] - first,
        world.author[kept],
        world.source[kept],
        world.score[kept],
    )
    days = part.author_days()
    assert obstacle in mood_move(days, "all", 1, days.first_day + (149 - first)).obstacle


def test_few_authors_are_no_mood(worlds: ModuleType) -> None:
    world = year(worlds, authors=4.0)
    assert "too few authors" in mood_move(world.author_days(), "all", 1, last_day(world)).obstacle
    assert (
        mood_move(world.author_days(), "topic:none", 1, last_day(world)).obstacle == "no posts in this time"
    )


def test_one_account_moves_nothing(worlds: ModuleType) -> None:
    world = year(worlds)
    n = 1000
    day, author = np.full(n, 149), np.full(n, world.author.max() + 1)
    flooded = worlds.World(
        150,
        149,
        np.append(world.day, day),
        np.append(world.author, author),
        np.append(world.source, np.zeros(n, dtype=np.int64)),
        np.append(world.score, np.full(n, -1.0)),
    )
    usual = mood_move(world.author_days(), "all", 1, last_day(world))
    moved = mood_move(flooded.author_days(), "all", 1, last_day(world))
    assert abs(moved.effect - usual.effect) < 2.2 / usual.n_authors


def test_a_volume_that_doubles_and_one_that_ends(worlds: ModuleType) -> None:
    world = year(worlds)
    today = last_day(world)
    last = world.day == 149
    twice = worlds.World(
        150,
        149,
        np.append(world.day, world.day[last]),
        np.append(world.author, world.author[last] + world.author.max() + 1),
        np.append(world.source, world.source[last]),
        np.append(world.score, world.score[last]),
    )
    doubled = volume_move(twice.author_days(), "all", 1, today)
    assert doubled.ratio == pytest.approx(2.0, abs=0.4)
    assert doubled.sigma > 3
    ended = worlds.World(
        149, 0, *(column[~last] for column in (world.day, world.author, world.source, world.score))
    )
    silent = volume_move(ended.author_days(), "all", 1, today)
    assert (silent.ratio, silent.n_authors) == (0.0, 0)
    assert silent.sigma < -3


def test_a_rule_asks_for_all_its_bounds() -> None:
    rule = Move("mood", "all", -1, DAY, sigma=3.0, points=0.2, min_authors=30)
    assert MOVED in seen_move(rule, Moved(-0.25, -3.5, n_authors=30), told=False).events
    for moved in (
        Moved(0.25, 3.5, n_authors=30),
        Moved(-0.15, -3.5, n_authors=30),
        Moved(-0.25, -2.5, n_authors=30),
    ):
        assert not seen_move(rule, moved, told=False).events
    few = seen_move(rule, Moved(-0.25, -3.5, n_authors=29), told=False)
    assert not few.judged
    assert "30 authors needed" in few.why
    assert not seen_move(rule, Moved(obstacle="no posts"), told=False).judged


def test_a_move_that_was_told_is_not_over_at_once() -> None:
    rule = Move("mood", "all", -1, DAY, sigma=3.0)
    smaller = Moved(-0.2, -2.5, n_authors=30)
    assert seen_move(rule, smaller, told=True).events
    assert not seen_move(rule, smaller, told=False).events
    assert not seen_move(rule, Moved(-0.1, -1.5, n_authors=30), told=True).events


def test_volume_in_percent() -> None:
    rule = Move("volume", "all", 1, DAY, percent=200.0)
    assert seen_move(rule, Moved(50.0, 2.0, ratio=3.1, n_authors=70), told=False).events
    assert not seen_move(rule, Moved(50.0, 2.0, ratio=2.9, n_authors=70), told=False).events
    assert not seen_move(rule, Moved(-50.0, 2.0, ratio=3.1, n_authors=70), told=False).events
