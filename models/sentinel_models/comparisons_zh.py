"""Which side wins a Chinese sentence in which the names of both sides are single marks."""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import ANYBODY_CUES, MARK, OURS, REST, RIVAL, TABLES, any_of
from .comparisons import points
from .groups import ways
from .unmade import DENIES_NOTHING_ZH, unmade_zh

__all__ = ["CUES_ALONE_ZH", "compares_zh", "verdict_zh"]

_NEAR: Final = 16  # characters between a name and the comparison
_ZH: Final = TABLES["zh"]
_BETTER: Final = any_of([*_ZH["better"], *_ZH["better_named"]])
_WORSE: Final = any_of([*_ZH["worse"], *_ZH["worse_named"]])
_COMPARISON: Final = re.compile(f"(?:(?P<better>{_BETTER})|(?P<worse>{_WORSE}))(?!了?\\s*\\d)")
_NAMED: Final = frozenset([*_ZH["better_named"], *_ZH["worse_named"]])
_GOOD: Final = any_of([*_ZH["good"], *ways("{zh_ok}/{zh_fine}/顺手/利索/详细/有吸引力/耐用/省电/全面")])
_BAD: Final = any_of([*_ZH["bad"], *ways("{zh_off}/费电")])
_QUALITY: Final = f"(?P<worse>{_BAD})|(?P<better>{_GOOD})"
# A 比 B 好, A 不比 B 差
_THAN: Final = re.compile(
    rf"(?P<won>{MARK}){REST}{{0,8}}?(?P<not>不)?比(?!起){REST}{{0,4}}(?P<lost>{MARK})[^,。]{{0,6}}?(?:{_QUALITY})"
)
# 跟 B 比, A 好多了
_BEFORE: Final = re.compile(
    rf"(?:[跟和与同]{REST}{{0,2}}(?P<lost>{MARK}){REST}{{0,3}}比(?:起来)?|(?:比起|相比|对比|比较){REST}{{0,2}}(?P<lost2>{MARK})(?:来说|而言)?)"
    rf",?{REST}{{0,3}}(?P<won>{MARK})[^,。]{{0,8}}?(?:{_QUALITY})"
)
# A 没有 B 好
_LESS: Final = re.compile(
    rf"(?P<lost>{MARK}){REST}{{0,8}}?(?:没有?|不如|哪有|哪比得上){REST}{{0,2}}(?P<won>{MARK})[^,。]{{0,4}}?(?:{_QUALITY})"
)
# A 跟 B 比差远了, A 和 B 没法比
_BESIDE: Final = re.compile(
    rf"(?P<lost>{MARK}){REST}{{0,6}}[跟和与同]{REST}{{0,3}}(?P<won>{MARK}){REST}{{0,3}}"
    r"(?:没法比|不能比|没得比|比[^,。]{0,4}(?:差|弱|逊|low|弟弟|不行|远了)|不在一个|不是一个(?:级别|档次|量级|水平))"
)
_RHETORICAL: Final = re.compile("[吗么嘛][?!]*$")  # "A 不比 B 香吗"
_DONE: Final = any_of([*_ZH["passive"], *_ZH["better"], *_ZH["better_named"]])
_PASSIVE: Final = re.compile(
    rf"(?P<lost>{MARK}){REST}{{0,8}}(?:被|遭|让){REST}{{0,4}}(?P<won>{MARK})"
    rf"[^,。]{{0,6}}{_DONE}"
)
# 被 B 甩了几条街, A 该反思了
_PASSIVE_FIRST: Final = re.compile(
    rf"(?:^|[,。])[^,。]{{0,3}}[被遭]{REST}{{0,4}}(?P<won>{MARK})[^,。]{{0,6}}{_DONE}[^,。]{{0,6}},{REST}{{0,4}}(?P<lost>{MARK})"
)
_TAKING: Final = re.compile(
    rf"(?P<won>{MARK}){REST}{{0,8}}[把将]{REST}{{0,4}}(?P<lost>{MARK})"
    rf"[^,。]{{0,6}}{_DONE}"
)
_LEAVING: Final = re.compile(
    rf"{any_of(_ZH['leaving'])}{REST}{{0,4}}(?P<lost>{MARK}){REST}{{0,12}}{any_of(_ZH['arriving'])}{REST}{{0,4}}(?P<won>{MARK})"
    rf"|从{REST}{{0,3}}(?P<lost2>{MARK}){REST}{{0,10}}{any_of(_ZH['arriving'])}{REST}{{0,4}}(?P<won2>{MARK})"
)
_PREFERRING: Final = re.compile(rf"(?<!不){any_of(_ZH['preferring'])}{REST}{{0,4}}(?P<won>{MARK})")
#: Words without one of which a Chinese sentence makes no comparison.
_CUES: Final = frozenset("比没被把跟换从哪选") | frozenset(
    word
    for name in ("better", "better_named", "worse", "worse_named", "passive", "preferring", "leaving")
    for word in _ZH[name]
)
_SIEVE: Final = re.compile(any_of(_CUES))
#: Words without one of which a post that names no rival wins or loses none: all patterns but one need two names, and
#: what denies nothing is cut out, so that words meet.
CUES_ALONE_ZH: Final = (
    frozenset([*_ZH["better"], *_ZH["worse"]]).difference(_NAMED).union(ANYBODY_CUES, DENIES_NOTHING_ZH)
)
_OBJECT: Final = re.compile(f"[^,。;:!?]{{0,4}}{MARK}")
_NEGATED: Final = re.compile(
    "(?:没有?(?:想象|想像|传说)中?的?(?:那么|这么)?|不再是?那?个?|不算|并不|没有?|未能?|不能|难以|无法|不|还没能?|并未|并没有?|没能|休想|别想)$"
)
_BARE_PASSIVE: Final = re.compile("[被遭][^,。]{0,8}$")


def compares_zh(sentence: str) -> bool:
    """Whether a Chinese sentence may hold a comparison at all."""
    return _SIEVE.search(sentence) is not None


def verdict_zh(marked: str) -> int:
    """Comparisons of a Chinese sentence that our side wins, less those it loses."""
    total = _verdict(marked)
    return -total if total and unmade_zh(marked) else total


def _verdict(marked: str) -> int:
    for pattern in (_BEFORE, _THAN, _LESS):
        if match := pattern.search(marked):
            groups = match.groupdict()
            turned = bool(groups["worse"]) != bool(groups.get("not") and not _RHETORICAL.search(marked))
            if verdict := points(match["won"], match["lost"] or groups.get("lost2") or "", turned):
                return verdict
    for pattern in (_BESIDE, _PASSIVE, _PASSIVE_FIRST, _TAKING, _LEAVING):
        if match := pattern.search(marked):
            groups = match.groupdict()
            won, lost = groups["won"] or groups.get("won2"), groups["lost"] or groups.get("lost2")
            if verdict := points(won or "", lost or "", False):
                return verdict
    if (match := _PREFERRING.search(marked)) and OURS in marked and RIVAL in marked:
        return 1 if match["won"] == OURS else -1
    return sum(_compared(marked, match) for match in _COMPARISON.finditer(marked))


def _compared(marked: str, match: re.Match[str]) -> int:
    """1 if our side wins one comparison, -1 if it loses, else 0."""
    before = marked[max(0, match.start() - _NEAR) : match.start()]
    after = marked[match.end() : match.end() + _NEAR]
    marks = [mark for mark in before if mark in (OURS, RIVAL)]
    subject = marks[-1] if marks else ""
    target = next((mark for mark in after if mark in (OURS, RIVAL)), "")
    if not subject and not _OBJECT.match(after):  # named for another reason: "财报不及预期, A要低开"
        target = ""
    turned = bool(match["worse"]) != bool(_NEGATED.search(before))
    if passive := _BARE_PASSIVE.search(before):  # "A 被超越": what won is not named; "被 B 超越": it is
        by = subject and subject in passive.group()
        subject, target = (subject, marks[-2] if len(marks) > 1 else "") if by else ("", subject)
    if not (subject and target) and (match.group() in _NAMED or not (subject or target)):
        return 0
    return points(subject, target, turned)
