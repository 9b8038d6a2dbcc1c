"""Words that mean alike in our subject matter, so that lists of phrases can name them together."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from itertools import chain

from .verbs import forms

__all__ = ["ways"]


@cache
def ways(written: str) -> tuple[str, ...]:
    """The words that "good/great", "soar~" (the forms of a verb) or "{customers}" (a group) stands for."""
    return tuple(dict.fromkeys(chain.from_iterable(map(_ways_of, written.split("/")))))


@cache
def _ways_of(written: str) -> tuple[str, ...]:
    if written.startswith("{"):
        return ways(_groups()[written[1:-1]])
    return tuple(forms(written[:-1])) if written.endswith("~") else (written,)


@cache
def _groups() -> dict[str, str]:
    text = files("sentinel_models").joinpath("data", "groups.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {**tables["en"], **tables["zh"]}
