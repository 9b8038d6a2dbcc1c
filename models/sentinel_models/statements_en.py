"""What a short English post says outright: the phrases that stand in it, and what negators make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import Final, NamedTuple

from .groups import ways
from .lexicon import english_valences
from .phrases import BARE, END, NUMBER, OPEN, Phrase, Statement, listed, negators, opened_by
from .stating import NAMING_REACH, REACH, VALUED

__all__ = ["stated_en"]

_GAP: Final = 4
_NEAR_GAP: Final = 6  # the same within a clause
_FAR: Final = 12  # words after "never once" or "yet to find" up to which that turns what is said
_IS: Final = ("'s", "'re")
_ILL: Final = 1.2  # valence below minus this is an ill
_NUMERIC: Final = frozenset("0123456789$+-")
_FIGURE: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_DENYING: Final = frozenset(["far", "void", "false", "aside"])
_GROWING: Final = frozenset(["growing_good", "growing_bad"])
_PREDICATES: Final = frozenset(["predicate_good", "predicate_bad"])
#: Words that a negator does not turn: "no doubt", "don't worry", "you're not wrong", "nothing better".
_NOT_TURNED: Final = frozenset(
    ["better", "bother", "care", "damn", "doubt", "fuck", "hell", "more", "shit", "worry", "wrong"]
)
#: What makes of "never" the highest degree: "never been more bullish".
_MORE: Final = frozenset(["more", "better", "so", "this"])
_MARK: Final = re.compile(r"[;!?\n]|[,:](?!\d)|\.(?!\w)")  # a dot within a name parts nothing
_BARE_WORDS: Final = frozenset(BARE)
_BARE: Final = re.compile(rf"\b(?:{'|'.join(BARE)})\b")

_Chosen = tuple[int, int, Phrase]  # a phrase with its first word and the one after its last


def stated_en(tokens: Sequence[str], text: str, openings: Iterable[int] | None = None) -> list[Statement]:
    """The statements of a short English post, in their order.

    Parameters
    ----------
    openings : places among `tokens`, the first is 1, at which phrases are looked up; by default all.
    """
    if "#" in text:
        tokens = [token.removeprefix("#") or token for token in tokens]
    if not _BARE_WORDS.isdisjoint(tokens):
        tokens = [BARE.get(token, token) for token in tokens]
        text = _BARE.sub(lambda match: BARE[match[0]], text)
    words = [OPEN, *tokens, END]
    chosen = _chosen(words, text, range(len(words) - 1) if openings is None else openings)
    turns = not negators().isdisjoint(words)
    if not (chosen or turns):
        return []
    denials = _Denials.of(words, chosen, text, turns)
    said = []
    for first, last, phrase in chosen:
        if phrase.kind in _DENYING:
            continue
        written = words[first:last]
        meant = sign = phrase.sign * _grows(written) if phrase.kind in _GROWING else phrase.sign
        if sign and written[0].isascii() and denials.deny_phrase(words, first):  # no emoji is denied
            sign = -sign
        turned = sign != meant or (sign != 0 and sign * _valence_of(written) < 0)
        said.append(Statement(" ".join(written), sign, phrase.kind == "mock", turned, first))
    if denials.within is not None:
        said += _turned(words, chosen, denials)
    if [1 for each in said if each.mock]:
        said += _beside_praise(words, chosen, said, denials)
    if denials.aside:
        said = [each for each in said if each.place >= denials.aside]
    return sorted(said, key=lambda statement: statement.place) if len(said) > 1 else said


class _Denials(NamedTuple):
    """What denies in a post, and what it denies."""

    within: set[int] | None  #: places of words within longer phrases; ``None`` if there is no negator at all
    far: list[int]  #: the ends of phrases that turn all that follows in a clause
    falsified: int  #: all that is said before this place is false
    aside: int  #: and before this one, set aside
    places: list[int]  #: where each word begins in the text
    text: str

    @classmethod
    def of(cls, words: Sequence[str], chosen: Sequence[_Chosen], text: str, turns: bool) -> _Denials:
        """What denies, `turns` if a negator is among the words."""
        denying = [each for each in chosen if each[2].kind in _DENYING]
        if not turns and not denying:
            return cls(None, [], 0, 0, [], text)
        within = {
            at
            for first, last, phrase in chosen
            if last - first > 1 and phrase.kind != "aside"
            for at in range(first, last)
        }
        places = _places(words, text)
        far = [last for _, last, phrase in denying if phrase.kind == "far"]
        falsified = max((first for first, _, phrase in denying if phrase.kind == "false"), default=0)
        aside = max((last for _, last, phrase in denying if phrase.kind == "aside"), default=0)
        return cls(within if turns else None, far, falsified, _next_clause(aside, places, text), places, text)

    def deny_phrase(self, words: Sequence[str], first: int) -> bool:
        """Whether what begins at a place is denied: once, not twice."""
        return (first < self.falsified or self.deny_far(first)) != _negated(words, first, self)

    def deny_far(self, first: int) -> bool:
        """Whether a phrase that turns all that follows it stands before, in the same clause."""
        return bool(self.far) and any(
            end <= first < end + _FAR and self.in_one_clause(end - 1, first) for end in self.far
        )

    def in_one_clause(self, one: int, two: int) -> bool:
        """Whether no mark stands between two words."""
        return not _MARK.search(self.text, self.places[one], self.places[two])


def _next_clause(after: int, places: Sequence[int], text: str) -> int:
    """The place of the word that begins another clause after some place; 0 if there is none."""
    if not after:
        return 0
    return next((at for at in range(after, len(places)) if _MARK.search(text, places[at - 1], places[at])), 0)


def _places(words: Sequence[str], text: str) -> list[int]:
    """Where each word begins in its text; what opens it, at 0."""
    places, place = [0], 0
    for word in words[1:-1]:
        place = max(text.find(word, place), place)
        places.append(place)
        place += len(word)
    return places


def _chosen(words: Sequence[str], text: str, openings: Iterable[int]) -> list[_Chosen]:
    """The phrases among some words, each with its first word and the one after its last; none overlaps another."""
    found = [
        (*span, phrase)
        for first in openings
        for place, phrase in opened_by(words[first], words[first + 1])
        if (span := _matched(words, first + place, phrase))
    ]
    if [1 for _, _, phrase in found if phrase.near]:
        found = _within_clauses(found, words, text)
    if len(found) < 2:
        return found
    # the longest first; of two at the same place, the one that is listed first
    found.sort(key=lambda each: (each[0] - each[1], each[0], each[2].order))
    taken: set[int] = set()
    chosen: list[_Chosen] = []
    for first, last, phrase in found:
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            chosen.append((first, last, phrase))
    return chosen


def _within_clauses(found: Sequence[_Chosen], words: Sequence[str], text: str) -> list[_Chosen]:
    """Phrases among some words, without those that may not reach from one clause into the next and do."""
    places = _places(words, text)
    return [
        (first, last, phrase)
        for first, last, phrase in found
        if not (phrase.near and _MARK.search(text, places[first], places[min(last, len(places)) - 1]))
    ]


def _grows(words: Sequence[str]) -> int:
    """Whether the last number among some words is greater than the first (1), less (-1) or neither (0)."""
    numbers = [float(match[0].replace(",", "")) for word in words if (match := _FIGURE.search(word))]
    return (numbers[-1] > numbers[0]) - (numbers[-1] < numbers[0]) if numbers else 0


def _valence_of(words: Sequence[str]) -> float:
    """What the words of a phrase say one by one."""
    return sum(map(_valences().get, words, repeat(0.0)))


@cache
def _valences() -> dict[str, float]:
    """The valence list, and negators, which are blame."""
    return dict.fromkeys(negators(), -1.0) | english_valences()


def _turned(words: Sequence[str], chosen: Sequence[_Chosen], denials: _Denials) -> Iterator[Statement]:
    """Words of the valence list, outside the phrases, that a negator turns: "won't disappoint", "isn't impressive"."""
    valences = english_valences()
    valued = [at for at, word in enumerate(words) if abs(valences.get(word, 0.0)) >= VALUED]
    if not valued:
        return
    taken = {at for first, last, _ in chosen for at in range(first, last)}
    far = {at for first, last, phrase in chosen if phrase.kind == "far" for at in range(first, last)}
    nearer = denials._replace(within=(denials.within or set()) - far) if far else denials
    for at in valued:
        word = words[at]
        if at in taken or word in _NOT_TURNED or word in negators() or not word.isascii():
            continue
        if _negated(words, at, nearer) or denials.deny_far(at):
            yield Statement(word, -1 if valences[word] > 0 else 1, place=at)


def _beside_praise(
    words: Sequence[str], chosen: Sequence[_Chosen], said: Sequence[Statement], denials: _Denials
) -> Iterator[Statement]:
    """The first ill behind thanks or cheers that are for nothing else: "thanks, now I look like an idiot"."""
    if any(each.sign and not each.mock for each in said) or not (
        listed("mends") | listed("sets_apart")
    ).isdisjoint(words):
        return
    cheers = [
        last
        for first, last, phrase in chosen
        if phrase.kind == "mock" and _cheers(words, first, last, denials)
    ]
    if not cheers:
        return
    taken = {at for first, last, _ in chosen for at in range(first, last)}
    valences = english_valences()
    for at in range(cheers[0], len(words)):
        word = words[at]
        if valences.get(word, 0.0) <= -_ILL and at not in taken and word.isascii() and word not in negators():
            if not _negated(words, at, denials):
                yield Statement(word, -1, place=at)
            return


def _cheers(words: Sequence[str], first: int, last: int, denials: _Denials) -> bool:
    """Whether praise is a phrase by itself, no emoji, and no adjective of what follows ("great tool")."""
    if not words[last - 1].isascii():
        return False
    places = denials.places or _places(words, denials.text)
    return (
        words[first] != OPEN
        or last == len(places)
        or bool(_MARK.search(denials.text, places[last - 1], places[last]))
    )


def _matched(words: Sequence[str], place: int, phrase: Phrase) -> tuple[int, int] | None:
    """First word and the one after the last, if `phrase` stands with its word of look-up at `place`."""
    first = at = place - phrase.at
    if first < 0:
        return None
    reach, size = 1, len(words)
    for allowed in phrase.words:
        if reach == 1 and at < size and words[at] in allowed:  # most words; what follows is for the others
            at += 1
            continue
        if not allowed:
            reach = (_NEAR_GAP if phrase.near else _GAP) + 1
            continue
        end, gap = min(at + reach, size), at
        while at < end and words[at] not in allowed and not (NUMBER in allowed and words[at][0] in _NUMERIC):
            at += 1
        if at >= end or (phrase.near and not negators().isdisjoint(words[gap:at])):
            return None
        at, reach = at + 1, 1
    return None if phrase.kind in _PREDICATES and not _is_said(words, first, at) else (first, at)


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


def _negated(words: Sequence[str], first: int, denials: _Denials) -> bool:
    """Whether a negator that is no part of a longer phrase stands a few words before, in the same clause."""
    if _far_from(words, first) or (words[1] == "nothing" and words[2] == "about" and first > 2):
        return True
    within, every = denials.within, negators()
    return within is not None and any(
        at not in within and _denies(words, at, first) and denials.in_one_clause(at, first)
        for at in range(max(0, first - REACH), first)
        if words[at] in every
    )


def _denies(words: Sequence[str], at: int, first: int) -> bool:
    """Whether a negator denies what begins at a place, and not what stands between them, nor merely asks."""
    word = words[at]
    if word == "never":
        return _MORE.isdisjoint(words[at:first])
    if word == "without":
        return listed("copulas").isdisjoint(words[at:first])
    return at != 1 or not word.endswith("n't") or words[2] not in ways("{names}/it/this/that/they")
