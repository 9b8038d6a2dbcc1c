"""Which side wins the comparisons of a post, sentence by sentence."""

from __future__ import annotations

import re
from typing import Final

from .clauses import MOST_CASHTAGS, sentences
from .comparison_words import CUES, OURS, RIVAL, TABLES, any_of, compares
from .comparisons import verdict_en
from .comparisons_zh import compares_zh, verdict_zh
from .contrasts import CUES_BETWEEN, choice_en, contrast_en
from .contrasts_zh import contrast_zh
from .finds import Found
from .leaning import leaning
from .marking import Marker
from .opposites import LONG, opposed
from .opposites_zh import opposed_zh
from .statements import statements
from .words import Reading, lowered, read

__all__ = ["may_compare", "verdict"]

#: Questions that say something.
_FOR_EFFECT: Final = re.compile(
    r"\W*(?:why|who (?:needs|still|would|even|else)|what's the point|what does|remind me"
    r"|how (?:is|are|does|do) \S+ still|is it just me"
    r"|am i the only|anyone else|(?:so )?can we (?:all )?agree)\b"
)
_BESIDE: Final = any_of(TABLES["en"]["beside"])
_OPENING: Final = re.compile(
    rf"\b(?P<word>{_BESIDE})\b"
    rf"[^{OURS}{RIVAL},]{{0,30}}(?P<other>[{OURS}{RIVAL}])[^{OURS}{RIVAL},]{{0,15}}[,:-]\s*[^{OURS}{RIVAL},]{{0,15}}"
    rf"(?P<this>[{OURS}{RIVAL}])(?P<rest>.*)"
)
_CLOSING: Final = re.compile(
    rf"(?P<this>[{OURS}{RIVAL}])(?P<rest>[^{OURS}{RIVAL}]{{3,60}}?)\b(?P<word>{_BESIDE})\b"
    rf"[^{OURS}{RIVAL}]{{0,20}}(?P<other>[{OURS}{RIVAL}])"
)


def may_compare(reading: Reading, rival: bool) -> bool:
    """Whether a post that names Alibaba's side, and maybe a rival, may compare it: most do not, and cost nothing."""
    if reading.plain.count("$") > MOST_CASHTAGS:
        return False
    if reading.han or ">" in reading.lower or "<" in reading.lower or (rival and len(reading.lower) <= LONG):
        return True
    return not (CUES_BETWEEN if rival else CUES).isdisjoint(reading.tokens)


def verdict(marker: Marker, reading: Reading, rival: bool, named: Found | None = None) -> int:
    """1 if Alibaba's side wins the comparisons of a post, -1 if it loses, 0 if there are none or they cancel.

    Parameters
    ----------
    rival : whether it may name a rival.
    named : the names in it, if they are known.
    """
    chinese = reading.han > 1
    holds_any = compares_zh if chinese else compares
    if not rival and not holds_any(reading.lower):
        return 0
    total = 0
    every = sentences(reading.plain)
    whole = len(every) == 1
    for sentence in every:
        lower = reading.lower if whole else lowered(sentence)
        asks = lower.rstrip().endswith("?") and not _FOR_EFFECT.match(lower)
        comparing = not asks and ((whole and not rival) or holds_any(lower))
        if comparing or (rival and not asks):
            names = marker.names(reading, named) if whole else marker.names(read(sentence))
            marked = marker.marked(lower, names)
            if OURS in marked:
                total += (_of_sentence_zh if chinese else _of_sentence_en)(marked, comparing)
    if rival and not total and not chinese and not whole and len(reading.lower) <= LONG:
        total = choice_en(marker.marked(reading.lower, marker.names(reading)))
    if rival and not total:
        total = (opposed_zh if chinese else opposed)(
            marker.marked(reading.lower, marker.names(reading, named))
        )
    return (total > 0) - (total < 0)


def _of_sentence_en(marked: str, comparing: bool) -> int:
    """Comparisons of an English sentence that our side wins, less those it loses; else by contrasts."""
    won = verdict_en(marked) if comparing else 0
    if won or RIVAL not in marked:
        return won
    return contrast_en(marked) or _beside(marked)


def _of_sentence_zh(marked: str, comparing: bool) -> int:
    """The same of a Chinese sentence."""
    return (verdict_zh(marked) if comparing else 0) or contrast_zh(marked)


def _beside(marked: str) -> int:
    """What a sentence that begins beside one side says of the other: "next to X, Y feels ancient"."""
    match = _OPENING.search(marked) or _CLOSING.search(marked)
    if not match or match["other"] == match["this"]:
        return 0
    said = statements(read(match["rest"])) or leaning(match["rest"]) or int(match["word"] == "unlike")
    said = (said > 0) - (said < 0)
    return said if match["this"] == OURS else -said
