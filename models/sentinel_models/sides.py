"""Who wins in a sentence: the mood towards Alibaba's side where a post sets it against a rival.

A bag of words cannot tell "DeepSeek beats Qwen" from "Qwen beats DeepSeek". Posts that name both sides are read clause
by clause: a comparison moves the score towards the side that wins it, and clauses about the rival alone do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .clauses import parted, set_against
from .comparison_words import ANYBODY_CUES, OURS, RIVAL
from .finds import Found
from .marking import Marker
from .mentions import mentions, names_in
from .ngrams import Indices
from .phrases import Statement
from .posts import Posts
from .resources import digest_of
from .sieve import TERSE, said_en, said_zh, signs_of
from .statements import stated, total_of, weight_of
from .taxonomy import digest
from .verdicts import may_compare, verdict
from .words import Reading, cut

__all__ = ["RULES", "Judged", "Sides"]

Floats = npt.NDArray[np.float64]

#: Raised when the rules say something else of a text than before: the version of a scorer tells them too.
RULES: Final = 26

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

_BESIDE: Final = re.compile(
    r"\b(?:after|compared|next to|besides?|unlike|versus|vs|once you|since i|so i|so we|that's why|hence|instead)\b"
    r"|\b(?:never (?:has|have|did|does)|hasn't|haven't|doesn't|don't|didn't|isn't|wasn't|won't)\W*$"
)
_MANY: Final = 10_000  # combinations of names that are remembered

# What is known of the names of a post, as flags.
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


class _Known(NamedTuple):
    """What a batch knows of a post before it is judged."""

    compares: bool = True  #: false if it is known that it compares nothing
    states: bool = True  #: false if it is known that it states nothing
    found: Sequence[Statement] | None = None  #: its statements
    named: Found | None = None  #: the names in it


class Sides:
    """Comparisons between Alibaba's side and its rivals, and what a post says outright."""

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)
        self._marker = Marker(self._mentions)
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = f"{digest_of('comparisons.toml', 'statements.toml', 'groups.toml')}.{RULES}{own}"
        self._known: dict[str, tuple[bool, bool]] = {}

    def judged(self, posts: Posts, entities: Sequence[str | None], rows: Indices) -> Judged:
        """What `judge` says of the posts at `rows` of a batch; of most of them, nothing."""
        few, cue, states, terse, chinese = signs_of(posts).of(rows)
        given = list(map(entities.__getitem__, rows.tolist()))
        told = {named: self._told(named) for named in set(given)}
        names = np.fromiter(map(told.__getitem__, given), np.uint8, len(rows))
        finds = names_in(self._mentions, posts)
        rival = finds.spread([self._named(";".join(found))[1] for found in finds.every], bool)[rows]
        compares = few & (cue | rival | (names & _NAMED_RIVAL != 0))
        nameless = terse & (names & _NAMELESS != 0)
        concerned = np.where(names & _NAMED_OURS != 0, compares | states, nameless)
        places = np.flatnonzero(concerned | (names & _UNTOLD != 0))
        comparing = (compares | (names & _UNTOLD != 0))[places].tolist()
        readings = posts.readings(rows[places])
        english = (states & ~chinese)[places]
        said = said_en(posts, rows[places[english]], compress(readings, english))
        said |= said_zh(posts, rows[places[(states & chinese)[places]]])
        found = map(said.get, rows[places].tolist())
        named = map(finds.every.__getitem__, finds.numbers[rows[places]].tolist())
        focused: dict[int, Reading] = {}
        moved, weights, kinds = [], [], []
        known = map(_Known, comparing, states[places].tolist(), found, named)
        for place, reading, each in zip(places.tolist(), readings, known, strict=True):
            focus, push = self._judge(reading, given[place], each)
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
        focus, push = self._judge(reading, entities, _Known())
        return focus, None if push is None else push[0] * _PUSHES[push[1]]

    def _judge(
        self, reading: Reading, entities: str | None, known: _Known
    ) -> tuple[Reading | None, _Push | None]:
        """The same, its push as times so much one of `_PUSHES`."""
        entities = self._entities(reading) if entities is None else entities
        ours, rival = self._named(entities)
        focus, beside = parted(self._marker, reading, known.named) if ours and rival else (None, None)
        if not ours:
            size = len(reading.lower) if reading.han > 1 else len(reading.tokens)
            nobody = size <= TERSE and not entities
            return focus, self._stated(reading, _of_nobody, known.found) if nobody else None
        if known.compares:
            against = rival or not (reading.han or ANYBODY_CUES.isdisjoint(reading.tokens))
            won = verdict(self._marker, reading, against, known.named) if may_compare(reading, against) else 0
            if won:
                return focus, (1.0, _WON if won > 0 else _LOST)
        if focus is None:
            of_rivals = partial(self._of_rivals, named=known.named) if rival else _of_nobody
            return None, self._stated(reading, of_rivals, known.found) if known.states else None
        push = self._stated(focus, self._of_rivals if rival else _of_nobody)
        if push is None and beside is not None and set_against(reading):
            said = self._stated(beside, _of_nobody)
            push = None if said is None else (said[0], _OPPOSITE[said[1]])
        return focus, push

    def focus(self, reading: Reading, entities: str | None) -> Reading | None:
        """The post without the clauses that speak of rivals alone; ``None`` if there are none or nothing else."""
        sides = self._named(self._entities(reading) if entities is None else entities)
        return parted(self._marker, reading)[0] if sides == (True, True) else None

    def _entities(self, reading: Reading) -> str:
        """Ids of what a post names, where nobody has looked."""
        return ";".join(self._mentions.find(reading.plain))

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

    def _of_rivals(self, reading: Reading, named: Found | None = None) -> dict[str, int]:
        """What an English post says of rivals -> what it says of ours: 0, or the opposite where they are compared."""
        if reading.han > 1:
            return {}
        marked = self._marker.marked(reading.lower, self._marker.names(reading, named))
        if RIVAL not in marked:
            return {}
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
            "comparison": verdict(self._marker, reading, bool(self._mentions.side(named, "rival"))),
            "read as": focus.plain if focus else reading.plain,
            "said outright": [(each.phrase, each.sign) for each in stated(focus or reading)],
        }


def _of_nobody(_: Reading) -> dict[str, int]:
    return {}
