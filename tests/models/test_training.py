"""What is learned from is not what measures."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[2] / "models" / "training"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_gold_or_validation_text_is_learned_from(shared: Path, corpora: ModuleType, lang: str) -> None:
    data = shared / "data"
    forbidden = corpora.measuring(data)
    gold = {corpora.key(row["text"]) for name in corpora.GOLD for row in corpora.read_gold(data, name)}
    assert len(gold) > 500
    groups = [*corpora.EXPERTS[lang].values(), *corpora.POLAR[lang].values()]
    learned: dict[str, set[bool]] = {}
    for sets in groups:
        for row in corpora.examples(data, lang, sets, forbidden):
            learned.setdefault(corpora.key(row.text), set()).add(corpora.held_in(row.text))
    assert len(learned) > 10_000
    assert not learned.keys() & gold
    sides: dict[str, set[bool]] = {}
    for mark, held in learned.items():
        sides.setdefault(corpora.beginning(mark), set()).update(held)
    assert not sides.keys() & forbidden
    # Copies are on one side of what is held in. Thirty characters decide the side and twenty-five a copy of a Chinese
    # text, so that one in ten thousand may be torn.
    assert sum(len(held) > 1 for held in sides.values()) <= len(sides) / 10_000


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
    assert corpora.held_in("RT @x: Great! http://t.co/a") == corpora.held_in("great")


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
        if corpora.held_in(row.text)
    }
    assert len(inner) > 1_000
    starts = {corpora.beginning(corpora.key(text)) for _, text in transfer.transfer(data, forbidden)}
    assert len(starts) > 10_000
    assert not starts & forbidden
    assert not starts & inner


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


def test_symmetric_calibration_leans_to_no_side(scripts: None) -> None:
    calibration = importlib.import_module("training.calibration").calibration
    draw = np.random.default_rng(5)
    truth = draw.choice(3, 3_000, p=(0.1, 0.4, 0.5))
    logits = 1.5 * np.eye(3)[truth] + draw.normal(size=(3_000, 3))
    leaning, even = logits + np.array([-0.5, 0.0, 0.5]), calibration(logits, truth, True)
    assert abs(even.shifts[0] - even.shifts[2]) < 0.2  # though there is five times as much praise as blame
    found = calibration(leaning, truth, True)
    assert found.shifts[2] - found.shifts[0] == pytest.approx(-found.slope, abs=0.25)
    assert calibration(logits, truth, False).shifts.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("script", ["train.py", "train_heads.py"])
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
