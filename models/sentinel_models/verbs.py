"""The forms of English verbs, for lists that name a verb once."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["forms"]

_DONE: Final = re.compile(r"(?:s|sh|ch|x|z|o)$")
_Y: Final = re.compile(r"[^aeiou]y$")


def forms(verb: str) -> list[str]:
    """Forms of a regular verb: outclass, outclasses, outclassed, outclassing; "mog+" doubles its last letter."""
    stem = verb.removesuffix("+")
    long = stem + stem[-1] if verb.endswith("+") else stem
    if _Y.search(stem):
        return [stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"]
    if stem.endswith("e"):
        return [stem, stem + "s", stem + "d", stem[:-1] + "ing"]
    return [stem, stem + ("es" if _DONE.search(stem) else "s"), long + "ed", long + "ing"]
