from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner

from sentinel import plugins
from sentinel.cli import main
from sentinel.errors import PluginError, SettingsError
from sentinel.post import LABELS, TAG_COLUMNS, Columns
from sentinel.settings import PluginSettings
from sentinel.tagging import Tagger, make_tagger

SCORES = ("label", "p_negative", "p_neutral", "p_positive", "score")


class Words:
    """Scores a post by one word; leaves every other post unscored."""

    version = "1"
    columns: ClassVar[tuple[str, ...]] = SCORES

    def __init__(self, word: str, positive: float) -> None:
        self.name = word
        self.positive = positive

    def tag(self, batch: Columns) -> Columns:
        rows: list[tuple[Any, ...]] = []
        for text in batch["text"]:
            if self.name in text:
                rows.append(("positive", 0.1, 0.9 - self.positive, self.positive, self.positive - 0.1))
            else:
                rows.append(("unscored", None, None, None, None))
        return {name: [row[i] for row in rows] for i, name in enumerate(SCORES)}


class Short:
    name = "short"
    version = "1"
    columns: ClassVar[tuple[str, ...]] = ("topics",)

    def tag(self, batch: Columns) -> Columns:
        return {"topics": batch["text"][:-1]}


def test_a_scorer_fills_in_only_what_the_ones_before_left_unscored() -> None:
    tagger = Tagger([Words("good", 0.8), Words("fine", 0.6)])
    tags = tagger.tag({"text": ["good and fine", "fine", "nothing"], "lang": ["en", None, None]})
    assert tags["model"] == ["good 1", "fine 1", ""]
    assert tags["label"] == ["positive", "positive", "unscored"]
    assert tags["score"] == [0.7, 0.5, None]
    assert tags["confidence"] == [0.8, 0.6, None]
    assert tags["lang"] == ["en", "und", "und"]
    assert tuple(tags) == TAG_COLUMNS
    assert set(tags["label"]) <= set(LABELS)


def test_score_is_exactly_the_difference_of_the_shown_probabilities() -> None:
    tags = Tagger([Words("x", 1 / 3)]).tag({"text": ["x"]})
    assert tags["score"][0] == round(tags["p_positive"][0] - tags["p_negative"][0], 6)


def test_no_posts_give_no_tags() -> None:
    assert Tagger([Words("x", 0.5)]).tag({"text": [], "lang": []}) == {name: [] for name in TAG_COLUMNS}


def test_a_model_that_loses_posts_is_named() -> None:
    with pytest.raises(PluginError, match=r"model 'short': 1 values of 'topics' for 2 posts"):
        Tagger([Short()]).tag({"text": ["a", "b"]})


def test_the_key_changes_with_models_and_settings() -> None:
    keys = {
        Tagger([Words("a", 0.5)]).key,
        Tagger([Words("b", 0.5)]).key,
        Tagger([Words("a", 0.5)], [{"threshold": 1}]).key,
    }
    assert len(keys) == 3


def test_what_is_left_of_a_deleted_post_is_not_judged() -> None:
    assert Tagger([Words("deleted", 0.8)]).tag({"text": ["[deleted]", "deleted"]})["label"] == [
        "unscored",
        "positive",
    ]


class Counting(Words):
    """Says what it reads, and counts the posts it was asked for."""

    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self) -> None:
        super().__init__("good", 0.8)
        self.seen: list[str] = []

    def tag(self, batch: Columns) -> Columns:
        assert set(batch) == {"text", "lang"}
        self.seen += batch["text"]
        return super().tag(batch)


def test_posts_that_are_alike_are_tagged_once_where_every_model_says_what_it_reads() -> None:
    model = Counting()
    tagger = Tagger([model])
    posts: Columns = {
        "text": ["good", "bad", "good", "good"],
        "lang": ["en", "en", "en", "zh"],
        "author": ["a", "b", "c", "d"],
    }
    once = tagger.tag(posts)
    assert tagger.tag(posts) == once
    assert model.seen == ["good", "bad", "good"]
    assert once == Tagger([Words("good", 0.8)]).tag(posts)
    assert once["lang"] == ["en", "en", "en", "zh"]
    assert Tagger([model, Words("bad", 0.6)]).reads is None


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentinel.tagging._REMEMBERED", 3)
    model = Counting()
    tagger = Tagger([model])
    texts = [f"good {i}" for i in range(8)]
    for _ in range(2):
        for text in texts:
            assert tagger.tag({"text": [text], "lang": [None]})["label"] == ["positive"]
    assert len(model.seen) == 16
    assert tagger.tag({"text": texts, "lang": [None] * 8})["label"] == ["positive"] * 8


class Speaks(Words):
    """Installed for the test; scores what holds its word."""

    name = "speaks"

    def __init__(self, word: str = "good") -> None:
        super().__init__(word, 0.8)
        self.version = word


def test_a_scorer_may_stand_in_several_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    find = plugins.find

    class Entry:
        kind, name, settings = "models", "speaks", ("word",)

        def load(self) -> type[Speaks]:
            return Speaks

    monkeypatch.setattr(
        "sentinel.tagging.find",
        lambda kind, name, *rest: Entry() if name == "speaks" else find(kind, name, *rest),
    )
    entries = [
        PluginSettings.model_validate({"use": "speaks", "word": word}) for word in ("gut", "bon", "gut")
    ]
    for use in ((), ("speaks",)):
        made = make_tagger(entries, use)
        assert [model.version for model in made.models[4:]] == ["gut", "bon"]
    assert made.tag({"text": ["c'est bon", "good"]})["label"] == ["positive", "unscored"]
    assert [model.name for model in make_tagger(entries, ("linear",)).models[4:]] == ["linear"]


def test_a_model_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentinel.tagging.made", lambda *_, **__: int("x"))
    with pytest.raises(
        PluginError, match="models plug-in 'language' cannot be made with its settings: ValueError: inv"
    ):
        make_tagger()


def test_a_model_that_all_need_stands_in_one_table() -> None:
    entries = [
        PluginSettings.model_validate({"use": "topics", **more}) for more in ({}, {"taxonomy": "own.toml"})
    ]
    with pytest.raises(SettingsError, match="use = 'topics' stands there twice"):
        make_tagger(entries)


def test_other_models_tag_the_store_anew_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("id,text,created_at\n1,Qwen is great,2031-03-01\n2,bad,2031-03-01\n")
    store = f"sqlite:///{tmp_path / 'posts.db'}"

    def said(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "--store", store], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    said("collect", str(tmp_path / "posts.csv"))
    assert "anew" not in said("tag", "--use", "vader")
    assert said("tag").startswith(
        "2 posts were tagged by other models or other versions of them, and are tagged anew"
    )
    assert said("tag").startswith("0 posts tagged by ")
    assert "anew" not in said("tag", "--use", "vader", "-q")
