"""What settles a short post as a whole: an answer, an exception, a likeness; and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sentinel_models.beside import beside, beside_alone
from sentinel_models.chosen import chosen_en, chosen_of_one, chosen_zh
from sentinel_models.comparison_words import OURS, RIVAL, TABLES
from sentinel_models.exceptions import excepted
from sentinel_models.opposites import opposed
from sentinel_models.settling import may_settle, may_settle_alone, settled
from sentinel_models.words import read

from sentinel.post import Columns

TagAll = Callable[[Sequence[str]], Columns]
KINDS = ("choice", "beside", "exception", "both", "no choice")


def marked(text: str) -> str:
    return text.replace("{o}", OURS).replace("{r}", RIVAL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{o} or {r} for this? {o}, every time.", 1),
        ("which is worse at math, {o} or {r}? {o}", -1),
        ("{o} or {r}? not {o}.", -1),
        ("{o} or {r}? {r} is a waste of time", 1),
        ("between {o} and {r}, i'd go with {r}", -1),
        ("{o} vs {r}: {r} by a mile", -1),
        ("{o} or {r}?", 0),
        ("{o} or {r}? both.", 0),
        ("{o} vs {r}: {o} uses another tokenizer", 0),
        ("who owns it, {o} or {r}? {o}.", 0),
        ("was it trained on {o} or {r}? {o}.", 0),
    ],
)
def test_an_answer_names_whom_to_choose(text: str, said: int) -> None:
    assert chosen_en(marked(text)) == said
    assert chosen_en(marked(text).translate({ord(OURS): RIVAL, ord(RIVAL): OURS})) == -said


def test_what_nobody_knows_is_chosen_by_the_same_word() -> None:
    assert chosen_of_one(marked("flux or {o} for posters? {o}, easily")) == 1
    assert chosen_of_one(marked("{o} or cursor? cursor any day of the week")) == -1
    assert chosen_of_one(marked("{o} or not? we will see")) == 0


def test_a_chinese_answer_names_whom_to_choose() -> None:
    assert chosen_zh(marked("写代码用{o}还是{r}?当然是{r}。")) == -1
    assert chosen_zh(marked("{r}和{o}二选一,我选{o}。")) == 1
    assert chosen_zh(marked("这张图是{o}还是{r}做的?{o}。")) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("everyone except {o} got this right", -1),
        ("nobody but {o} solved it", 1),
        ("no model found the bug except {o}.", 1),
        ("apart from {o}, none of the models followed the format", 1),
        ("the only one that failed was {o}", -1),
        ("{o} was the only model here that got it right", 1),
        ("only {o} and {r} were tested", 0),
        ("the only model i have installed is {o}", 0),
        ("everyone except {o} has filed the form", 0),
        ("nobody trusts {o} except {o}", 0),
        ("if only {o} could follow instructions", 0),
    ],
)
def test_who_alone_did_it(text: str, said: int) -> None:
    assert excepted(marked(text)) == said


@pytest.mark.parametrize("phrase", sorted({*TABLES["en"]["excepting"]} - {"but", "but not"}))
def test_who_alone_did_it_is_looked_at_where_no_rival_is_named(tag_all: TagAll, phrase: str) -> None:
    text = f"every model {phrase} Qwen got the date wrong"
    assert may_settle_alone(read(text))
    assert tag_all([text])["label"] == ["positive"]


def test_beside_another_what_is_like_something_is_less_unless_it_flatters() -> None:
    assert beside(marked("next to {r}, {o} looks like a slideshow")) == -1
    assert beside(marked("put {r} next to {o} and it looks like a slideshow")) == 1
    assert beside(marked("beside {r}, {o} feels like magic")) == 1
    assert beside(marked("compared to {r}, {o} looks like it has more text")) == 0
    assert beside_alone(marked("next to {o}, midjourney reads like clip art")) == 1
    assert beside_alone(marked("next to {o}, i feel like a beginner")) == 0


def test_what_is_said_last_counts_and_the_first_is_conceded() -> None:
    assert opposed(marked("while {o} is cheaper, {r} got it and {o} kept breaking it")) == -1
    assert opposed(marked("did {o} solve it? no. did {r}? yes.")) == -1
    assert opposed(marked("{r} solved it. {o}? nope.")) == -1
    assert opposed(marked("{o} is cheap but {r} is accurate")) == -1
    assert opposed(marked("{r} reports today. {o}? no idea.")) == 0


def test_the_sieve_lets_through_all_that_is_settled() -> None:
    lines = Path(__file__).with_name("social_texts.tsv").read_text(encoding="utf-8").splitlines()
    texts = [text for _, kind, text in (line.split("\t") for line in lines[1:] if line) if kind in KINDS]
    found = 0
    for text in texts:
        for name, mark in (("qwen", OURS), ("claude", RIVAL)):
            if name in text.lower() and settled(text.lower().replace(name, mark), chinese=False):
                assert may_settle(text.lower(), chinese=False)
                found += 1
    assert found > 40
