from __future__ import annotations

import pytest
from sentinel_models.folding import MAX_CHARS, fold, simplify
from sentinel_models.spelling import fold_all, lower_all
from sentinel_models.words import read


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("isn’t", "isn't"),
        ("ＢＡＢＡ　１％", "BABA 1%"),
        ("❤️", "❤"),
        ("👍🏽", "👍"),
        ("a\u200bb", "ab"),
        ("&lt;3 &amp; more", "<3 & more"),
        ("plain", "plain"),
        ("x\ud800y", "x\ufffdy"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<b>c</b>d", "a c d"),
        ("a<script x>bad</SCRIPT >c<style>d</style>e", "a c e"),
        ("a<!-- <b> -->c-->", "a c-->"),
        ("a<!-- b<!-- c<i>", "a<!-- b<!-- c "),
        ("a<script>b<script/x>c", "a b<script/x>c"),
        ("a<style>b</script>", "a b "),
        ("a < b <3", "a < b <3"),
    ],
)
def test_what_a_page_does_not_show_is_left_out_where_it_ends(text: str, shown: str) -> None:
    assert fold(text) == shown


def test_long_texts_are_read_to_a_limit() -> None:
    assert len(fold("ﷺ" * MAX_CHARS)) <= MAX_CHARS


def test_simplify() -> None:
    assert simplify("通義千問發布") == "通义千问发布"


def test_tokens() -> None:
    assert read("Qwen2.5-Max isn’t bad! $BABA #AI @x https://t.co/a +1.9% $130").tokens == [
        "qwen2.5", "max", "isn't", "bad", "!", "$baba", "#ai", "@x", "https://t.co/a", "+1.9%", "$130",
    ]  # fmt: skip
    assert read("阿里云 Qwen 发布").tokens == ["qwen"]
    assert len(read("😀" * 10_000).tokens) == 3


def test_every_character_is_folded_alike_by_itself_and_in_a_batch() -> None:
    codes = [*range(0x3400), *range(0x4DF0, 0x4E10), *range(0x9FF0, 0x20010), 0x2F800, 0xE0001, 0x10FFFF]
    texts = [f"x{chr(code)}Y" for code in codes] + [f"千{chr(code)}" for code in codes]
    folded = fold_all(texts)
    assert list(folded) == list(map(fold, texts))
    assert list(lower_all(folded)) == [read(text).lower for text in texts]
