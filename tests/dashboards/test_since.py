from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sentinel_dashboards.events import read_story
from sentinel_dashboards.since import since
from sentinel_dashboards.words import Words

from sentinel.results import Results

NEWS: dict[str, Any] = {
    "posts": 120,
    "total": 22_410,
    "last_day": "2025-11-01",
    "earlier_last_day": "2025-10-31",
    "completed": [{"cluster": "2025-09-25"}, {"cluster": "2019-09-10"}],
    "changed": [
        {"cluster": "2025-06-13", "before": "not tested"},
        {"cluster": "2025-06-13", "before": "rose"},
    ],
    "added": [{"cluster": "2025-09-25"}],
}


def panel(results: Results, lang: str = "en") -> dict[str, Any]:
    made = since(results, read_story(results), Words(lang))
    assert made is not None
    return made


def test_new_posts_completed_and_changed(changed: Callable[..., Results]) -> None:
    made = panel(changed(since=NEWS))
    assert made["answer"] == (
        "120 new posts came since the report on posts until 31 October 2025; they now reach 1 November 2025."
    )
    assert [item["number"] for item in made["completed"]] == ["7"]
    assert [(item["before"], item["tone"]) for item in made["changed"]] == [("untested", "fell")]
    assert made["added"] == "1 announcement is new in the calendar."
    assert made["nothing"] == ""


def test_nothing_happened(changed: Callable[..., Results], render: Callable[[Results], str]) -> None:
    quiet = NEWS | {"posts": 0, "completed": [], "changed": [], "added": []}
    page = render(changed(since=quiet))
    assert "No new posts came since the report on posts until 31 October 2025" in page
    assert "No announcement&#39;s days were completed and no verdict changed." in page
    assert page.index('id="since-title"') < page.index('id="answer"')


def test_without_an_earlier_report_there_is_no_panel(results: Results, page: str) -> None:
    assert since(results, read_story(results), Words("en")) is None
    assert 'id="since-title"' not in page


def test_posts_may_go(changed: Callable[..., Results]) -> None:
    assert panel(changed(since=NEWS | {"posts": -3}), "zh")["answer"].startswith(
        "上次报告的帖子截至2025年10月31日；现在少了 3 条"
    )
