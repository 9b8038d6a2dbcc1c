from __future__ import annotations

import pytest
from sentinel_models.linear import Linear
from sentinel_models.tokens import tokens
from sentinel_models.zh import Zh


def test_linear_explains_by_tokens() -> None:
    explained = Linear().explain("Qwen is terrible but DeepSeek is great")
    assert dict(explained["tokens"])["terrible"] < 0
    assert explained["p_negative"] + explained["p_neutral"] + explained["p_positive"] == pytest.approx(
        1.0, abs=1e-5
    )
    assert explained["sides"]["ours"] == ["qwen"]
    assert explained["sides"]["rivals"] == ["deepseek"]


def test_zh_explains_by_words() -> None:
    explained = Zh().explain("千问真香，豆包垃圾")
    assert ("真香", pytest.approx(1.9, abs=1.0)) in explained["lexicon"]
    assert explained["sides"]["read as"] == "千问真香"


def test_a_table_of_tokens_that_is_full_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Linear()
    batch = {"text": ["Qwen is great", "Alibaba disappoints"], "lang": ["en", "en"]}
    before = model.tag(batch)
    monkeypatch.setattr("sentinel_models.tokens._ROWS", 20)
    full = tokens()
    model.tag({"text": [f"word{n} and word{n + 1}" for n in range(200)], "lang": ["en"] * 200})
    model.tag({"text": ["once more"], "lang": ["en"]})
    assert tokens() is not full
    assert model.tag(batch) == before


def test_scorers_leave_other_languages_to_others() -> None:
    batch = {"text": ["c'est bien", "很好"], "lang": ["fr", "zh"]}
    assert Linear().tag(batch)["label"] == ["unscored", "unscored"]
    assert Zh().tag(batch)["label"] == ["unscored", "positive"]


def test_empty_batches() -> None:
    empty: dict[str, list[str]] = {"text": [], "lang": []}
    assert Linear().tag(empty)["label"] == []
    assert Zh().tag(empty)["label"] == []
