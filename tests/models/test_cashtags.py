"""Posts that hold a ticker of Alibaba's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinel_models.cashtags import FACTS, cashtag_facts, has_ticker, judged
from sentinel_models.entities import Entities
from sentinel_models.posts import Posts
from sentinel_models.spam import Spam
from sentinel_models.words import read


def tags(text: str) -> tuple[bool, bool]:
    batch: dict[str, list[Any]] = {"text": [text], "lang": ["en"]}
    return Entities().tag(batch)["about"][0] >= 0.5, Spam().tag(batch)["spam"][0] >= 0.5


@pytest.mark.parametrize(
    ("text", "about", "spam"),
    [
        ("$BABA looks strong here, adding on any dip", True, False),
        ("Alibaba misses on revenue, down 8% premarket $BABA", True, False),
        ("XYZW Example Corp. 52Wk High http://a.b/c $XYZW $BABA $QQQQ #XYZW #pennystocks", False, True),
        ("Our picks gained 900% this month! Subscribe: http://a.b/c $XYZW $BABA", False, True),
        ("Mid-day scan http://a.b/c $AAPL $FB $BABA $TSLA $NFLX $AMZN $TWTR", False, True),
    ],
)
def test_talk_is_told_from_lists_and_robots(text: str, about: bool, spam: bool) -> None:
    assert tags(text) == (about, spam)


def test_the_tags_of_a_post_are_its_own() -> None:
    texts = ["$BABA up", "no ticker here", "$AAPL $BABA $FB movers http://a.b"]
    found, together = judged(Posts.of(texts))
    assert list(found) == [0, 2]
    for at, logits in zip(found, together.tolist(), strict=True):
        assert judged(Posts.of([texts[at]]))[1].tolist() == [logits]


def test_other_tickers_and_chinese_posts_are_left_to_the_rules() -> None:
    assert not has_ticker(read("$TSLA to the moon"))
    assert not has_ticker(read("$BABA 阿里巴巴今天大涨"))
    assert len(judged(Posts.of(["$TSLA to the moon"]))[0]) == 0


def test_every_fact_has_a_name_and_a_ticker_alone_does_no_harm() -> None:
    assert len(cashtag_facts("$BABA")) == len(FACTS)
    assert set(Spam().explain("$BABA up")["ticker"]) == {"words", "facts"}


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("$BABA $AMZN: Alibaba to invest", True),
        ("RT @some_one9: $BABA $JD: shares up", True),
        ("RT @some_one9 $BABA $JD: shares up", True),
        ("RT @ünlü: $BABA $JD: shares up", True),
        ("RT $BABA $JD: shares up", False),
        ("RT @some_one: $BABA $JD shares up", False),
        ("RT @some-one: $BABA $JD: shares up", False),
        ("now $BABA $AMZN: Alibaba to invest", False),
        ("$BABA", False),
    ],
)
def test_a_headline_of_two_tickers_is_known_also_when_it_is_passed_on(text: str, headline: bool) -> None:
    assert cashtag_facts(text)[FACTS.index("ticker and headline")] == headline


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(
        st.sampled_from(["rt", "@a", "@a:", "$baba", "$jd:", "$jd", ":", "up", "3", "é", "٣", "$1", "x"]),
        max_size=7,
    )
)
def test_what_is_searched_in_some_texts_alone_is_found_in_all(words: list[str]) -> None:
    text = " ".join([*words, "$baba"])
    facts = dict(zip(FACTS, cashtag_facts(text), strict=True))
    headline = re.search(r"^(?:rt @\w+:? )?\$[a-z]+ \$[a-z]+:", text)
    assert facts["ticker and headline"] == (headline is not None)
    assert facts["digits"] == (re.search(r"\d", text) is not None)
