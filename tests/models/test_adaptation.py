"""What corrections teach a scorer, on top of its shipped weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sentinel_models.adaptation import Adaptation, learn
from sentinel_models.linear import Linear
from sentinel_models.zh import Zh

from sentinel.errors import PluginError, SettingsError
from sentinel.weights_file import digest_path, read_arrays, write_arrays

SLANG = [
    f"{name} is zorbed {when}"
    for name in ("Qwen", "Alibaba Cloud", "the app", "Quark")
    for when in "abcdefghij"
]
PLAIN = [
    f"{name} has an office in {where}"
    for name in ("Qwen", "Alibaba Cloud", "Quark", "it")
    for where in "klmnopqrst"
]


def batch(texts: list[str]) -> dict[str, list[Any]]:
    return {"text": texts, "lang": ["en"] * len(texts)}


def taught(model: Linear | Zh) -> dict[str, Any]:
    texts, labels = SLANG + PLAIN, ["negative"] * len(SLANG) + ["neutral"] * len(PLAIN)
    return model.adapt(batch(texts), labels, list(range(0, 7 * len(texts), 7)), [1.0] * len(texts))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "linear.npz"
    write_arrays(path, taught(Linear()) | {"quality": np.array('{"en": {"macro-F1, gold": "0.70"}}')})
    return path


def test_a_word_of_the_users_own_is_learned(weights: Path) -> None:
    shipped, model = Linear(), Linear(weights=str(weights))
    text = "the new Tongyi is zorbed"
    before, after = (made.tag(batch([text])) for made in (shipped, model))
    assert before["label"] != ["negative"]
    assert after["label"] == ["negative"]
    assert after["model"] == [f"linear {model.version}"]
    assert model.version.startswith(f"{shipped.version}+")
    assert model.quality == {"en": {"macro-F1, gold": "0.70"}}
    assert model.explain(text)["learned"]["zorbed"] < -0.1


def test_other_posts_stay_as_they_were(weights: Path) -> None:
    texts = [
        "Qwen3 is great, I love it",
        "BABA shares plunge 9%",
        "",
        "日本語",
        "Alibaba Cloud is down again",
    ]
    before, after = (made.tag(batch(texts)) for made in (Linear(), Linear(weights=str(weights))))
    assert before["label"] == after["label"]
    for name in ("p_negative", "p_neutral", "p_positive"):
        for one, other in zip(before[name], after[name], strict=True):
            assert (one is None) == (other is None)
    scored = [at for at, label in enumerate(after["label"]) if label != "unscored"]
    for at in scored:
        assert sum(after[f"p_{name}"][at] for name in ("negative", "neutral", "positive")) == pytest.approx(1)


def test_the_same_corrections_teach_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for path in paths:
        write_arrays(path, taught(Linear()))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_labels_without_reason_teach_no_words() -> None:
    labels = np.random.default_rng(2).choice(["negative", "neutral", "positive"], len(SLANG)).tolist()
    groups, weights = list(range(0, 7 * len(SLANG), 7)), [1.0] * len(SLANG)
    assert not len(learn(Linear().shipped(batch(SLANG)), SLANG, labels, groups, weights).get("words", []))


def test_what_the_model_leaves_unscored_teaches_nothing() -> None:
    assert Zh().adapt(batch(SLANG), ["negative"] * len(SLANG), [0] * len(SLANG), [1.0] * len(SLANG)) == {}


def test_damaged_and_foreign_weights_are_refused(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"learned on top of linear .* and this is zh"):
        Zh(weights=str(weights))
    arrays = read_arrays(weights)
    old = tmp_path / "old.npz"
    write_arrays(old, arrays | {"base": np.array("0-old")})
    with pytest.raises(PluginError, match="run 'sentinel train' again"):
        Linear(weights=str(old))
    lacking = tmp_path / "lacking.npz"
    write_arrays(lacking, {"heat": np.array(1.0)})
    with pytest.raises(PluginError, match="lack model, base, shift"):
        Linear(weights=str(lacking))
    with pytest.raises(SettingsError, match="expected a file"):
        Linear(weights=7)  # type: ignore[arg-type]


def test_what_was_learned_holds_whatever_names_a_taxonomy_adds(weights: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text('[entities.acme]\ntype = "company"\nside = "rival"\nnames_en = ["acme ai"]\n')
    own = Linear(taxonomy=str(words))
    assert taught(own)["base"] == read_arrays(weights)["base"]
    model = Linear(weights=str(weights), taxonomy=str(words))
    assert model.version.startswith(f"{own.version}+")
    tags = model.tag(batch(["the new Tongyi is zorbed", "Acme AI beats Qwen"]))
    assert tags["label"] == ["negative", "negative"]


def test_weights_are_known_by_their_digest_and_never_unpickled(weights: Path, tmp_path: Path) -> None:
    copy = tmp_path / weights.name
    copy.write_bytes(weights.read_bytes())
    with pytest.raises(PluginError, match="cannot be read"):
        read_arrays(copy)  # no digest beside it
    digest_path(copy).write_bytes(digest_path(weights).read_bytes())
    assert read_arrays(copy).keys() == read_arrays(weights).keys()
    with pytest.raises(SettingsError, match="no such file; 'sentinel train' writes none"):
        read_arrays(tmp_path / "none.npz")
    copy.write_bytes(copy.read_bytes() + b"\0")
    with pytest.raises(PluginError, match="SHA-256 differs"):
        Adaptation(copy, "linear", "1")
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(copy, {"a": np.array([object()])})
