from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sentinel_dashboards.part import chosen_posts, part
from sentinel_dashboards.words import Words

from sentinel.results import Results

Make = Callable[..., Results]


def asked(changed: Make, results: Results, **filters: Any) -> Results:
    shares = {**results.shares, "kind": {"post": 30, "reply": 4}}
    return changed(
        options={**results.options, **filters}, shares=shares, counts={**results.counts, "posts": 1200}
    )


def test_a_whole_report_says_nothing_of_parts(results: Results) -> None:
    assert part(results, Words("en")) == ""
    assert chosen_posts(results) == results.counts["posts"]


@pytest.mark.parametrize(
    ("lang", "filters", "said"),
    [
        ("en", {"topic": "model_release"}, "Only posts on model releases are shown: 34 of 1,200."),
        ("en", {"langs": ["zh", "en"]}, "Only posts in Chinese or English are shown: 34 of 1,200."),
        (
            "en",
            {"topic": "market", "langs": ["zh"]},
            "Only posts on share price and in Chinese are shown: 34 of 1,200.",
        ),
        ("zh", {"topic": "model_release"}, "只显示关于“模型发布”的帖子：1,200 条中的 34 条。"),
        ("en", {"since": "2025-03-01"}, "Only these days are shown: from 1 March 2025 on."),
        ("en", {"until": "2025-03-01"}, "Only these days are shown: until 1 March 2025."),
        (
            "en",
            {"since": "2025-03-01", "until": "2025-05-31"},
            "Only these days are shown: 1 March – 31 May 2025.",
        ),
    ],
)
def test_a_part_is_named(
    changed: Make, results: Results, lang: str, filters: dict[str, Any], said: str
) -> None:
    assert part(asked(changed, results, **filters), Words(lang)).startswith(said)


def test_the_page_counts_the_chosen_posts_and_says_so_at_its_top(
    changed: Make, results: Results, render: Callable[[Results], str]
) -> None:
    page = render(asked(changed, results, topic="model_release"))
    top = page[page.index("<header") : page.index("</header>")]
    assert "<span>34 posts</span>" in top
    assert "Only posts on model releases are shown: 34 of 1,200." in top
