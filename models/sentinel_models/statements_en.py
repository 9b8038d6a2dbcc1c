"""What a short English post says outright: the phrases that stand in it, and what negators make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .groups import ways
from .lexicon import english_valences
from .phrases import NUMBER, Phrase, Statement, listed, negators, opened_by
from .stating import NAMING_REACH, REACH, VALUED

__all__ = ["stated_en"]

_GAP: Final = 4
_FAR: Final = 12  # words after "never once" or "yet to find" up to which that turns what is said
_IS: Final = ("'s", "'re")
_NUMERIC: Final = frozenset("0123456789$+-")
_CLAUSE: Final = 72  # characters from a negator to what it turns
#: Words that a negator does not turn: "no doubt", "don't worry", "you're not wrong", "nothing better".
_NOT_TURNED: Final = frozenset(
    ["better", "bother", "care", "damn", "doubt", "fuck", "hell", "more", "shit", "worry", "wrong"]
)
#: What makes of "never" the highest degree: "never been more bullish".
_MORE: Final = frozenset(["more", "better", "so", "this"])
_MARK: Final = re.compile(r"[,;:.!?\n]")
_OPEN, _END = "<open>", "<end>"


def stated_en(tokens: Sequence[str], text: str, openings: Iterable[int] | None = None) -> list[Statement]:
    """The statements of a short English post, in their order.

    Parameters
    ----------
    openings : places among `tokens`, the first is 1, at which phrases are looked up; by default all.
    """
    if "#" in text:
        tokens = [token.removeprefix("#") or token for token in tokens]
    words = [_OPEN, *tokens, _END]
    chosen = _chosen(words, range(len(words) - 1) if openings is None else openings)
    turns = not negators().isdisjoint(words)
    if not chosen and not turns:
        return []
    denials = [last for _, last, phrase in chosen if phrase.kind == "far"]
    within = (
        {at for first, last, _ in chosen if last - first > 1 for at in range(first, last)} if turns else None
    )
    said = []
    for first, last, phrase in chosen:
        if phrase.kind in ("far", "void"):
            continue
        sign, written = phrase.sign, words[first:last]
        if sign:
            far = bool(denials) and any(
                end <= first < end + _FAR and _in_one_clause(text, words[end - 1], words[first])
                for end in denials
            )
            sign = -sign if far != _negated(words, first, within, text) else sign
        turned = sign != phrase.sign or sign * _valence_of(written) < 0
        said.append(Statement(" ".join(written), sign, phrase.kind == "mock", turned, first))
    if within is not None:
        taken = {at for first, last, _ in chosen for at in range(first, last)}
        for first, last, phrase in chosen:
            within.difference_update(range(first, last) if phrase.kind == "far" else ())
        said += _turned(words, taken, within, text)
    return sorted(said, key=lambda statement: statement.place) if len(said) > 1 else said


def _chosen(words: Sequence[str], openings: Iterable[int]) -> list[tuple[int, int, Phrase]]:
    """The phrases among some words, each with its first word and the one after its last; none overlaps another."""
    found = [
        (*span, phrase)
        for first in openings
        for place, phrase in opened_by(words[first], words[first + 1])
        if (span := _matched(words, first + place, phrase))
    ]
    if len(found) > 1:
        # the longest first; of two at the same place, the one that is listed first
        found.sort(key=lambda each: (each[0] - each[1], each[0], each[2].order))
    taken: set[int] = set()
    chosen = []
    for first, last, phrase in found:
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            chosen.append((first, last, phrase))
    return chosen


def _valence_of(words: Sequence[str]) -> float:
    """What the words of a phrase say one by one; a negator is blame."""
    valences = english_valences()
    return sum(valences.get(word, -1.0 if word in negators() else 0.0) for word in words)


def _turned(words: Sequence[str], taken: set[int], within: set[int], text: str) -> Iterator[Statement]:
    """Words of the valence list, outside the phrases, that a negator turns: "won't disappoint", "isn't impressive"."""
    valences, turning = english_valences(), negators()
    for at, word in enumerate(words):
        valence = valences.get(word, 0.0) if at not in taken and word not in turning | _NOT_TURNED else 0.0
        if abs(valence) >= VALUED and _negated(words, at, within, text):
            yield Statement(word, -1 if valence > 0 else 1, place=at)


def _matched(words: Sequence[str], place: int, phrase: Phrase) -> tuple[int, int] | None:
    """First word and the one after the last, if `phrase` stands with its word of look-up at `place`."""
    first = at = place - phrase.at
    if first < 0:
        return None
    reach = 1
    for allowed in phrase.words:
        if not allowed:
            reach = _GAP + 1
            continue
        end = min(at + reach, len(words))
        while at < end and words[at] not in allowed and not (NUMBER in allowed and words[at][0] in _NUMERIC):
            at += 1
        if at >= end:
            return None
        at, reach = at + 1, 1
    return None if phrase.kind.startswith("predicate") and not _is_said(words, first, at) else (first, at)


def _is_said(words: Sequence[str], first: int, last: int) -> bool:
    """Whether an adjective is said of somebody."""
    return first > 0 and (
        words[first - 1] in listed("copulas")
        or not listed("naming").isdisjoint(words[max(0, first - NAMING_REACH) : first - 1])
        or (
            words[first - 1].endswith(_IS)
            and (last >= len(words) or words[last] in listed("after_predicates"))
        )
        or _far_from(words, first)
        or (words[first - 1] == "up" and words[first - 2] == "straight")
    )


def _far_from(words: Sequence[str], first: int) -> bool:
    return first > 1 and words[first - 1] == "from" and words[first - 2] == "far"


def _negated(words: Sequence[str], first: int, within: set[int] | None, text: str) -> bool:
    """Whether a negator that is no part of a longer phrase stands a few words before, in the same clause.

    Parameters
    ----------
    within : places of the words of such phrases; ``None`` if there is no negator at all.
    """
    if _far_from(words, first) or (words[1] == "nothing" and words[2] == "about" and first > 2):
        return True
    return within is not None and any(
        words[at] in negators()
        and at not in within
        and not (words[at] == "never" and not _MORE.isdisjoint(words[at:first]))
        and not (at == 1 and words[at].endswith("n't") and words[2] in ways("{names}/it/this/that/they"))
        and not (words[at] == "without" and not listed("copulas").isdisjoint(words[at:first]))
        and _in_one_clause(text, words[at], words[first])
        for at in range(max(0, first - REACH), first)
    )


def _in_one_clause(text: str, one: str, two: str) -> bool:
    """Whether a word stands a little before another one without a mark between them."""
    place = text.find(two)
    while place >= 0:
        before = text.rfind(one, max(0, place - _CLAUSE), place)
        between = text[before + len(one) : place]
        if (
            before >= 0
            and _whole(text, one, before)
            and _whole(text, two, place)
            and not _MARK.search(between)
        ):
            return True
        place = text.find(two, place + 1)
    return False


def _whole(text: str, word: str, place: int) -> bool:
    """Whether a text has a word at a place, rather than a part of one."""
    around = text[place - 1 : place] if place else "", text[place + len(word) : place + len(word) + 1]
    return not any(sign.isalnum() or sign == "_" for sign in around)
