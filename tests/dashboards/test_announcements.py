"""The report as a whole: every kind of results gives a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from sentinel_dashboards.announcements import Announcements

from sentinel.plugins import find
from sentinel.ports import Dashboard
from sentinel.results import Results

Render = Callable[[Results], str]


def words_of(page: str) -> str:
    """What a reader reads, in one line."""
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def one_day(changed: Callable[..., Results], results: Results) -> Results:
    mood = results.mood[results.mood["scope"] == "all"].head(1).reset_index(drop=True)
    return changed(
        mood=mood,
        effects=results.effects.head(0),
        announcements=results.announcements.head(0),
        examples=results.examples.head(0),
        counts={**results.counts, "posts": 1, "rows": 1},
    )


def test_it_is_installed_under_its_name() -> None:
    plugin = find("dashboards", "announcements").load()
    assert plugin is Announcements
    assert isinstance(plugin(), Dashboard)


def test_it_makes_one_file(results: Results) -> None:
    assert list(Announcements().render(results)) == ["index.html"]


def test_it_answers_in_sentences(page: str) -> None:
    text = words_of(page)
    assert (
        "The mood moved after 2 of the 5 announcements that could be judged: it rose after 1 and fell after 1."
        in text
    )
    assert "On 28–30 April 2025 mood was 0.17 points higher than in the reference weeks" in text
    assert "one below 0.13 could not have been seen" in text
    assert "History too short: 12 days before it, 35 needed." in text
    assert "1 further announcement lies before the first post or after the last one." not in text


def test_inseparable_announcements_are_one_result(page: str) -> None:
    # In the answer and on its card.
    assert words_of(page).count("these announcements cannot be told apart") == 2


def test_no_posts_at_all(nothing: Results, render: Render) -> None:
    text = words_of(render(nothing))
    assert "No post shown here has both a date and a score" in text
    assert "Every row is accounted for: 0 rows" in text


def test_one_post(results: Results, changed: Callable[..., Results], render: Render) -> None:
    text = words_of(render(one_day(changed, results)))
    assert "No announcement falls into the period of these posts" in text
    assert "1 post 6 January 2025" in text


def test_posts_of_which_none_is_scored(
    results: Results, changed: Callable[..., Results], render: Render
) -> None:
    mood = results.mood.assign(mood=np.nan, se=np.nan, low=np.nan, high=np.nan, smoothed=np.nan, n_authors=0)
    text = words_of(render(changed(mood=mood)))
    assert "No day has a scored post, so there is no mood to draw." in text


@pytest.mark.parametrize(
    "part", ["effects", "announcements", "examples", "gaps", "inputs", "rejects", "mood"]
)
def test_any_table_may_be_empty(
    part: str, results: Results, changed: Callable[..., Results], render: Render
) -> None:
    assert "</html>" in render(changed(**{part: getattr(results, part).head(0)}))


@pytest.mark.parametrize("part", ["counts", "shares", "options"])
def test_any_mapping_may_be_empty(part: str, changed: Callable[..., Results], render: Render) -> None:
    assert "</html>" in render(changed(**{part: {}}))


def test_no_announcement_in_the_period(
    results: Results, changed: Callable[..., Results], render: Render
) -> None:
    effects = results.effects.assign(
        date="2019-09-10", cluster="2019-09-10", verdict="not tested", effect=np.nan, reason="outside"
    )
    text = words_of(render(changed(effects=effects)))
    assert "No announcement falls into the period of these posts" in text
    assert "1 further announcement lies before the first post or after the last one." in text


def test_rows_that_do_not_add_up_are_told(
    results: Results, changed: Callable[..., Results], render: Render
) -> None:
    text = words_of(render(changed(counts={**results.counts, "rows": 99})))
    assert "The rows do not add up: 99 were read" in text


def test_where_no_author_is_named_the_report_says_posts(
    results: Results, changed: Callable[..., Results], render: Render
) -> None:
    counts = {**results.counts, "no_author": results.counts["posts"]}
    text = words_of(render(changed(counts=counts, effects=results.effects.assign(n_nameless=322))))
    assert "interval +0.09 to +0.26; 322 posts)" in text
    assert "322 authors" not in text


def test_chinese(results: Results, render: Render) -> None:
    page = render(replace(results, report_lang="zh"))
    text = words_of(page)
    assert '<html lang="zh-Hans">' in page
    assert "在 5 项可以判断的公告中，有 2 项之后情绪发生了变化：1 项之后上升，1 项之后下降。" in text
    assert "2025年4月28日至30日，情绪比参照期高 0.17 分" in text
    assert "points higher" not in text


def test_many_days_and_scopes_stay_below_the_limit(results: Results, changed: Callable[..., Results]) -> None:
    days = [(date(2015, 1, 1) + timedelta(days=n)).isoformat() for n in range(4000)]
    scope = pd.DataFrame(
        {"day": days, "n_posts": 40, "n_authors": 30, "coverage": 0.9, "mood": 0.1234, "se": 0.05}
    )
    scope = scope.assign(low=0.0321, high=0.2345, smoothed=0.1357)
    names = ["all", "unfiltered", *(f"topic:t{n}" for n in range(24)), *(f"entity:e{n}" for n in range(24))]
    mood = pd.concat([scope.assign(scope=name) for name in names], ignore_index=True)
    page = Announcements().render(changed(mood=mood))["index.html"]
    assert len(page) < 8_000_000
