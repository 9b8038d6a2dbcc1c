"""Which tokens stand on any list: most new ones stand on none, and are looked up once instead of list by list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from .ngrams import Indices

__all__ = ["looked_up", "note"]

_every: set[str] = set()


def note(words: Iterable[str]) -> None:
    """Remember that words stand on a list."""
    _every.update(words)


def looked_up(table: Mapping[str, Any], words: Sequence[str], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """What a table says of words, 0 of those that are not there; all words of the table were noted."""
    values = np.zeros(len(words), kind)
    places, held = _held(tuple(words), len(_every))
    values[places] = np.fromiter(map(table.get, held, repeat(0)), kind, len(held))
    return values


@lru_cache(maxsize=2)
def _held(words: tuple[str, ...], _: int) -> tuple[Indices, list[str]]:
    """Words that stand on any list, as long as so many words do, and their places."""
    there = np.fromiter(map(_every.__contains__, words), bool, len(words))
    places = np.flatnonzero(there)
    return places, list(map(words.__getitem__, places.tolist()))
