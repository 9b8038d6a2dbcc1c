"""Which side wins a sentence in which the names of both sides are single marks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

__all__ = ["CUES", "CUES_WITH_RIVAL", "OURS", "RIVAL", "compares", "verdict_en", "verdict_zh"]

OURS: Final = "\ue000"  #: stands for a name of Alibaba's side
RIVAL: Final = "\ue001"  #: stands for a name of a rival

_NEAR: Final = 48  # characters between a name and the comparison
_NEAR_ZH: Final = 16
_TABLES: Final[dict[str, Any]] = tomllib.loads(
    files("sentinel_models").joinpath("data", "comparisons.toml").read_text(encoding="utf-8")
)


def _any_of(phrases: Iterable[str]) -> str:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered) + ")"


_EN: Final = _TABLES["en"]
_MARK: Final = f"[{OURS}{RIVAL}]"
_REST: Final = f"[^{OURS}{RIVAL}]"
_COMPARISON: Final = re.compile(
    rf"(?P<better>\b{_any_of([*_EN['better'], *_EN['better_phrases']])}\b|\bmore\s+\w+\s+than\b|>)"
    rf"|(?P<worse>\b{_any_of(_EN['worse_phrases'])}\b|\bless\s+\w+\s+than\b)"
)
_PREFERENCE: Final = re.compile(
    rf"\b{_any_of(_EN['preferring'])}\b{_REST}{{0,20}}(?P<won>{_MARK}){_REST}{{0,20}}"
    rf"\b(?:over|to|than|instead\s+of)\b{_REST}{{0,12}}(?P<lost>{_MARK})"
)
_LEAVING: Final = re.compile(
    rf"\b{_any_of(_EN['leaving'])}\b{_REST}{{0,15}}(?P<lost>{_MARK}){_REST}{{0,20}}"
    rf"\b(?:to|with|for|by)\b{_REST}{{0,12}}(?P<won>{_MARK})"
)
_NEGATION: Final = re.compile(rf"\b{_any_of(_EN['negations'])}\b")
_SIEVE: Final = re.compile(
    f"{_COMPARISON.pattern}|{_any_of([*_EN['preferring'], *_EN['leaving']])}".replace(
        "?P<better>", "?:"
    ).replace("?P<worse>", "?:")
)

_ZH: Final = _TABLES["zh"]
_COMPARISON_ZH: Final = re.compile(f"(?P<better>{_any_of(_ZH['better'])})|(?P<worse>{_any_of(_ZH['worse'])})")
_THAN_ZH: Final = re.compile(
    rf"(?P<subject>{_MARK}){_REST}{{0,6}}比{_REST}{{0,4}}(?P<object>{_MARK})[^,。]{{0,6}}?"
    r"(?:(?P<worse>难|差|弱|慢|贵|笨|蠢|拉胯|烂)|(?P<better>好|强|快|便宜|厉害|聪明|准|牛|香|稳))"
)
_NEGATED_ZH: Final = re.compile("(?:没有?|未能?|不能|难以|无法|不)$")

#: Words without one of which English makes no comparison: a sieve, so that most posts cost nothing.
CUES: Final = frozenset(
    [*_EN["better"], "than", "superior", "ahead", "loses", "lost", "losing", "inferior", "behind", "trails"]
)
#: More of them, for posts that name a rival.
CUES_WITH_RIVAL: Final = CUES | frozenset(
    [phrase.split()[0] for phrase in (*_EN["better_phrases"], *_EN["preferring"], *_EN["leaving"])]
    + ["good", "match", "compete"]
)


def compares(sentence: str, chinese: bool) -> bool:
    """Whether a sentence may hold a comparison at all."""
    if chinese:
        return "比" in sentence or _COMPARISON_ZH.search(sentence) is not None
    return _SIEVE.search(sentence) is not None


def verdict_en(marked: str) -> int:
    """Comparisons of an English sentence that our side wins, less those it loses."""
    total = 0
    for pattern in (_PREFERENCE, _LEAVING):
        for match in pattern.finditer(marked):
            if match["won"] != match["lost"]:
                total += 1 if match["won"] == OURS else -1
    if total:
        return total
    for match in _COMPARISON.finditer(marked):
        before = marked[max(0, match.start() - _NEAR) : match.start()]
        after = marked[match.end() : match.end() + _NEAR]
        turned = (
            bool(re.match(r"\W*by\b", after)) + bool(_NEGATION.search(before[-20:])) + bool(match["worse"])
        )
        subject = next((mark for mark in reversed(before) if mark in (OURS, RIVAL)), "")
        target = next((mark for mark in after if mark in (OURS, RIVAL)), "")
        total += _points(subject, target, turned)
    return total


def verdict_zh(marked: str) -> int:
    """Comparisons of a Chinese sentence that our side wins, less those it loses."""
    for match in _THAN_ZH.finditer(marked):
        if match["subject"] != match["object"]:
            return _points(match["subject"], match["object"], bool(match["worse"]))
    total = 0
    for match in _COMPARISON_ZH.finditer(marked):
        before = marked[max(0, match.start() - _NEAR_ZH) : match.start()]
        after = marked[match.end() : match.end() + _NEAR_ZH]
        turned = bool(match["worse"]) + bool(_NEGATED_ZH.search(before))
        marks = [mark for mark in before if mark in (OURS, RIVAL)]
        subject = marks[-1] if marks else ""
        target = next((mark for mark in after if mark in (OURS, RIVAL)), "")
        if "被" in before[-8:]:  # passive: "A 被 B 超越" and "A 被超越"
            subject, target = (marks[-1], marks[-2]) if len(marks) > 1 else ("", subject)
        total += _points(subject, target, turned)
    return total


def _points(subject: str, target: str, turned: int) -> int:
    """1 if our side wins, -1 if it loses, 0 if it is not concerned; each turn changes the winner."""
    if subject == target or OURS not in (subject, target):
        return 0
    won = subject == OURS
    return 1 if won != bool(turned % 2) else -1
