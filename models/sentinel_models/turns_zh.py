"""Chinese posts that say one thing and then another, of which the other counts: "以为 A, 结果 B", "以前 A, 现在 B"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

from .phrases import Statement

__all__ = ["outcome"]

_REST: Final = "[^。!?\n]"
_FIRST: Final = (
    "一开始",
    "刚开始",
    "起初",
    "最初",
    "本来",
    "原本",
    "原先",
    "之前",
    "以前",
    "曾",
    "曾经",
    "当初",
)
_TOLD: Final = ("以为", "听说", "据说", "号称", "都说", "传说", "说是", "吹得")
_HOPED: Final = (
    "抱希望",
    "抱期待",
    "抱太大希望",
    "半信半疑",
    "满怀期待",
    "满怀希望",
    "满心欢喜",
    "满心期待",
    "兴冲冲",
)
_BELIEVED: Final = "|".join(
    [*_TOLD, *_HOPED, *map("".join, product(_FIRST, ("觉得", "认为", "感觉", "担心", "嫌")))]
)
_CHANGED: Final = "(?:更新|升级|改版|更改|迭代|换代|用|试|买)"
_ONCE: Final = (
    f"以前|本来|从前|过去|原先|当初|曾经|刚开始|一开始|起初|最初|早期|去年|{_CHANGED}?之前|{_CHANGED}前"
)
_SURPRISED: Final = (
    "结果|没想到|没料到|想不到|没成想|没有想到|谁知|谁料|哪知|不料|才知道|才发现|其实|事实证明"
)
_TRIED: Final = f"发现|实际|{_CHANGED}了|{_CHANGED}完|用久|用下来|试下来|出来|后来|现在|如今"
_LATER: Final = f"现在|如今|后来|现如今|用久|用着用着|{_CHANGED}(?:之后|以后|后|完)"
_NOW: Final = f"{_LATER}|这版|新版|这次更新|这个版本|结果|没想到"

#: The latter part has a group: its name tells whether it says the contrary in any case.
_TURNS: Final = tuple(
    re.compile(f"(?:{first}){_REST}{{1,24}}?(?P<{name}>{then})")
    for first, then, name in (
        (_BELIEVED, _SURPRISED, "contrary"),
        (_BELIEVED, _TRIED, "later"),
        (_ONCE, _NOW, "later"),
    )
)
_CUES: Final = re.compile(
    "[以听据都传本]|号称|说是|吹得|[抱满兴]|半信|觉得|认为|感觉|担心|嫌|以前|前|过去|原先|当初|曾经|开始|初|早期|去年"
)
#: After these nothing has changed.
_AS_EVER: Final = re.compile("也|还是|依然|依旧|仍|一样|一直|一如既往|始终")
#: What says no more than that it turned out otherwise.
_PROVED_WRONG: Final = frozenset(["打脸"])

_Placed = tuple[int, int, Statement]  # with its place, and the one after its last


def outcome(text: str, said: Sequence[_Placed]) -> list[Statement]:
    """What counts of the statements of a post, those that are not taken back.

    A belief of which nothing is said but that it came otherwise says the contrary.
    """
    if said and _CUES.search(text):
        for turn in _TURNS:
            if match := turn.search(text):
                return _after(text, said, match)
    return [each for _, _, each in said]


def _after(text: str, said: Sequence[_Placed], match: re.Match[str]) -> list[Statement]:
    first, turn = match.start(), match.start(match.lastgroup or 0)
    later = [each for _, last, each in said if last > turn]
    then = [each for each in later if each.phrase not in _PROVED_WRONG]
    contrary = match.lastgroup == "contrary" or len(then) < len(later)
    once = [each for _, last, each in said if first < last <= turn]
    before = [each for _, last, each in said if last <= first]
    if not once or (not contrary and _AS_EVER.search(text, match.end())):
        return [each for _, _, each in said]
    if not then and contrary:
        then = [each._replace(sign=-each.sign, mock=False) for each in once]
    return [*before, *then]
