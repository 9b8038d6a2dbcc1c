"""Who wins in a sentence: the mood towards Alibaba's side where a post sets it against a rival.

A bag of words cannot tell "DeepSeek beats Qwen" from "Qwen beats DeepSeek". Posts that name both sides are read clause by
clause: a comparison moves the score towards the side that wins it, and clauses about the rival alone are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .mentions import mentions
from .words import Reading, read

__all__ = ["Sides"]

_OURS: Final = "\ue000"
_RIVAL: Final = "\ue001"
#: What a comparison adds to the logits of negative, neutral, positive: enough to decide a doubtful score.
_WON: Final = np.array([-3.0, -2.0, 3.0])
_LOST: Final = np.array([3.0, -2.0, -3.0])

_SENTENCES: Final = re.compile(r"(?<=[.!?;。!?;])\s+|[。;\n]+|(?<=[!?])")
_CLAUSES: Final = re.compile(r"(?<=[.!?;])\s+|[,。,;\n]+|(?<=[!?])|\s(?:but|while|whereas|although|though)\s")

_BETTER: Final = (
    r"beats?|beating|beaten|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|destroy(?:s|ed|ing)?|crush(?:es|ed|ing)?|smok(?:es|ed|ing)"
    r"|defeat(?:s|ed|ing)?|overtak(?:es|ing)|overtake|overtook|overtaken|outpac(?:es|ed|ing)|outscor(?:es|ed|ing)|eclips(?:es|ed|ing)|dethron(?:es|ed|ing)"
    r"|mogs?|obliterat(?:es|ed|ing)|demolish(?:es|ed|ing)|annihilat(?:es|ed|ing)|tops|topped|blows? away|leaves? behind|wins? (?:over|against)|won (?:over|against)"
    r"|(?:much |far |way |generally |slightly |clearly )?(?:better|faster|smarter|stronger|cheaper|superior|ahead|more \w+) (?:than|to|of)|> ?"
)
_WORSE: Final = (
    r"los(?:es|t|ing) (?:to|against)|(?:worse|slower|weaker|dumber|less \w+) than|inferior to|(?:lag|fall|trail)(?:s|ing)? (?:far )?behind|fell behind|behind"
    r"|(?:not|isn't|nowhere near|nowhere close to) as good as|no match for|can't (?:match|compete with)|trails"
)
_NOT: Final = re.compile(
    r"\b(?:not|never|no|doesn't|don't|didn't|isn't|won't|can't|cannot|hardly|fails? to)\b"
)
_COMPARISON: Final = re.compile(rf"(?P<better>\b(?:{_BETTER})(?!\w)|>)|(?P<worse>\b(?:{_WORSE})\b)")
_PREFERENCE: Final = re.compile(
    rf"\b(?:prefer|chose|choose|choosing|picked|use|using|recommend|rather)\b[^{_OURS}{_RIVAL}]{{0,20}}(?P<won>[{_OURS}{_RIVAL}])"
    rf"[^{_OURS}{_RIVAL}]{{0,20}}\b(?:over|to|than|instead of)\b[^{_OURS}{_RIVAL}]{{0,12}}(?P<lost>[{_OURS}{_RIVAL}])"
)
_SWITCH: Final = re.compile(
    rf"\b(?:switch(?:ed|ing)? from|replac(?:e|ed|ing)|ditch(?:ed|ing)?|drop(?:ped|ping)?|abandon(?:ed|ing)?|mov(?:ed|ing) from)\b[^{_OURS}{_RIVAL}]{{0,15}}"
    rf"(?P<lost>[{_OURS}{_RIVAL}])[^{_OURS}{_RIVAL}]{{0,20}}\b(?:to|with|for|by)\b[^{_OURS}{_RIVAL}]{{0,12}}(?P<won>[{_OURS}{_RIVAL}])"
)
#: Words without one of which there is no comparison in English; a sieve, so that most posts cost nothing.
_CUES: Final = frozenset(
    "beat beats beating beaten outperform outperforms outperformed outperforming surpass surpasses surpassed surpassing destroy destroys destroyed "
    "destroying crush crushes crushed crushing smoke smokes smoked smoking defeat defeats defeated defeating overtake overtakes overtaking overtook "
    "overtaken outpaces outpaced outpacing outscores outscored outscoring eclipses eclipsed eclipsing dethrones dethroned dethroning mog mogs "
    "obliterates obliterated obliterating demolishes demolished demolishing annihilates annihilated annihilating tops topped than superior ahead "
    "lose loses lost losing inferior behind trails".split()
)
#: More of them, for posts that name a rival.
_MORE_CUES: Final = _CUES | frozenset(
    "blow blows leave leaves win wins won good match prefer over instead with rather switched switching replaced ditch ditched moved for".split()
)
_ENGLISH: Final = re.compile(
    _COMPARISON.pattern.replace("?P<better>", "?:").replace("?P<worse>", "?:")
    + "|prefer|over|instead|rather|switch|replac|ditch|drop|abandon|mov"
)
_LIST: Final = 2  # a post with more cashtags is a list, not a comparison
_NEAR: Final = 48  # characters between a name and the comparison

_BETTER_ZH: Final = (
    "吊打|碾压|超越|超过|秒杀|击败|打败|反超|领先|优于|强于|好于|胜过|赶超|完胜|甩开|战胜|力压|赶上并超过"
)
_WORSE_ZH: Final = "不如|落后|输给|逊于|弱于|差于|不及|比不上|打不过|败给|追不上"
_COMPARISON_ZH: Final = re.compile(rf"(?P<better>{_BETTER_ZH})|(?P<worse>{_WORSE_ZH})")
_THAN_ZH: Final = re.compile(
    rf"(?P<subject>[{_OURS}{_RIVAL}])[^{_OURS}{_RIVAL}]{{0,6}}比[^{_OURS}{_RIVAL}]{{0,4}}(?P<object>[{_OURS}{_RIVAL}])"
    r"[^,。]{0,6}?(?P<better>好|强|快|便宜|厉害|聪明|准|牛|香|稳)?(?P<worse>难|差|弱|慢|贵|笨|蠢|拉胯|烂)?(?:[^,。]|$)"
)


class Sides:
    """Comparisons between Alibaba's side and its rivals."""

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)

    def push(self, reading: Reading, entities: str | None) -> npt.NDArray[np.float64] | None:
        """What the comparisons of a post add to its logits; ``None`` if it makes none."""
        if entities == "" or not (
            reading.han or not _MORE_CUES.isdisjoint(reading.tokens) or ">" in reading.lower
        ):
            return None
        named = self._named(reading, entities)
        if not self._mentions.side(named, "alibaba"):
            return None
        rivals = self._mentions.side(named, "rival")
        if not (reading.han or rivals or ">" in reading.lower) and _CUES.isdisjoint(reading.tokens):
            return None
        verdict = self._verdict(reading)
        return _WON if verdict > 0 else _LOST if verdict < 0 else None

    def focus(self, reading: Reading, entities: str | None) -> Reading | None:
        """The post without the clauses that speak of rivals alone; ``None`` if there are none or nothing else."""
        if (
            entities == ""
            or (entities is not None and ";" not in entities)
            or reading.plain.count("$") > _LIST
        ):
            return None
        named = self._named(reading, entities)
        if not (self._mentions.side(named, "alibaba") and self._mentions.side(named, "rival")):
            return None
        clauses = [clause for clause in _CLAUSES.split(reading.plain) if clause.strip()]
        kept = [clause for clause in clauses if not self._rival_alone(clause)]
        ours = any(self._mentions.side(self._mentions.find(clause), "alibaba") for clause in kept)
        return read(", ".join(kept)) if ours and len(kept) < len(clauses) else None

    def explain(self, reading: Reading) -> dict[str, Any]:
        """Names on both sides, and which way the comparisons point (-1, 0, 1)."""
        named = self._mentions.find(reading.plain)
        focus = self.focus(reading, None)
        return {
            "ours": self._mentions.side(named, "alibaba"),
            "rivals": self._mentions.side(named, "rival"),
            "comparison": self._verdict(reading),
            "read as": focus.plain if focus else reading.plain,
        }

    def _named(self, reading: Reading, entities: str | None) -> Sequence[str]:
        if entities is None:
            return list(self._mentions.find(reading.plain))
        return [entity for entity in entities.split(";") if entity in self._mentions.entities]

    def _rival_alone(self, clause: str) -> bool:
        named = self._mentions.find(clause)
        return bool(self._mentions.side(named, "rival")) and not self._mentions.side(named, "alibaba")

    def _verdict(self, reading: Reading) -> int:
        """1 if Alibaba's side wins the comparisons of a post, -1 if it loses, 0 if there are none or they cancel."""
        total, chinese = 0, reading.han > 3
        for sentence in _SENTENCES.split(reading.lower):
            if not sentence or not sentence.strip() or sentence.rstrip().endswith("?"):
                continue
            if not (
                _COMPARISON_ZH.search(sentence) or "比" in sentence if chinese else _ENGLISH.search(sentence)
            ):
                continue
            marked = self._marked(sentence)
            if _OURS in marked:
                total += _chinese(marked) if chinese else _english(marked)
        return (total > 0) - (total < 0)

    def _marked(self, sentence: str) -> str:
        """A sentence in which a name of ours, or a rival's, is one character."""
        found = self._mentions.find(sentence)
        text = sentence
        pairs = [
            (word, _OURS if self._mentions.entities[key].side == "alibaba" else _RIVAL)
            for key, words in found.items()
            if self._mentions.entities[key].side in ("alibaba", "rival")
            for word in words
        ]
        for word, mark in sorted(set(pairs), key=lambda pair: -len(pair[0])):
            pattern = r"[\W_]{0,2}".join(map(re.escape, word.split(" ")))
            edges = (r"(?<![a-z0-9])", r"(?![a-z])") if word.isascii() else ("", "")
            text = re.sub(edges[0] + pattern + edges[1] + r"(?:[-.][\w.]+)*" * word.isascii(), mark, text)
        return re.sub(rf"([{_OURS}{_RIVAL}])(?:[\s\-/']*\1)+", r"\1", text)


def _english(marked: str) -> int:
    total = 0
    for pattern in (_PREFERENCE, _SWITCH):
        for match in pattern.finditer(marked):
            total += (
                (match["won"] == _OURS) - (match["lost"] == _OURS) if match["won"] != match["lost"] else 0
            )
    if total:
        return total
    for match in _COMPARISON.finditer(marked):
        before, after = (
            marked[max(0, match.start() - _NEAR) : match.start()],
            marked[match.end() : match.end() + _NEAR],
        )
        sign = 1 if match["better"] else -1
        if re.match(r"\W*by\b", after):
            sign = -sign
        if _NOT.search(before[-20:]):
            sign = -sign
        subject = next((mark for mark in reversed(before) if mark in (_OURS, _RIVAL)), "")
        target = next((mark for mark in after if mark in (_OURS, _RIVAL)), "")
        if subject != target and _OURS in (subject, target):
            total += sign if subject == _OURS else -sign
    return total


def _chinese(marked: str) -> int:
    for match in _THAN_ZH.finditer(marked):
        if match["subject"] != match["object"] and (match["better"] or match["worse"]):
            sign = 1 if match["better"] else -1
            return sign if match["subject"] == _OURS else -sign
    total = 0
    for match in _COMPARISON_ZH.finditer(marked):
        before, after = (
            marked[max(0, match.start() - 16) : match.start()],
            marked[match.end() : match.end() + 12],
        )
        sign = 1 if match["better"] else -1
        marks = [mark for mark in before if mark in (_OURS, _RIVAL)]
        subject = marks[-1] if marks else ""
        target = next((mark for mark in after if mark in (_OURS, _RIVAL)), "")
        if "被" in before[-8:] and len(marks) >= 2:  # "A is beaten by B"
            subject, target = marks[-1], marks[-2]
        elif "被" in before[-8:] and subject == _OURS and not target:
            sign = -sign
        if re.search(r"(?:没有?|未能?|不能|难以|无法|不)$", before):
            sign = -sign
        if subject != target and _OURS in (subject, target):
            total += sign if subject == _OURS else -sign
    return total
