"""Measured quality: which tables are read, and that the figures are those of the tags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.correction_table import write_corrections
from sentinel.corrections import Correction
from sentinel.errors import UsageError
from sentinel.evaluation import cluster, evaluate
from sentinel.evaluation_text import figure_lines
from sentinel.labelled import Labelled, read_labelled, stored_corrections
from sentinel.ports import Batch
from sentinel.post import Columns, columns_of
from sentinel.quality import adjusted, count_interval, f1_of_counts, interval, macro_f1
from sentinel.store import Store
from sentinel.tagging import Tagger

ONE_HOT = {"bad": (1.0, 0.0, 0.0), "fact": (0.0, 1.0, 0.0), "good": (0.0, 0.0, 1.0)}
LABELS = {"bad": "negative", "fact": "neutral", "good": "positive"}


class ByFirstWord:
    """Scores a post by its first word; spam and other subjects by their words, topics by the last word."""

    name: ClassVar[str] = "by_first_word"
    version = "1"
    columns: ClassVar[tuple[str, ...]] = (
        "label", "score", "p_negative", "p_neutral", "p_positive", "about", "spam", "topics", "lang",
    )  # fmt: skip

    def tag(self, batch: Columns) -> Columns:
        words = [text.split() for text in batch["text"]]
        three = [ONE_HOT.get(first, (None, None, None)) for first, *_ in words]
        return {
            "label": [LABELS.get(first, "unscored") for first, *_ in words],
            "score": [None if p is None else p - (n or 0.0) for n, _, p in three],
            "p_negative": [n for n, _, _ in three],
            "p_neutral": [z for _, z, _ in three],
            "p_positive": [p for _, _, p in three],
            "about": [0.1 if "other" in text else 0.9 for text in batch["text"]],
            "spam": [0.9 if "buy" in text else 0.1 for text in batch["text"]],
            "topics": [last if last in ("chips", "market") else "" for *_, last in words],
            "lang": ["en"] * len(words),
        }


TAGGER = Tagger([ByFirstWord()])


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_figures_are_those_of_the_tags() -> None:
    posts = [
        Labelled("good day", "a", label="positive"),
        Labelled("good night", "a", label="neutral"),
        Labelled("bad day", "b", label="negative"),
        Labelled("? day", "b", label="negative"),
        Labelled("bad advert", "b", label="positive", spam=True),  # measures no sentiment
    ]
    whole, a, b = evaluate(posts, TAGGER)["groups"][:3]
    assert (whole["posts"], whole["n"], whole["scored"]) == (5, 4, 0.75)
    assert whole["macro_recall"]["figure"] == pytest.approx(0.5, abs=1e-4)
    assert whole["confusion"]["negative"] == {"negative": 1, "neutral": 0, "positive": 0, "unscored": 1}
    assert whole["calibration_error"] == pytest.approx(1 / 3, abs=1e-4)
    assert (a["source"], a["n"], b["source"], b["n"]) == ("a", 2, "b", 2)
    assert whole["macro_f1"]["low"] <= whole["macro_f1"]["figure"] <= whole["macro_f1"]["high"]


def test_about_spam_and_topics_are_measured_where_they_are_known() -> None:
    posts = [
        Labelled("fact other", "a", about=False),
        Labelled("fact on other chips", "a", about=True, topics=frozenset({"chips"})),
        Labelled(
            "fact chips",
            "a",
            about=True,
            spam=False,
            topics=frozenset({"market"}),
            topics_any=frozenset({"chips"}),
        ),
        Labelled("fact buy", "a", spam=True),
    ]
    (whole, *_) = evaluate(posts, TAGGER)["groups"]
    assert "n" not in whole
    assert whole["not_about_f1"]["figure"] == pytest.approx(2 / 3, abs=1e-4)
    assert (whole["not_about_f1"]["wanted"], whole["not_about_f1"]["n"]) == (1, 3)
    assert whole["spam_f1"]["figure"] == 1.0
    assert whole["topics_micro_f1"]["figure"] == pytest.approx(2 / 3, abs=1e-4)  # one right, one missed


def test_topics_with_ids_of_their_own_measure_nothing() -> None:
    posts = [Labelled("fact chips", "a", label="neutral", topics=frozenset({"stock", "ipo"}))]
    assert "topics_micro_f1" not in evaluate(posts, TAGGER)["groups"][0]


def test_what_nothing_was_scored_of_has_no_error() -> None:
    figures = evaluate([Labelled("? day", "a", label="neutral")], TAGGER)
    assert figures["groups"][0]["mood_error"] is None
    assert figures["groups"][0]["calibration_error"] is None
    assert "0% scored" in "\n".join(figure_lines(figures))


def test_a_bias_is_learned_from_the_other_half() -> None:
    generator = np.random.default_rng(3)
    truth = generator.integers(0, 3, 2_000)
    scores = 0.6 * (truth - 1) - 0.2 + generator.normal(0, 0.1, 2_000)
    half = generator.random(2_000) < 0.5
    right = adjusted(scores, truth, half)
    assert abs(right.mean() - (truth - 1).mean()) < 0.04 < 0.15 < abs(scores.mean() - (truth - 1).mean())
    few = adjusted(scores[:20], truth[:20], half[:20])
    assert abs(few - scores[:20]).max() < 0.2  # twenty posts are hardly believed
    same = scores.copy()
    same[half] = 9.0  # what a half says of itself is not listened to
    assert (adjusted(same, truth, half)[~half] != right[~half]).any()
    assert (adjusted(scores, np.where(half, 2 - truth, truth), half)[half] == right[half]).all()


def test_an_interval_of_counts_is_that_of_drawing_posts() -> None:
    generator = np.random.default_rng(4)
    truth = generator.integers(0, 3, 300)
    guess = np.where(generator.random(300) < 0.7, truth, 1)
    table = np.zeros((3, 4), np.int64)
    np.add.at(table, (truth, guess), 1)
    drawn = interval(lambda at: macro_f1(truth[at], guess[at]), 300, rounds=1000)
    assert count_interval(table, f1_of_counts) == pytest.approx(drawn, abs=0.02)


def test_copies_are_no_further_witnesses_and_are_told_of() -> None:
    posts = [Labelled("good " + end, "a", "en", "positive") for end in "abcde"]
    assert "5 posts; too few" in "\n".join(figure_lines(evaluate(posts, TAGGER)))
    copied = evaluate(posts * 8, TAGGER)
    assert copied["groups"][0]["texts"] == 5
    told = next(line for line in figure_lines(copied) if line.startswith("all"))
    assert (
        told
        == "all: 40 posts, 5 texts without copies, so that intervals are too narrow; too few to tell much"
    )


def test_copies_are_of_one_cluster() -> None:
    assert cluster("Qwen is GREAT! https://a.b @you") == cluster("qwen is great")
    assert cluster("RT @a: RT @b Qwen is great") == cluster("qwen is great")
    assert cluster("Qwen is great") != cluster("Qwen is slow")
    assert cluster("阿里云今天又宕机了" * 5 + "一") == cluster("阿里云今天又宕机了" * 5 + "二")


def test_tables_are_read_whatever_they_hold(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "text,label,source\ngood day,Positive,forum\nbad day,,forum\n")
    write(tmp_path / "b.tsv.csv", "sentiment\ttext\tabout\nnegative\tbad day\ty\n")
    write(tmp_path / "notes.txt", "not a table")
    posts = read_labelled([tmp_path])
    assert [(post.text, post.label, post.source) for post in posts] == [
        ("good day", "positive", "forum"),
        ("bad day", None, "forum"),
        ("bad day", "negative", "b"),
    ]
    assert [post.about for post in posts] == [None, None, True]


def test_a_cell_left_empty_among_many_is_a_dispute(tmp_path: Path) -> None:
    rows = "".join(f"good {number},positive,{'' if number == 3 else 'y'},n\n" for number in range(20))
    posts = read_labelled([write(tmp_path / "a.csv", f"text,label,about,spam\n{rows}")])
    assert [post.counts for post in posts].count(False) == 1
    assert not posts[3].counts


def test_a_table_of_corrections_says_what_the_store_says(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'posts.db'}")
    number = store.begin_input("s", "a.jsonl", "test", 10)
    assert number is not None
    texts = ["=1+1 is good", "bad", "hm", *(f"fact {at}" for at in range(20))]
    rows = [
        {"platform": "x", "post_id": str(at), "precision": "none", "kind": "post", "text": text, "lang": "en"}
        for at, text in enumerate(texts)
    ]
    store.add(number, Batch(columns_of(rows)))
    store.end_input(number)
    said = {("x", str(at)): Correction("neutral", True, False) for at in range(3, 23)}
    said |= {("x", "0"): Correction("positive", topics=""), ("x", "1"): Correction("negative", True)}
    store.correct(said | {("x", "2"): Correction("unscored", about=False, topics="market;chips")})
    path = tmp_path / "said.csv"
    write_corrections(path, store.corrections())
    assert "'=1+1" in path.read_text()
    assert "'-" in path.read_text()
    assert read_labelled([path]) == stored_corrections(store)
    store.close()


def test_what_a_table_of_corrections_takes_back_is_no_label(tmp_path: Path) -> None:
    path = write(
        tmp_path / "said.csv",
        "platform,post_id,lang,text,label,about,spam,topics\n"
        "x,1,en,undo,negative,y,undo,undo\n"
        "x,2,en,good,undo,undo,,\n",
    )
    first, second = read_labelled([path])
    assert (first.text, first.label, first.about, first.spam, first.topics) == (
        "undo", "negative", True, None, None,
    )  # fmt: skip
    assert not second.says_something


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "text,label\ngood,positive\nbad,bearish\n",
            "line 3: label 'bearish' is none of negative, neutral, positive",
        ),
        ("text,label\ngood,\nbad,\n", "none of its 2 posts is labelled"),
        ("text,mood\ngood,positive\n", "needs a column 'label'"),
        ("body,label\ngood,positive\n", "needs a column 'text'"),
        ("text,label,spam\ngood,positive,perhaps\n", "line 2: spam 'perhaps' is neither y nor n"),
        ("text,topics\ngood,a b\n", "line 2: topic 'a b' is no id"),
        ("text,label,label\ngood,positive,negative\n", "has 2 columns 'label'; leave one of that name"),
        ("", "needs a column 'text'"),
    ],
)
def test_wrong_tables_are_refused_by_line(tmp_path: Path, content: str, problem: str) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(UsageError) as error:
        read_labelled([path])
    assert str(error.value).startswith(str(path))
    assert problem in str(error.value)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no CSV file"):
        read_labelled([tmp_path])


def sentinel(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_the_command_prints_figures_and_json(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "text,label,lang\n"
        "Qwen is great,positive,en\n"
        "Alibaba Cloud is down again and it is awful,negative,en\n"
        "千问真的太好用了,positive,zh\n",
    )
    shown = sentinel("evaluate", path)
    assert shown.exit_code == 0
    for words in (
        "macro-recall",
        "macro-F1",
        "ECE, 10 bins",
        "mood error",
        "en: 2 posts",
        "zh: 1 post",
        "unscored",
    ):
        assert words in shown.output
    figures: dict[str, Any] = json.loads(sentinel("evaluate", path, "--json", "--no-adjust").output)
    assert [(group["lang"], group["posts"]) for group in figures["groups"]] == [
        (None, 3),
        ("en", 2),
        ("zh", 1),
    ]
    assert "mood_error_adjusted" not in figures["groups"][0]
    assert (
        sentinel("evaluate", path, "--json").output == sentinel("evaluate", "--gold", path, "--json").output
    )


def test_without_tables_and_corrections_there_is_nothing_to_measure(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    Store(url).close()
    result = sentinel("evaluate", "--store", url)
    assert result.exit_code == 2
    assert "holds no corrections" in result.output
