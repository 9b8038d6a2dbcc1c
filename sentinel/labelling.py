"""Asking a person about posts, one after the other, at a terminal or from a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from sentinel.console import plain
from sentinel.corrections import EMPTY, Correction, check_topics
from sentinel.errors import UsageError
from sentinel.label_keys import HELP, Command, parse
from sentinel.label_pool import Candidate
from sentinel.store import Store

__all__ = ["ask_about"]

_WIDTH: Final = 100
_MOST_LINES: Final = 12  # of a long text


def lines_of(candidate: Candidate) -> Iterator[str]:
    """A post and what the models said of it, fit for a terminal whatever its text holds."""
    tags = candidate.tags
    yield " · ".join(filter(None, (candidate.platform, candidate.post_id, candidate.published, tags["lang"])))
    text = [
        line
        for part in plain(candidate.text).split("\n")
        for line in textwrap.wrap(part[: _WIDTH * _MOST_LINES], _WIDTH)
    ]
    yield from (f"    {line}" for line in text[:_MOST_LINES] or ["(nothing that can be shown)"])
    if len(text) > _MOST_LINES or len(candidate.text) > _WIDTH * _MOST_LINES:
        yield f"    … ({len(candidate.text):,} characters in all)"
    yield f"  {_mood(tags)} · about {tags['about']:.2f} · spam {tags['spam']:.2f} · topics {tags['topics'] or '-'}"


def _mood(tags: Any) -> str:
    if tags["p_neutral"] is None:
        return "unscored"
    three = ", ".join(f"{tags[f'p_{label}']:.2f} {label}" for label in ("negative", "neutral", "positive"))
    return f"{tags['label']} ({three})"


def ask_about(
    store: Store,
    candidates: Sequence[Candidate],
    read: Callable[[], str],
    say: Callable[[str], None],
    topics: Collection[str],
) -> tuple[int, int]:
    """Ask about each post and keep every answer at once, so that quitting at any moment loses nothing.

    Parameters
    ----------
    read : gives the next line that was typed; "" at the end of the input, which is as quitting.
    say : shows a line.
    topics : ids that there are; empty if nobody knows.

    Returns
    -------
    tuple of int
        Posts corrected, posts skipped.
    """
    at, given = 0, list[Correction]()
    shown = -1
    while at < len(candidates):
        candidate = candidates[at]
        if shown != at:
            say(f"\n{at + 1} of {len(candidates)}")
            for line in lines_of(candidate):
                say(line)
            shown = at
        line = read()
        try:
            command = Command("quit") if not line else parse(line)
            check_topics(command.correction.topics, topics)
        except UsageError as error:
            say(f"  {error}")
            continue
        if command.do == "quit":
            break
        if command.do == "help":
            say(HELP)
        elif command.do == "back":
            if not at:
                say("  nothing to take back")
                continue
            at -= 1
            given.pop()
            store.forget_correction(candidates[at].platform, candidates[at].post_id)
        else:
            given.append(_correction(command, candidate))
            store.correct({(candidate.platform, candidate.post_id): given[-1]})
            at += 1
    skipped = given.count(EMPTY)
    return len(given) - skipped, skipped


def _correction(command: Command, candidate: Candidate) -> Correction:
    """What was judged; of an "agree" all that was shown, of a "skip" nothing."""
    tags = candidate.tags
    if command.do == "agree":
        return Correction(tags["label"], tags["about"] >= 0.5, tags["spam"] >= 0.5, tags["topics"] or "")
    return command.correction
