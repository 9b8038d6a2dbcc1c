from __future__ import annotations

import pytest
from sentinel_collectors.networks import Place, network, network_of_url, place


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("reddit/LocalLLaMA/post", Place("reddit", "localllama", "post")),
        ("reddit/localllama", Place("reddit", "localllama", None)),
        ("reddit/r/LocalLLaMA", Place("reddit", "localllama", None)),
        ("weibo_hot_search", Place("weibo", None, "headline")),
        ("weibo_hot_search/description", Place("weibo", None, "headline")),
        ("zhihu_hot_question", Place("zhihu", None, "headline")),
        ("x_deepseek_2025-02", Place("x", None, None)),
        ("x_ai_list/global_ai", Place("x", "global_ai", None)),
        ("hackernews/story", Place("hackernews", None, "title")),
        ("guba/content", Place("guba", None, "post")),
        ("v2ex/replies", Place("v2ex", None, "reply")),
        ("v2ex/None", Place("v2ex", None, None)),
        ("stocktwits/2026", Place("stocktwits", None, None)),
        ("social_daily/x/ai-news", Place("x", "ai-news", None)),
        ("creator_posts/mediacrawler_douyin", Place("douyin", None, None)),
        ("forum/linuxdo", Place("linuxdo", None, None)),
        ("forum/somebody", Place(None, "forum/somebody", None)),
        ("Twitter for iPhone", Place("x", None, None)),
        ("", Place(None, None, None)),
    ],
)
def test_place(cell: str, expected: Place) -> None:
    assert place(cell) == expected


def test_network_by_name_and_address() -> None:
    assert network(" Twitter ") == "x"
    assert network("微博") == "weibo"
    assert network("Twitter for iPhone") is None
    assert network_of_url("https://www.old.reddit.com/r/x") == "reddit"
    assert network_of_url("https://notreddit.com/") is None
    assert network_of_url("http://[broken") is None
