"""What is learned from is not what measures."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from sentinel_models.experts import Experts, softmax
from sentinel_models.ngrams import BITS

SCRIPTS = Path(__file__).parents[2] / "models" / "training"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_gold_or_validation_text_is_learned_from(shared: Path, corpora: ModuleType, lang: str) -> None:
    """Nor a copy: texts that begin alike are copies. And copies are on one side of what is held in."""
    data = shared / "data"
    forbidden = corpora.measuring(data)
    gold = {corpora.key(row["text"]) for name in corpora.GOLD for row in corpora.read_gold(data, name)}
    assert len(gold) > 500
    groups = [*corpora.EXPERTS[lang].values(), *corpora.POLAR[lang].values()]
    sides: dict[str, set[bool]] = {}
    whole = set()
    for sets in groups:
        for row in corpora.examples(data, lang, sets, forbidden):
            whole.add(corpora.key(row.text))
            sides.setdefault(corpora.beginning(corpora.key(row.text)), set()).add(
                corpora.held_in(data, row.text)
            )
    assert len(sides) > 10_000
    assert not whole & gold
    assert not sides.keys() & forbidden
    assert all(len(held) == 1 for held in sides.values())
    assert 0.07 < sum(held == {True} for held in sides.values()) / len(sides) < 0.13


def test_what_is_held_in_of_dated_posts_comes_after_what_is_learned_from(
    shared: Path, corpora: ModuleType
) -> None:
    data = shared / "data"
    origins: dict[str, list[tuple[str, str]]] = {}
    for row in corpora.annotated(data):
        origins.setdefault(row["set"], []).append((row["text"], row["when"]))
    assert len(origins) > 8
    for origin, rows in origins.items():
        times: dict[bool, list[Any]] = {True: [], False: []}
        for text, when in rows:
            times[corpora.held_in(data, text)].append(when)
        if len(rows) > 100:
            assert 0.05 < len(times[True]) / len(rows) < 0.2, origin
        # A copy of a late text is held in though it is early; what is learned from is never the latest.
        assert not times[True] or max(times[True]) >= max(times[False]), origin
        late = sorted(times[True])[len(times[True]) // 4 :]
        assert all(when >= max(times[False]) for when in late), origin


def test_annotations_are_no_gold_texts(shared: Path, corpora: ModuleType) -> None:
    data = shared / "data"
    gold = {
        corpora.beginning(corpora.key(r["text"]))
        for name in corpora.GOLD
        for r in corpora.read_gold(data, name)
    }
    own = {corpora.beginning(corpora.key(row["text"])) for row in corpora.annotated(data)}
    assert not own & gold


def test_sets_that_only_measure_are_in_no_training_list(corpora: ModuleType) -> None:
    used = {
        name
        for table in (corpora.EXPERTS, corpora.POLAR)
        for kinds in table.values()
        for sets in kinds.values()
        for name in sets
    }
    assert not used & {*corpora.MEASURE_ONLY, *corpora.GOLD}


def test_copies_share_a_key(corpora: ModuleType) -> None:
    assert corpora.key("RT @x: Great! http://t.co/a") == corpora.key("great")


def test_copies_stay_on_one_side(corpora: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dated = (frozenset({"early"}), frozenset({"great"}))
    monkeypatch.setattr(corpora, "_dated", lambda folder: dated)
    folder = Path("nowhere")
    assert corpora.held_in(folder, "great")
    assert corpora.held_in(folder, "RT @x: Great! http://t.co/a")
    assert not corpora.held_in(folder, "early")
    drawn = [corpora.held_in(folder, f"text {number}") for number in range(2_000)]
    assert 0.07 < sum(drawn) / len(drawn) < 0.13


def test_no_small_talk_measures(shared: Path, corpora: ModuleType) -> None:
    data = shared / "data"
    forbidden = corpora.measuring(data)
    talk = {corpora.beginning(corpora.key(text)) for text in corpora.small_talk(data, forbidden)}
    other = {corpora.beginning(corpora.key(text)) for text in corpora.small_talk(data, forbidden, (3, 4))}
    assert len(talk) > 1_000
    assert len(other) > 1_000
    assert not talk & forbidden
    assert not talk & other
    assert set(corpora.small_talk(data, forbidden | talk)) == set()


@pytest.fixture(scope="module")
def scripts() -> Iterator[None]:
    """The scripts can be imported as `train.py` imports them."""
    before = list(sys.path)
    sys.path.insert(0, str(SCRIPTS.parent))
    try:
        yield
    finally:
        sys.path[:] = before


@pytest.fixture(scope="module")
def heads(scripts: None) -> ModuleType:
    """The script of the yes-or-no judgements."""
    return importlib.import_module("training.train_heads")


def test_no_text_that_measures_or_is_held_in_reaches_the_teacher(
    shared: Path, corpora: ModuleType, scripts: None
) -> None:
    transfer = importlib.import_module("training.transfer")
    data = shared / "data"
    forbidden = corpora.measuring(data)
    inner = {
        corpora.beginning(corpora.key(row.text))
        for sets in corpora.EXPERTS["en"].values()
        for row in corpora.examples(data, "en", sets, forbidden)
        if corpora.held_in(data, row.text)
    }
    assert len(inner) > 1_000
    told = list(transfer.transfer(data, forbidden))
    starts = {corpora.beginning(corpora.key(asked.text)) for asked in told}
    assert len(starts) > 10_000
    for texts in (starts, {asked.origin for asked in told}):  # the text, and the one it is cut from
        assert not texts & forbidden
        assert not texts & inner


def test_sentences_written_to_learn_from_are_not_those_that_test(corpora: ModuleType) -> None:
    folder = Path(__file__).parent
    lists = list(folder.glob("*_texts.tsv"))
    assert len(lists) >= 4
    tested = {
        corpora.key(line.rsplit("\t", 1)[-1])
        for path in lists
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("# ")
    } - {""}
    sets = (corpora.OWN_SENTENCES, corpora.OWN_SHARE_SENTENCES)
    learned = [row["text"] for name in sets for row in corpora.read_set(Path(), name)]
    assert len(learned) > 5_000
    assert not [text for text in learned if corpora.key(text) in tested]


def test_judgements_are_numbers_and_shares_alone(scripts: None) -> None:
    transfer = importlib.import_module("training.transfer")
    with np.load(transfer.JUDGED, allow_pickle=False) as file:
        assert set(file.files) == {"marks", "shares"}
        marks, shares = file["marks"], file["shares"]
    assert marks.dtype == np.uint64
    assert shares.dtype == np.uint8
    assert shares.shape == (len(marks), 3)
    assert (marks[1:] > marks[:-1]).all()  # found by bisection
    assert (np.abs(shares.astype(int).sum(axis=1) - 255) <= 2).all()


def test_no_text_that_measures_reaches_the_judgements(
    shared: Path, corpora: ModuleType, heads: ModuleType
) -> None:
    data = shared / "data"
    forbidden = corpora.measuring(data)
    everything = {corpora.beginning(corpora.key(row["text"])) for row in corpora.annotated(data)}
    for lang in ("en", "zh"):
        learned = {corpora.beginning(corpora.key(row["text"])) for row in heads._rows(data, lang, forbidden)}
        assert learned
        assert not learned & forbidden
        assert heads._rows(data, lang, everything) == []  # what is forbidden is left out, whatever it is


def test_calibration_towards_a_centre_leans_to_no_side(scripts: None) -> None:
    module = importlib.import_module("training.calibration")
    draw = np.random.default_rng(5)
    truth = draw.choice(3, 3_000, p=(0.1, 0.4, 0.5))
    logits = 1.5 * np.eye(3)[truth] + draw.normal(size=(3_000, 3)) + np.array([-0.5, 0.0, 0.5])
    even = module.calibration(logits, truth, np.array([0.3, 0.4, 0.3]))
    plain = module.calibration(logits, truth)
    assert plain.shifts.tolist() == [0.0, 0.0, 0.0]
    assert plain.polar == plain.plain
    errors = []
    for fitted in (even, plain):
        powers = np.exp(logits @ fitted.matrix.T + fitted.shifts)
        shares = powers / powers.sum(axis=1, keepdims=True)
        mixes = np.array([[0.4, 0.4, 0.2], [0.3, 0.4, 0.3], [0.2, 0.4, 0.4]])
        errors.append(module.expected_mood_error(shares, truth, mixes))
        score = shares[:, 2] - shares[:, 0]
        means = [score[truth == label].mean() for label in range(3)]
        if fitted is even:  # though there is five times as much praise as blame
            assert means[0] + means[2] == pytest.approx(0.0, abs=0.08)
            assert means[1] == pytest.approx(0.0, abs=0.05)
    assert errors[0] < 0.8 * errors[1]


def test_expected_mood_error_is_that_of_drawn_groups(scripts: None) -> None:
    module = importlib.import_module("training.calibration")
    draw = np.random.default_rng(6)
    truth = draw.choice(3, 2_000, p=(0.3, 0.4, 0.3))
    shares = draw.dirichlet((1, 1, 1), 2_000) * 0.6 + 0.4 * np.array([0.5, 0.3, 0.2])
    mix = np.array([0.2, 0.5, 0.3])
    chances = (mix / np.bincount(truth) / mix.sum())[truth]
    groups = draw.choice(2_000, (4_000, module.GROUP), p=chances / chances.sum())
    off = (shares[:, 2] - shares[:, 0] - (truth - 1))[groups].mean(axis=1)
    found = module.expected_mood_error(shares, truth, mix[None])
    assert found == pytest.approx(np.abs(off).mean(), rel=0.05)


def test_out_of_fold_hides_a_text_and_its_pieces(scripts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    learning = importlib.import_module("training.learning")
    corpora = importlib.import_module("training.corpora")
    rows = [corpora.Example(f"text number {at}", at % 3, 1.0, "set") for at in range(30)]
    matrix = sp.csr_matrix(np.eye(30))
    inner = np.arange(30) >= 27
    taught = learning.Taught("zh", matrix, rows, np.zeros(30, int), inner, 30)
    marks = [corpora.beginning(corpora.key(row.text)) for row in rows]
    told = learning.Told(matrix, np.full((30, 3), 1 / 3), marks, np.ones(30))
    seen = []

    def expert(rest: Any, at: int, name: str, told: Any) -> tuple[Any, Any]:
        learned = {marks[row] for row in np.flatnonzero(~rest.inner)}
        assert learned.isdisjoint(np.array(marks)[27:])
        assert set(told.origins) == learned | set(marks[27:])
        assert told.matrix.shape[0] == len(told.shares) == len(told.origins) == len(told.weights)
        seen.append(learned)
        return np.zeros((3, 30)), np.arange(3.0)

    monkeypatch.setattr(learning, "expert", expert)
    folds = learning.by_text(taught, 0)
    assert (folds >= 0).tolist() == (~inner).tolist()
    logits, labels = learning.out_of_fold(taught, 0, "ai", told, folds)
    assert logits.tolist() == [[0.0, 1.0, 2.0]] * 27
    assert labels.tolist() == [at % 3 for at in range(27)]
    assert len(seen) == learning.FOLDS
    assert set.union(*seen) == set(marks[:27])
    assert set.intersection(*seen) == set()  # each text is left out once


def test_folds_of_sets_leave_out_whole_sets(scripts: None) -> None:
    learning = importlib.import_module("training.learning")
    corpora = importlib.import_module("training.corpora")
    rows = [corpora.Example(f"text {at}", 1, 1.0, name) for at, name in enumerate("aabbccab")]
    kind, inner = np.array([0] * 6 + [1, 0]), np.arange(8) == 7  # one of another kind, one held in
    taught = learning.Taught("en", sp.csr_matrix(np.eye(8)), rows, kind, inner, 8)
    assert learning.by_set(taught, 0, ("c", "a")).tolist() == [1, 1, -1, -1, 0, 0, -1, -1]


@pytest.mark.parametrize("script", ["train.py", "train_heads.py", "learning.py", "features.py"])
def test_scripts_get_their_texts_from_the_filter_alone(script: str) -> None:
    """`corpora.examples` and `_rows` leave out what measures; nothing else opens a set."""
    tree = ast.parse((SCRIPTS / script).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        assert not names & {"read_set", "read_gold", "gzip", "pd"}, function.name
        if "annotated" in names:
            assert "forbidden" in names, f"{function.name} reads annotations past the filter"
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == "examples":
                assert ast.unparse(call.args[-1]) == "forbidden", function.name
            if isinstance(call.func, ast.Name) and call.func.id == "small_talk":
                assert ast.unparse(call.args[1]) == "forbidden", function.name


def test_freedom_is_a_scale_of_the_features(scripts: None) -> None:
    module = importlib.import_module("training.regression")
    draw = np.random.default_rng(3)
    matrix = sp.csr_matrix(draw.normal(size=(200, 6)))
    shares, weights = draw.dirichlet((1, 1, 1), 200), np.ones(200)
    scale = np.array([1.0, 2.0, 0.5, 1.0, 3.0, 1.0])
    free, bias = module.shares_regression(matrix, shares, weights, 0.1, freedom=np.tile(scale[:, None], 3))
    scaled, same = module.shares_regression((matrix @ sp.diags(scale)).tocsr(), shares, weights, 0.1)
    assert free == pytest.approx(scaled * scale, abs=1e-3)
    assert bias == pytest.approx(same, abs=1e-3)


def test_features_are_freer_the_more_they_tell(scripts: None) -> None:
    module = importlib.import_module("training.regression")
    draw = np.random.default_rng(4)
    truth = draw.integers(0, 3, 600)
    own = [truth == label for label in range(3)]
    often = [who & (draw.random(600) < 0.5) | (draw.random(600) < 0.3) for who in own]
    holds = np.column_stack([*own, *often, draw.random(600) < 0.5, truth == 2]).astype(float)
    found = module.telling(sp.csr_matrix(holds), np.eye(3)[truth], np.ones(600), 7, 1.0)
    assert found.shape == (8, 3)
    for label in range(3):  # what only this class holds, what it holds more often, what all hold alike
        assert found[label, label] > found[3 + label, label] > found[6, label] > 0.49
    assert found[7].tolist() == [1.0, 1.0, 1.0]  # a measured feature: no counts
    thought = module.telling(sp.csr_matrix(holds), np.eye(3)[truth], np.ones(600), 7, 1000.0)
    assert thought[2, 2] < found[2, 2]


def test_held_in_texts_are_not_judged_by_weights_that_learned_them(
    scripts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("training.evaluate")
    monkeypatch.setattr(module, "ASIDE", tmp_path)
    with pytest.raises(SystemExit, match=r"run models/training/train\.py first"):
        module._aside("zh")
    np.savez(tmp_path / "zh.npz", shipped=np.array("of other weights"))
    with pytest.raises(SystemExit, match=r"run models/training/train\.py first"):
        module._aside("zh")
    shipped = module._digest(module.ROOT / "sentinel_models" / "artifacts" / "zh.npz")
    np.savez(tmp_path / "zh.npz", shipped=np.array(shipped))
    assert module._aside("zh") == tmp_path / "zh.npz"


@pytest.mark.parametrize("n_experts", [2, 3, 4])
def test_experts_as_they_are_written_judge_as_they_were_taught(
    scripts: None, monkeypatch: pytest.MonkeyPatch, n_experts: int
) -> None:
    saving, draw = importlib.import_module("training.saving"), np.random.default_rng(5)
    written: dict[str, Any] = {}
    monkeypatch.setattr(saving, "save", lambda _model, **arrays: written.update(arrays))
    keep, rarity = np.sort(draw.choice(1 << BITS, 300, replace=False)), draw.random(1 << BITS) + 0.1
    polar = np.zeros((1 << BITS, 2))
    polar[keep] = draw.normal(size=(300, 2))

    def learned(n_outputs: int) -> tuple[Any, Any]:
        return draw.normal(size=(n_outputs, 300 + 2 + 7)) / 4, draw.normal(size=n_outputs)

    *kinds, gate = taught = [*(learned(3) for _ in range(n_experts)), learned(n_experts)]
    saving.write_experts("any", [f"kind {at}" for at in range(n_experts)], keep, rarity, polar, taught)

    counts, measures = draw.poisson(0.02, (40, 300)), draw.normal(size=(40, 7))
    hashed = counts * rarity[keep]
    seen = np.hstack([hashed, hashed @ polar[keep], measures])
    shares = softmax(seen @ gate[0].T + gate[1])
    each = np.stack([seen @ matrix.T + bias for matrix, bias in kinds], axis=1)
    wanted = softmax(np.einsum("ne,nec->nc", shares, each))

    sums = counts @ written["features"][keep].astype(float) * written["units"]
    logits, made = Experts(written).mixture(sums, measures)
    assert np.allclose(made, shares, atol=0.02)
    assert np.allclose(softmax(logits), wanted, atol=0.02)
    assert np.abs(shares - 1 / n_experts).max() > 0.2
