"""Whom the answer names where somebody asks to choose: "X or Y for coding? Y, every time", "X vs Y: Y by a mile".

Names are single marks, as in ``comparisons``.
"""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import MARK, OURS, RIVAL, TABLES, any_of
from .groups import ways
from .leaning import leaning
from .needed import Part, phrases_part

__all__ = ["CHOICES", "chosen_en", "chosen_of_one", "chosen_zh"]

_EN, _ZH = TABLES["en"], TABLES["zh"]
_FOUND_WORSE: Final = re.compile(rf"\b(?:worst|{any_of(_EN['worse_words'])})\b")
#: Questions that ask for a fact and not for a choice: "who owns X, Y or Z?"
_OF_FACT: Final = re.compile(rf"\b{any_of(_EN['asks_fact'])}\b")
# "is that X or Y?" asks for a fact too, "which is better, X or Y?" does not.
_ASKS: Final = re.compile(rf"(?:^|[.!;]\s+)\W*(?:(?:and|so|but|ok|well),?\s+)?{any_of(_EN['asks'])}\b[^.!]*$")
_OF_WORTH: Final = re.compile(rf"\b{any_of([*_EN['asks_worth'], *ways('{better}')])}\b")
_SETS_BESIDE: Final = re.compile(r"\b(?:or|vs|versus|between)\b")
_SAYS: Final = (
    r"(?:(?:i|we|they|everyone|everybody|my (?:\w+ )?\w+)(?:'d|'ll)? (?:all |would |will |still |always )?"
    r"(?:say|says|said|pick|picks|picked|choose|chose|take|took|keep|kept|buy|use|go with|went with|trust|prefer))"
)
# What opens an answer, the one it names, and what may follow: nothing, a mark, how sure it is, or what is said of it.
_ANSWER: Final = (
    rf"(?:(?:(?P<says>{_SAYS})|{any_of(_EN['answers_open'])}|not for me|not really)[,.!]*\s+)*"
    rf"(?:(?P<not>not|anything but|never)\s+)?(?P<won>{MARK})"
    rf"(?P<tail>\W*$|[,.!;:-]|\s+-|\s*\(|\s+(?:more\b|{any_of(_EN['answers_sure'])}\b)"
    rf"|\s+(?:is|feels|looks|works)(?P<said>\s[^?{OURS}{RIVAL}]{{2,60}})$)"
)
_ANSWERED: Final = re.compile(rf"(?:^|(?<=\?))(?P<asked>[^?]*)\?+\W*{_ANSWER}")
# "X vs Y: Y", "between X and Y for this, Y"
_TOLD: Final = re.compile(
    rf"(?P<asked>[^?:]*{MARK}[^?:.]{{1,40}}{MARK}[^?:.,{OURS}{RIVAL}]{{0,50}})[:,]\s+{_ANSWER}"
)
# "X or something for this? Something, every time": of two of which one is known, the other named by the same word.
_WORD: Final = rf"{OURS}|[a-z][\w.-]{{1,}}"
_ONE_KNOWN: Final = re.compile(
    rf"(?:^|[.!?,:]\s|\bbetween\s)(?P<one>{_WORD})\s(?:or|vs\.?|versus|and)\s(?P<two>{_WORD})(?![\w{OURS}])"
    rf"[^?:{OURS}]{{0,50}}[?:]+\W*{_ANSWER.replace(f'(?P<won>{MARK})', '(?P<won>(?P=one)|(?P=two))')}"
)
_NAMED_AGAIN: Final = 3  # two that are set beside each other, and one of them again
#: What is needed for any of these, see `Needed`.
CHOICES: Final[list[list[Part]]] = [[phrases_part([word])] for word in ("or", "vs", "versus", "between")]
# "X vs Y isn't close. Y."
_SAID_THEN: Final = re.compile(
    rf"(?P<asked>[^?:.]*{MARK}[^?:.]{{1,40}}{MARK}[^?:.,{OURS}{RIVAL}]{{0,30}})\.\s+(?P<won>{MARK})(?P<not>)(?P<tail>\W*$)"
)
_CHOOSING: Final = re.compile(r"\b(?:between|vs|versus)\b")
_OF_FACT_ZH: Final = re.compile(any_of(_ZH["asks_fact"]))
_ASKED_ZH: Final = re.compile(any_of(_ZH["asks_choice"]))
_ANSWERED_ZH: Final = re.compile(
    rf"(?P<asked>[^?]*?)(?P<mark>\?+|二选一)[,。!\s]*(?:{any_of(_ZH['answers_open'])},?)*(?P<won>{MARK})"
    rf"(?:$|(?=[,。!~])|{any_of(_ZH['answers_sure'])})"
)


def chosen_en(marked: str) -> int:
    """1 if of two sides of which a short English text asks to choose one, it names ours, -1 if the other, else 0."""
    if marked.count(OURS) + marked.count(RIVAL) < _NAMED_AGAIN:
        return 0
    for pattern in (_ANSWERED, _TOLD, _SAID_THEN):
        for match in pattern.finditer(marked):
            asked = match["asked"]
            if OURS in asked and RIVAL in asked and _asks_to_choose(asked, match):
                return _sign(match, _FOUND_WORSE.search(asked) is not None)
    return 0


def _asks_to_choose(asked: str, match: re.Match[str]) -> bool:
    """Whether two sides are set beside each other for a choice, and not for a fact or for the worse of them."""
    told = match.re is not _ANSWERED
    if told and not (
        _CHOOSING.search(asked) or match.groupdict().get("says") or match["tail"].strip(" .!") == ""
    ):
        return False
    if not _SETS_BESIDE.search(asked) or _asks_fact(asked):
        return False
    return _FOUND_WORSE.search(asked) is not None or leaning(asked) >= 0  # "which one hallucinates, X or Y?"


def _asks_fact(asked: str) -> bool:
    """Whether a question asks for something else than which of two is better."""
    if _OF_FACT.search(asked):
        return True
    return _ASKS.search(asked) is not None and not (_OF_WORTH.search(asked) or _FOUND_WORSE.search(asked))


def _sign(match: re.Match[str], worse: bool) -> int:
    """1 if ours is chosen, -1 if the other, 0 if what is said of the one that is named is neither praise nor blame."""
    turned = worse != bool(match["not"])
    if said := match.groupdict().get("said"):
        leans = leaning(said)
        if not leans:
            return 0
        turned = leans < 0
    return 1 if (match["won"] == OURS) != turned else -1


def chosen_of_one(marked: str) -> int:
    """The same of a text that names ours alone and something that nobody knows for a rival."""
    match = _ONE_KNOWN.search(marked)
    if (
        match is None
        or (match["one"] == OURS) == (match["two"] == OURS)
        or _asks_fact(marked[: match.end("two")])
    ):
        return 0
    if _FOUND_WORSE.search(match.group()) or leaning(match.group()) < 0:
        return 0
    return _sign(match, worse=False)


def chosen_zh(marked: str) -> int:
    """The same of a short Chinese text."""
    for match in _ANSWERED_ZH.finditer(marked):
        asked = match["asked"]
        if OURS not in asked or RIVAL not in asked or _OF_FACT_ZH.search(asked):
            continue
        if match["mark"][0] != "?" or _ASKED_ZH.search(asked):
            return 1 if match["won"] == OURS else -1
    return 0
