"""Words within texts, found for many lists at once."""

from __future__ import annotations

from random import Random

import numpy as np
from sentinel_models.joined import Joined
from sentinel_models.substrings import Substrings

LISTS: tuple[list[str], ...] = (
    ["ab", "abab", "b", "bca", "ccccc", "千问", "千"],
    ["ab", "bc", "ca", "abc", "cabca", "bb", "cc"],
    ["ba", "b", "bab", "问ab", "abc" * 20, "x" * 50_000],
    [],
)


def texts() -> list[str]:
    """Texts of few characters, so that words overlap, begin alike and stand at the edges."""
    random = Random(7)
    made = ["".join(random.choices("abc千问", k=random.randrange(30))) for _ in range(400)]
    return ["", *made, "abc" * 30, "千问"]


def test_every_word_is_found_at_every_place() -> None:
    joined, made = Joined.of(texts()), texts()
    for words in LISTS:
        found = Substrings(words)
        expected = [
            (at, int(joined.first[at]) + 1 + place, word)
            for at, text in enumerate(made)
            for place in range(len(text))
            for word in sorted(words, key=len, reverse=True)
            if text.startswith(word, place)
        ]
        owners, places, which = found.found(joined)
        entries = [found.entries[number] for number in which.tolist()]
        assert list(zip(owners.tolist(), places.tolist(), entries, strict=True)) == expected
        assert found.holding(joined).tolist() == [any(word in text for word in words) for text in made]


def test_of_words_that_overlap_the_first_and_longest_counts_in_many_texts_as_in_one() -> None:
    joined, made = Joined.of(texts()), texts()
    for words in LISTS:
        found = Substrings(words)
        each = [
            (at, int(joined.first[at]) + 1 + place, word)
            for at, text in enumerate(made)
            for place, word in found.longest_in(text)
        ]
        owners, places, which = found.longest(joined)
        entries = [found.entries[number] for number in which.tolist()]
        assert list(zip(owners.tolist(), places.tolist(), entries, strict=True)) == each
        among = np.arange(len(made)) % 3 == 0
        assert np.array_equal(found.longest(joined, among)[0], owners[owners % 3 == 0])
    assert list(Substrings(LISTS[0]).longest_in("ababab")) == [(0, "abab"), (4, "ab")]


def test_lists_that_come_later_are_found_too() -> None:
    joined = Joined.of(["the last word"])
    assert not Substrings(["none of it"]).holding(joined).any()
    assert Substrings(["last w"]).holding(joined).tolist() == [True]
    assert np.array_equal(Substrings(["t", "rd"]).found(Joined.of([]))[0], [])
