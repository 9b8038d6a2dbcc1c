"""Near-copies: the same text, said again within a day, counts as attention and not as mood (method.md 1.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

__all__ = ["Candidate", "copies", "copy_key", "normal_text"]

_TOKENS: Final = re.compile(
    r"https?://\S+|www\.\S+"  # links
    r"|#[^#\s]{1,80}#"  # a Weibo topic, closed on both sides: what follows is the text
    r"|[@#$][\w.\-]+"  # handles, hashtags, cashtags
)
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")


def normal_text(text: str) -> str:
    """Lower case, without links, handles, tags, digits and punctuation; letters of every script are kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NO_LETTERS.sub(" ", _TOKENS.sub(" ", text.lower())).strip()


@lru_cache(maxsize=16_384)
def copy_key(text: str) -> str | None:
    """What near-copies share; ``None`` for a text that normalises to nothing, which is never merged.

    Reposts and slogans come again and again: the last texts are remembered.
    """
    normal = normal_text(text)
    return blake2b(normal.encode("utf-8", "replace"), digest_size=10).hexdigest() if normal else None


class Candidate(NamedTuple):
    """A dated post that is no repost."""

    row: int  #: any number that the caller knows the post by
    key: str  #: its `copy_key`
    day: int  #: its mood day, in days since 1970-01-01
    post_id: str


def copies(candidates: Iterable[Candidate], copy_days: int = 1) -> Iterator[tuple[int, str]]:
    """Near-copies as (row, post_id of the first post of that text).

    Parameters
    ----------
    candidates : sorted by key, then published, platform and post_id.
    copy_days : how many mood days a text stays the same text, counted from its first post.
    """
    first: Candidate | None = None
    for candidate in candidates:
        if first is None or candidate.key != first.key or candidate.day - first.day >= copy_days:
            first = candidate
        else:
            yield candidate.row, first.post_id
