"""The labeller: which posts it picks, what its keys do, and how it is used through a pipe."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.corrections import Correction
from sentinel.errors import UsageError
from sentinel.label_keys import Command, parse
from sentinel.label_pool import choose, doubt
from sentinel.ports import Batch
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store

UNSURE = {"p_negative": 0.33, "p_neutral": 0.34, "p_positive": 0.33}
SURE = {"p_negative": 0.01, "p_neutral": 0.98, "p_positive": 0.01}


def row(
    number: int, text: str, three: dict[str, float], about: float = 1.0, spam: float = 0.0
) -> dict[str, Any]:
    tags = {"lang": "en", "label": "neutral", "topics": "market", "about": about, "spam": spam, **three}
    return {
        "platform": "x",
        "post_id": str(number),
        "published": None,
        "text": text,
        "copy_key": text,
        **tags,
    }


def picked(rows: Iterable[dict[str, Any]], n: int, seed: int = 1) -> list[str]:
    return [candidate.post_id for candidate in choose(rows, n, seed)]


def test_doubt_is_about_label_about_and_spam() -> None:
    assert doubt(row(1, "a", SURE)) < 0.2 < doubt(row(1, "a", UNSURE))
    assert doubt(row(1, "a", SURE, about=0.5)) > doubt(row(1, "a", SURE))
    assert doubt(row(1, "a", SURE, spam=0.5)) > doubt(row(1, "a", SURE))
    assert doubt(row(1, "a", UNSURE, about=0.0)) < doubt(row(1, "a", UNSURE))


def test_unsure_posts_come_first_and_no_two_alike() -> None:
    crowd = [row(number, f"Qwen is slow today, number {number}", UNSURE) for number in range(20)]
    other = [row(50, "阿里云今天又宕机了", UNSURE), row(51, "buy $BABA calls", UNSURE)]
    sure = [row(100 + number, f"the data centre of {number} opens", SURE) for number in range(50)]
    first = picked(crowd + other + sure, 3)
    assert {"50", "51"} < set(first)
    assert not {post_id for post_id in picked(crowd + other + sure, 10) if int(post_id) >= 100}


def test_the_choice_depends_on_posts_and_seed_alone() -> None:
    rows = [row(number, f"{number * 7919 % 101} words about Qwen", UNSURE) for number in range(200)]
    assert picked(rows, 10) == picked(rows[::-1], 10)
    assert picked(rows, 10) != picked(rows, 10, seed=2)


def test_a_text_is_asked_about_once() -> None:
    assert len(picked([row(number, "the same", UNSURE) for number in range(9)], 5)) == 1


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("p\n", Command("save", Correction("positive"))),
        ("xs0", Command("save", Correction("neutral", about=False, spam=True))),
        ("N a H", Command("save", Correction("negative", about=True, spam=False))),
        ("u t chips; market", Command("save", Correction("unscored", topics="chips;market"))),
        ("t", Command("save", Correction(topics=""))),
        ("\n", Command("agree")),
        ("k", Command("skip")),
        (" B ", Command("back")),
        ("q", Command("quit")),
        ("?", Command("help")),
    ],
)
def test_keys(line: str, command: Command) -> None:
    assert parse(line) == command


@pytest.mark.parametrize("line", ["z", "np", "ax", "pq", "t a,b", "\x1b[A", "p t <b>"])
def test_wrong_keys_say_so(line: str) -> None:
    with pytest.raises(UsageError):
        parse(line)


HOSTILE = "\x1b]0;owned\x07\x1b[2J red \u202e evil \udcff" + "long " * 5_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with five tagged posts, one of them hostile."""
    url = f"sqlite:///{tmp_path / 'posts.db'}"
    store = Store(url)
    texts = ["Qwen is slow", "阿里云宕机", "buy $BABA", "DeepSeek is faster", HOSTILE.replace("\udcff", "")]
    posts = [
        {
            "platform": "x",
            "post_id": f"=1{at}",
            "published": f"2031-03-0{at + 1}T00:00:00Z",
            "precision": "second",
            "author": f"synth_{at}",
            "kind": "post",
            "text": text,
        }
        for at, text in enumerate(texts)
    ]
    number = store.begin_input("s", "a.jsonl", "test", 10)
    assert number is not None
    store.add(number, Batch(columns_of(posts)))
    store.end_input(number)
    for numbers, ranks, _ in store.untagged("test"):
        tags = {"about": 0.9, "spam": 0.1, "lang": "en", "label": "neutral", "score": 0.0, "confidence": 0.34}
        tags |= {"topics": "market", "entities": "", "model": "test 1", **UNSURE}
        store.add_tags("test", numbers, ranks, {name: [tags[name]] * len(numbers) for name in TAG_COLUMNS})
    store.close()
    return url


def sentinel(*arguments: object, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(
        main, [str(argument) for argument in arguments], input=typed, catch_exceptions=False
    )


def corrections(url: str) -> list[Correction]:
    store = Store(url)
    try:
        return [said.correction for said in store.corrections()]
    finally:
        store.close()


def test_a_session_is_kept_step_by_step_and_goes_on_another_time(url: str) -> None:
    first = sentinel("label", "--store", url, typed="p\nk\nnonsense\nn s\nq\n")
    assert first.exit_code == 0
    assert "no key 'o'" in first.output
    assert "2 corrected, 1 skipped; the store holds 2 corrections" in first.output
    second = sentinel("label", "--store", url, typed="\n")  # the input ends: as quitting
    assert "1 of 2" in second.output
    assert len(corrections(url)) == 3
    assert Correction("neutral", True, False, "market") in corrections(url)


def test_a_topic_that_there_is_not_is_asked_for_again(url: str) -> None:
    result = sentinel("label", "--store", url, typed="t markt\nt market\nq\n")
    assert "there is no topic 'markt' (did you mean 'market'?); there are capex_investment, " in result.output
    assert corrections(url) == [Correction(topics="market")]


def test_back_takes_the_last_answer_back(url: str) -> None:
    result = sentinel("label", "--store", url, typed="b\np\np\nb\nb\nb\nn\n")
    assert result.output.count("nothing to take back") == 2
    assert corrections(url) == [Correction("negative")]


def test_hostile_texts_reach_the_terminal_as_text(url: str) -> None:
    result = sentinel("label", "--store", url, typed=b"\xff\n" + b"k\n" * 5)
    assert "no key '\ufffd'" in result.output
    assert "evil" in result.output
    assert not [sign for sign in result.output if not sign.isprintable() and sign != "\n"]
    assert max(map(len, result.output.splitlines())) < 200


def test_posts_are_judged_in_a_spreadsheet_too(url: str, tmp_path: Path) -> None:
    path = tmp_path / "todo.csv"
    assert sentinel("label", "--store", url, "--export", path, "-n", 3).exit_code == 0
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["label"] for row in rows] == [""] * 3
    assert all(row["post_id"].startswith("'=") for row in rows)
    rows[0]["label"], rows[1]["label"] = "positive", "bad"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    result = sentinel("label", "--store", url, "--import", path)
    assert "1 corrected, 1 left empty, 1 not taken" in result.output
    assert f"{path}, line 3: label 'bad' is none of" in result.output
    assert corrections(url) == [Correction("positive")]


def test_wrong_usage_is_told(url: str, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    assert sentinel("label", "--store", url, "--import", path, "--export", path).exit_code == 2
    assert sentinel("label", "--store", url, "--import", path).exit_code == 2
    assert sentinel("label", "--store", f"sqlite:///{tmp_path / 'none.db'}").exit_code == 1
