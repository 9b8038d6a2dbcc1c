"""What all taggers read in the posts of a batch, worked out for the whole batch at once.

The posts are written one behind the other, folded, put in lower case and cut into tokens in one go; tokens become
numbers. What a tagger knows of a token it keeps in a `Column` by that number, what it knows of a character in a table
by code point. So the question whether posts hold any of some words or characters is a few operations on arrays, and
only those that do are looked at one by one. `read` says the same of a single post.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .chunks import DULL
from .classes import HAN
from .columns import Column
from .joined import END, OPEN, Joined
from .marks import MARKS
from .ngrams import Indices
from .spelling import fold_all, lower_all
from .tokens import Batch, Tokens, tokens
from .words import MANY, Reading, cut_mixed

__all__ = ["FIRST", "Posts", "posts_of"]

_ASCII: Final = 128
_KEPT_RUN: Final = 3  # of a long run of the same token


@dataclass(eq=False)
class Posts:
    """Posts of a batch as the taggers see them.

    Attributes
    ----------
    known : the table that the tokens were looked up in.
    plain, lower : as in `Reading`, of all posts.
    ids : numbers of the tokens of all posts, one after the other, each post with `OPEN` before and `END` after it.
    starts, counts : first token of each post, and how many it has, with `OPEN` and `END`.
    han : Chinese characters of each post.
    rows, chinese : the posts that hold any, and `lower` of these.
    """

    known: Tokens
    plain: Joined
    lower: Joined
    ids: Indices
    starts: Indices
    counts: Indices
    han: Indices
    rows: Indices
    chinese: Joined

    @classmethod
    def of(cls, texts: Sequence[str]) -> Posts:
        """Read posts."""
        return cls.of_folded(fold_all(texts))

    @classmethod
    def of_folded(cls, plain: Joined) -> Posts:
        """Read posts that are folded."""
        known, lower = tokens(), lower_all(plain)
        han = lower.count(lower.classes & HAN != 0)
        rows = np.flatnonzero(han)
        ids = known.chunks.numbers(lower)
        starts = np.flatnonzero(ids == known[OPEN])
        counts = np.diff(np.append(starts, len(ids)))
        posts = cls(known, plain, lower, ids, starts, counts, han, rows, lower.take(rows))
        posts._shorten()
        return posts

    def _shorten(self) -> None:
        """Leave of each long run of one token the beginning, in posts of many tokens."""
        many = self.counts - 2 > MANY
        if not many.any():
            return
        ids = self.ids
        same = np.append(False, ids[1:] == ids[:-1])
        in_many = np.repeat(many, self.counts)
        same[self._parted_addresses(np.flatnonzero(same & in_many & (ids == self.known.address)))] = False
        places = np.arange(len(ids))
        left_out = places - np.maximum.accumulate(np.where(same, 0, places)) >= _KEPT_RUN
        left_out &= in_many
        if left_out.any():
            kept = ~left_out
            self.counts = np.add.reduceat(kept, self.starts, dtype=np.int64)
            self.starts = np.cumsum(self.counts) - self.counts
            self.ids = ids[kept]

    def _parted_addresses(self, places: Indices) -> list[int]:
        """Those of some shortened addresses that are not the same as the token before."""
        owners = np.searchsorted(self.starts, places, side="right") - 1
        parted = []
        for at in dict.fromkeys(owners.tolist()):
            addresses = [token for token in cut_mixed(self.lower[at]) if DULL.fullmatch(token)]
            start, end = int(self.starts[at]), int(self.starts[at] + self.counts[at])
            numbers = np.cumsum(self.ids[start:end] == self.known.address)
            for place in places[owners == at].tolist():
                number = int(numbers[place - start]) - 1
                if addresses[number] != addresses[number - 1]:
                    parted.append(place)
        return parted

    def __len__(self) -> int:
        return len(self.plain)

    @cached_property
    def post(self) -> Indices:
        """The post each token stands in."""
        return np.repeat(np.arange(len(self)), self.counts)

    @cached_property
    def batch(self) -> Batch:
        """The tokens as the scorers see them."""
        return Batch.of_rows(self.known, self.ids.copy(), self.counts)

    @cached_property
    def kinds(self) -> npt.NDArray[np.uint16]:
        """Kinds of characters each post holds, as flags."""
        if not len(self):
            return np.empty(0, np.uint16)
        kinds: npt.NDArray[np.uint16] = np.bitwise_or.reduceat(self.lower.classes, self.lower.first)
        return kinds

    @cached_property
    def ascii(self) -> npt.NDArray[np.bool_]:
        """Whether each post is of ASCII alone."""
        ascii: npt.NDArray[np.bool_] = self.plain.count(self.plain.codes >= _ASCII) == len(OPEN + END)
        return ascii

    @cached_property
    def marks(self) -> npt.NDArray[np.uint32]:
        """The flags of each token, see `MARKS`."""
        return self.of_tokens(MARKS.column)

    @cached_property
    def marked(self) -> npt.NDArray[np.uint32]:
        """The flags that any token of a post has."""
        return self.flags(self.marks)

    def of_tokens(self, column: Column) -> npt.NDArray[Any]:
        """What is known of each token."""
        return column.of(self.known).take(self.ids, axis=0)

    def flags(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Flags that any token of a post has, from the flags of each token."""
        return np.bitwise_or.reduceat(values, self.starts) if len(self) else values[:0]

    def count(self, which: npt.NDArray[np.bool_]) -> Indices:
        """How many tokens of each post are marked."""
        if not len(self):
            return np.empty(0, np.int64)
        return np.add.reduceat(which.view(np.uint8), self.starts, dtype=np.int64)

    @cached_property
    def dollars(self) -> Indices:
        """How often each post holds the sign."""
        return self.lower.count(self.lower.codes == ord("$"))

    def words(self, first: int, last: int) -> list[str]:
        """Tokens of a part of `ids`; of all shortened addresses, one stands for each."""
        return self._written(self.ids[first:last])

    def words_at(self, places: Indices) -> list[str]:
        """Tokens at places of `ids`."""
        return self._written(self.ids[places])

    def _written(self, numbers: Indices) -> list[str]:
        return list(map(self.known.written.__getitem__, numbers.tolist()))

    def tokens(self, at: int) -> list[str]:
        """Tokens of one post."""
        first, last = self._spans
        return self.words(first[at], last[at])

    @cached_property
    def _spans(self) -> tuple[list[int], list[int]]:
        """First token of each post, without what opens and ends it, and the one after the last."""
        return (self.starts + 1).tolist(), (self.starts + self.counts - 1).tolist()

    def reading(self, at: int) -> Reading:
        """One post by itself."""
        return Reading(self.plain[at], self.lower[at], self.tokens(at), int(self.han[at]))

    def readings(self, rows: Indices) -> list[Reading]:
        """Some posts, each by itself."""
        return [
            Reading(self.plain[at], self.lower[at], words, han)
            for at, words, han in zip(
                rows.tolist(), self.tokens_of(rows), self.han[rows].tolist(), strict=True
            )
        ]

    def tokens_of(self, rows: Indices) -> list[list[str]]:
        """Tokens of some posts."""
        sizes = self.counts[rows] - 2
        ends = np.cumsum(sizes)
        words = self.words_at(np.repeat(self.starts[rows] + 1 - ends + sizes, sizes) + np.arange(sizes.sum()))
        return [words[end - size : end] for end, size in zip(ends.tolist(), sizes.tolist(), strict=True)]


#: Read by each tagger as it is made, so that lists, tables and weights are there when posts come.
FIRST: Final[Columns] = {
    "text": [
        "RT @a: $BABA Qwen isn’t better than GPT-4, not bad? 😀 http://t.co/a1",
        "千问比豆包好用吗？真不錯",
        "jack",
    ],
    "lang": ["en", "zh", None],
}


#: The last batches: several taggers ask for their posts. Few, so that their memory soon serves the next ones.
_KEPT: Final = deque[tuple[list[str], Posts]](maxlen=2)


def posts_of(texts: Sequence[str]) -> Posts:
    """The posts of a batch; several taggers ask for the same batch, the last ones are remembered."""
    texts = list(texts)
    for known, posts in tuple(_KEPT):
        if known == texts:  # the same objects mostly, which takes less time than to hash them
            return posts
    posts = Posts.of(texts)
    _KEPT.append((texts, posts))
    return posts
