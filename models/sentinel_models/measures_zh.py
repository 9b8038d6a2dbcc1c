"""Which of two sides has the better figure in a Chinese post: the higher score, the lower rate of errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["apart_zh"]

_DIGITS: Final = {**{digit: at for at, digit in enumerate("零一二三四五六七八九")}, "两": 2}
_NUMBER: Final = r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+"
_SCORE: Final = re.compile(
    rf"(?P<number>{_NUMBER})\s?分(?![钟之别享析店发布支级辨不为成手流裂工类开数批层贝])"
)
_RATE: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)%?(?![\d.%]*[^\W\d_])"
)  # the number that ends what is told
_SCORED: Final = re.compile("跑分|得分|打分|评分|总分|准确率|正确率|通过率|胜率|成功率|解决率")
_FAILED: Final = re.compile("错误率|幻觉率|失败率|崩溃率|误报率|误判率|延迟")


def apart_zh(marked: str, ours: Sequence[str], theirs: Sequence[str]) -> int:
    """1 if what is told of our side has the better figure, -1 if the worse one, 0 if there is none to compare.

    Parameters
    ----------
    marked : the whole text, names as marks.
    ours, theirs : its clauses about one side alone.
    """
    rated = bool(_SCORED.search(marked)) - bool(_FAILED.search(marked))
    for pattern, sign in ((_SCORE, 1), (_RATE, rated)):
        if not sign:
            continue
        one, other = (_figure(pattern, clauses) for clauses in (ours, theirs))
        if one is not None and other is not None:
            return sign * ((one > other) - (one < other))
    return 0


def _figure(pattern: re.Pattern[str], clauses: Sequence[str]) -> float | None:
    """The figure of a side; ``None`` if there is none, or several."""
    found = [match["number"] for clause in clauses for match in pattern.finditer(clause)]
    return _value(found[0]) if len(found) == 1 else None


def _value(number: str) -> float:
    """What digits, or Chinese numerals below a thousand, stand for."""
    if number[0].isascii():
        return float(number)
    total = last = 0
    for sign in number:
        if sign in "十百":
            total, last = total + (last or 1) * (10 if sign == "十" else 100), 0
        else:
            last = _DIGITS[sign]
    return float(total + last)
