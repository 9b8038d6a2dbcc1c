"""What is known of each token of a table, worked out once and kept as an array that grows with the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .listed import looked_up, note

if TYPE_CHECKING:
    from .tokens import Tokens

__all__ = ["Column", "grown"]

Values = npt.NDArray[Any]


class Column:
    """A value a token, or a row of values.

    Parameters
    ----------
    make : values of tokens that are new, in their order, from the words themselves.
    name : under which values of frequent tokens are shipped; nothing if they are not.
    canonical : whether `make` is given the words that stand for a kind (``<user>``) instead of the words as written.
    """

    def __init__(
        self, make: Callable[[Sequence[str]], Values], *, name: str = "", canonical: bool = False
    ) -> None:
        self.name = name
        self._make = make
        self._canonical = canonical

    @classmethod
    def of_table(
        cls,
        table: Callable[[], Mapping[str, Any]],
        kind: npt.DTypeLike,
        *,
        name: str = "",
        canonical: bool = False,
    ) -> Column:
        """A column of numbers that are looked up in a table, which is asked for when it is needed; 0 if not there."""

        @cache
        def noted() -> Mapping[str, Any]:
            found = table()
            note(found)
            return found

        def make(words: Sequence[str]) -> Values:
            return looked_up(noted(), words, kind)

        return cls(make, name=name, canonical=canonical)

    @classmethod
    def of_each(
        cls, make: Callable[[str], Any], kind: npt.DTypeLike, *, name: str = "", canonical: bool = False
    ) -> Column:
        """A column whose values are worked out word by word."""
        return cls(
            lambda words: np.array([make(word) for word in words], kind), name=name, canonical=canonical
        )

    def of(self, known: Tokens) -> Values:
        """Values of every token of the table, by its number."""
        kept = known.kept.get(self)
        if kept is None and self.name in known.shipped:
            values = known.shipped[self.name]
            kept = known.kept[self] = values, len(values)
        n_words = len(known.words)
        n_kept = 0 if kept is None else kept[1]
        if kept is None or n_kept < n_words:
            new = self._make((known.words if self._canonical else known.written)[n_kept:])
            values = new if kept is None else grown(kept[0], n_kept, new)
            kept = known.kept[self] = values, n_words
        return kept[0][:n_words]


def grown(values: Values, used: int, new: Values) -> Values:
    """`values`, of which the first `used` count, with the new ones behind them; room is doubled when it is short."""
    needed = used + len(new)
    if needed > len(values):
        larger = np.empty((max(2 * used, needed), *values.shape[1:]), values.dtype)
        larger[:used] = values[:used]
        values = larger
    values[used:needed] = new
    return values
