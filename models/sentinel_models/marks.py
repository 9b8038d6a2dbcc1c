"""What the taggers want to know of a token, yes or no: flags of one number a token, looked up once for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from importlib import import_module
from typing import Final

import numpy as np
import numpy.typing as npt

from .codes import codes_of
from .columns import Column
from .joined import joined_words
from .listed import looked_up, note
from .substrings import TOKENS, Substrings

__all__ = ["CASHTAG", "DOLLAR", "FLAGS", "HASHTAG", "HTTP", "LATIN", "MARKS", "Marks"]

Flags = npt.NDArray[np.uint32]

#: Names of the flags, the lowest bit first: what is shipped of frequent tokens is read by them.
FLAGS: Final = (
    *(
        "latin",
        "hashtag",
        "dollar",
        "cashtag",
        "http",
        "link",
        "ticker",
        "named",
        "may name",
        "small",
        "common",
    ),
    *("foreign", "doubtful", "cue", "asks", "table tag", "ticker of table", "stating", "qwen", "distilled"),
    *("comparing", "predicate", "copula", "negator", "valued", "naming"),
)
_BITS: Final = {name: 1 << bit for bit, name in enumerate(FLAGS)}
#: A token that begins with a letter of English, with "#", with "$", with "$" and a letter; one that holds "http".
LATIN, HASHTAG, DOLLAR, CASHTAG, HTTP = (_BITS[name] for name in FLAGS[:5])
#: The modules that note flags: a token that was looked up for one of them is known for all.
_NOTING: Final = ("cashtags", "language", "sieve", "spam_reasons", "stating", "topics")


class Marks:
    """Flags of tokens: those of their first characters, and those of the lists that taggers note here as they load."""

    def __init__(self) -> None:
        self._lists: list[tuple[int, Callable[[], Iterable[str]]]] = []
        self._parts: list[tuple[int, str, re.Pattern[str] | None]] = [(HTTP, "http", None)]
        self._known: dict[str, int] | None = None
        self.column = Column(self._of, name="marks")

    def listed(self, name: str, words: Callable[[], Iterable[str]]) -> int:
        """The flag of the tokens of a list, which is asked for when it is needed."""
        self._lists.append((_BITS[name], words))
        return _BITS[name]

    def holding(self, name: str, part: str, pattern: re.Pattern[str] | None = None) -> int:
        """The flag of the tokens in which a text stands, and a pattern is found."""
        self._parts.append((_BITS[name], part, pattern))
        return _BITS[name]

    def _of(self, words: Sequence[str]) -> Flags:
        flags = looked_up(self._by_list(), words, np.uint32)
        first = codes_of("".join([word[0] for word in words]))
        dollars = np.flatnonzero(first == ord("$"))
        for flag, where in (
            (LATIN, np.flatnonzero((first >= ord("a")) & (first <= ord("z")))),
            (HASHTAG, np.flatnonzero(first == ord("#"))),
            (DOLLAR, dollars),
            (CASHTAG, [at for at in dollars.tolist() if words[at][1:2].isalpha()]),
        ):
            flags[where] |= np.uint32(flag)
        owners, _, which = self._held.found(joined_words(words))
        for flag, part, pattern in self._parts:
            held = owners[which == self._held.entries.index(part)].tolist()
            where = [at for at in held if pattern is None or pattern.search(words[at])]
            flags[where] |= np.uint32(flag)
        return flags

    @cached_property
    def _held(self) -> Substrings:
        """What stands in the tokens of `_parts`, when all taggers are there."""
        return Substrings((part for _, part, _ in self._parts), TOKENS)

    def _by_list(self) -> dict[str, int]:
        """Flags of all words that stand on lists."""
        if self._known is None:
            for module in _NOTING:
                import_module(f"{__package__}.{module}")
            known: dict[str, int] = {}
            for flag, group in self._lists:
                for word in group():
                    known[word] = known.get(word, 0) | flag
            note(known)
            self._known = known
        return self._known


#: The flags of this process.
MARKS: Final = Marks()
