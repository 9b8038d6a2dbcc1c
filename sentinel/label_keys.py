"""The keys of the labeller: a line that was typed, as a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeVar

from sentinel.corrections import Correction, parse_topics
from sentinel.errors import UsageError

__all__ = ["HELP", "Command", "parse"]

HELP: Final = """\
keys, together or apart, then Enter:
  n negative   0 neutral   p positive   u no mood can be told
  a about Alibaba   x not about it      s spam   h no spam
  t model_release;market   topics, last in the line; t alone: none of them
  Enter alone: right as it stands       k skip   b back, undo the last   q quit, go on another time   ? this"""

_Meaning = TypeVar("_Meaning", str, bool)
_LABELS: Final = {
    "n": "negative",
    "-": "negative",
    "0": "neutral",
    "p": "positive",
    "+": "positive",
    "u": "unscored",
}
_ABOUT: Final = {"a": True, "x": False}
_SPAM: Final = {"s": True, "h": False}
_COMMANDS: Final[dict[str, Literal["skip", "back", "quit", "help"]]] = {
    "k": "skip",
    "b": "back",
    "q": "quit",
    "?": "help",
}


class Command(NamedTuple):
    """What is to be done; `correction` says what was judged, if anything."""

    do: Literal["save", "agree", "skip", "back", "quit", "help"]
    correction: Correction = Correction()


def parse(line: str) -> Command:
    """A line of keys as a command.

    Raises
    ------
    UsageError
        If a key is not known, or two of them contradict each other.
    """
    line = line.strip()
    if not line:
        return Command("agree")
    if line.lower() in _COMMANDS:
        return Command(_COMMANDS[line.lower()])
    words = line.split()
    at = words.index("t") if "t" in words else len(words)
    keys = "".join(words[:at]).lower()
    topics = parse_topics(";".join(words[at + 1 :]) or "-") if at < len(words) else None
    for key in keys:
        if key in _COMMANDS:
            raise UsageError(f"{key!r} stands alone; type it in a line of its own")
        if key not in {*_LABELS, *_ABOUT, *_SPAM}:
            raise UsageError(f"no key {key!r}; type ? for the keys")
    return Command("save", Correction(_one(keys, _LABELS), _one(keys, _ABOUT), _one(keys, _SPAM), topics))


def _one(keys: str, meanings: Mapping[str, _Meaning]) -> _Meaning | None:
    meant = {meanings[key] for key in keys if key in meanings}
    if len(meant) > 1:
        raise UsageError(f"{keys!r} says two things at once; type one of them")
    return next(iter(meant), None)
