"""What ``sentinel explain`` shows, and what it gives to programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.explaining import explanation, explanation_lines
from sentinel.post import TAG_COLUMNS, Columns
from sentinel.tagging import Tagger, make_tagger


class Telling:
    """Explains with whatever it was given."""

    name: ClassVar[str] = "telling"
    version = "1"
    columns: ClassVar[tuple[str, ...]] = ("topics",)

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told

    def tag(self, batch: Columns) -> Columns:
        return {"topics": [""] * len(batch["text"])}

    def explain(self, text: str) -> dict[str, Any]:
        return self._told


def shown(told: dict[str, Any]) -> str:
    return "\n".join(explanation_lines(explanation(Tagger([Telling(told)]), "text")))


def test_weights_come_heaviest_first_with_their_sign_and_added_up() -> None:
    lines = shown({"tokens": [("is", -0.02), ("great", 1.4), ("is", -0.02), ("not", -2.0), ("the", 0.0)]})
    assert "not -2.00, great +1.40, is -0.04" in lines
    assert "the" not in lines.split("tokens")[1].splitlines()[0]


def test_many_weights_are_cut_and_counted() -> None:
    lines = shown({"runs": [(f"run{at}", 1.0 + at) for at in range(30)]})
    assert "run29 30" in lines
    assert "and 18 smaller" in lines


def test_probabilities_stand_beside_their_thresholds() -> None:
    lines = shown({"probability": {"chips": 0.2, "market": 0.7}, "threshold": {"chips": 0.5, "market": 0.4}})
    assert "market 0.70 (from 0.40 on), chips 0.20 (from 0.50 on)" in lines
    assert "threshold" not in lines


def test_words_by_what_they_mean_and_nested_answers_are_readable() -> None:
    lines = shown(
        {"words": {"market": ["price", "stock"], "chips": []}, "sides": {"comparison": -1, "ours": ["qwen"]}}
    )
    assert "market: price, stock" in lines
    assert "chips" not in lines
    assert "comparison: -1; ours: qwen" in lines
    assert "{" not in lines


def test_a_text_that_is_repeated_is_cut_and_lines_are_short() -> None:
    lines = shown({"read as": "x" * 100_000, "reasons": {}, "nothing": None}).splitlines()
    assert max(map(len, lines)) <= 135
    assert any("100,000 characters" in line for line in lines)
    assert not any(line.startswith(("  reasons", "  nothing")) for line in lines)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return make_tagger()


def test_every_tag_has_what_made_it(tagger: Tagger) -> None:
    found = explanation(tagger, "Qwen is great, but the free trial giveaway is a scam https://a.b")
    assert list(found["tags"]) == list(TAG_COLUMNS)
    made = {column: model for model in found["models"] if model["used"] for column in model["columns"]}
    for tag in ("lang", "about", "spam", "topics", "entities", "label"):
        assert made[tag]["explanation"], tag
    assert "great" in dict(made["label"]["explanation"]["tokens"])


def test_only_the_scorer_that_made_the_label_is_told(tagger: Tagger) -> None:
    used = {model["name"]: model["used"] for model in explanation(tagger, "千问太好用了")["models"]}
    assert used["zh"]
    assert not used["linear"]
    lines = "\n".join(explanation_lines(explanation(tagger, "千问太好用了")))
    assert "not needed, another scorer had judged the post" in lines
    assert "left it unscored" in "\n".join(explanation_lines(explanation(tagger, "日本語です")))


def sentinel(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize(
    "text", ["", "\x1b[2J\x07 red \u202e", "\ud83d alone", "مرحبا Qwen ‏千问", "x" * 100_000]
)
def test_hostile_texts_are_explained_harmlessly(text: str) -> None:
    result = sentinel("explain", "--", text)
    assert result.exit_code == 0
    assert not [sign for sign in result.output if not sign.isprintable() and sign != "\n"]
    assert len(result.output) < 20_000


def test_programs_get_json() -> None:
    found = json.loads(sentinel("explain", "--json", "Qwen3 beats GPT-4o").output)
    assert found["tags"]["label"] == "positive"
    assert found["models"][-2]["name"] == "linear"
    assert found["models"][-2]["explanation"]["tokens"]


def stored(tmp_path: Path) -> str:
    """A store in which an author posts a template, and somebody else the same id on another platform."""
    lines = ["id,published,author,text,platform"]
    for at in range(10):
        text = f"${'ABCDEFGHIJ'[at]} moved {at}.5% now, see the levels we watch"
        lines.append(f'{10**15 + at},2025-04-08T06:{at:02d}:09Z,levels,"{text}",x')
    lines.append(f"{10**15 + 3},2025-04-08T06:03:09Z,somebody,Qwen is great,weibo")
    export = tmp_path / "posts.csv"
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    url = f"sqlite:///{tmp_path}/s.db"
    sentinel("collect", str(export), "--store", url)
    sentinel("tag", "--store", url)
    return url


def test_a_stored_post_is_explained_with_what_others_say_of_it(tmp_path: Path) -> None:
    url = stored(tmp_path)
    shown = sentinel("explain", "--post", f"{10**15 + 4}", "--store", url).output
    before, after = shown.split("its text alone")
    assert "the author posted this text 10 times that day (+4.61)" in before
    found = json.loads(sentinel("explain", "--post", f"{10**15 + 4}", "--store", url, "--json").output)
    assert found["post"]["spam"] > 0.5 > found["tags"]["spam"]
    assert f"{found['tags']['spam']:.6f}".rstrip("0") in after
    assert found["text"].startswith("$E moved")


def test_which_stored_post_is_meant_must_be_clear(tmp_path: Path) -> None:
    url = stored(tmp_path)
    for arguments, message in (
        (["--post", f"{10**15 + 3}"], "is on weibo, x; say which with --platform"),
        (
            ["--post", f"{10**15 + 3}", "--platform", "reddit"],
            "no post of the store has the id '1000000000000003' on reddit",
        ),
        (["--post", "77"], "no post of the store has the id '77'"),
        (["--post", f"{10**15 + 3}", "text"], "needs a TEXT, or --post ID"),
        ([], "needs a TEXT, or --post ID"),
        (["text", "--platform", "x"], "--platform goes with --post ID"),
    ):
        done = CliRunner().invoke(main, ["explain", *arguments, "--store", url])
        assert done.exit_code == 2
        assert message in done.output
    one = ("explain", "--post", f"{10**15 + 3}", "--platform", "weibo", "--store", url, "--json")
    assert json.loads(sentinel(*one).output)["text"] == "Qwen is great"
