"""Which side wins a sentence in which the names of both sides are single marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from typing import Final

from .comparison_words import BETTER, BETTER_NAMED, MARK, NEGATION, OURS, REST, RIVAL, TABLES, any_of, telling
from .groups import ways
from .leaning import leaning
from .lexicon import english_valences
from .needed import Needed, Part, phrase_way, phrases_part
from .unmade import regretted, unmade

__all__ = ["NEEDED_BETWEEN", "may_compare_alone", "points", "verdict_en"]

_BLAMED: Final = -0.4  # valence below which a word is blame
_FEW: Final = 3  # words before a comparison that opens its sentence
_NEAR: Final = 48  # characters between a name and the comparison
_EN: Final = TABLES["en"]
_BETTER_FORMS: Final = frozenset(BETTER)
_DENIED: Final = frozenset([*_EN["denied_phrases"], "more than"])
_ALIKE: Final = _DENIED.union(_EN["equal_phrases"])


#: What is done worse the more it is done: "hallucinates more than".
_FAILING: Final = [
    *ways("{fails}/lie/lies/lied"),
    *(f"{form} things up" for form in ("make", "makes", "made")),
]
_FAILS: Final = any_of(_FAILING)
_AS_OFTEN: Final = r"as\s+(?:often|much|frequently|many\s+\w+)\s+as"
#: Of what pleases more "with X than with Y", who leaves a name alone, and for what one is left.
_MORE_WITH: Final = ["more", "better", "faster", "easier", "happier", "safer"]
_WITH: Final = ["with", "on", "from", "in", "using", "at"]
_FOR: Final = ["to", "with", "for", "by", "into"]
_LEFT: Final = ways(
    "cancelled/canceled/cancelling/canceling/uninstalled/uninstalling/ditched/"
    "ditching/dumped/dumping/stopped using/quit/unsubscribed from"
)
_MUCH: Final = ["more", "twice as many", "three times as many"]
#: What there is more or less of, and is blame.
_FAULTS: Final = frozenset(
    ways(
        "{nuisances}/{poor}/mistake/mistakes/verbose/expensive/pricey/slow/laggy/censored/biased/boring/annoying/chatty/robotic/bloated/repetitive/preachy/restrictive/noisy/lies/flaws/tokens/memory/power/time/money"
    )
)


def _spaced(phrases: Iterable[str]) -> str:
    """A pattern of some phrases with any spaces between their words."""
    return f"(?:{'|'.join(phrases)})".replace(" ", r"\s+")


def _around(phrase: str) -> str:
    """The pattern of "blow/blows/blew * away", whose star is the other name."""
    before, after = phrase.split(" * ")
    first, *rest = before.split(" ")
    heads = any_of(first.split("/")) + "".join(r"\s+" + re.escape(word) for word in rest)
    return rf"{heads}\s+(?:{REST}{{0,16}})?(?:{MARK})(?:'s)?\s+(?:\w+\s+)?{any_of([after])}"


def _around_by(phrase: str) -> str:
    """The pattern of its passive, "blown away by"."""
    before, after = phrase.split(" * ")
    return rf"{any_of(before.split(' ')[0].split('/'))}\s+{any_of([after])}(?=\s+by\b)"


#: Words and phrases that are comparisons by themselves.
_WHOLE: Final = [
    *(BETTER, BETTER_NAMED, _ALIKE),
    *(_EN[name] for name in ("better_phrases", "worse_phrases", "worse_named")),
]
_HEADS: Final = [phrase.split(" * ")[0].split(" ")[0].split("/") for phrase in _EN["better_around"]]


def _begins(phrase: str) -> str:
    """The first word of a phrase, the first two if nearly all posts hold it."""
    words = phrase.split(" ")
    return " ".join(words[: 1 if telling(words[0])[0] else 2])


_BEGINS: Final = any_of(
    [
        *map(_begins, chain(*_WHOLE)),
        *chain(*_HEADS, _EN["better_words"], _EN["worse_words"], _FAILING, ["less", "fewer"]),
        *(phrase.partition(" ")[0] for phrase in _MUCH),
    ]
)
_COMPARISON: Final = re.compile(
    rf"\b(?={_BEGINS}(?!\w))"  # a sieve: what follows begins with one of these
    rf"(?:(?P<around>{'|'.join(map(_around, _EN['better_around']))})"
    rf"|(?P<by_named>{'|'.join(map(_around_by, _EN['better_around']))})"
    rf"|(?P<better>{any_of([*BETTER, *_EN['better_phrases'], *_ALIKE])}(?!\w)"
    rf"|{_spaced(_MUCH)}\s+(?:\w+\s+)?(?:than|as)\b"
    rf"|{_FAILS}\s+(?:(?:(?:far|much|way|a\s+lot)\s+)?less(?:\s+often)?\s+than|half\s+{_AS_OFTEN})\b"
    rf"|{any_of(_EN['better_words'])}(?:\s+\w+){{1,4}}?\s+than\b)"
    rf"|(?P<better_named>{any_of(BETTER_NAMED)}(?!\w| for\b))"
    rf"|(?P<worse>{any_of(_EN['worse_phrases'])}(?!\w)|(?:less|fewer)\s+\w+\s+than\b"
    rf"|{_FAILS}\s+(?:(?:(?:far|much|way|a\s+lot)\s+)?more(?:\s+often)?\s+than"
    rf"|(?:twice|\w+\s+times)\s+{_AS_OFTEN})\b"
    rf"|{any_of(_EN['worse_words'])}(?:\s+\w+){{1,4}}?\s+than\b)"
    rf"|(?P<worse_named>{any_of(_EN['worse_named'])}(?!\w)))"
    r"|(?<![-=<>])(?:(?P<above_named>>{1,6}(?![=>]))|(?P<worse_below_named><{1,6}(?![-=<])))"
)
# "beaten soundly by X"; a margin is none: "beats X by a mile", "beats Apple by a dollar", "beats by 5 points".
_PASSIVE: Final = re.compile(
    rf"[^\w{OURS}{RIVAL}]*(?:(?:\w+ly|hard|again|twice|out|up|even|once\s+more)[^\w{OURS}{RIVAL}]+)?"
    r"by\b(?!\s+(?:far\b|\d))"
)
_PREFERENCE: Final = re.compile(
    rf"\b{any_of(_EN['preferring'])}\b{REST}{{0,20}}(?P<won>{MARK}){REST}{{0,20}}"
    rf"\b(?:over|than|instead\s+of)\b{REST}{{0,12}}(?P<lost>{MARK})"
    rf"|\b{any_of(_MORE_WITH)}\s+(?:\w+\s+)?{any_of(_WITH)}\s+(?P<won3>{MARK})"
    rf"{REST}{{0,10}}\bthan\b{REST}{{0,10}}(?P<lost3>{MARK})"
    rf"|\bprefer\w*\b{REST}{{0,12}}(?P<won2>{MARK}){REST}{{0,12}}\bto\b{REST}{{0,12}}(?P<lost2>{MARK})"
)
_LEAVING: Final = re.compile(
    rf"\b{any_of(_EN['leaving'])}\b{REST}{{0,15}}(?P<lost>{MARK}){REST}{{0,20}}"
    rf"\b{any_of(_FOR)}\b{REST}{{0,12}}(?P<won>{MARK})"
    rf"|\b{any_of(_EN['returning'])}\s(?:the\s)?(?P<won2>{MARK}){REST}{{0,20}}"
    rf"\b(?:from|after)\b{REST}{{0,20}}(?P<lost2>{MARK})"
    rf"|\b{any_of(_EN['moving'])}\b{REST}{{0,30}}\bfrom\b{REST}{{0,12}}(?P<lost3>{MARK})"
    rf"{REST}{{0,25}}\b(?:to|into|onto)\b{REST}{{0,12}}(?P<won3>{MARK})"
)
_LEFT_ALONE: Final = re.compile(
    rf"\b{_spaced(_LEFT)}\b"
    rf"{REST}{{0,15}}(?P<lost>{MARK}){REST}{{0,60}}(?P<won>{MARK})"
)


def _needs_between() -> Iterator[list[Part]]:
    """What a sentence holds that compares two names, each list of words that stands in the patterns above."""
    for phrase in chain(BETTER_NAMED, _EN["worse_named"]):
        yield [[phrase_way(phrase)]]
    for phrase in _EN["preferring"]:
        yield [[phrase_way(phrase)], phrases_part(["over", "than", "instead of"])]
    yield [phrases_part(_MORE_WITH), phrases_part(_WITH), phrases_part(["than"])]
    for phrase in _EN["leaving"]:
        yield [[phrase_way(phrase)], phrases_part(_FOR)]
    for phrase in _EN["returning"]:
        yield [[phrase_way(phrase)], phrases_part(["from", "after"])]
    for phrase in _EN["moving"]:
        yield [[phrase_way(phrase)], phrases_part(["from"]), phrases_part(["to", "into", "onto"])]
    yield [phrases_part(_LEFT)]


def _needs_alone() -> Iterator[list[Part]]:
    """The same of one that compares a name, maybe with what is no name."""
    for phrase in chain(BETTER, _ALIKE, _EN["better_phrases"], _EN["worse_phrases"]):
        yield [[phrase_way(phrase)]]
    yield [phrases_part([*_EN["better_words"], *_EN["worse_words"], "less", "fewer"]), phrases_part(["than"])]
    yield [phrases_part(_MUCH), phrases_part(["than", "as"])]
    yield [phrases_part(_FAILING), phrases_part(["as"])]


#: What is needed for a comparison of two names, but for "prefer" in any form, "<" and ">"; see `Needed`.
NEEDED_BETWEEN: Final = list(_needs_between())
_NEEDED_ALONE: Final = Needed(_needs_alone())
#: What is needed for those with a name within them but for their endings, which may go on: "shows X however".
_NEEDED_AROUND: Final = Needed(
    [phrases_part(heads), *([phrase_way(word)] for word in around.split(" ")[1:-1] if word != "*")]
    for heads, around in zip(_HEADS, _EN["better_around"], strict=True)
)
_ENDINGS: Final = [around.split(" ")[-1] for around in _EN["better_around"]]


def may_compare_alone(sentence: str, words: Set[str]) -> bool:
    """Whether `verdict_en` may say anything of an English sentence though it names one side, see `runs_in`: a sieve."""
    return _NEEDED_ALONE.any_among(words) or any(
        _ENDINGS[number] in sentence for number in _NEEDED_AROUND.among(words)
    )


# What is said behind them is said of the move, and not of who was left: "back to X after Y let me down".
_OF_THE_MOVE: Final = re.compile(r"\s*(?:[^\w\s]|(?:\w+\s+)?(?:feels?|felt|is|was|seems?|has\s+been)\b)")
# Behind these, another clause begins: "X was embarrassing whereas Y breezed through".
_NEXT_CLAUSE: Final = re.compile(r"[;:]|\b(?:but|while|whilst|whereas|although|though|yet|meanwhile)\b")
# With one name alone a comparison must be one in form: the name stands near, and what compares is no noun.
_SUBJECT: Final = re.compile(
    rf"{MARK}(?!{REST}*(?:[:;()|\"]|\b(?:we|i|you|they|he|she|if|when|after|as)\s)){REST}{{0,32}}$"
)
_OBJECT: Final = re.compile(rf"(?:(?!\b(?:and|at|for|from|in)\b)[^,;:()|\"{OURS}{RIVAL}]){{0,40}}{MARK}")
_NOUN: Final = re.compile(r"(?:\b(?:an?|the|its|their|his|her|my|your|our|this|that|at|of|on|in)|'s)\s+$")
_NONE: Final = re.compile(rf"\b{any_of(_EN['none_such'])}\b[^,;:.{OURS}{RIVAL}]*$")
_NO_OTHER: Final = re.compile(r"\s*(?:this|that|it|ever|before|expected|feared|hoped)\b")
_ALMOST: Final = re.compile(
    r"\b(?:wish\w*|if\s+only|almost|nearly|supposedly)\b"
)  # as good as another, but not quite
# "nothing X makes"
_NONE_OF: Final = re.compile(rf"\b(?:nothing|none|nobody|no\s+\w+)\s+(?:\w+\s+){{0,3}}{MARK}{REST}*$")
_ONLY: Final = re.compile(
    r"\bonly\s+(?:thing|area|category|place|way|metric|benchmark|test|task|field|reason)\b"
)
_PARTICIPLES: Final = ("ed", "en", "done", "sold")
_MARKED: Final = re.compile(MARK)
_BE: Final = re.compile(r"\b(?:be|been|being|is|are|was|were|gets?|got|getting)\s+(?:\w+ly\s+)?$")
# "ranked above X, Y takes first place": what is above is named behind.
_THEN_NAMED: Final = re.compile(
    rf"{REST}{{0,12}}(?P<target>{MARK})[^.;]{{0,30}}?,{REST}{{0,20}}(?P<subject>{MARK})"
)
_OF_ONES_OWN: Final = re.compile(r"\s+(?:me|us|my|you|your)\b")
_NEXT_NAMED: Final = re.compile(rf"{REST}{{0,10}}{MARK}")
_RANKED_LAST: Final = re.compile(r"\s*[,:-]")  # "miles behind, there is Y"


def verdict_en(marked: str) -> int:
    """Comparisons of an English sentence that our side wins, less those it loses."""
    total = 0
    of_two = OURS in marked and RIVAL in marked
    for pattern in (_PREFERENCE, _LEAVING) if of_two else ():
        for match in pattern.finditer(marked):
            groups = match.groupdict()
            won, lost = (
                next(mark for name, mark in groups.items() if name.startswith(side) and mark)
                for side in ("won", "lost")
            )
            turned = NEGATION.search(marked[max(0, match.start() - 24) : match.start()]) is not None
            rest = marked[match.end() :][:_NEAR]
            if groups.get("won2") and pattern is _LEAVING and _OF_THE_MOVE.match(rest) and leaning(rest) < 0:
                turned = not turned  # "going back to X after Y feels like a downgrade"
            total += points(won, lost, turned != regretted(marked, *match.span()))
    if of_two and not total and (left := _LEFT_ALONE.search(marked)):
        total = points(left["won"], left["lost"], False)
    if total:
        return total
    for match in _COMPARISON.finditer(marked):
        total += _compared(marked, match)
    return -total if total and unmade(marked) else total


def _compared(marked: str, match: re.Match[str]) -> int:
    """1 if our side wins one comparison, -1 if it loses, else 0."""
    before = marked[max(0, match.start() - _NEAR) : match.start()]
    after = marked[match.end() : match.end() + _NEAR]
    kind = match.lastgroup or ""
    if _NOUN.search(before) and match.group() in _BETTER_FORMS:
        return 0
    if kind == "better_named" and _OF_ONES_OWN.match(after):  # "roasted me"
        return 0
    if match.group() == "ahead of" and not _NEXT_NAMED.match(after):  # "ahead of the sale"
        return 0
    denied = NEGATION.search(before[-24:]) or _NONE.search(before)
    if match.group() in _ALIKE:
        denied = denied or _ALMOST.search(before) or _NONE_OF.search(before)
    turned = (
        bool(_PASSIVE.match(after) or _passive_alone(before, match.group(), after))
        + bool(denied or _ONLY.search(before))
        + kind.startswith("worse")
        + _of_blame(match.group())
    )
    subject = next((mark for mark in reversed(before) if mark in (OURS, RIVAL)), "")
    ahead = match.group() if kind == "around" else after
    if kind.endswith("named"):
        ahead = _NEXT_CLAUSE.split(ahead, maxsplit=1)[0]
    target = next((mark for mark in ahead if mark in (OURS, RIVAL)), "")
    if (
        not subject
        and target
        and len(before.split()) < _FEW
        and (named := _THEN_NAMED.match(ahead.lstrip(), 0))
    ):
        subject = named["subject"]
    if match.group() == "behind" and _RANKED_LAST.match(after):
        subject, target = target, subject
    if kind.endswith("named") and not (subject and target):
        return 0
    if kind == "around" and not target:
        return 0
    if not target and _NO_OTHER.match(after):
        return 0
    if kind in ("better", "worse") and not (subject and target):
        if not _plain_subject(before) if subject else not _plain_object(after):
            return 0
        if match.group() in _ALIKE and not (target and turned):
            return 0
    if match.group() in _DENIED and not turned:
        return 0
    return points(subject, target, bool(turned % 2))


def _passive_alone(before: str, compared: str, after: str) -> bool:
    """Whether it is not told who wins: "won't be beaten"."""
    return compared.endswith(_PARTICIPLES) and not _MARKED.search(after) and bool(_BE.search(before))


def _of_blame(compared: str) -> bool:
    """Whether what there is more or less of is blame: "more expensive than"."""
    words = compared.split()
    return len(words) > 2 and (
        words[-2] in _FAULTS
        or (words[0] in ("more", "less", "fewer") and english_valences().get(words[-2], 0.0) < _BLAMED)
    )


def _plain_subject(before: str) -> bool:
    """Whether the one name of a sentence is the subject of what follows, not named for another reason."""
    return _SUBJECT.search(before) is not None


def _plain_object(after: str) -> bool:
    """Whether the one name of a sentence is the object of what stands before."""
    return _OBJECT.match(after) is not None


def points(won: str, lost: str, turned: bool) -> int:
    """1 if our side wins, -1 if it loses, 0 if it is not concerned."""
    if won == lost or OURS not in (won, lost):
        return 0
    return 1 if (won == OURS) != turned else -1
