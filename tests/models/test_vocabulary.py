"""What is shipped of frequent tokens is what would be worked out, by the lists and weights beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from sentinel_models import posts, tokens, vocabulary
from sentinel_models.chunks import Chunks
from sentinel_models.entities import Entities
from sentinel_models.joined import END, OPEN, Joined
from sentinel_models.language import Language
from sentinel_models.linear import Linear
from sentinel_models.posts import FIRST
from sentinel_models.spam import Spam
from sentinel_models.tokens import Tokens
from sentinel_models.topics import Topics
from sentinel_models.vocabulary import Vocabulary, basis
from sentinel_models.weights import load_weights
from sentinel_models.words import cut

REMAKE = "run: python models/training/vocabulary.py"
TEXTS = (
    "$BABA is up 3%, (see http://t.co/abcdefghij)",
    "Qwen isn't bad!!",
    "<open> #qwen, @someone: ...",
    "u.s. v1.5.",
)


@pytest.fixture
def table() -> Iterator[Callable[[Vocabulary], Tokens]]:
    """Another table for this process, until the test is over."""
    before = tokens.tokens()

    def make(frequent: Vocabulary) -> Tokens:
        made = Tokens(frequent)
        tokens.use(made)
        return made

    posts._KEPT.clear()  # the first post may have been read by the table before
    yield make
    posts._KEPT.clear()
    tokens.use(before)


def test_the_file_belongs_to_the_lists_and_weights_beside_it() -> None:
    assert str(load_weights("tokens")["basis"]) == basis(), REMAKE


def test_every_value_is_what_would_be_worked_out(table: Callable[[Vocabulary], Tokens]) -> None:
    frequent = vocabulary.vocabulary()
    known = table(vocabulary.NOTHING)
    known.numbers(frequent.tokens)
    taggers = [make() for make in (Language, Entities, Topics, Spam, Linear)]
    for tagger in taggers:
        tagger.tag(FIRST)
    columns = {column.name: column for column in list(known.kept) if column.name}
    assert sorted(columns) == sorted(frequent.columns), REMAKE
    for name, values in frequent.columns.items():
        assert np.array_equal(columns[name].of(known)[: len(values)], values), f"{name}; {REMAKE}"


def test_it_holds_words_and_nobodys_name_or_address() -> None:
    frequent = vocabulary.vocabulary().tokens
    assert len(frequent) == len(set(frequent)) > 10_000
    assert not [token for token in frequent if token[0] == "@" or "://" in token]
    assert not [token for token in frequent if cut(token) != [token]]


def test_other_lists_or_weights_make_it_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary.vocabulary.cache_clear()
    monkeypatch.setattr(vocabulary, "basis", lambda: "another")
    assert vocabulary.vocabulary() is vocabulary.NOTHING
    vocabulary.vocabulary.cache_clear()


@pytest.mark.parametrize("frequent", [(), tuple(TEXTS[0].split()), ("qwen", "#qwen", "u.s", "..", "v1.5")])
def test_chunks_are_cut_the_same_whatever_is_known(frequent: Sequence[str]) -> None:
    known = Tokens(Vocabulary([token for token in frequent if cut(token) == [token]], {}))
    chunks: Chunks = known.chunks
    for text in TEXTS:
        lower = text.lower()
        wanted = [known.written[number] for number in known.numbers([OPEN, *cut(lower), END]).tolist()]
        for _ in range(2):
            found = chunks.numbers(Joined.of([lower])).tolist()
            assert [known.written[number] for number in found] == wanted
