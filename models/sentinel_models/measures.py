"""Which of two sides has the better figures: the higher score, the better place, the shorter time, fewer attempts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from .comparison_words import OURS, RIVAL

__all__ = ["apart", "listed"]

_UNITS: Final = {
    **dict.fromkeys(["s", "sec", "second"], 1.0),
    **dict.fromkeys(["min", "minute"], 60.0),
    **dict.fromkeys(["h", "hr", "hour"], 3_600.0),
    "day": 86_400.0,
    "week": 604_800.0,
    "month": 2_592_000.0,
    "year": 31_536_000.0,
}
_AGES: Final = {"ages": 1e9, "forever": 1e9, "overnight": 43_200.0, "instantly": 0.1}
_WORDS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_NUMBERS: Final = {
    **{word: float(at) for at, word in enumerate(_WORDS)},
    **{"a": 1.0, "an": 1.0, "half": 0.5, "few": 3.0, "several": 5.0, "twenty": 20.0, "forty": 40.0},
}
_ORDINALS: Final = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_PLACES: Final = {
    **{word: float(at) for at, word in enumerate(_ORDINALS, 1)},
    **{"gold": 1.0, "silver": 2.0, "bronze": 3.0, "out front": 1.0, "last": 1e3, "bottom": 1e3},
}
_TIME: Final = re.compile(
    rf"\b(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})(?: an?)?[ -]?"
    rf"(?P<unit>{'|'.join(_UNITS)})s?\b(?! (?:ago|old|later|earlier))"
    rf"|\b(?P<ages>{'|'.join(_AGES)}|hours|days|weeks|months|years)\b"
)
_TAKES: Final = re.compile(
    r"\b(?:t[ao]kes?|took|taking|need(?:s|ed)|wait(?:s|ed|ing)?|within|answer(?:s|ed)|repl(?:ies|ied)|respond(?:s|ed)"
    r"|refund(?:s|ed)|loads|loaded|finish(?:es|ed)|delivers|delivered|fixe[sd]|solve[sd]|sorts|sorted)\b"
)
_PLACE: Final = re.compile(
    rf"\b(?:(?P<number>\d+)(?:st|nd|rd|th)|(?:number|no\.?|#) ?(?P<nth>\d+|{'|'.join(_WORDS)})"
    rf"|(?P<word>{'|'.join(_PLACES)}))\b"
)
_RANKED: Final = re.compile(
    r"\b(?:rank\w*|plac(?:e|es|ed)|came|comes|finish\w*|scores?|table|tier|podium|leaderboard|board|gold|silver|front"
    r"|number (?:one|1))\b"
    rf"|[{OURS}{RIVAL}](?:'s \w+)? (?:only )?(?:\d+(?:st|nd|rd|th)|first|second|third|last)\b"
)
_FIGURE: Final = re.compile(
    r"(?:\b(?P<down>down|lost|fell|dropped|minus)\b[^,\d]{0,8})?(?<![\w.$€-])(?P<number>\d+(?:\.\d+)?)(?=%|/|(?![\w.]))"
)
_FIGURE_WORD: Final = re.compile(
    rf"\b({'|'.join(_WORDS)})(?=\W*$| (?:tries|attempts|prompts|errors|mistakes|hints|bugs|points))"
)
_LISTED: Final = re.compile(
    rf"(?<![\w.'])(?P<place>\d{{1,2}}[.):]|[sabcdf](?:[ -]tier)?[ :=])\s*(?P<side>[{OURS}{RIVAL}])"
)
_GRADES: Final = "sabcdf"
_RANKING: Final = re.compile(r"\b(?:rank\w*|top|tier|best|leaderboard|order)\b")
_NAMED: Final = re.compile(rf"^[^{OURS}{RIVAL}]*[{OURS}{RIVAL}]")  # a figure stands behind whose it is
_NO_FIGURE: Final = re.compile(
    rf"(?:out of|of|/) ?\d+|[{OURS}{RIVAL}] \d(?:\.\d)?(?= \D)"
)  # "of 10", "Qwen 3 solved"
_SCORED: Final = re.compile(
    r"\b(?:grew|grow|grows|growing|growth|scor(?:e|es|ed|ing)|points?|evals?|benchmarks?|accuracy|right|correct|correctly|exam|arena|passed|solved|answered|votes|stars)\b"
)
_SPENT: Final = re.compile(
    r"\b(?:wrong|errors?|prompts?|tries|attempts?|hints?|bugs?|mistakes?|crashes|crashed|failed|failures|hallucinations)\b"
)


def apart(marked: str, ours: Sequence[str], theirs: Sequence[str]) -> int:
    """1 if what is told of our side has the better figure, -1 if the worse one, 0 if there is none to compare.

    Parameters
    ----------
    marked : the whole text in lower case, names as marks.
    ours, theirs : its clauses about one side alone.
    """
    for pattern, figure in ((_TAKES, _seconds), (_RANKED, _place)):
        if pattern.search(marked) and (less := _less(figure, ours, theirs)):
            return less
    more_is_worse = bool(_SPENT.search(marked)) - bool(_SCORED.search(marked))
    return more_is_worse and more_is_worse * _less(_figure, ours, theirs)


def listed(marked: str) -> int:
    """1 if our side has the better place in a numbered ranking, -1 if the worse one, else 0."""
    if not _RANKING.search(marked):
        return 0
    places = {RIVAL: 0, OURS: 0}
    for match in _LISTED.finditer(marked):
        place = match["place"]
        graded = _GRADES.find(place[0]) + 1 if "tier" in marked else 0
        places[match["side"]] = places[match["side"]] or (int(place[:-1]) if place[0].isdigit() else graded)
    if not all(places.values()):
        return 0
    return (places[OURS] < places[RIVAL]) - (places[OURS] > places[RIVAL])


def _less(figure: Callable[[str], float | None], ours: Sequence[str], theirs: Sequence[str]) -> int:
    one, others = (
        [found for found in map(figure, clauses) if found is not None] for clauses in (ours, theirs)
    )
    if len(one) != 1 or not others:
        return 0
    return (one[0] < min(others)) - (one[0] > max(others))


def _seconds(clause: str) -> float | None:
    match = _TIME.search(clause)
    if match is None:
        return None
    if ages := match["ages"]:
        return _AGES.get(ages) or 3 * _UNITS[ages[:-1]]
    return _number(match["number"]) * _UNITS[match["unit"]]


def _place(clause: str) -> float | None:
    match = _PLACE.search(clause)
    if match is None or match["word"]:
        return match and _PLACES[match["word"]]
    return _number(match["number"] or match["nth"])


def _figure(clause: str) -> float | None:
    match = _FIGURE.search(_NAMED.sub("", clause if _TAKES.match(clause) else _NO_FIGURE.sub(" ", clause)))
    if match:
        return float(match["number"]) * (-1 if match["down"] else 1)
    word = _FIGURE_WORD.search(clause)
    return word and _NUMBERS[word[1]]


def _number(written: str) -> float:
    return _NUMBERS[written] if written in _NUMBERS else float(written)
