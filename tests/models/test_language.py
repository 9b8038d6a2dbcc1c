from __future__ import annotations

import pytest
from sentinel_models.language import Language, language_of, languages_of
from sentinel_models.posts import posts_of


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Qwen is the best open model I have tried", "en"),
        ("lol", "en"),
        ("阿里巴巴发布新模型", "zh"),
        ("阿裡巴巴發布 AI", "zh"),
        ("Qwen3 终于发布了", "zh"),
        ("アリババの新モデルは素晴らしい", "ja"),
        ("알리바바 최고", "ko"),
        ("Алибаба отличная компания", "ru"),
        ("це дуже добре їжа", "uk"),
        ("شركة علي بابا رائعة", "ar"),
        ("esto es muy bueno para Alibaba", "es"),
        ("Das ist ein sehr gutes Modell", "de"),
        ("c'est très bien pour Alibaba", "fr"),
        ("muito bom, não é ruim", "pt"),
        ("aplikasi ini sangat bagus", "id"),
        ("", "und"),
        ("$BABA 🚀", "und"),
        ("https://t.co/abcdef", "und"),
        ("@someone", "und"),
        ("12345 67%", "und"),
    ],
)
def test_language(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_the_platform_is_a_hint_and_no_more() -> None:
    assert language_of("das Modell", "de") == "de"
    assert language_of("I really like this model", "de") == "en"
    assert language_of("阿里巴巴发布新模型", "en") == "zh"
    assert language_of("$BABA", "en") == "und"
    assert language_of("ok", "zxx") == "en"


def test_old_codes_of_a_platform_are_the_languages_of_today() -> None:
    text = "Alibaba itu bagus banget buat kamu"
    assert language_of(text, "in") == language_of(text, "id") == "id"
    assert language_of("Qwen kamu", "in") == language_of("Qwen kamu", "id") != "in"


def test_one_language_a_post() -> None:
    assert Language().tag({"text": ["hello there", "你好世界"], "lang": [None, "zh"]}) == {
        "lang": ["en", "zh"]
    }


@pytest.mark.parametrize(
    "text",
    [
        "Qwen es increíble, me encanta",
        "¿Qué tal es Qwen?",
        "Qwen est nul",
        "Les actions d'Alibaba chutent",
        "Ich liebe Qwen",
        "Qwen funktioniert gar nicht",
        "Qwen não presta",
        "Qwen fa schifo",
        "Ik hou van Qwen",
        "Qwen harika bir model",
        "Qwen keren banget",
        "Alibaba ra mắt mô hình mới",
        "Gusto ko ang Qwen",
        "Kocham Qwen",
        "Qwen är värdelös",
        "Jeg elsker Qwen",
        "Qwen on paras malli",
        "Qwen je skvělý",
        "Qwen a legjobb modell",
    ],
)
def test_a_few_words_of_another_language_are_not_english(text: str) -> None:
    assert language_of(text) not in ("en", "zh")


@pytest.mark.parametrize(
    "text",
    [
        "so good",
        "me too",
        "nah",
        "café looks nice",
        "naïve approach, Qwen wins",
        "Beyoncé loves Alibaba",
        "He is a die hard fan",
        "a la carte pricing at Alibaba",
        "Alibaba pan out",
        "Qwen slaps",
        "Kimi K2 released",
        "gpt-oss benchmarks",
        "Qwen is sus",
    ],
)
def test_borrowed_words_and_slang_are_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "中国株式市場、阿里巴巴集団急騰",
        "阿里巴巴、人工知能開発投資拡大",
        "通義千問、対話型人工知能市場参入",
        "楽天証券、Alibaba株価分析",
        "通義千問は優秀",
    ],
)
def test_japanese_headlines_need_no_kana(text: str) -> None:
    assert language_of(text) == "ja"
    assert languages_of(posts_of([text]), [None]) == ["ja"]
    assert languages_of(posts_of([text]), ["zh-CN"]) == ["zh"]


@pytest.mark.parametrize(
    "text",
    [
        "你们看桜木花道了吗",
        "小桜は什么意思, 阿里巴巴的吉祥物吗",
        "阿里股價大升,港股氣勢如虹",
        "千问真系好掂",
        "我の千问好用",
        "阿里巴巴の新模型发布",
        "千问到底什么意思ね",
        "阿里雲發布新模型,價格下調",
    ],
)
def test_chinese_with_a_japanese_name_or_traditional_characters_is_chinese(text: str) -> None:
    assert languages_of(posts_of([text]), [None])[0] == language_of(text) == "zh"


@pytest.mark.parametrize("text", ["Qwen 牛", "Qwen3 强", "$BABA 冲"])
def test_a_character_beside_names_is_chinese(text: str) -> None:
    assert languages_of(posts_of([text]), [None])[0] == language_of(text) == "zh"
    assert languages_of(posts_of([text]), ["ja"])[0] != "zh"
