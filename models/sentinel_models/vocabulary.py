"""Frequent tokens, and what the taggers know of each: shipped, so that the first look-up of a common word costs little.

``models/training/vocabulary.py`` makes the file. It holds for the word lists and weights it was made from; beside
others it is left alone, and everything is worked out as tokens come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy.typing as npt

from .marks import FLAGS
from .weights import load_weights

__all__ = ["NOTHING", "Vocabulary", "basis", "shipped_tokens", "vocabulary"]


class Vocabulary(NamedTuple):
    """Tokens in the order of their numbers, and their values by the name of the column, see `Column`."""

    tokens: list[str]
    columns: Mapping[str, npt.NDArray[Any]]


NOTHING: Final = Vocabulary([], {})


@cache
def vocabulary() -> Vocabulary:
    """What is shipped; nothing if it was made from other lists or weights."""
    arrays = load_weights("tokens")
    if str(arrays["basis"]) != basis():
        return NOTHING
    return Vocabulary(
        shipped_tokens(),
        {name: arrays[name] for name in arrays if name not in ("version", "basis", "tokens")},
    )


def shipped_tokens() -> list[str]:
    """The tokens alone."""
    return load_weights("tokens")["tokens"].tobytes().decode().split("\n")


def basis() -> str:
    """A digest of all that the values depend on: word lists, taxonomy, flags, the weights of English sentiment."""
    folder = files("sentinel_models")
    lists = sorted(folder.joinpath("data").iterdir(), key=lambda path: path.name)
    found = hashlib.sha256()
    for path in (
        *lists,
        folder.joinpath("taxonomy.toml"),
        files("vaderSentiment").joinpath("vader_lexicon.txt"),
    ):
        found.update(path.read_bytes())
    digests = json.loads(folder.joinpath("artifacts", "digests.json").read_text(encoding="utf-8"))
    found.update(" ".join([digests["linear.npz"], *FLAGS]).encode())
    return found.hexdigest()[:16]
