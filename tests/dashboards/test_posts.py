from __future__ import annotations

from typing import Any

import pytest
from sentinel_dashboards.events import read_story
from sentinel_dashboards.posts import posts, safe_link
from sentinel_dashboards.series import all_series
from sentinel_dashboards.words import Words

from sentinel.results import Results


@pytest.mark.parametrize("url", ["https://x.com/a/status/1", "http://example.org/?q=1&r=2"])
def test_web_addresses_are_linked(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "https://",
        "http://[",
        "/relative",
        "https://exa mple.org",
        "",
        None,
        float("nan"),
    ],
)
def test_nothing_else_is(url: object) -> None:
    assert safe_link(url) == ""


def made_of(results: Results) -> dict[str, Any]:
    return posts(results, read_story(results), all_series(results.mood), Words("en"))


def test_cards_hold_posts_by_role(results: Results) -> None:
    made = made_of(results)
    card = made["cards"][2]
    assert [role["role"] for role in card["roles"]] == ["Most engaged", "Most typical", "Dissenting"]
    assert [len(role["posts"]) for role in card["roles"]] == [3, 3, 2]
    assert card["open"]
    assert card["near"] == [{"day": "2025-04-30", "title": "Minor update of the model hub", "number": ""}]


def test_ids_keep_their_digits_and_long_posts_are_cut(results: Results) -> None:
    card = made_of(results)["cards"][2]
    quotes = [quote for role in card["roles"] for quote in role["posts"]]
    assert "1916984019371634999" in {quote["id"] for quote in quotes}
    assert max(len(quote["text"]) for quote in quotes) == 600


def test_opened_scopes_come_first(results: Results) -> None:
    card = made_of(results)["cards"][2]
    assert [row["tone"] for row in card["others"]][:3] == ["rose"] * 3
    assert card["others"][3]["tone"] == "exploratory"
