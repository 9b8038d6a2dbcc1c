"""Word lists that ship beside the code: UTF-8, one entry a line, ``#`` opens a comment line."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

__all__ = ["digest_of", "lines", "table"]


def lines(name: str) -> Iterator[str]:
    """Entries of a word list, without comment and empty lines."""
    text = files("sentinel_models").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("# "):
            yield line.strip()


def table(name: str) -> dict[str, float]:
    """Entries of a valence list: ``entry<TAB>number``."""
    entries = (line.split("\t") for line in lines(name))
    return {entry[0]: float(entry[1]) for entry in entries}


def digest_of(*names: str) -> str:
    """What a model's version says of the word lists it uses: it changes with them."""
    folder = files("sentinel_models").joinpath("data")
    return sha256(b"".join(folder.joinpath(name).read_bytes() for name in names)).hexdigest()[:4]
