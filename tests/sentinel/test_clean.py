from __future__ import annotations

import pytest

from sentinel.clean import Candidate, copies, copy_key, normal_text


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("Qwen3 is out! https://t.co/abc", "qwen is OUT https://t.co/xyz"),
        ("@alice $BABA to the moon #AI", "@bob $BABA to the moon"),
        ("#阿里巴巴# 千问发布了", "千问发布了"),
        ("ＱＷＥＮ ｗｉｎｓ", "qwen wins"),
        ("up 5% today", "up 7% today"),
    ],
)
def test_texts_that_differ_in_links_tags_digits_and_width_are_one(text: str, same_as: str) -> None:
    assert copy_key(text) == copy_key(same_as)


def test_what_follows_a_closed_weibo_topic_is_text() -> None:
    assert normal_text("#千问#太好用了") == "太好用了"
    assert copy_key("#千问#太好用了") != copy_key("#千问#太难用了")


@pytest.mark.parametrize("text", ["", "🚀🚀", "https://t.co/a", "@a #b $C", "123 !!!"])
def test_a_text_without_letters_is_never_merged(text: str) -> None:
    assert copy_key(text) is None


def test_lone_surrogates_do_no_harm() -> None:
    assert copy_key("broken \ud83d emoji") is not None


def test_copies_name_the_first_post_of_their_text_within_the_span() -> None:
    candidates = [
        Candidate(1, "a", 10, "p1"),
        Candidate(2, "a", 10, "p2"),
        Candidate(3, "a", 11, "p3"),
        Candidate(4, "a", 17, "p4"),
        Candidate(5, "b", 17, "p5"),
    ]
    assert list(copies(candidates)) == [(2, "p1")]
    assert list(copies(candidates, copy_days=7)) == [(2, "p1"), (3, "p1")]
