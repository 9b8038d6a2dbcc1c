from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from sentinel_dashboards.series import all_series, day_span, weekly


def mood_of(scope: str, rows: Sequence[tuple[str, int, int, float | None]]) -> pd.DataFrame:
    """Rows (day, posts, authors, mood); the band is 0.1 around the mood."""
    table = pd.DataFrame(rows, columns=["day", "n_posts", "n_authors", "mood"])
    mood = pd.to_numeric(table["mood"])
    return table.assign(scope=scope, low=mood - 0.1, high=mood + 0.1, smoothed=mood, coverage=0.5)


def test_days_without_posts_are_empty_and_not_neutral() -> None:
    mood = mood_of("all", [("2025-01-06", 3, 2, 0.5), ("2025-01-09", 4, 4, -0.5)])
    (series,) = all_series(mood)
    assert series.first == date(2025, 1, 6)
    assert series.n_posts.tolist() == [3, 0, 0, 4]
    assert np.isnan(series.mood[1:3]).all()
    assert series.mood[[0, 3]].tolist() == [0.5, -0.5]


def test_all_scopes_share_the_calendar_and_are_in_order() -> None:
    parts = [
        mood_of("platform:x", [("2025-01-07", 1, 1, 0.1)]),
        mood_of("topic:b", [("2025-01-07", 1, 1, 0.1)]),
        mood_of("all", [("2025-01-06", 1, 1, 0.1)]),
        mood_of("topic:a", [("2025-01-08", 1, 1, 0.1)]),
    ]
    series = all_series(pd.concat(parts, ignore_index=True))
    assert [s.scope for s in series] == ["all", "topic:a", "topic:b", "platform:x"]
    assert {len(s.mood) for s in series} == {3}


def test_no_posts_no_series() -> None:
    empty = mood_of("all", [])
    assert all_series(empty) == []
    assert day_span(empty) is None


def test_weeks_begin_on_monday_and_weigh_by_authors() -> None:
    rows = [("2025-01-10", 5, 1, 0.9), ("2025-01-12", 5, 3, 0.1), ("2025-01-13", 2, 2, -0.4)]
    week = weekly(all_series(mood_of("all", rows))[0])
    assert week.days == [date(2025, 1, 6), date(2025, 1, 13)]
    assert week.n_posts.tolist() == [10, 2]
    assert week.n_authors.tolist() == [4, 2]
    np.testing.assert_allclose(week.mood, [0.3, -0.4])
    np.testing.assert_allclose(week.smoothed, [0.5, -0.4])


def test_weeks_without_scored_posts_stay_empty() -> None:
    rows: list[tuple[str, int, int, float | None]] = [("2025-01-06", 5, 0, None), ("2025-01-13", 2, 2, 0.2)]
    week = weekly(all_series(mood_of("all", rows))[0])
    assert np.isnan(week.mood[0])
    assert week.n_posts.tolist() == [5, 2]


def test_posts_that_could_not_be_scored_are_counted_from_the_coverage() -> None:
    mood = mood_of("all", [("2025-01-06", 3, 2, 0.5), ("2025-01-14", 4, 4, -0.5)])
    (series,) = all_series(mood)
    assert series.n_seen[[0, 1, 8]].tolist() == [6, 0, 8]
    assert weekly(series).n_seen.tolist() == [6, 8]
