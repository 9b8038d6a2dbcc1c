"""What a person said of a post: kept, and put over what the models say wherever tags are read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sentinel.correction_table import HEADER, read_corrections, write_corrections
from sentinel.corrections import Correction
from sentinel.errors import StoreError, UsageError
from sentinel.mood import daily_mood
from sentinel.ports import Batch
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import MOOD_COLUMNS, Store
from sentinel.votes import author_days

TAGS = {
    "lang": "en", "about": 0.9, "spam": 0.1, "label": "neutral", "score": 0.1, "p_negative": 0.2, "p_neutral": 0.5,
    "p_positive": 0.3, "confidence": 0.5, "topics": "market", "entities": "alibaba", "model": "linear 1",
}  # fmt: skip
SHOWN = (
    "label", "score", "p_negative", "p_neutral", "p_positive", "confidence", "about", "spam", "topics",
    "model",
)  # fmt: skip


def fill(store: Store, n: int = 4, texts: Callable[[int], str] = "text {}".format) -> None:
    posts = [
        {
            "platform": "x",
            "post_id": f"1{number}",
            "published": f"2031-03-01T00:{number:02d}:00Z",
            "precision": "second",
            "author": f"synth_{number}",
            "kind": "post",
            "text": texts(number),
        }
        for number in range(n)
    ]
    number = store.begin_input("s1", "a.jsonl", "test", 10)
    assert number is not None
    store.add(number, Batch(columns_of(posts)))
    store.end_input(number)


def tag(store: Store, taggers: str = "first", **changed: Any) -> None:
    for numbers, ranks, _ in store.untagged(taggers):
        tags = {name: [(TAGS | changed)[name]] * len(numbers) for name in TAG_COLUMNS}
        store.add_tags(taggers, numbers, ranks, tags)


def shown(store: Store) -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for part in store.rows(("post_id", *SHOWN)) for row in part}


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    tag(store)
    return store


def test_a_corrected_label_is_sure_and_says_whose_it_is(store: Store) -> None:
    store.correct({("x", "10"): Correction("negative"), ("x", "11"): Correction("unscored")})
    rows = shown(store)
    assert rows["10"] == ("negative", -1.0, 1.0, 0.0, 0.0, 1.0, 0.9, 0.1, "market", "linear 1 + correction")
    assert rows["11"][:6] == ("unscored", None, None, None, None, None)
    assert rows["12"] == tuple(TAGS[name] for name in SHOWN)


def test_what_was_not_judged_stays_with_the_models(store: Store) -> None:
    store.correct({("x", "10"): Correction(about=False, spam=True, topics="")})
    rows = shown(store)
    assert rows["10"] == ("neutral", 0.1, 0.2, 0.5, 0.3, 0.5, 0.0, 1.0, "", "linear 1 + correction")


def test_corrections_survive_retagging_and_come_back_as_given(store: Store) -> None:
    made = Correction("positive", True, None, "chips;market")
    store.correct({("x", "13"): made})
    tag(store, "second", label="negative", score=-0.4, model="linear 2")
    rows = shown(store)
    assert rows["13"][0] == "positive"
    assert rows["13"][-1] == "linear 2 + correction"
    assert rows["12"][0] == "negative"
    (said,) = store.corrections()
    assert (said.post_id, said.text, said.lang, said.correction) == ("13", "text 3", "en", made)


def test_a_post_is_looked_at_once_and_a_skipped_one_is_no_correction(store: Store) -> None:
    store.correct({("x", "10"): Correction(), ("x", "11"): Correction(spam=False)})
    assert [row["post_id"] for row in store.unjudged()] == ["12", "13"]
    assert store.n_corrections() == 1
    assert shown(store)["10"][-1] == "linear 1"
    store.forget_correction("x", "11")
    assert [row["post_id"] for row in store.unjudged()] == ["11", "12", "13"]


def test_a_correction_of_no_stored_post_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="nothing of this step was written"):
        store.correct({("x", "10"): Correction("negative"), ("x", "99"): Correction("negative")})
    assert store.n_corrections() == 0


def test_the_topic_filter_follows_corrections(store: Store) -> None:
    store.correct({("x", "10"): Correction(topics="chips")})
    found = [row[0] for part in store.rows(("post_id",), topic="chips") for row in part]
    assert found == ["10"]
    assert len([row for part in store.rows(("post_id",), topic="market") for row in part]) == 3


def test_mood_follows_corrections_and_strata_do_not(store: Store) -> None:
    def computed() -> tuple[float, int]:
        frame = pd.DataFrame(
            [tuple(row) for part in store.rows(MOOD_COLUMNS) for row in part], columns=list(MOOD_COLUMNS)
        )
        days = author_days(frame, "UTC")
        mood = daily_mood(days)
        return round(float(mood.loc[mood["scope"] == "all", "mood"].iloc[0]), 4), len(days.strata)

    assert computed() == (0.1, 1)
    store.correct({("x", "10"): Correction("negative"), ("x", "11"): Correction(spam=True)})
    assert computed() == (-0.2667, 1)  # (-1 + 0.1 + 0.1) / 3


def test_a_store_from_before_corrections_gets_their_table(tmp_path: Path) -> None:
    import sqlite3

    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = Store(url)
    fill(store)
    store.close()
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.execute("DROP TABLE corrections")
        connection.execute("DELETE FROM facts WHERE name = 'layout'")
    store = Store(url)
    store.correct({("x", "10"): Correction("negative")})
    assert store.n_corrections() == 1
    store.close()


def test_the_table_goes_round(store: Store, tmp_path: Path) -> None:
    said = {
        ("x", "10"): Correction("positive", True, False, "market"),
        ("x", "11"): Correction(topics=""),
        ("x", "12"): Correction("unscored", about=False),
    }
    store.correct(said)
    path = tmp_path / "said.csv"
    assert write_corrections(path, store.corrections()) == 3
    for platform, post_id in said:
        store.forget_correction(platform, post_id)
    assert read_corrections(path, store) == (3, 0, 0, 0, [])
    assert read_corrections(path, store) == (3, 0, 0, 0, [])
    assert {each[:2]: each.correction for each in store.corrections()} == said


def test_wrong_rows_are_told_by_line_and_cost_only_themselves(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text(
        f"{','.join(HEADER)}\n"
        "x,10,en,text,negative,y,n,\n"
        'x,11,en,"two\nlines",good,,,\n'
        "x,12,en,text,,maybe,,\n"
        "x,99,en,text,neutral,,,\n"
        "x,1.2E+18,en,text,neutral,,,\n"
        "x,10,en,text,positive,,,\n"
        "x,13,en,text,,,,a b\n"
        "x,13,en,text,,,,\n",
        encoding="utf-8",
    )
    n, _, withdrawn, empty, problems = read_corrections(path, store)
    assert (n, withdrawn, empty) == (1, 0, 1)
    assert [problem.partition(": ")[0].rpartition(" ")[2] for problem in problems] == [
        "3", "5", "6", "7", "8", "9",
    ]  # fmt: skip
    assert "'good' is none of" in problems[0]
    assert "'maybe' is neither y nor n" in problems[1]
    assert "no post '99'" in problems[2]
    assert "rounded" in problems[3]
    assert "same post as line 2" in problems[4]
    assert "'a b' is no id" in problems[5]


def test_the_longest_post_goes_round_too(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from sentinel.correction_table import read_corrections; from sentinel.store import Store\n"
        "print(read_corrections(Path(sys.argv[1]), Store(sys.argv[2])))"
    )
    path, url = tmp_path / "said.csv", f"sqlite:///{tmp_path / 'long.db'}"
    store = Store(url)
    fill(store, 1, lambda _: "Qwen is great " * 20_000)
    store.correct({("x", "10"): Correction("positive")})
    write_corrections(path, store.corrections())
    store.close()
    # in a process of its own: what reads a long cell elsewhere sets a limit for all
    done = subprocess.run([sys.executable, "-c", code, str(path), url], capture_output=True, text=True)
    assert done.stdout == "Taken(corrected=1, otherwise=0, withdrawn=0, empty=0, problems=[])\n", done.stderr


def test_a_second_annotator_adds_and_is_told_where_the_first_said_otherwise(
    store: Store, tmp_path: Path
) -> None:
    store.correct({("x", "10"): Correction("negative", True), ("x", "11"): Correction("neutral")})
    path = tmp_path / "second.csv"
    path.write_text("platform,post_id,label,spam\nx,10,positive,\nx,11,,y\nx,12,neutral,\n", encoding="utf-8")
    assert read_corrections(path, store) == (3, 1, 0, 0, [])
    assert {each[1]: each.correction for each in store.corrections()} == {
        "10": Correction("positive", True),
        "11": Correction("neutral", spam=True),
        "12": Correction("neutral"),
    }


def test_what_was_said_is_taken_back(store: Store, tmp_path: Path) -> None:
    store.correct(
        {
            ("x", "10"): Correction("negative", True),
            ("x", "11"): Correction("neutral", topics="market"),
            ("x", "12"): Correction("positive", spam=True),
        }
    )
    path = tmp_path / "less.csv"
    path.write_text(
        "platform,post_id,label,about,spam,topics\n"
        "x,10,undo,UNDO ,undo,undo\n"  # all that there was
        "x,11,,,,undo\n"
        "x,12,undo,y,,\n"  # something new, too
        "x,13,undo,,,\n"  # of which nothing was said
        "x,99,undo,,,\n",
        encoding="utf-8",
    )
    taken = read_corrections(path, store)
    assert taken[:4] == (1, 1, 2, 1)
    assert [problem.partition(": ")[2] for problem in taken.problems] == [
        "the store has no post '99' of platform 'x'"
    ]
    assert {each[1]: each.correction for each in store.corrections()} == {
        "11": Correction("neutral"),
        "12": Correction(about=True, spam=True),
    }
    assert [post["post_id"] for post in store.unjudged()] == ["10", "13"]  # may be asked about anew
    assert shown(store)["10"] == tuple(TAGS[name] for name in SHOWN)


def test_a_topic_that_there_is_not_is_refused_where_topics_are_known(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text("platform,post_id,topics\nx,10,model_relase\nx,11,market\nx,12,-\n", encoding="utf-8")
    taken = read_corrections(path, store, {"model_release", "market"})
    assert taken[:4] == (2, 0, 0, 0)
    assert (
        "line 2: there is no topic 'model_relase' (did you mean 'model_release'?); there are market,"
        in taken.problems[0]
    )
    assert read_corrections(path, store).corrected == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("post_id,label\n1,negative\n", "'platform'"),
        ("platform,post_id\nx,1\n", "at least one of"),
        ("platform,post_id,label,label\nx,1,neutral,positive\n", "2 columns 'label'"),
        ("", "'platform'"),
    ],
)
def test_a_table_that_says_nothing_is_refused(
    store: Store, tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / "said.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        read_corrections(path, store)
