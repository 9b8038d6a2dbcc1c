"""Who wins in a sentence: the mood towards Alibaba's side where a post sets it against a rival.

A bag of words cannot tell "DeepSeek beats Qwen" from "Qwen beats DeepSeek". Posts that name both sides are read clause
by clause: a comparison moves the score towards the side that wins it, and clauses about the rival alone do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .comparison_words import ANYBODY, ANYBODY_CUES, CUES, OURS, RIVAL, TABLES, any_of, compares
from .comparisons import verdict_en
from .comparisons_zh import CUES_ZH, compares_zh, verdict_zh
from .contrasts import CUES_BETWEEN, choice_en, contrast_en
from .contrasts_zh import contrast_zh
from .finds import Found
from .marks import MARKS
from .mentions import mentions, names_in
from .ngrams import Indices
from .phrases import phrases_zh
from .posts import ANGLE, QUESTION, Posts
from .resources import digest_of
from .statements import (
    LENGTHS,
    LENGTHS_ZH,
    Statement,
    stated,
    stated_en,
    stated_zh,
    statements,
    total_of,
    weight_of,
)
from .stating import may_turn, openings
from .substrings import Substrings
from .sums import bodies_of, joined_bodies
from .taxonomy import digest
from .words import Reading, cut, lowered, read

__all__ = ["RULES", "Judged", "Sides"]

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

#: Raised when the rules say something else of a text than before: the version of a scorer tells them too.
RULES: Final = 6

#: What is added to the logits of negative, neutral, positive: of outright praise, blame, and plain facts or questions;
#: of comparisons that are won and lost, enough to decide a doubtful score.
_PUSHES: Final = np.array(
    [[-2.4, -2.0, 2.4], [2.4, -2.0, -2.4], [-1.0, 1.5, -1.0], [-3.0, -2.0, 3.0], [3.0, -2.0, -3.0]]
)
_PRAISE, _BLAME, _PLAIN, _WON, _LOST = range(5)
_OPPOSITE: Final = {_PRAISE: _BLAME, _BLAME: _PRAISE, _PLAIN: _PLAIN}
#: Times as much count several statements that agree, in a post too long for one to count in full.
_SEVERAL: Final = 2.0
_MOST: Final = 1.5  # at most

_SENTENCES: Final = re.compile(r"(?<=[.!?;。])\s+|[。;\n]+|(?<=[!?])")
_AGAIN: Final = re.compile(rf"([{OURS}{RIVAL}])(?:[\s\-/']*\1)+")  # "Alibaba's Qwen"
_BESIDE: Final = re.compile(
    r"\b(?:after|compared|next to|besides?|unlike|versus|vs|once you|since i|so i|so we|that's why|hence|instead)\b"
    r"|\b(?:never (?:has|have|did|does)|hasn't|haven't|doesn't|don't|didn't|isn't|wasn't|won't)\W*$"
)
_OPENING: Final = re.compile(
    rf"\b(?P<word>{any_of(TABLES['en']['beside'])})\b"
    rf"[^{OURS}{RIVAL},]{{0,30}}(?P<other>[{OURS}{RIVAL}])[^{OURS}{RIVAL},]{{0,15}}[,:-]\s*[^{OURS}{RIVAL},]{{0,15}}"
    rf"(?P<this>[{OURS}{RIVAL}])(?P<rest>.*)"
)
_SPACES: Final = re.compile(r"\s{2,}|[^\S ]")  # all but what is one space already
_CLAUSES: Final = re.compile(
    r"(?<=[.!?;])\s+|[,。,;\n]+|(?<=[!?])|\s(?:but|while|whereas|although|though)\s"
    r"|\sand\s(?:now\s)?(?=\S+(?:\s\S+)?\s(?:is|was|has|isn't|wasn't|hasn't|doesn't|can't|won't|keeps|looks"
    r"|gets|got|just|still|suddenly)\s)",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(r"\b(?:but|while|whilst|whereas|yet|though|although|meanwhile)\b")
_ALIKE_ZH: Final = re.compile("[也都]|一起|跟着|接连")
_AFTER: Final = r"(?![a-z])(?:[-.][\w.]+)*"  # of a name of Latin letters: the number of a version
_TERSE: Final = 5  # words, or characters of a Chinese post
_MANY: Final = 10_000  # combinations of names that are remembered
_LIST: Final = 2  # a post with more cashtags is a list, not a comparison


_NAMED_OURS, _NAMED_RIVAL, _NAMELESS, _UNTOLD = 1, 2, 4, 8


#: Times so much one of `_PUSHES`, by its number.
_Push = tuple[float, int]


class Judged(NamedTuple):
    """What sides and statements make of posts, by their places among those that were asked about.

    Attributes
    ----------
    focused : posts that are read otherwise, see `Sides.focus`.
    moved, pushes : posts of which something is said, and what is added to the logits of each, shape (n_moved, 3).
    """

    focused: dict[int, Reading]
    moved: Indices
    pushes: Floats


class Sides:
    """Comparisons between Alibaba's side and its rivals, and what a post says outright."""

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)
        marks = {"alibaba": OURS, "rival": RIVAL}
        self._marks = {
            key: marks[entity.side] for key, entity in self._mentions.entities.items() if entity.side in marks
        }
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = f"{digest_of('comparisons.toml', 'statements.toml', 'groups.toml')}.{RULES}{own}"
        self._known: dict[str, tuple[bool, bool]] = {}

    def judged(self, posts: Posts, entities: Sequence[str | None], rows: Indices) -> Judged:
        """What `judge` says of the posts at `rows` of a batch; of most of them, nothing."""
        few, cue, states, terse, chinese = (signs[rows] for signs in _signs_of(posts))
        given = list(map(entities.__getitem__, rows.tolist()))
        told = {named: self._told(named) for named in set(given)}
        names = np.fromiter(map(told.__getitem__, given), np.uint8, len(rows))
        compares = few & (cue | (names & _NAMED_RIVAL != 0))
        nameless = terse & (names & _NAMELESS != 0)
        concerned = np.where(names & _NAMED_OURS != 0, compares | states, nameless)
        places = np.flatnonzero(concerned | (names & _UNTOLD != 0))
        may_compare = (compares | (names & _UNTOLD != 0))[places].tolist()
        readings = posts.readings(rows[places])
        english = (states & ~chinese)[places]
        said = _said_en(posts, rows[places[english]], compress(readings, english))
        said |= _said_zh(posts, rows[places[(states & chinese)[places]]])
        found = map(said.get, rows[places].tolist())
        finds = names_in(self._mentions, posts)
        named = map(finds.every.__getitem__, finds.numbers[rows[places]].tolist())
        focused: dict[int, Reading] = {}
        moved, weights, kinds = [], [], []
        for place, reading, *known in zip(
            places.tolist(), readings, may_compare, states[places].tolist(), found, named, strict=True
        ):
            focus, push = self._judge(reading, given[place], *known)
            if focus is not None:
                focused[place] = focus
            if push is not None:
                moved.append(place)
                weights.append(push[0])
                kinds.append(push[1])
        pushes = np.array(weights, float)[:, None] * _PUSHES[np.array(kinds, np.int64)]
        return Judged(focused, np.array(moved, np.int64), pushes)

    def _told(self, named: str | None) -> int:
        """Flags of what is named: by ids of entities, joined by ";", or ``None`` where nobody has looked."""
        ours, rival = self._named(named or "")
        return _NAMED_OURS * ours + _NAMED_RIVAL * rival + _NAMELESS * (not named) + _UNTOLD * (named is None)

    def judge(self, reading: Reading, entities: str | None) -> tuple[Reading | None, Floats | None]:
        """The post as `focus` reads it, and what is added to its logits: by its comparisons, else by what it states."""
        focus, push = self._judge(reading, entities)
        return focus, None if push is None else push[0] * _PUSHES[push[1]]

    def _judge(
        self,
        reading: Reading,
        entities: str | None,
        may_compare: bool = True,
        may_state: bool = True,
        found: Sequence[Statement] | None = None,
        named: Found | None = None,
    ) -> tuple[Reading | None, _Push | None]:
        """The same.

        Parameters
        ----------
        may_compare, may_state : false if it is known that the whole post compares, or states, nothing.
        found, named : the statements of the whole post, and the names in it, if they are known.
        """
        ours, rival = self._sides(reading, entities)
        focus, beside = self._parted(reading, named) if ours and rival else (None, None)
        if not ours:
            size = len(reading.lower) if reading.han > 1 else len(reading.tokens)
            nobody = size <= _TERSE and not entities
            return focus, self._stated(reading, _of_nobody, found) if nobody else None
        if may_compare:
            against = rival or not (reading.han or ANYBODY_CUES.isdisjoint(reading.tokens))
            verdict = self._verdict(reading, against, named) if self._may_compare(reading, against) else 0
            if verdict:
                return focus, (1.0, _WON if verdict > 0 else _LOST)
        of_rivals = self._of_rivals if rival else _of_nobody
        if focus is None:
            return None, self._stated(reading, of_rivals, found) if may_state else None
        push = self._stated(focus, of_rivals)
        if push is None and beside is not None and _set_against(reading):
            said = self._stated(beside, _of_nobody)
            push = None if said is None else (said[0], _OPPOSITE[said[1]])
        return focus, push

    def focus(self, reading: Reading, entities: str | None) -> Reading | None:
        """The post without the clauses that speak of rivals alone; ``None`` if there are none or nothing else."""
        return self._parted(reading)[0] if self._sides(reading, entities) == (True, True) else None

    def _parted(self, reading: Reading, named: Found | None = None) -> tuple[Reading | None, Reading | None]:
        """The post without the clauses that speak of rivals alone, and those; ``None`` twice if one is empty."""
        if reading.plain.count("$") > _LIST:
            return None, None
        clauses = [clause for clause in _CLAUSES.split(reading.plain) if clause.strip()]
        if len(clauses) < 2:
            return None, None
        named = self._mentions.find_in(reading) if named is None else named
        marked = [self._marked(lowered(clause), named) for clause in clauses]
        alone = [RIVAL in clause and OURS not in clause for clause in marked]
        if not any(alone) or not any(OURS in clause for clause in marked):
            return None, None
        kept, left_out = (
            read(", ".join(clause for clause, out in zip(clauses, alone, strict=True) if out == which))
            for which in (False, True)
        )
        return kept, left_out

    def _may_compare(self, reading: Reading, rival: bool) -> bool:
        """Whether a post that names Alibaba's side may compare it: most do not, and cost nothing."""
        if reading.plain.count("$") > _LIST:
            return False
        if reading.han or ">" in reading.lower or "<" in reading.lower:
            return True
        return not (CUES_BETWEEN if rival else CUES).isdisjoint(reading.tokens)

    def _sides(self, reading: Reading, entities: str | None) -> tuple[bool, bool]:
        """Whether a post names Alibaba's side, and whether it names a rival."""
        return self._named(";".join(self._mentions.find(reading.plain)) if entities is None else entities)

    def _named(self, entities: str) -> tuple[bool, bool]:
        """Whether one of some ids, joined by ";", is on Alibaba's side, and whether one is a rival's."""
        known = self._known.get(entities)
        if known is None:
            named = [entity for entity in entities.split(";") if entity in self._mentions.entities]
            known = bool(self._mentions.side(named, "alibaba")), bool(self._mentions.side(named, "rival"))
            if len(self._known) < _MANY:
                self._known[entities] = known
        return known

    @staticmethod
    def _stated(
        reading: Reading,
        of_rivals: Callable[[Reading], Mapping[str, int]],
        found: Sequence[Statement] | None = None,
    ) -> _Push | None:
        """What outright praise, blame or a plain question adds to the logits of a short post."""
        weight = weight_of(reading)
        total = total_of(reading, of_rivals, found) if weight else None
        if total is None:
            return None
        if abs(total) > 1:
            weight = min(_MOST, weight * _SEVERAL)
        return weight, _PRAISE if total > 0 else _BLAME if total < 0 else _PLAIN

    def _of_rivals(self, reading: Reading) -> dict[str, int]:
        """What an English post says of rivals -> what it says of ours: 0, or the opposite where they are compared."""
        if reading.han > 1:
            return {}
        marked = _SPACES.sub(" ", self._marked(reading.lower, self._mentions.find_in(reading)))
        words = cut(marked)
        said = {}
        for statement in stated(reading._replace(lower=marked, tokens=words)):
            before = [word for word in words[: statement.place - 1] if word in (OURS, RIVAL)]
            if before[-1:] == [RIVAL]:
                beside = OURS in before or OURS in words[statement.place :]
                said[statement.phrase] = -statement.sign if beside and _BESIDE.search(marked) else 0
        return said

    def explain(self, reading: Reading) -> dict[str, Any]:
        """Names on both sides, which way the comparisons point (-1, 0, 1), and the text that was scored."""
        named = self._mentions.find(reading.plain)
        focus = self.focus(reading, None)
        return {
            "ours": self._mentions.side(named, "alibaba"),
            "rivals": self._mentions.side(named, "rival"),
            "comparison": self._verdict(reading, bool(self._mentions.side(named, "rival"))),
            "read as": focus.plain if focus else reading.plain,
            "said outright": [(each.phrase, each.sign) for each in stated(focus or reading)],
        }

    def _verdict(self, reading: Reading, rival: bool, named: Found | None = None) -> int:
        """1 if Alibaba's side wins the comparisons of a post, -1 if it loses, 0 if there are none or they cancel."""
        chinese = reading.han > 1
        may_compare = compares_zh if chinese else compares
        if not rival and not may_compare(reading.lower):
            return 0
        total = 0
        sentences = [sentence for sentence in _SENTENCES.split(reading.plain) if sentence.strip()]
        whole = len(sentences) == 1
        for sentence in sentences:
            lower = reading.lower if whole else lowered(sentence)
            asks = lower.rstrip().endswith("?") and not lower.lstrip().startswith("why")
            comparing = not asks and ((whole and not rival) or may_compare(lower))
            if comparing or (rival and not asks):
                known = named if whole else self._mentions.find_in(read(sentence))
                known = self._mentions.find_in(reading) if known is None else known
                marked = _SPACES.sub(" ", self._marked(lower, known))
                if OURS in marked:
                    total += (_verdict_zh if chinese else _verdict_en)(marked, comparing)
        if rival and not total and not chinese and len(sentences) > 1 and weight_of(reading):
            marked = self._marked(reading.lower, self._mentions.find_in(reading))
            total = choice_en(_SPACES.sub(" ", marked))
        return (total > 0) - (total < 0)

    def _marked(self, sentence: str, named: Found) -> str:
        """A sentence in which a name of ours, or a rival's, is one character; `named` are those it holds."""
        pairs = {
            (word, self._marks[key])
            for key, words in named.items()
            if key in self._marks
            for word in words
            if word[1:]
            not in words  # "上千问" (go to Qwen): the verb is no name, and in 比不上千问 is part of another
        }
        text = sentence
        for word, mark in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
            text = _marked_out(text, word, mark)
        if RIVAL not in text and any(map(text.__contains__, ANYBODY_CUES)):
            text = text if ANYBODY_CUES.isdisjoint(cut(text)) else ANYBODY.sub(RIVAL, text)
        return _AGAIN.sub(r"\1", text) if text.count(OURS) > 1 or text.count(RIVAL) > 1 else text


def _said_en(posts: Posts, rows: Indices, readings: Iterable[Reading]) -> dict[int, list[Statement]]:
    """The statements of some short English posts."""
    places = np.flatnonzero(openings(posts))
    within = (places - posts.starts[posts.post[places]]).tolist()
    firsts, ends = (
        np.searchsorted(places, posts.starts[rows] + more).tolist() for more in (0, posts.counts[rows])
    )
    return {
        at: stated_en(reading.tokens, reading.lower, within[first:end])
        for at, reading, first, end in zip(rows.tolist(), readings, firsts, ends, strict=True)
    }


def _said_zh(posts: Posts, rows: Indices) -> dict[int, list[Statement]]:
    """The statements of some Chinese posts."""
    if not len(rows):
        return {}
    bodies, places = bodies_of(posts), np.searchsorted(posts.rows, rows).tolist()
    found = stated_zh(
        dict(zip(places, map(bodies.__getitem__, rows.tolist()), strict=True)), joined_bodies(posts)
    )
    return dict(zip(rows.tolist(), map(found.__getitem__, places), strict=True))


def _verdict_en(marked: str, comparing: bool) -> int:
    """Comparisons of an English sentence that our side wins, less those it loses; else by contrasts."""
    verdict = verdict_en(marked) if comparing else 0
    if verdict or RIVAL not in marked:
        return verdict
    return contrast_en(marked) or _beside(marked)


def _verdict_zh(marked: str, comparing: bool) -> int:
    """The same of a Chinese sentence."""
    return (verdict_zh(marked) if comparing else 0) or contrast_zh(marked)


def _beside(marked: str) -> int:
    """What a sentence that begins beside one side says of the other: "next to X, Y feels ancient"."""
    match = _OPENING.search(marked)
    if not match or match["other"] == match["this"]:
        return 0
    said = statements(read(match["rest"])) or int(match["word"] == "unlike")
    return said if match["this"] == OURS else -said


def _set_against(reading: Reading) -> bool:
    """Whether clauses about a rival and about our side are told as opposites."""
    if reading.han > 1:
        return _ALIKE_ZH.search(reading.lower) is None
    sentences = [sentence for sentence in _SENTENCES.split(reading.lower) if sentence.strip()]
    return len(sentences) == 1 and _AGAINST.search(sentences[0]) is not None


def _of_nobody(_: Reading) -> dict[str, int]:
    return {}


def _marked_out(text: str, name: str, mark: str) -> str:
    """A text with a mark in place of a name; one of Latin letters is a whole word with the number of a version."""
    if not name.isascii() or " " in name:
        return _pattern_of(name).sub(mark, text) if " " in name else text.replace(name, mark)
    parts, last, place = [], 0, text.find(name)
    while place >= 0:  # a pattern of its own for each name would take longer to make than to use
        version = _VERSION.match(text, place + len(name))
        if version and text[max(place - 1, 0) : place] not in _LETTERS:
            parts += [text[last:place], mark]
            last = version.end()
        place = text.find(name, max(place + 1, last))
    return "".join([*parts, text[last:]])


_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_VERSION: Final = re.compile(_AFTER)


@lru_cache(maxsize=1_000)
def _pattern_of(name: str) -> re.Pattern[str]:
    """A name, with other marks between its words."""
    pattern = r"[\W_]{0,2}".join(map(re.escape, name.split(" ")))
    return re.compile(rf"(?<![a-z0-9]){pattern}{_AFTER}" if name.isascii() else pattern)


@lru_cache(maxsize=2)
def _signs_of(posts: Posts) -> tuple[Flags, ...]:
    """Which posts hold few cashtags, may compare, may state something that counts, do so in few words, are Chinese.

    Two scorers ask for the same ones.
    """
    marks, chinese = posts.marks, posts.han > 1
    size = np.where(chinese, posts.joined.sizes(), posts.counts - 2)
    cue = (posts.kinds & ANGLE | posts.marked & _CUE) != 0
    states = posts.flags(openings(posts) | may_turn(posts))
    states |= marks[posts.starts + posts.counts - 2] & _ASKS != 0
    if chinese.any():
        rows, more = posts.rows, posts.chinese
        cue[rows] = _cues_zh().holding(more) | ~chinese[rows]
        states_zh = posts.kinds & QUESTION != 0
        states_zh[rows] |= phrases_zh().holding(joined_bodies(posts))
        states = np.where(chinese, states_zh, states)
    short = size < np.where(chinese, LENGTHS_ZH[1], LENGTHS[1])
    few = posts.count_characters("$") <= _LIST
    return few, cue, states & short, states & (size <= _TERSE), chinese


@cache
def _cues_zh() -> Substrings:
    return Substrings(CUES_ZH)


_CUE: Final = MARKS.listed("cue", lambda: CUES | ANYBODY_CUES)
_ASKS: Final = MARKS.holding("asks", "?", re.compile(r"\A[?!]"))
