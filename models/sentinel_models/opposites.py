"""Of two named sides, the one that a post speaks better of, clause by clause.

"Claude fixed it in seconds while Qwen kept going in circles", "took Claude 14 prompts, took Qwen 1": no word compares
them, what is said of each does. Names are single marks, as in ``comparisons``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .comparison_words import MARK, OURS, REST, RIVAL, TABLES, any_of
from .leaning import leaning
from .measures import apart, listed

__all__ = ["LONG", "opposed"]

LONG: Final = 200  #: characters from which a post says more than one thing of each
_WITH_NAME: Final = rf"(?=(?:the |only |even |still |just |with |on |my |your |our )?{MARK})"
_PIECES: Final = re.compile(
    r"(?=[\s,;:.!])(?:"  # a sieve: all that follows begins with one of these
    r"\s*[,;:.!\n]+\s+"
    r"|\s(?:(?<!anything )(?<!nothing )(?<!all )but(?! (?:it|they|he|she|at least)\b)"
    r"|while|whilst|whereas|yet|although|though|meanwhile|instead)\s"
    rf"|(?<![{OURS}{RIVAL}])(?<![{OURS}{RIVAL}] \w\w)\sand\s{_WITH_NAME}"  # but where two names are listed
    rf"|\s(?:as|so|because|since|when|what|that|which|where|with|than)\s{_WITH_NAME})"
)
_AGAINST: Final = re.compile(
    r"\b(?:but|while|whilst|whereas|yet|though|although|meanwhile|instead|unlike|only|still|even|the one)\b"
)
_ALIKE: Final = re.compile(
    r"\b(?:also|too|both|as well|alike|equally|similar\w*|neither|nor|each|same|just like|like"
    r"|so (?:is|does|did|has|can))\b"
)
_GAP: Final = re.compile(
    r"\bgap\b.{0,60}?\b(?:(?P<wider>wid\w+|gr[eo]w\w*|bigger|larger)"
    r"|(?P<closer>clos\w+|narrow\w*|shr[aiu]nk\w*|vanish\w*|disappear\w*|gone|smaller|thin\w*))\b"
)
_NEITHER: Final = re.compile(r"\bneither\W*$")
# "X failed, Y did not"
_DID_NOT: Final = re.compile(rf"{MARK}(?: \w+)? (?:did|does|could|can|has|was|is|were)(?:n't| not)\W*$")
# "X is cheap but Y is right": of two that are praised the one that is named last.
_BUT_LAST: Final = re.compile(rf"\b(?:but|yet) (?:\w+ ){{0,2}}?(?P<side>{MARK}){REST}*$")
#: What settles it though one side alone is spoken of: "we tested X, Y and Z, and Z came last".
_SETTLED: Final = re.compile(
    r"\b(?:won|wins?|winner|last|first|best|worst|only one|the one|bottom|top|hands down"
    r"|(?:years|months|miles) (?:behind|ahead)|by (?:far|a mile))\b"
)
# "and the winner is: X", "miles behind, there is Y"
_LAST_NAMED: Final = re.compile(
    r"\b(?:(?P<good>first|out front|on top|winner|in front|way ahead|number one)|(?P<bad>last|bottom|behind|worst))"
    rf"\W+(?:there(?:'s| is)|comes|is|was|it's)?\W*(?P<side>{MARK})\W*$"
)
# "it didn't leak my prompts as Y did"; one letter that all of them begin with is looked for sooner than several words.
_UNLIKE_IT: Final = re.compile(
    rf"n(?:'t|(?<=\bn)(?:ot|ever|(?P<nobody>obody|othing)))\b(?P<deed>[^{OURS}{RIVAL}]{{3,60}}) (?:like|as|the way) "
    rf"(?P<side>{MARK}) (?:did|does|do|has|is|was|can)\b"
)
# "as much as I like X, Y is better"
_CONCEDED: Final = re.compile(
    rf"\W*(?:as much as|although|though|even though|granted|sure)\b{REST}*(?P<one>{MARK}){REST}*,"
    rf"{REST}*(?P<side>{MARK})(?P<rest>{REST}*)$"
)
# "X is fine, Y is great": less praise than the other's.
_MILD: Final = re.compile(
    r"\b(?:i|we) (?:like|liked)\b"
    rf"|\b(?:is|are|was|'s) (?:\w+ )?{any_of(TABLES['en']['mild'])}\b(?! (?:better|faster|than))"
)
_MORE: Final = re.compile(rf"\b{any_of(TABLES['en']['more'])}\b")
_CALLED: Final = re.compile(r"\w+")
# "X and Y solved it. Z? Nope.": no question.
_TOPIC: Final = re.compile(
    rf"(?:(?<=[.!?,;:] )|(?<=\band )|(?<=\bbut )|^)((?:and |but )?{MARK})\?"
    r"(?=\s+\w)(?!\s+(?:no idea|dunno|idk|not sure|unknown|tbd|maybe|good question|who knows)\b)"
)
# "did X solve it? Yes. Did Y? No."
_EACH_ASKED: Final = re.compile(
    rf"\b(?:did|does|can|could|is|was|has|will) ({MARK})[^?{OURS}{RIVAL}]{{0,24}}\?"
    r"(?=\s+(?:yes|no|yep|nope|nah|yeah)\b)"
)
#: Clauses of one side, of the other, and of the first again: what is said last counts, the first is conceded.
_CONCEDING: Final = 3


def _after_concession(marked: str, clauses: list[tuple[str, str]]) -> int:
    """What is left where one side is given something first: "X is cheaper, but Y got it and X kept breaking it"."""
    if len(clauses) < _CONCEDING or _ALIKE.search(marked):
        return 0
    (first, _), (second, other), (last, said) = clauses[-_CONCEDING:]
    if first != last or first == second:
        return 0
    leans, others = _leans(said), _leans(other)
    if not leans or leans * others > 0:
        return 0
    return 1 if (leans > 0) == (last == OURS) else -1


def opposed(marked: str) -> int:
    """1 if a marked post that names both sides speaks better of ours, -1 if of the other, else 0."""
    if len(marked) > LONG or OURS not in marked or RIVAL not in marked:
        return 0
    if "gap" in marked and (
        gap := _GAP.search(marked)
    ):  # we are taken to be behind: who leads speaks of a lead
        return -1 if gap["wider"] else 1
    last = max(marked.rfind(OURS), marked.rfind(RIVAL))
    if not _CALLED.search(marked, last) and (match := _LAST_NAMED.search(marked)):
        return 1 if (match["side"] == OURS) == bool(match["good"]) else -1
    if match := _UNLIKE_IT.search(marked):
        praised = (leaning(match["deed"]) or match["nobody"] is not None) > 0
        return 1 if (match["side"] == OURS) == praised else -1
    if (
        (match := _CONCEDED.match(marked))
        and match["one"] != match["side"]
        and (leans := leaning(match["rest"]))
    ):
        return 1 if (match["side"] == OURS) == (leans > 0) else -1
    if "?" in marked:
        marked = _TOPIC.sub(r"\1,", _EACH_ASKED.sub(r"\1,", marked))
    if "?" in marked:
        return listed(marked)
    clauses = list(_clauses(marked))
    if conceded := _after_concession(marked, clauses):
        return conceded
    told: dict[str, list[str]] = {OURS: [], RIVAL: []}
    for side, clause in clauses:
        told[side].append(clause)
    if not told[OURS] or not told[RIVAL]:
        return listed(marked) or _settled(told)
    return listed(marked) or apart(marked, told[OURS], told[RIVAL]) or _better_told(marked, told)


def _leans(clause: str) -> int:
    """Which way a clause leans: after a "but it", by what follows."""
    _, but, rest = clause.rpartition(" but ")
    return (leaning(rest) if but and OURS not in rest and RIVAL not in rest else 0) or leaning(clause)


def _settled(told: dict[str, list[str]]) -> int:
    """1 if the one side that is spoken of by itself is ours and the better one, or the other's and the worse; or -1."""
    for sign, side in ((1, OURS), (-1, RIVAL)):
        if told[side] and _SETTLED.search(told[side][-1]):
            leans = leaning(told[side][-1])
            return sign * ((leans > 0) - (leans < 0))
    return 0


def _better_told(marked: str, told: dict[str, list[str]]) -> int:
    """1 if more praise is told of us than of the other, -1 if less, 0 if that cannot be said."""
    ours, theirs = (sum(map(_leans, told[side])) for side in (OURS, RIVAL))
    if theirs < 0 and _NEITHER.search(told[OURS][-1]):
        return 1
    for sign, side, others in ((1, OURS, theirs), (-1, RIVAL, ours)):
        if others < 0 and _DID_NOT.search(told[side][-1]):
            return sign
    if ours * theirs < 0:
        return 1 if ours > 0 else -1
    if _ALIKE.search(marked):
        return 0
    if ours >= 0 and theirs >= 0:
        mild, more = ([_finds(pattern, told[side]) for side in (OURS, RIVAL)] for pattern in (_MILD, _MORE))
        by_degree = (mild[1] and more[0] and not mild[0]) - (mild[0] and more[1] and not mild[1])
        if by_degree or (ours and theirs):
            return by_degree or _named_last(marked, told)
    if ours and theirs:
        return 0
    if _AGAINST.search(marked) and max(abs(ours), abs(theirs)) > 1:
        return (ours > 0) - (ours < 0) or (theirs < 0) - (theirs > 0)
    return _settled(told) or (0 if _VERSUS.search(marked) else _side_by_side(told, ours, theirs))


_VERSUS: Final = re.compile(r"\b(?:vs|versus)\b")
#: A clause that begins with whom it speaks of.
_BEGINS: Final = re.compile(rf"\W*(?:\w+ ){{0,2}}{MARK}")


def _side_by_side(told: dict[str, list[str]], ours: int, theirs: int) -> int:
    """What one of two clauses says, each of which begins with its side, where the other one says nothing."""
    if (
        len(told[OURS]) != 1
        or len(told[RIVAL]) != 1
        or not all(_BEGINS.match(told[side][0]) for side in told)
    ):
        return 0
    return (ours > 0) - (ours < 0) or (theirs < 0) - (theirs > 0)


def _named_last(marked: str, told: dict[str, list[str]]) -> int:
    """1 if of two that are praised, each in a clause, ours comes after a "but", -1 if the other does, else 0."""
    last = _BUT_LAST.search(marked)
    if last is None or any(len(clauses) != 1 for clauses in told.values()):
        return 0
    return 1 if last["side"] == OURS else -1


def _finds(pattern: re.Pattern[str], clauses: list[str]) -> bool:
    return any(map(pattern.search, clauses))


def _clauses(marked: str) -> Iterator[tuple[str, str]]:
    """The clauses that speak of one side alone, each with its mark; what names nobody goes with the one before."""
    side, clause = "", ""
    for piece in _PIECES.split(marked):
        ours, theirs = OURS in piece, RIVAL in piece
        if not (ours or theirs):
            clause += ", " + piece
            continue
        bare = not _CALLED.search(clause)  # "Gemini, Claude and Mistral solved it"
        if side in (OURS, RIVAL) and not bare:
            yield side, clause
        if bare and side and side != (OURS if ours else RIVAL):
            side = "both"
        elif not bare or not side or (ours and theirs):
            side = "both" if ours and theirs else OURS if ours else RIVAL
        clause = piece
    if side in (OURS, RIVAL):
        yield side, clause
