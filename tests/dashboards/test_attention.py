from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest
from sentinel_dashboards.attention import Volume, attention, read_volume

from sentinel.results import Results

WINDOW = (date(2025, 3, 1), date(2025, 3, 3))
BASELINE = (date(2025, 1, 25), date(2025, 2, 21))
Make = Callable[..., Results]
Made = Callable[..., list[Volume]]


def posts(scope: str, first: date, n_days: int, a_day: int) -> pd.DataFrame:
    days = [(first + timedelta(days=n)).isoformat() for n in range(n_days)]
    return pd.DataFrame({"day": days, "scope": scope, "n_posts": a_day})


@pytest.fixture
def volumes_of(changed: Make) -> Made:
    def made(*parts: pd.DataFrame, gaps: list[tuple[str, str, str]] | None = None) -> list[Volume]:
        table = pd.DataFrame(gaps or [], columns=["platform", "first", "last"])
        return read_volume(changed(mood=pd.concat(parts, ignore_index=True), gaps=table))

    return made


def test_posts_a_day_against_the_baseline(volumes_of: Made) -> None:
    usual = posts("platform:x", date(2025, 1, 1), 59, 10)
    burst = posts("platform:x", date(2025, 3, 1), 3, 40)
    found = attention(volumes_of(usual, burst), WINDOW, BASELINE)
    assert found is not None
    assert (found.during, found.before, found.ratio) == (40, 10, 4)


def test_a_source_that_begins_in_between_is_no_attention(volumes_of: Made) -> None:
    usual = posts("platform:x", date(2025, 1, 1), 90, 10)
    new = posts("platform:weibo", date(2025, 2, 27), 30, 500)
    found = attention(volumes_of(usual, new), WINDOW, BASELINE)
    assert found is not None
    assert found.ratio == 1


def test_a_day_without_posts_counts_unless_nothing_was_collected(volumes_of: Made) -> None:
    early = posts("platform:x", date(2025, 1, 25), 14, 10)
    late = posts("platform:x", date(2025, 3, 1), 3, 10)
    silent = attention(volumes_of(early, late), WINDOW, BASELINE)
    gap = attention(volumes_of(early, late, gaps=[("x", "2025-02-08", "2025-02-21")]), WINDOW, BASELINE)
    assert silent is not None
    assert silent.before == 5
    assert gap is not None
    assert gap.before == 10


def test_too_little_to_compare(volumes_of: Made) -> None:
    assert attention(volumes_of(posts("platform:x", date(2025, 2, 20), 20, 10)), WINDOW, BASELINE) is None
    assert attention([], WINDOW, BASELINE) is None


def test_a_burst_after_weeks_with_few_posts_a_day_is_told(volumes_of: Made) -> None:
    """Such as a listing on the stock exchange, before which hardly anybody spoke of the share."""
    rare = posts("platform:x", date(2025, 1, 1), 59, 1).iloc[::2]
    found = attention(volumes_of(rare, posts("platform:x", date(2025, 3, 1), 3, 100)), WINDOW, BASELINE)
    assert found is not None
    assert (found.during, found.before) == (100, 0.5)
    assert found.posts == 300
    assert attention(volumes_of(rare.iloc[::2]), WINDOW, BASELINE) is None


def test_without_platforms_all_posts_count(volumes_of: Made) -> None:
    found = attention(volumes_of(posts("all", date(2025, 1, 1), 90, 10)), WINDOW, BASELINE)
    assert found is not None
    assert found.ratio == 1
