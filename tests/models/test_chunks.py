"""What stands between spaces is cut as a text by itself would be, and once."""

from __future__ import annotations

import numpy as np
import pytest
from sentinel_models.joined import END, OPEN, Joined
from sentinel_models.posts import Posts
from sentinel_models.tokens import Tokens
from sentinel_models.words import cut, read

TEXTS = (
    "",
    " ",
    "\t\n  \u3000",
    "$baba is up 3%, (see it)",
    "千问 qwen千问qwen3，千问 3.5千",
    "a\0 a \0",
    "\x1c\x85word\u2028word",
    "word word, word. (word) word... 'word' word's",
    "x" * 19_000,
    "é\u0301 ß 😀😀 😀",
)


def written(known: Tokens, texts: list[str]) -> list[str]:
    return [known.written[number] for number in known.chunks.numbers(Joined.of(texts)).tolist()]


def test_chunks_are_cut_as_they_are_by_themselves() -> None:
    known = Tokens()
    bare = ["".join(" " if "\u3400" <= sign <= "\u9fff" else sign for sign in text) for text in TEXTS]
    wanted = [token for text in bare for token in ("<open>", *cut(text), "<end>")]
    assert written(known, list(TEXTS)) == wanted
    assert written(known, list(TEXTS)) == wanted  # all of them known now
    n_known = len(known.chunks)
    assert [token for text in TEXTS for token in written(known, [text])] == wanted
    assert len(known.chunks) == n_known


@pytest.mark.parametrize("letter", ["a", "İ", "ﷺ", "…", " ", "千"])
def test_the_longest_post_of_one_letter_is_read(letter: str) -> None:
    posts = Posts.of([letter * 30_000, "b"])
    assert posts.tokens(0) == read(letter * 30_000).tokens
    assert posts.tokens(1) == ["b"]


def test_no_texts_have_no_tokens() -> None:
    assert written(Tokens(), []) == []


def test_a_shortened_address_is_not_remembered() -> None:
    known = Tokens()
    n_known, n_tokens = len(known.chunks), len(known.words)
    numbers = known.chunks.numbers(Joined.of(["https://t.co/abcde12345 http://t.co/0123456789"]))
    assert numbers.tolist() == [known[OPEN], known.address, known.address, known[END]]
    assert (len(known.chunks), len(known.words)) == (n_known, n_tokens)


@pytest.mark.parametrize(
    "text", ["https://t.co/abcde1234", "https://t.co/abcde123456", "xhttps://t.co/abcde12345"]
)
def test_what_is_no_shortened_address_is_remembered(text: str) -> None:
    known = Tokens()
    n_known = len(known.chunks)
    known.chunks.numbers(Joined.of([text]))
    assert len(known.chunks) == n_known + 1


def test_many_texts_are_cut_part_by_part() -> None:
    texts = [
        f"word{number} and {number % 97}" for number in range(9_000)
    ]  # more characters than are worked on at once
    known = Tokens()
    numbers = known.chunks.numbers(Joined.of(texts))
    assert np.count_nonzero(numbers == known[OPEN]) == len(texts)
    assert [known.written[number] for number in numbers.tolist()[-5:]] == [
        "<open>",
        "word8999",
        "and",
        "75",
        "<end>",
    ]
