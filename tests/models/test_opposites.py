"""Of two sides, the one of which a post speaks better, and the one with the better figures."""

from __future__ import annotations

import pytest
from sentinel_models.comparison_words import OURS, RIVAL
from sentinel_models.leaning import leaning
from sentinel_models.measures import apart, listed
from sentinel_models.opposites import opposed
from sentinel_models.opposites_zh import opposed_zh


def marked(text: str) -> str:
    return text.replace("X", OURS).replace("Y", RIVAL)


@pytest.mark.parametrize(
    ("clause", "sign"),
    [
        ("X fixed the bug in seconds", 1),
        ("X couldn't", -1),
        ("X spotted three errors", 1),
        ("X did not understand the question", -1),
        ("X never crashed", 1),
        ("X was released in May", 0),
    ],
)
def test_which_way_a_clause_leans(clause: str, sign: int) -> None:
    total = leaning(marked(clause))
    assert (total > 0) - (total < 0) == sign


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Y fixed the bug in seconds while X kept going in circles", -1),
        ("X fixed the bug in seconds while Y kept going in circles", 1),
        ("Y is fine, X is great", 1),
        ("Y took ten minutes, X took two", 0),
        ("Y took ten minutes, X two seconds", 1),
        ("took Y 14 prompts, took X 1 prompt", 1),
        ("Y is overpriced. X is neither.", 1),
        ("the gap between Y and X keeps widening", -1),
        ("the gap between Y and X has nearly vanished", 1),
        ("X and Y both failed", 0),
        ("Y understood the photo, X thought my cat was a dog", -1),
        ("Y vs. X, a benchmark that tells who leads", 0),
        ("X reports on Monday, Y on Tuesday", 0),
        ("does X win or does Y lose?", 0),
        ("Y failed " * 100 + "while X won", 0),
        ("we tested Y, Z and X, and X came dead last", -1),
        ("Y second, Z third, and way out front: X", 1),
        ("Y was a flop but at least it didn't leak my prompts like X did", -1),
        ("X joins Y and Y mini at the top of the board", 0),
    ],
)
def test_of_which_side_a_post_speaks_better(text: str, sign: int) -> None:
    assert opposed(marked(text)) == sign


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Y只会画饼,X真的落地了", 1),
        ("X只会画饼,Y真的落地了", -1),
        ("Y没听懂,X听懂了", 1),
        ("X和Y都听懂了", 0),
        ("X今天开会,Y明天开会", 0),
        ("Y没听懂,X听懂了吗?", 0),
    ],
)
def test_of_which_side_a_chinese_post_speaks_better(text: str, sign: int) -> None:
    assert opposed_zh(marked(text)) == sign


@pytest.mark.parametrize(
    ("ours", "theirs", "sign"),
    [
        ("X scored 92", ["Y 71", "Y 80"], 1),
        ("X scored 75", ["Y 71", "Y 80"], 0),
        ("X came ninth", ["Y came 2nd"], -1),
        ("X needed an hour", ["Y needed half a day"], 1),
        ("X 35.8", ["Y 14.8"], 0),
        ("X lost 5 points", ["Y up 3"], -1),
    ],
)
def test_who_has_the_better_figures(ours: str, theirs: list[str], sign: int) -> None:
    ours, theirs = marked(ours), list(map(marked, theirs))
    assert apart(", ".join([*theirs, ours]), [ours], theirs) == sign


def test_a_numbered_ranking_is_read_and_a_numbered_list_is_not() -> None:
    assert listed(marked("my ranking: 1. Y 2. Y 3. X")) == -1
    assert listed(marked("chapters: 1. Y 2. Y 3. X")) == 0
