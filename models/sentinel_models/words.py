"""What the taggers read in a post: its words, once cut, and how much of which script it holds."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby, islice
from typing import Final, NamedTuple

from .folding import fold, simplify

__all__ = ["MANY", "Reading", "cut", "cut_lines", "cut_mixed", "lowered", "read"]

# Hyphens, dots and slashes part words, so that "open-source" and "open source" are the same two; a dot stays inside
# numbers and version numbers. A part that may be missing is written with an empty branch, which is quicker than `?` or
# `*` over a group. Han characters are no tokens: words are found in Chinese by longest match, not cut.
_TOKEN: Final = re.compile(
    r"https?://[^\s\u3000-\u9fff\ufdd0-\ufdef]*"
    r"|[a-z_][a-z0-9_]*(?:\.\d+(?:\.\d+)*(?:'[a-z]+)*|'[a-z]+(?:'[a-z]+)*|)"
    r"|[$#@][a-z0-9_]\w*"
    r"|[+-]?\$?\d+(?:[.,]\d+(?:[.,]\d+)*|)(?:%|[a-z]+|)"
    r"|[^\W\d_\u3400-\u9fff]+(?:'\w+(?:'\w+)*|)"
    r"|[!?]+|\.{2,}|[^\w\s\u3000-\u303f.,:;/\\()\[\]{}|*~\"'+=<>&^-]"
)
_TOKEN_OR_BREAK: Final = re.compile("\n|" + _TOKEN.pattern)
_HAN: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_KANA: Final = re.compile("[\u3041-\u30fa\u31f0-\u31ff]")
_ADDRESS: Final = re.compile(r"https?://[^\s\u3000-\u9fff]*|www\.\S+")
_HANDLE: Final = re.compile(r"(?<![\w.])@[A-Za-z0-9_]+")
MANY: Final = 80
_REPOST: Final = re.compile(r"^(?:(?:\"|')?RT\s+(?:@\w+:?\s*)?)+")


class Reading(NamedTuple):
    """A post as the taggers see it."""

    plain: str  #: folded text, case kept
    lower: str  #: folded text in lower case, its Chinese characters simplified
    tokens: list[
        str
    ]  #: lower case; addresses, handles, cashtags and hashtags keep their first characters; not to be changed
    han: int  #: Han characters

    @property
    def prose(self) -> str:
        """Folded text without addresses, handles and the mark of a repost."""
        return _HANDLE.sub(" ", _ADDRESS.sub(" ", _REPOST.sub("", self.plain)))

    @property
    def kana(self) -> int:
        """Number of Japanese syllable characters."""
        return len(_KANA.findall(self.plain))


def cut(text: str) -> list[str]:
    """Tokens of a text that is folded and in lower case."""
    return _TOKEN.findall(text)


def cut_mixed(text: str) -> list[str]:
    """The same of one that may hold Han characters: they end a token."""
    return _TOKEN.findall(_HAN.sub(" ", text))


def cut_lines(lines: str) -> list[str]:
    """Tokens of lines that hold no Han characters, and their line breaks."""
    return _TOKEN_OR_BREAK.findall(lines)


@lru_cache(maxsize=16_384)
def read(text: str) -> Reading:
    """Cut a post into tokens. Several taggers read the same batch: the last readings are kept."""
    plain = fold(text)
    lower, han = _lowered(plain)
    return Reading(plain, lower, _tokens(cut_mixed(lower) if han else cut(lower)), han)


def lowered(text: str) -> str:
    """A text as `Reading.lower` has it."""
    return _lowered(fold(text))[0]


def _lowered(plain: str) -> tuple[str, int]:
    """The same of a folded text, and its Han characters."""
    han = 0 if plain.isascii() else sum(map(len, _HAN.findall(plain)))
    lower = plain.lower()
    return simplify(lower) if han else lower, han


def _tokens(tokens: list[str]) -> list[str]:
    if len(tokens) > MANY:  # ten thousand times the same emoji is said once, with emphasis
        tokens = [token for _, run in groupby(tokens) for token in islice(run, 3)]
    return tokens
