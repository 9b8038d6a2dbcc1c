"""What a person says of a post, over what the models said."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final, NamedTuple

from sentinel.errors import UsageError
from sentinel.post import LABELS

__all__ = ["EMPTY", "UNDO", "Correction", "Said", "check_topics", "parse_label", "parse_topics", "parse_yes"]

#: In a cell of a table of corrections: what was said before is taken back, and the models' tag stands again.
UNDO: Final = "undo"

#: How yes and no are written in tables of corrections.
_YES: Final = {
    "y": True,
    "yes": True,
    "1": True,
    "true": True,
    "n": False,
    "no": False,
    "0": False,
    "false": False,
}


class Correction(NamedTuple):
    """``None`` is "not judged": the models' tag stays."""

    label: str | None = None  #: one of LABELS
    about: bool | None = None
    spam: bool | None = None
    topics: str | None = None  #: ids joined by ``;``; "" is none of them


EMPTY: Final = Correction()


class Said(NamedTuple):
    """A correction with its post."""

    platform: str
    post_id: str
    lang: str
    text: str
    correction: Correction


def parse_label(text: str) -> str | None:
    """A label, or ``None`` for an empty cell.

    Raises
    ------
    UsageError
        If it is no label.
    """
    label = text.strip().lower()
    if label and label not in LABELS:
        raise UsageError(f"label {text!r} is none of {', '.join(LABELS)}, nor {UNDO}")
    return label or None


def parse_yes(name: str, text: str) -> bool | None:
    """``y`` or ``n``, or ``None`` for an empty cell.

    Raises
    ------
    UsageError
        If it is neither.
    """
    told = text.strip().lower()
    if told and told not in _YES:
        raise UsageError(f"{name} {text!r} is neither y nor n")
    return _YES.get(told)


def check_topics(topics: str | None, known: Collection[str]) -> None:
    """Refuse the id of a topic that there is not; any goes where none is known.

    Raises
    ------
    UsageError
        Names the topic, the near one and all that there are.
    """
    for topic in filter(None, (topics or "").split(";")):
        if known and topic not in known:
            near = get_close_matches(topic, sorted(known), n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise UsageError(
                f"there is no topic {topic!r}{hint}; there are {', '.join(sorted(known))}; give -c for a taxonomy of "
                "your own"
            )


def parse_topics(text: str) -> str | None:
    """Topic ids joined by ``;``, in one order and each once; ``-`` is none of them; an empty cell ``None``.

    Raises
    ------
    UsageError
        If one of them cannot be an id.
    """
    told = text.strip()
    if not told:
        return None
    ids = sorted({part.strip() for part in told.split(";")} - {"", "-"})
    for topic in ids:
        if not topic.replace("_", "").replace("-", "").isalnum():
            raise UsageError(
                f"topic {topic!r} is no id; expected such as model_release;market, or - for none"
            )
    return ";".join(ids)
