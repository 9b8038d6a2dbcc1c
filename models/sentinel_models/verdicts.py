"""Which side wins the comparisons of a post, sentence by sentence."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from .beside import BESIDE, beside
from .clauses import MOST_CASHTAGS, sentences
from .comparison_words import ANYBODY, ANYBODY_CUES, CUES, OURS, RIVAL
from .comparisons import NEEDED_BETWEEN, may_compare_alone, verdict_en
from .comparisons_zh import compares_zh, verdict_zh
from .contrasts import CONTRASTS, contrast_en
from .contrasts_zh import contrast_zh
from .finds import Found
from .marking import Marker, Names
from .needed import Needed, runs_in
from .opposites import LONG, opposed
from .opposites_zh import opposed_zh
from .settling import may_settle, may_settle_alone, settled
from .unmade import denials_cut, denials_cut_zh
from .words import Reading, lowered

__all__ = ["may_compare", "verdict"]

_ANSWER: Final = re.compile(
    r"\W*(?:(?:lol|lmao|haha|hell|well|um|sorry|honestly),? )*"
    r"(?:(?P<no>i don't think so|in your dreams|good luck|dream on|no|nope|nah|never|hardly|i doubt|doubt it"
    r"|not (?:even|really|at all|by|a chance|in))"
    r"|(?:yes|yep|yeah|yup|absolutely|definitely|of course|obviously|without a doubt|no doubt|easily|by far|100%))\b"
)
_REFUTES: Final = re.compile(r"\W*(?:it|they|that|this) (?:do|does|did|is|was|can|could)(?:n't| not)\W*$")
#: Questions that say something.
_FOR_EFFECT: Final = re.compile(
    r"\W*(?:why|who (?:needs|still|would|even|else)|what's the point|what does|remind me"
    r"|how (?:is|are|does|do) \S+ still|is it just me"
    r"|am i the only|anyone else|(?:so )?can we (?:all )?agree)\b"
)
_FOR_EFFECT_ZH: Final = re.compile("也配|凭什么|拿什么|难道|还用说|谁还|怎么比")
#: What is needed for a sentence that names both sides to say anything of them that it could not say of one.
_NEEDED_BETWEEN: Final = Needed([*NEEDED_BETWEEN, *CONTRASTS, *BESIDE])
_SIGNS_BETWEEN: Final = ("<", ">", "prefer")


def may_compare(reading: Reading, rival: bool) -> bool:
    """Whether a post that names Alibaba's side, and maybe a rival, may compare it: most do not, and cost nothing."""
    if reading.plain.count("$") > MOST_CASHTAGS:
        return False
    if rival or reading.han or ">" in reading.lower or "<" in reading.lower:
        return True
    return not CUES.isdisjoint(reading.tokens) or (len(reading.lower) <= LONG and may_settle_alone(reading))


def verdict(marker: Marker, reading: Reading, rival: bool, named: Found | None = None) -> int:
    """1 if Alibaba's side wins the comparisons of a post, -1 if it loses, 0 if there are none or they cancel.

    Parameters
    ----------
    rival : whether it may name a rival.
    named : the names in it, if they are known.
    """
    names = marker.names(reading, named)
    may_tell = between = True
    if reading.plain.isascii() and "&" not in reading.plain:  # its sentences read the same by themselves
        between = any(mark == RIVAL for _, mark in names) or _names_anybody(reading.lower)
        rival = rival and between
        may_tell = _may_tell(reading.lower, between)
    short, chinese = len(reading.lower) <= LONG, reading.han > 1
    settles = short and may_settle(reading.lower, chinese)
    if not (settles or rival or (may_tell and (not chinese or compares_zh(reading.lower)))):
        return 0
    marked = marker.marked(reading.lower, names) if short and (settles or rival) else ""
    if settles and (found := settled(marked, chinese)):
        return found
    total, whole = _of_sentences(marker, reading, names, rival, between, marked) if may_tell else (0, True)
    if rival and not total and short:
        total = _of_post(marked, chinese, whole)
    return (total > 0) - (total < 0)


def _of_sentences(
    marker: Marker, reading: Reading, names: Names, rival: bool, between: bool, known: str
) -> tuple[int, bool]:
    """Comparisons of all sentences that our side wins, less those it loses; and whether it is a single sentence.

    Parameters
    ----------
    known : the whole with its names marked, if that has been made.
    """
    chinese = reading.han > 1
    every = sentences(reading.plain)
    whole = len(every) == 1
    lowers = [reading.lower] if whole else list(map(lowered, every))
    # Beside a mark for a name that is not of ASCII there may be words that are none beside the name.
    unsieved = chinese or (whole and reading.plain.isascii()) or not all(name.isascii() for name, _ in names)
    total = 0
    for sentence, following in zip_longest(lowers, lowers[1:], fillvalue=""):
        if not (unsieved or _may_tell(sentence, between)):
            continue
        asks = sentence.rstrip().endswith("?") and not (
            _FOR_EFFECT_ZH.search if chinese else _FOR_EFFECT.match
        )(sentence)
        answer = _answer(following, asks) if following and not chinese else 0
        comparing = (not asks or answer != 0) and (
            not chinese or (whole and not rival) or compares_zh(sentence)
        )
        if comparing or (rival and not asks):
            marked = known if whole and known else marker.marked(sentence, names)
            if OURS in marked:
                of_sentence = _of_sentence_zh if chinese else _of_sentence_en
                total += of_sentence(marked, comparing) * (answer or 1)
    return total, whole


def _names_anybody(text: str) -> bool:
    """Whether `Marker.marked` may find that a text names whoever competes."""
    return any(map(text.__contains__, ANYBODY_CUES)) and ANYBODY.search(text) is not None


def _may_tell(text: str, between: bool) -> bool:
    """Whether `_of_sentence_en` may say anything of a text whose names are of ASCII, maybe of both sides: a sieve."""
    words = runs_in(text)
    return may_compare_alone(text, words) or (
        between and (_NEEDED_BETWEEN.any_among(words) or any(map(text.__contains__, _SIGNS_BETWEEN)))
    )


def _answer(sentence: str, asks: bool) -> int:
    """1 if a sentence answers a question by yes, -1 by no, or refutes what is said before it, else 0."""
    match = _ANSWER.match(sentence) if asks else None
    if not asks:
        return -1 if _REFUTES.match(sentence) else 0
    return 0 if match is None else -1 if match["no"] else 1


def _of_post(marked: str, chinese: bool, whole: bool) -> int:
    """What a short post that names both sides makes of them where none of its sentences compares."""
    if chinese:
        return opposed_zh(marked)
    return (0 if whole else contrast_en(marked)) or opposed(marked)


def _of_sentence_en(marked: str, comparing: bool) -> int:
    """Comparisons of an English sentence that our side wins, less those it loses; else by contrasts."""
    marked = denials_cut(marked)
    won = verdict_en(marked) if comparing else 0
    if won or RIVAL not in marked:
        return won
    return contrast_en(marked) or beside(marked)


def _of_sentence_zh(marked: str, comparing: bool) -> int:
    """The same of a Chinese sentence."""
    marked = denials_cut_zh(marked)
    return (verdict_zh(marked) if comparing else 0) or contrast_zh(marked)
