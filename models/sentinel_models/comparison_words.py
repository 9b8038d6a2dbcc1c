"""The words of English comparisons, and sieves for posts that hold none of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from .chinese import branches
from .verbs import forms

__all__ = [
    "ANYBODY",
    "ANYBODY_CUES",
    "BETTER",
    "BETTER_NAMED",
    "CUES",
    "CUES_ALONE",
    "CUES_BESIDE",
    "CUES_CHOICE",
    "CUES_SHORT",
    "MARK",
    "NEGATION",
    "OURS",
    "REST",
    "RIVAL",
    "TABLES",
    "any_of",
    "telling",
]

OURS: Final = "\ue000"  #: stands for a name of Alibaba's side
RIVAL: Final = "\ue001"  #: stands for a name of a rival
#: In patterns: a name of either side, and any character of none.
MARK: Final = f"[{OURS}{RIVAL}]"
REST: Final = f"[^{OURS}{RIVAL}]"

TABLES: Final[dict[str, Any]] = tomllib.loads(
    files("sentinel_models").joinpath("data", "comparisons.toml").read_text(encoding="utf-8")
)
_EN: Final = TABLES["en"]


def any_of(phrases: Iterable[str]) -> str:
    """A pattern that finds the longest of some phrases, whose words stand one space apart."""
    return branches(phrases)


#: Verbs whose forms are written out, and what has several words or ends like a form.
_WRITTEN_OUT: Final = re.compile(
    r" |[^s]s$|(?:ed|ing|id|aten|aken|done)$|^(?:beat|bury|out(?:sold|ran|do|run|sell)|overt(?:ook|ake))$"
)


def _forms(verb: str) -> list[str]:
    """Forms of a regular verb; others are taken as they are written."""
    return [verb] if _WRITTEN_OUT.search(verb) else forms(verb)


BETTER: Final = [form for verb in _EN["better"] for form in _forms(verb)]
BETTER_NAMED: Final = [form for verb in _EN["better_named"] for form in _forms(verb)]

_EVERYWHERE: Final = frozenset(_EN["everywhere"])
_FREQUENT: Final = frozenset(_EN["frequent"])


def telling(word: str) -> tuple[bool, bool]:
    """Greater for a word by which a sentence is told to hold a comparison rather than by others."""
    return word not in _EVERYWHERE, word not in _FREQUENT


_OTHER_CUES: Final = "than superior inferior loses lost losing match nothing comes come came"
#: Words without one of which a post that names no rival is not looked at for comparisons: a sieve, so that most posts
#: cost nothing.
CUES: Final = frozenset([*BETTER, *_OTHER_CUES.split()])
#: The same of short posts: of those that tell who alone did it, what one looks like beside another, whom they choose.
#: What stands in too many posts is left out: "all but", "after X, Y feels". There a rival has to be named.
CUES_ALONE: Final = frozenset(
    [
        *(word for phrase in _EN["excepting"] for word in phrase.split(" ") if word not in _EVERYWHERE),
        *("everyone", "everybody", "nobody", "none", "alone", "only"),
    ]
)
CUES_BESIDE: Final = frozenset(["compared", "beside", "alongside", "against", "next", "stacked"])
CUES_CHOICE: Final = frozenset(["or", "vs", "versus"])
CUES_SHORT: Final = CUES_ALONE | CUES_BESIDE | CUES_CHOICE
#: Whoever competes, and words without one of which none is named. Few words before: all of ten thousand would be read
#: from each of them.
ANYBODY: Final = re.compile(rf"\b(?:{any_of(_EN['anybody_before'])}\s+){{0,6}}{any_of(_EN['anybody'])}\b")
ANYBODY_CUES: Final = frozenset(_EN["anybody_cues"])


#: What denies a comparison behind it.
NEGATION: Final = re.compile(rf"\b{any_of(_EN['negations'])}\b(?! (?:just|only|merely|simply)\b)")
