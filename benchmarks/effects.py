"""Time of mood and effects: forty scopes, fifty announcements, about a thousand days."""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.effects import estimate_effects
from sentinel.mood import author_days, daily_mood


def random_posts(n_posts: int, n_days: int, seed: int) -> pd.DataFrame:
    """Posts of six sources on twenty-five topics, eight entities and two languages."""
    rng = np.random.default_rng(seed)
    seconds = rng.integers(0, n_days * 86_400, n_posts)
    stamps = np.datetime64("2023-01-01T00:00:00") + seconds
    topics = np.array([f"t{first};t{second}" for first in range(25) for second in range(first, 25, 5)])
    return pd.DataFrame(
        {
            "published": np.char.add(np.datetime_as_string(stamps, unit="s"), "Z"),
            "author": np.char.add("a", rng.integers(0, max(n_posts // 10, 1), n_posts).astype(str)),
            "score": np.clip(rng.normal(0.1, 0.4, n_posts), -1, 1),
            "platform": rng.choice(["x", "reddit", "weibo"], n_posts),
            "community": rng.choice(["", "a"], n_posts),
            "lang": rng.choice(["en", "zh"], n_posts),
            "topics": rng.choice(topics, n_posts),
            "entities": np.char.add("e", rng.integers(0, 8, n_posts).astype(str)),
        }
    )


def random_announcements(n: int, n_days: int, seed: int) -> pd.DataFrame:
    """Announcements of importance 3 with known times."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("2023-01-01") + np.sort(rng.choice(np.arange(40, n_days - 5), n, replace=False))
    table = pd.DataFrame("", index=range(n), columns=list(ANNOUNCEMENT_COLUMNS))
    dates = np.datetime_as_string(days)
    times = np.char.add(dates, "T03:00:00Z")
    titles = [f"announcement {number}" for number in range(n)]
    return table.assign(date=dates, time_utc=times, title=titles, importance=3, circular=False)


def main() -> None:
    """Print how long each step takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=1_000)
    parser.add_argument("--announcements", type=int, default=50)
    given = parser.parse_args()
    posts = random_posts(given.posts, given.days, seed=1)
    announcements = random_announcements(given.announcements, given.days, seed=2)

    start = time.perf_counter()
    days = author_days(posts, "Asia/Shanghai")
    counted = time.perf_counter()
    daily_mood(days)
    drawn = time.perf_counter()
    effects = estimate_effects(days, announcements)
    judged = time.perf_counter()

    print(
        f"{given.posts:,} posts, {days.n_days} days, {len(days.scopes)} scopes, {given.announcements} announcements"
    )
    print(f"author-days  {counted - start:6.2f} s")
    print(f"daily mood   {drawn - counted:6.2f} s")
    print(
        f"effects      {judged - drawn:6.2f} s  {len(effects):,} rows, {effects['p'].notna().sum():,} tested"
    )


if __name__ == "__main__":
    main()
