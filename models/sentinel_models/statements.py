"""What a short post says outright: praise and blame that no bag of words can be trusted with.

"Qwen couldn't be better", "Alibaba is cooked", "ban on Alibaba Cloud lifted": the words of such a post, one by one, say
the opposite of the whole, or nothing. A list of phrases decides there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .chinese import body
from .groups import ways
from .joined import Joined
from .lexicon import english_valences
from .phrases import NUMBER, Phrase, listed, negators, opened_by, phrases_zh, signs_zh
from .stating import NAMING_REACH, REACH, VALUED
from .words import Reading

__all__ = [
    "LENGTHS",
    "LENGTHS_ZH",
    "Statement",
    "stated",
    "stated_en",
    "stated_zh",
    "statements",
    "total_of",
    "weight_of",
]

#: Words, Chinese characters: up to the first number a statement counts in full, from the second on not at all. A longer
#: post says more than one thing, and the taught judgement knows better.
LENGTHS: Final = (8, 16)
LENGTHS_ZH: Final = (16, 28)
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
_ASKED_ZH: Final = re.compile("[吗呢]|怎么|如何|什么|哪|多少|几个|是否|是不是|谁|有没有|能不能|可以")
#: A clause that asks, not for effect alone ("难道不好用吗?").
_ASKING_ZH: Final = re.compile(
    r"(?:(?!不是|难道|还不|岂不|不就|也配|不香|不比)[^,。;!?\n]){0,30}[吗么](?:[?]|\s*$)"
)
_ASKING_ENDS: Final = ("吗", "么")
_NEGATED_ZH: Final = re.compile(
    r"(?:(?<!是)不是|并不|并非|不算|不太|不够|没有|不会|不能说|谈不上|称不上|算不上|说不上|绝不|毫不|从不|从没|不再|不会再|再也不|别再|没再|告别|摆脱|杜绝|不|没|别)(?:很|太|那么|特别|多么|什么|怎么)?$"
    r"|(?:(?:不|没|没有|未)(?:觉得|认为|感觉|发现|感到|能说|敢说)|谁说|谁讲|哪里|哪儿|何曾|很?难说|未必|不见得)[^,。]{0,6}$"
)


class Statement(NamedTuple):
    """A phrase that says something outright."""

    phrase: str
    sign: int  #: 1 praise, -1 blame, 0 neither
    mock: bool = False  #: praise that beside blame is none
    turned: bool = False  #: its words say the opposite one by one, so that it counts twice
    place: int = 0  #: of its first word among the words of an English post, the first is 1


def stated(reading: Reading) -> list[Statement]:
    """The statements of a short post, in their order; none in a long one."""
    if reading.han > 1:
        if len(reading.lower) >= LENGTHS_ZH[1]:
            return []
        text = body(reading)
        return [_said(text, place, phrase) for place, phrase in phrases_zh().longest_in(text)]
    tokens = reading.tokens
    return stated_en(tokens, reading.lower) if len(tokens) < LENGTHS[1] else []


def weight_of(reading: Reading) -> float:
    """How much the statements of a post count, in [0, 1], by its length."""
    full, none = LENGTHS_ZH if reading.han > 1 else LENGTHS
    size = len(reading.lower) if reading.han > 1 else len(reading.tokens)
    return 1.0 if size <= full else 0.0 if size >= none else (none - size) / (none - full)


def statements(reading: Reading) -> int | None:
    """1 for praise, -1 for blame, 0 for a plain fact or a question; ``None`` if nothing is stated or both are."""
    total = total_of(reading)
    return None if total is None else (total > 0) - (total < 0)


def total_of(
    reading: Reading,
    others: Callable[[Reading], Mapping[str, int]] = lambda _: {},
    found: Sequence[Statement] | None = None,
) -> int | None:
    """The same as a number: how many more statements are praise than blame.

    Parameters
    ----------
    others : what the post says of somebody else -> its sign for us; asked if there is anything.
    found : its statements, if they are known.
    """
    asked = _is_question(reading)
    found = stated(reading) if found is None else found
    if found and (signs := others(reading)):
        found = [each._replace(sign=signs.get(each.phrase, each.sign)) for each in found]
        found = [each for each in found if each.sign or each.phrase not in signs]
    if not found:
        return 0 if asked else None
    told = [each.sign for each in found]
    blamed = -1 in told
    total = sum([each.sign * (1 + each.turned) for each in found if not (blamed and each.mock)])
    if asked or not any(told):
        return 0 if asked or not total else None
    return total or None


def _is_question(reading: Reading) -> bool:
    tokens = reading.tokens
    if reading.han > 1:
        return reading.lower.rstrip().endswith("?") and _ASKED_ZH.search(reading.lower) is not None
    return (
        bool(tokens)
        and tokens[-1][0] in "?!"
        and "?" in tokens[-1]
        and not listed("questions").isdisjoint(tokens[:2])
    )


def stated_en(tokens: Sequence[str], text: str, openings: Iterable[int] | None = None) -> list[Statement]:
    """The statements of a short English post, in their order.

    Parameters
    ----------
    openings : places among `tokens`, the first is 1, at which phrases are looked up; by default all.
    """
    if "#" in text:
        tokens = [token[1:] if token[0] == "#" else token for token in tokens]
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


def stated_zh(texts: Mapping[int, str], joined: Joined) -> dict[int, list[Statement]]:
    """The statements of some bodies of Chinese posts, in their order, by their place among those that are joined."""
    found: dict[int, list[Statement]] = {at: [] for at in texts}
    firsts = (joined.first + 1).tolist()
    for at, place, phrase in phrases_zh().longest(joined):
        if at in texts:
            found[at].append(_said(texts[at], place - firsts[at], phrase))
    return found


def _said(text: str, place: int, phrase: str) -> Statement:
    """A phrase of a Chinese text, turned where it is negated; it says nothing where it is asked about."""
    sign = signs_zh()[phrase]
    asks = "?" in text or text.rstrip().endswith(_ASKING_ENDS)
    if sign and asks and any(first <= place < last for first, last in _asked_zh(text)):
        sign = 0
    asking = phrase[0] == "不" and text[max(0, place - 1) : place] == phrase[1:2]
    if asking or "有没" in text[max(0, place - 2) : place + 1]:  # "好不好用", "有没有信心"
        sign = 0
    turned = sign != 0 and _NEGATED_ZH.search(text[max(0, place - 10) : place]) is not None
    return Statement(phrase, -sign if turned else sign, turned=turned)


def _asked_zh(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _ASKING_ZH.finditer(text)]
