"""What was found in the posts of a batch. Most posts hold what others hold too, and share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .ngrams import Indices

__all__ = ["Finds", "Found"]

#: Key -> the words that were found, sorted. Posts that hold the same words share it; not to be changed.
Found = dict[str, list[str]]


@dataclass(frozen=True, eq=False, slots=True)
class Finds:
    """What was found, once each, and which post has which.

    Attributes
    ----------
    every : what was found.
    numbers : for each post, its place in `every`.
    """

    every: list[Found]
    numbers: Indices

    @classmethod
    def among(cls, every: Sequence[Found], numbers: Indices) -> Finds:
        """The same of posts that have but some of what was ever found."""
        there = np.zeros(len(every), bool)
        there[numbers] = True
        places = np.cumsum(there) - 1
        return cls([every[number] for number in np.flatnonzero(there).tolist()], places[numbers])

    def of(self, at: int) -> Found:
        """What was found in one post."""
        return self.every[int(self.numbers[at])]

    def spread(self, values: Sequence[Any], kind: npt.DTypeLike = object) -> npt.NDArray[Any]:
        """A value a post, from one for each of `every`."""
        spread: npt.NDArray[Any] = np.array(values, kind)[self.numbers]
        return spread

    def but(self, others: dict[int, Found]) -> Finds:
        """The same, with something else for some of the posts."""
        if not others:
            return self
        numbers = self.numbers.copy()
        numbers[list(others)] = np.arange(len(self.every), len(self.every) + len(others))
        return Finds([*self.every, *others.values()], numbers)
