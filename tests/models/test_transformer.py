"""Somebody else's classifier: a tiny one with random weights, made here."""

from __future__ import annotations

import json
import logging
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sentinel_models.transformer import Transformers

from sentinel.cli import main
from sentinel.conformance import checks_of, examine, title
from sentinel.conformance_material import TEXTS, Material, Subject, offline
from sentinel.errors import PluginError, SettingsError
from sentinel.plugins import find, make

REASON = "not installed: pip install 'mood-sentinel[transformers]'"
torch = pytest.importorskip("torch", reason=f"torch is {REASON}")
transformers = pytest.importorskip("transformers", reason=f"transformers is {REASON}")

LETTERS = "abcdefghijklmnopqrstuvwxyz"
POSTS = [
    "Qwen is great",
    "a much longer text about Alibaba Cloud and its outage " * 5,
    "阿里云",
    "?",
    "",
    "bad bad",
]


def write_model(folder: Path, labels: list[str]) -> Path:
    """A one-layer BERT over letters."""
    torch.manual_seed(7)
    folder.mkdir()
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(tokens), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=66,
        initializer_range=0.5,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    transformers.utils.logging.disable_progress_bar()
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizerFast(vocab_file=str(vocabulary)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "three", ["LABEL_0", "LABEL_1", "LABEL_2"])


@pytest.fixture(scope="module")
def model(folder: Path) -> Transformers:
    with offline():
        return Transformers(str(folder), device="cpu")


def batch(texts: list[str], lang: str | None = None) -> dict[str, list[Any]]:
    return {"text": texts, "lang": [lang] * len(texts)}


def test_the_probabilities_are_the_models_own(folder: Path, model: Transformers) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    own = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        expected = torch.softmax(own(**tokenizer("Qwen is great", return_tensors="pt")).logits, dim=1)[
            0
        ].tolist()
    tags = model.tag(batch(["Qwen is great"]))
    three = [tags[f"p_{name}"][0] for name in ("negative", "neutral", "positive")]
    assert three == pytest.approx(expected, abs=1e-5)
    assert tags["model"] == [f"transformers {model.version}"]


def test_a_post_is_tagged_the_same_to_the_last_digit_in_any_company(model: Transformers) -> None:
    posts = [text * n for n in range(1, 8) for text in POSTS]
    alone = [model.tag(batch([text])) for text in posts]
    order = random.Random(1).sample(range(len(posts)), len(posts))
    together = model.tag(batch([posts[at] for at in order]))
    for name in model.columns:
        assert together[name] == [alone[at][name][0] for at in order]


def test_what_holds_no_word_or_is_in_another_language_is_unscored(folder: Path, model: Transformers) -> None:
    texts = ["", "?", "https://a.b/c @you #tag $BABA 123", "👍"]
    assert model.tag(batch(texts))["label"] == ["unscored"] * 4
    english = Transformers(str(folder), langs=["en"], device="cpu")
    assert english.tag(batch(["good"], "zh-tw"))["label"] == ["unscored"]
    assert english.tag(batch(["good"], "en"))["label"] != ["unscored"]


def test_hostile_texts_are_tagged(model: Transformers) -> None:
    texts = ["x" * 1_000_000, "a b " * 250_000, "\ud83d alone", "‏مرحبا‮ evil ‬", "a\u0301" * 5_000, "\0 a"]
    assert len(model.tag(batch(texts))["label"]) == len(texts)


def test_labels_are_summed_into_three(tmp_path: Path) -> None:
    stars = [f"{number} star{'s' * (number > 1)}" for number in range(1, 6)]
    made = Transformers(str(write_model(tmp_path / "stars", stars)), device="cpu")
    tags = made.tag(batch(["good"]))
    assert sum(tags[f"p_{name}"][0] for name in ("negative", "neutral", "positive")) == pytest.approx(1)
    two = Transformers(
        str(tmp_path / "stars"), labels={"1 star": "negative", "5 stars": "positive"}, device="cpu"
    )
    assert two.tag(batch(["good"]))["p_neutral"] == [0.0]


def test_the_version_is_that_of_the_weights(folder: Path, model: Transformers, tmp_path: Path) -> None:
    assert Transformers(str(folder), device="cpu").version == model.version
    other = write_model(tmp_path / "other", ["negative", "neutral", "positive"])
    assert Transformers(str(other), device="cpu").version != model.version


def test_it_explains_by_leaving_words_out(model: Transformers) -> None:
    explained = model.explain("Qwen is great")
    assert [word for word, _ in explained["words"]] == ["Qwen", "is", "great"]
    assert any(weight for _, weight in explained["words"])


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    torch.save({"a": torch.zeros(1)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(SettingsError, match="pickled weights are never loaded"):
        Transformers(str(tmp_path))


def test_code_that_comes_with_a_model_is_not_run(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((folder / "config.json").read_text())
    config["model_type"] = "evil"
    config["auto_map"] = {
        "AutoConfig": "evil.Config",
        "AutoModelForSequenceClassification": "evil.Model",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(PluginError, match="cannot load"):
        Transformers(str(tmp_path))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["./none", "/no/such/folder", "a/b/c", "~/none", "", "a b"])
def test_a_path_that_is_not_there_is_no_reason_to_ask_the_network(name: str) -> None:
    with offline(), pytest.raises(SettingsError, match="no folder"):
        Transformers(name)


def test_the_hub_is_asked_aloud(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def no_answer(name: str, **settings: Any) -> None:
        asked.append((name, settings))
        raise OSError("no connection")

    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", no_answer)
    with (
        caplog.at_level(logging.WARNING, "sentinel"),
        pytest.raises(PluginError, match="cannot load 'nobody/nothing': no connection"),
    ):
        Transformers("nobody/nothing")
    assert "over the network" in caplog.text
    assert asked == [("nobody/nothing", {"trust_remote_code": False, "local_files_only": False})]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"batch_size": 0}, "batch_size is 0"),
        ({"max_length": "long"}, "max_length is 'long'"),
        ({"device": "abacus"}, "device 'abacus' cannot be used"),
        ({"labels": {"good": "positive"}}, "labels names 'good'"),
    ],
)
def test_wrong_settings_are_told(folder: Path, settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        make("models", "transformers", model=str(folder), **settings)


CHECKS = checks_of(Subject("models", "transformers", Transformers, Material(Path()), {}))


@pytest.mark.parametrize("check", CHECKS, ids=title)
def test_it_keeps_the_contract(check: Any, folder: Path) -> None:
    settings = {"model": str(folder), "device": "cpu"}
    subject = Subject.of(find("models", "transformers"), Material(Path()), settings)
    assert not examine(check, subject).problems


def test_settings_choose_it(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / folder.name)
    (tmp_path / "sentinel.toml").write_text(
        f'[[tag]]\nuse = "transformers"\nmodel = "{folder.name}"\ndevice = "cpu"\nbatch_size = 4\n',
        encoding="utf-8",
    )
    arguments = ["check-plugin", "transformers", "-c", str(tmp_path / "sentinel.toml")]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    (tmp_path / "a.csv").write_text("text\n" + "\n".join(f'"{text}"' for text in TEXTS[:6]), encoding="utf-8")
    tagged = ["tag", "-c", arguments[-1], "--in", str(tmp_path / "a.csv"), "--out", str(tmp_path / "b.csv")]
    assert CliRunner().invoke(main, tagged, catch_exceptions=False).exit_code == 0
    assert "unscored" not in (tmp_path / "b.csv").read_text(encoding="utf-8")
