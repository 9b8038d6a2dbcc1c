from __future__ import annotations

from pathlib import Path

import pytest
from sentinel_models.taxonomy import load_taxonomy
from sentinel_models.topic_words import TopicWords
from sentinel_models.topics import Topics
from sentinel_models.words import read

from sentinel.post import Columns


def topics(text: str, taxonomy: str | None = None) -> set[str]:
    batch: Columns = {"text": [text], "lang": [None]}
    found: str = Topics(taxonomy).tag(batch)["topics"][0]
    return set(found.split(";")) - {""}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Qwen3-Max benchmark results are out", "model_release"),
        ("Qwen3 GGUF runs in llama.cpp on my 3090", "open_source"),
        ("Qwen beats DeepSeek and GPT-4o on every benchmark", "competition"),
        ("Alibaba earnings beat estimates, revenue up 8%", "earnings"),
        ("Alibaba to invest RMB 380 billion in AI and cloud", "capex_investment"),
        ("Alibaba Cloud outage takes down apps", "cloud_infrastructure"),
        ("Alibaba fined in antitrust probe by regulators", "regulation_geopolitics"),
        ("Alibaba's CEO Eddie Wu steps down", "leadership_org"),
        ("Alibaba's T-Head unveils its own AI chip", "chips"),
        ("Alibaba and BMW announce a partnership", "partnership"),
        ("Alibaba shares jump, analysts raise price target", "market"),
        ("$BABA looking good here", "market"),
        ("天猫双十一今晚开卖", "ecommerce_ai"),
        ("千问APP下载量登顶", "consumer_app"),
        ("阿里巴巴宣布裁员，组织架构调整", "leadership_org"),
    ],
)
def test_topics(text: str, wanted: str) -> None:
    assert wanted in topics(text)


def test_other_is_for_posts_that_name_alibaba() -> None:
    assert topics("Alibaba sponsors a choir") == {"other"}
    assert topics("GPT-5 benchmark results") == set()


def test_ids_are_those_of_the_taxonomy_in_its_order() -> None:
    text = "Alibaba earnings: Qwen beats DeepSeek, open source weights, new chips and a partnership with BMW"
    order = [*load_taxonomy().topics, "other"]
    found = Topics().tag({"text": [text], "lang": ["en"]})["topics"][0].split(";")
    assert found == sorted(found, key=order.index)


def test_a_user_adds_topics_without_code(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[topics.robots]\ntitle = "Robots"\nwords_en = ["humanoid"]\nwords_zh = ["机器人"]\n',
        encoding="utf-8",
    )
    assert "robots" in topics("Alibaba shows a humanoid", str(path))
    assert "robots" in topics("阿里发布机器人", str(path))
    assert "robots" not in topics("Alibaba shows a humanoid")
    assert (Topics(str(path)).quality, set(Topics().quality)) == (
        {},
        {"en", "zh"},
    )  # measured with the shipped topics


def test_explains() -> None:
    explained = Topics().explain("Qwen3 GGUF in llama.cpp")
    assert "open_source" in explained["words"]
    assert explained["probability"]["open_source"] > 0.5


def test_explains_with_each_word_once() -> None:
    assert Topics().explain("千问")["words"]["model_release"] == ["千问"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it will spend a lot on ai", True),
        ("committed to the cloud", True),
        ("overspend on ai, uncommitted to the cloud", False),
        ("spend on shoes, said again", False),
        ("rmb 480b", True),
        ("farmb 480b", False),
        ("¥200 billion", True),
        ("$1b for its cloud", True),
        ("us$1b for its cloud", False),
        ("$$1b for its cloud", False),
    ],
)
def test_words_of_a_pattern_begin_where_they_should(text: str, found: bool) -> None:
    words = TopicWords(load_taxonomy())
    assert ("capex_investment" in words.find(read(text))) == found
