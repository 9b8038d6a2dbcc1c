"""``sentinel train``: what is learned from, what judges it, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sentinel import plugins, training
from sentinel.cli import main
from sentinel.corrections import Correction
from sentinel.errors import UsageError
from sentinel.evaluation import cluster
from sentinel.labelled import Labelled, read_sets
from sentinel.ports import Batch, Trainable
from sentinel.post import Columns, columns_of
from sentinel.settings import PluginSettings
from sentinel.store import Store
from sentinel.training import Lesson, train
from sentinel.weights_file import read_arrays

LABELS = ("negative", "neutral", "positive")


class Parrot:
    """Says "neutral", or what it was taught of a post's first word; notes what it was taught from."""

    name: ClassVar[str] = "parrot"
    columns: ClassVar[tuple[str, ...]] = ("label", "score", "p_negative", "p_neutral", "p_positive")
    lessons: ClassVar[list[tuple[list[str], list[str], list[float]]]] = []
    taxonomies: ClassVar[list[str | None]] = []

    def __init__(self, weights: str | None = None, taxonomy: str | None = None) -> None:
        self.taxonomies.append(taxonomy)
        self.version = "1" if weights is None else "2"
        self._known: dict[str, str] = {}
        if weights is not None:
            arrays = read_arrays(Path(weights))
            self._known = dict(zip(arrays["words"].tolist(), arrays["labels"].tolist(), strict=True))

    def tag(self, batch: Columns) -> Columns:
        labels = [self._known.get(text.split()[0], "neutral") for text in batch["text"]]
        three = {f"p_{name}": [float(name == label) for label in labels] for name in LABELS}
        score = [p - n for p, n in zip(three["p_positive"], three["p_negative"], strict=True)]
        return {"label": labels, "score": score, **three}

    def adapt(
        self, batch: Columns, labels: Sequence[str], groups: Sequence[int], weights: Sequence[float]
    ) -> Mapping[str, Any]:
        self.lessons.append((batch["text"], list(labels), list(weights)))
        known = dict(zip((text.split()[0] for text in batch["text"]), labels, strict=True))
        return {"words": np.array(list(known)), "labels": np.array(list(known.values()))}


@pytest.fixture(autouse=True)
def parrot(monkeypatch: pytest.MonkeyPatch) -> type[Parrot]:
    """The parrot beside the models that are installed."""
    found = plugins.find

    class Entry:
        kind, name, settings = "models", "parrot", ("weights", "taxonomy")

        def load(self) -> type[Parrot]:
            return Parrot

    def find(kind: str, name: str, *rest: Any) -> Any:
        return Entry() if name == "parrot" else found(kind, name, *rest)

    for module in ("sentinel.plugins", "sentinel.tagging"):
        monkeypatch.setattr(f"{module}.find", find)
    Parrot.lessons.clear()
    Parrot.taxonomies.clear()
    return Parrot


def posts(n: int, word: str, label: str) -> list[Labelled]:
    return [
        Labelled(f"{word} {'abcdefghij'[at % 10]} {'klmnopqrst'[at // 10 % 10]}", "x", "en", label)
        for at in range(n)
    ]


def many(*labels: str) -> list[Labelled]:
    """Three hundred corrections, the labels by turns; each label has a first word of its own."""
    words = dict(zip(LABELS, ("zorbed", "shipped", "shone"), strict=True))
    return [
        replace(post, text=f"{post.text} {end}")
        for end, label in zip("uvwxyz", [*labels] * 6, strict=False)
        for post in posts(50, words[label], label)
    ]


def taught(
    corrections: list[Labelled], gold: list[Labelled], out: Path, others: Sequence[Labelled] = ()
) -> Lesson:
    (lesson,) = train(corrections, gold, others, (), ("parrot",), out)
    return lesson


def test_the_parrot_keeps_the_port() -> None:
    assert isinstance(Parrot(), Trainable)


def test_what_helps_is_written_and_what_it_was_judged_by_is_told(tmp_path: Path) -> None:
    corrections = posts(60, "zorbed", "negative") + posts(60, "shipped", "neutral")
    gold = [Labelled("zorbed again", "g", "en", "negative"), Labelled("shipped now", "g", "en", "neutral")]
    lesson = taught(corrections, gold, tmp_path)
    assert lesson.path == tmp_path / "parrot.npz"
    by_gold, held_out = lesson.trials
    assert by_gold.before == pytest.approx(1 / 3)
    assert (by_gold.after, by_gold.n) == (1.0, 2)
    assert held_out.before < held_out.after == 1.0
    assert lesson.taught + held_out.n == len(corrections)
    quality = json.loads(str(read_arrays(lesson.path)["quality"]))["en"]
    assert quality["macro-F1, gold"].startswith("1.00")
    assert quality["confusion"]["negative"]["negative"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parrot.npz", "parrot.npz.sha256"]


def test_a_scorer_is_taught_and_judged_with_its_own_settings(tmp_path: Path) -> None:
    corrections = posts(60, "zorbed", "negative") + posts(60, "shipped", "neutral")
    entry = PluginSettings.model_validate(
        {"use": "parrot", "taxonomy": "own.toml", "weights": str(tmp_path / "no")}
    )
    train(corrections, [Labelled("zorbed", "g", "en", "negative")], (), [entry], ("parrot",), tmp_path)
    assert set(Parrot.taxonomies) == {"own.toml"}


def test_what_is_worse_on_gold_is_refused_with_by_how_much(tmp_path: Path) -> None:
    gold = [Labelled("zorbed again", "g", "en", "neutral"), Labelled("shipped now", "g", "en", "neutral")]
    out = tmp_path / "weights"
    lesson = taught(posts(60, "zorbed", "negative") + posts(60, "shipped", "neutral"), gold, out)
    assert lesson.path is None
    assert lesson.refused == "refused: worse by 0.333 on gold; nothing was written"
    assert not out.exists()


def test_what_is_worse_on_what_was_held_out_is_refused(tmp_path: Path) -> None:
    mixed = [
        Labelled(post.text, "x", "en", LABELS[at % 2]) for at, post in enumerate(posts(100, "zorbed", ""))
    ]
    held = [post for post in mixed if (cluster(post.text) + 1) % 5 == 0]
    wrong = [post for post in mixed if post not in held and post.label == "negative"]
    right = [Labelled(post.text, "x", "en", "neutral") for post in held]
    lesson = taught(wrong + right, [Labelled("else", "g", "en", "neutral")], tmp_path)
    assert "on corrections held out" in lesson.refused


def test_gold_texts_and_their_copies_are_never_learned_from(tmp_path: Path) -> None:
    corrections = posts(60, "zorbed", "negative")
    gold = [
        Labelled(f"RT @you {post.text.upper()}! https://a.b", "g", "en", "negative")
        for post in corrections[:20]
    ]
    others = [Labelled(post.text, "o", "en", "positive") for post in corrections[:20]]
    taught(corrections, gold, tmp_path, others)
    ((texts, labels, _),) = Parrot.lessons
    assert texts
    assert not {cluster(text) for text in texts} & {cluster(post.text) for post in gold}
    assert set(labels) == {"negative"}


def test_copies_are_on_one_side(tmp_path: Path) -> None:
    corrections = [
        Labelled(f"{post.text} https://a.b/{at}", "x", "en", "negative")
        for at in (1, 2)
        for post in posts(40, "zorbed", "")
    ]
    taught(corrections, [Labelled("zorbed", "g", "en", "negative")], tmp_path)
    ((texts, _, _),) = Parrot.lessons
    learned = {cluster(text) for text in texts}
    held = {cluster(post.text) for post in corrections} - learned
    assert held
    assert len(texts) == sum(cluster(post.text) in learned for post in corrections)


def test_other_sets_count_as_much_as_the_corrections(tmp_path: Path) -> None:
    lesson = taught(
        posts(50, "zorbed", "negative"),
        posts(3, "zorbed z", "negative"),
        tmp_path,
        posts(100, "else", "neutral"),
    )
    ((texts, _, weights),) = Parrot.lessons
    assert lesson.others == 100
    own = [weight for text, weight in zip(texts, weights, strict=True) if text.startswith("zorbed")]
    assert sum(weights) - sum(own) == pytest.approx(sum(own))


def test_without_gold_enough_has_to_be_held_out(tmp_path: Path) -> None:
    assert "nothing to judge it by" in taught(posts(60, "zorbed", "negative"), [], tmp_path).refused
    assert taught(many("negative", "neutral", "positive"), [], tmp_path).path is not None


@pytest.mark.parametrize("label", LABELS)
def test_without_gold_corrections_of_one_label_are_no_judge(tmp_path: Path, label: str) -> None:
    lesson = taught(many(label), [], tmp_path)
    assert lesson.path is None
    assert not list(tmp_path.iterdir())
    others = " and no ".join(other for other in LABELS if other != label)
    assert f"nothing to judge it by, no {others} post is among the" in lesson.refused


def test_few_corrections_are_not_enough(tmp_path: Path) -> None:
    lesson = taught(posts(20, "zorbed", "negative"), posts(3, "zorbed z", "negative"), tmp_path)
    assert lesson.refused == "at least 30 of posts that it scores are needed"
    assert not Parrot.lessons


def test_a_model_that_cannot_be_taught_is_named(tmp_path: Path) -> None:
    (lesson,) = train(posts(60, "zorbed", "negative"), [], [], (), ("vader",), tmp_path)
    assert "cannot be taught" in lesson.refused


def test_the_seed_chooses_what_is_held_out(tmp_path: Path) -> None:
    corrections = posts(60, "zorbed", "negative")
    gold = posts(3, "zorbed z", "negative")
    for seed in (1, 1, 2):
        training.train(corrections, gold, [], (), ("parrot",), tmp_path, seed)
    first, again, other = (texts for texts, _, _ in Parrot.lessons)
    assert first == again != other


def test_sets_without_one_of_the_labels_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    folder.mkdir()
    (folder / "a.csv").write_text("text,label\ngood,positive\nbad,negative\nso,neutral\n", encoding="utf-8")
    (folder / "b.csv").write_text("text,label\ngood,positive\nbad,negative\n", encoding="utf-8")
    (folder / "c.csv").write_text("text,label\nhm,irony\n", encoding="utf-8")
    found, left = read_sets(tmp_path)
    assert len(found) == 3
    assert "b.csv: has no neutral posts" in left[0]
    assert "'irony' is none of" in left[1]
    (folder / "a.csv").unlink()
    with pytest.raises(UsageError, match="holds no set"):
        read_sets(tmp_path)


def sentinel(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def store_of(tmp_path: Path) -> Callable[[Sequence[Labelled]], str]:
    """Makes a store that holds these corrections."""

    def make(corrections: Sequence[Labelled]) -> str:
        url = f"sqlite:///{tmp_path / 'posts.db'}"
        store = Store(url)
        number = store.begin_input("s", "a.jsonl", "test", 10)
        assert number is not None
        rows = [
            {"platform": "x", "post_id": str(at), "precision": "none", "kind": "post", "text": post.text}
            for at, post in enumerate(corrections)
        ]
        store.add(number, Batch(columns_of(rows)))
        store.end_input(number)
        store.correct({("x", str(at)): Correction(post.label) for at, post in enumerate(corrections)})
        store.close()
        return url

    return make


def test_the_command_teaches_and_the_settings_use_it(
    store_of: Callable[[Sequence[Labelled]], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("Qwen", "Alibaba Cloud", "The app", "Quark", "Tongyi")
    slang = [
        Labelled(f"{name} is zorbed {when}", "x", "en", "negative") for name in names for when in "abcdefghij"
    ]
    plain = [
        Labelled(f"{name} opens in {where}", "x", "en", "neutral") for name in names for where in "klmnopqrst"
    ]
    (tmp_path / "gold.csv").write_text(
        "text,label\nQwen is great,positive\nall of it is zorbed,negative\nAlibaba opens a data center,neutral\n",
        encoding="utf-8",
    )
    url = store_of(slang + plain)
    result = sentinel("train", "--store", url, "--gold", "gold.csv", "--use", "linear")
    assert result.exit_code == 0, result.output
    assert "gold, macro-F1" in result.output
    assert 'weights = "weights/linear.npz"' in result.output
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (tmp_path / "sentinel.toml").write_text('[[tag]]\nuse = "linear"\nweights = "weights/linear.npz"\n')
    monkeypatch.chdir(folder)
    settings = tmp_path / "sentinel.toml"
    (folder / "a.csv").write_text("text\nthat is so zorbed\n", encoding="utf-8")
    assert sentinel("tag", "-c", settings, "--in", "a.csv", "--out", "b.csv").exit_code == 0
    assert ",negative," in (folder / "b.csv").read_text(encoding="utf-8")
    assert "learned" in sentinel("explain", "-c", settings, "that is so zorbed").output
    anew = sentinel(
        "train", "-c", settings, "--store", url, "--gold", tmp_path / "gold.csv", "--use", "linear"
    )
    # As the settings, a folder above, have to say it.
    assert 'weights = "elsewhere/weights/linear.npz"' in anew.output


def test_nothing_learned_is_a_failure_in_words(
    store_of: Callable[[Sequence[Labelled]], str], tmp_path: Path
) -> None:
    url = store_of(posts(5, "zorbed", "negative"))
    result = sentinel("train", "--store", url, "-o", tmp_path / "weights")
    assert result.exit_code == 1
    assert "at least 30" in result.output
    assert "no weights were written" in result.output
    assert not (tmp_path / "weights").exists()
