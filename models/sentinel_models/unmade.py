"""Comparisons that say the opposite: claimed and refuted, true once, or regretted. Names are single marks."""

from __future__ import annotations

import re
from typing import Final

from .comparison_words import OURS, RIVAL

__all__ = ["DENIES_NOTHING_ZH", "denials_cut", "denials_cut_zh", "regretted", "unmade", "unmade_zh"]

_NEAR: Final = 80  # characters from a choice to what is said of it
_CLAIMED: Final = re.compile(
    r"\b(?:claim(?:s|ed)?|says?|said|thinks?|thought|wants?|wanted|tried|tries|hope[sd]?|dreams?|promise[sd]?|supposed|boasts?"
    r"|boasted|brags?|bragged|swears?|swore)\b"
)
_REFUTED: Final = re.compile(
    r"(?:,|\b(?:but|and|yet|then))\s+(?:it |they |then |of course )?(?:(?:do|does|did|could|can|is|was|wo)(?:n't| not)"
    r"|cannot|failed|fails|fell short|lost|loses)\b"
    r"|\b(?:cute|lol|lmao|dream on|good luck|yeah right|in (?:its|their) dreams|not even close|nonsense)\W*$"
)
_ONCE: Final = re.compile(r"\b(?:used to|once|was|were|lagged|trailed)\b")
_NO_LONGER: Final = re.compile(r"\b(?:now|today|these days|not any ?more|no longer)\b")
_REGRET: Final = re.compile(
    r"\b(?:regret\w*|mistake|sorry|never should have|should(?:n't| not| never) have|instead of"
    r"|wish (?:i|we) had(?:n't| not| never))\b"
)
_AFTERWARDS: Final = re.compile(
    r"\b(?:was|is|were|i) (?:\w+ )?(?:worst|mistake|regret\w*|dumb\w*|stupid\w*|wrong)\b"
)
_ASKED_WHY: Final = re.compile(
    r"\W*(?:why|who|how) (?:would|should|do|does|did|could|on earth|the hell|even)\b"
)
#: What was meant to be chosen and was not: "wanted to like X over Y, but".
_MEANT: Final = re.compile(r"\b(?:want(?:ed)?|tried|hoped|meant|expected|ready|determined) to (?:\w+ )?$")
_BUT: Final = re.compile(r"\b(?:but|yet|until|instead|turns out|turned out)\b")
#: Denials that deny no comparison behind them.
_DENIES_NOTHING: Final = re.compile(
    r"\b(?:(?:didn't|did not|never|wasn't|not) (?:expect(?:ed|ing)?|thought|think|imagined?|guess(?:ed)?)"
    r"|(?:like|believe) it or not|not gonna lie|no (?:doubt|question|wonder|surprise)|without (?:a )?doubt)\b"
)
DENIES_NOTHING_ZH: Final = (
    *("没想到", "想不到", "没料到", "不得不说", "不得不承认", "不吹不黑", "毫无疑问", "没有悬念", "毫无悬念"),
    *("不用说", "不出意外", "不出所料"),
)
_DENIES_NOTHING_ZH: Final = re.compile("|".join(DENIES_NOTHING_ZH))
_CLAIMED_ZH: Final = re.compile("号称|声称|自称|宣称|扬言|喊着?|吹|说要|妄想|以为")
_REFUTED_ZH: Final = re.compile("(?:实测|结果|其实|实际|然而|但|却|可)[^。]{0,8}(?:差|不|翻车|一般|没|输|拉)")
_REGRET_ZH: Final = re.compile("后悔|不该|悔不该|错就错在|真不该")


def denials_cut(marked: str) -> str:
    """An English sentence without what denies nothing: "never thought that X would beat Y"."""
    return _DENIES_NOTHING.sub(" ", marked)


def denials_cut_zh(marked: str) -> str:
    """The same of a Chinese sentence."""
    return _DENIES_NOTHING_ZH.sub("", marked)


def regretted(marked: str, first: int, last: int) -> bool:
    """Whether a choice of one over the other, at some place of an English sentence, is regretted or wondered at."""
    before = marked[max(0, first - _NEAR) : first]
    return bool(
        (_MEANT.search(before) and _BUT.search(marked, last))
        or _REGRET.search(_behind_names(before))
        or _AFTERWARDS.search(marked, last, last + _NEAR)
        or _ASKED_WHY.match(marked)
    )


def unmade(marked: str) -> bool:
    """Whether what an English sentence compares is claimed and refuted, or was so once."""
    ending = _behind_names(marked)
    return bool(
        (_REFUTED.search(ending) and _CLAIMED.search(marked))
        or (_NO_LONGER.search(ending) and _ONCE.search(marked))
    )


def _behind_names(marked: str) -> str:
    """What follows the last name of a text."""
    return marked[max(marked.rfind(OURS), marked.rfind(RIVAL)) + 1 :]


def unmade_zh(marked: str) -> bool:
    """Whether what a Chinese sentence compares is claimed and refuted, or regretted."""
    return bool(_REGRET_ZH.search(marked) or (_CLAIMED_ZH.search(marked) and _REFUTED_ZH.search(marked)))
