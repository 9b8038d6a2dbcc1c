"""A batch read at once, and each post read by itself: the same."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinel_models.chunks import DULL
from sentinel_models.cues import Cues
from sentinel_models.folding import MAX_CHARS
from sentinel_models.language import language_of, languages_of
from sentinel_models.mentions import mentions
from sentinel_models.posts import Posts
from sentinel_models.taxonomy import load_taxonomy
from sentinel_models.topic_words import TopicWords
from sentinel_models.words import read

ADDRESS = "https://t.co/0000000000"  # stands for every shortened one

TEXTS = [
    "",
    "Qwen3-Max beats GPT-5?! https://t.co/abcdefghij https://alibaba.com/x",
    "“Smart” quotes… and — dashes, ﬁne ligatures, Ｆｕｌｌ width，ｔｅｘｔ！ ☕️ 👍🏽",
    "阿里雲發佈通義千問，性能超越 GPT-4o。阿里巴巴",
    "e\u0301 combined, ΟΔΟΣ ΣΑΣ, İstanbul, ½ ② ﷺ",
    "\ud801 lone \udc00 surrogates \ud802",
    "\ufdd0 no \ufdd1\ufdd0 characters 千问\ufdd1",
    "😀" * 300,
    "https://t.co/abcdefghij " * 90 + "https://t.co/zzzzzzzzzz",
    "$BABA #BABA @Alibaba_Cloud 5q2_k 25 tps 72b 4bit q4_k_m RMB 380 billion for AI",
    "Alibaba and the forty thieves; ali baba kebab",
    "ali has a new cloud stock",
    "&lt;b&gt; &amp;amp; x&#8217;s",
    "アリババのAI 알리바바 Алибаба نموذج",
    "Esto es muy bueno para Alibaba, ¿no?",
    "x" * 30_000,
    "\0 zero \0",
    "\uffa1\uffc2 two letters that are one syllable",
    "`code` stays, `千问`” does not",
    "…" * 10_000,
    "x" * 19_998 + "…",
]


@cache
def topic_words() -> TopicWords:
    return TopicWords(load_taxonomy())


def alike(texts: Sequence[str]) -> None:
    posts = Posts.of(texts)
    finder, topics = mentions(), topic_words()
    named = finder.find_all(posts)
    opened = topics.find_all(posts, np.arange(len(texts)))
    hints = (["ja", None, "en", "es"] * len(texts))[: len(texts)]
    langs = languages_of(posts, hints)
    for at, text in enumerate(texts):
        alone = read(text)
        shortened = [DULL.sub(ADDRESS, token) for token in alone.tokens]
        assert posts.reading(at) == alone._replace(tokens=shortened)
        assert named.of(at) == finder.find(text)
        assert opened.of(at) == topics.find(read(text))
        assert langs[at] == language_of(text, hints[at])


def test_a_batch_reads_as_its_posts_do() -> None:
    alike(TEXTS)
    alike(TEXTS[::-1] * 2)
    alike([])


def test_a_post_of_megabytes_costs_no_more_than_what_is_read_of_it() -> None:
    tracemalloc.start()
    try:
        Posts.of(["hi " * 1_000_000] * 20)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 60 * 20 * MAX_CHARS


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_batch_reads_as_its_posts_do(texts: list[str]) -> None:
    alike(texts)


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text(alphabet="aq2 5.%'_$/é千", max_size=12), max_size=4))
def test_no_post_that_holds_a_cue_is_sifted_out(texts: list[str]) -> None:
    cues = ["q2", "a", "/a", "$5", "千", "5q2a"]
    sifted = Cues(cues).sift(Posts.of(texts))
    for at, text in enumerate(texts):
        assert sifted[at] or not any(cue in read(text).lower for cue in cues)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_batches_of_any_size_are_read_alike(size: int) -> None:
    for first in range(0, len(TEXTS), size):
        alike(TEXTS[first : first + size])
