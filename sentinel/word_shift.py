"""Words that more, or fewer, authors used after an announcement: log-odds with an informative prior.

Monroe, Colaresi and Quinn (2008), "Fightin' Words": the odds of a word in the window against its odds before,
both drawn towards its odds in all these posts, over the standard deviation of that difference. An author counts once
for a word however often they wrote it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["Shift", "words_of", "words_that_moved"]

PRIOR: Final = 500.0  #: words' worth of weight of the prior
NOTABLE: Final = 2.58  #: standard deviations below which a word is not told: one in a hundred by chance
FEWEST: Final = 3  #: authors who used a word where it was used more
MOST: Final = 10  #: words told in either direction
_PIECE: Final = 4  #: characters of a piece of Chinese at most
_CONTAINED: Final = 0.7  #: share of a piece's authors who wrote the longer piece, from which it alone is told
_LONGEST: Final = 40  #: characters of a word; longer ones are noise
_MOST_LETTERS: Final = 4000  #: of a text that are read

_IGNORED: Final = re.compile(r"https?://\S+|www\.\S+|@[\w.\-]+")
_WORD: Final = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff][^\W_\u3400-\u4dbf\u4e00-\u9fff]*"
    r"(?:['’.\-][^\W_\u3400-\u4dbf\u4e00-\u9fff]+)*"
)
_STOP: Final = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does doing
    don't down during each for from further get got had has have having he her here him his how i i'm if in into is
    isn't it it's its just like me more most my no nor not now of off on once one only or other our out over own rt
    same she should since so some such than that that's the their them then there these they this those through to
    too under until up us very was we were what when where which while who whom why will with would you your amp via
    really still even much many""".split()  # noqa: SIM905
)
# Never inside a word that is told.
_BETWEEN: Final = re.compile("[的了吗呢吧啊哦嗯呀嘛们我你他她它这那很也是]+")
_EDGES: Final = frozenset("在和与或被把让给从不就都而")  # neither its beginning nor its end


class Shift(NamedTuple):
    """One word."""

    word: str
    z: float  #: above 0: more authors used it after the announcement; in standard deviations
    after: int  #: authors who used it
    before: int


def words_of(text: str) -> set[str]:
    """Different words of a text: those between spaces, and pieces of two to four characters of Chinese."""
    text = text[:_MOST_LETTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    words = set(_WORD.findall(_IGNORED.sub(" ", text.lower())))
    found: set[str] = set()
    for word in words - _STOP:
        if "\u3400" <= word[0] <= "\u9fff":
            found.update(_pieces(word))
        elif 2 <= len(word) <= _LONGEST and ("’" not in word or word.replace("’", "'") not in _STOP):
            found.add(word)
    return found


def _pieces(run: str) -> Iterator[str]:
    """Pieces of a run of Chinese, none across a function word."""
    for part in _BETWEEN.split(run):
        for start, character in enumerate(part[:-1]):
            if character in _EDGES:
                continue
            for end in range(start + 2, min(start + _PIECE, len(part)) + 1):
                if part[end - 1] not in _EDGES:
                    yield part[start:end]


def words_that_moved(
    after: Iterable[tuple[str, str]], before: Iterable[tuple[str, str]], most: int = MOST
) -> list[Shift]:
    """Words that rose, the surest first, then words that fell, the surest first; up to `most` of each.

    Parameters
    ----------
    after, before : posts as (author, text), in any order.
    """
    counts = _authors_by_word(after), _authors_by_word(before)
    shifts = _shifts(*counts)
    rose = [one for one in shifts if one.z >= NOTABLE and one.after >= FEWEST]
    fell = [one for one in shifts[::-1] if one.z <= -NOTABLE and one.before >= FEWEST]
    return [*_whole(rose, most), *_whole(fell, most)]


def _authors_by_word(posts: Iterable[tuple[str, str]]) -> Counter[str]:
    used: dict[str, set[str]] = {}
    for author, text in posts:
        used.setdefault(author, set()).update(words_of(text))
    found: Counter[str] = Counter()
    for words in used.values():
        found.update(words)
    return found


def _shifts(after: Counter[str], before: Counter[str]) -> list[Shift]:
    """Every word that enough authors used, by z, the greatest first."""
    n_after, n_before = after.total(), before.total()
    if not n_after or not n_before:
        return []
    found = []
    parts = _parts(after + before)
    for word in (after.keys() | before.keys()) - parts:
        x, y = after[word], before[word]
        if max(x, y) < FEWEST:
            continue
        prior = PRIOR * (x + y) / (n_after + n_before)
        odds = math.log((x + prior) / (n_after + PRIOR - x - prior)) - math.log(
            (y + prior) / (n_before + PRIOR - y - prior)
        )
        found.append(Shift(word, odds / math.sqrt(1 / (x + prior) + 1 / (y + prior)), x, y))
    return sorted(found, key=lambda one: (-one.z, one.word))


def _parts(total: Counter[str]) -> set[str]:
    """Pieces of Chinese that are, for most of their authors, part of a longer piece."""
    found: set[str] = set()
    for word, n in total.items():
        if word.isascii() or len(word) < 3 or not "\u3400" <= word[0] <= "\u9fff":
            continue
        for part in (word[:-1], word[1:]):
            if n >= _CONTAINED * total.get(part, n + 1):
                found.add(part)
    return found


def _whole(shifts: list[Shift], most: int) -> list[Shift]:
    """The first words; pieces of Chinese that overlap and that the same number of authors used become one."""
    kept: list[Shift] = []
    for one in shifts:
        for place, other in enumerate(kept):
            joined = _joined(other.word, one.word)
            if joined and _alike(one, other):
                kept[place] = other._replace(word=joined)
                break
        else:
            if len(kept) < most:
                kept.append(one)
    return kept


def _alike(one: Shift, other: Shift) -> bool:
    """Whether about as many authors used both."""
    low, high = sorted((max(one.after, one.before), max(other.after, other.before)))
    return low >= _CONTAINED * high


def _joined(one: str, other: str) -> str:
    """Two pieces of Chinese that share characters at their ends, as the words they are cut from; "" if they do not."""
    if one.isascii() or other.isascii():
        return ""
    if other in one:
        return one
    for n in range(min(len(one), len(other)), 1, -1):
        if one.endswith(other[:n]):
            return one + other[n:]
        if other.endswith(one[:n]):
            return other + one[n:]
    return ""
