from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sentinel_dashboards.gaps import gaps_by_scope
from sentinel_dashboards.series import all_series

from sentinel.results import Results


def test_silence_of_one_platform_is_not_silence_of_all(
    results: Results, changed: Callable[..., Results]
) -> None:
    rows = [
        ("x", "2025-07-05", "2025-07-13"),
        ("weibo", "2025-03-01", "2025-03-04"),
        ("weibo", "2025-03-05", "2025-03-06"),
    ]
    gaps = pd.DataFrame(rows, columns=["platform", "first", "last"])
    made = gaps_by_scope(changed(gaps=gaps), all_series(results.mood))
    assert made["all"] == [["2025-07-05", "2025-07-13"]]
    assert made["part"] == [["2025-03-01", "2025-03-06"]]
    assert made["platforms"]["weibo"] == [["2025-03-01", "2025-03-04"], ["2025-03-05", "2025-03-06"]]


def test_gaps_beyond_the_posts_do_no_harm(results: Results, changed: Callable[..., Results]) -> None:
    gaps = pd.DataFrame([("x", "2019-01-01", "2030-01-01")], columns=["platform", "first", "last"])
    made = gaps_by_scope(changed(gaps=gaps), all_series(results.mood))
    assert made["part"][0][0] == "2025-01-06"
    assert made["part"][-1][1] == "2025-11-01"


def test_no_posts_no_gaps(nothing: Results) -> None:
    assert gaps_by_scope(nothing, [])["all"] == []
