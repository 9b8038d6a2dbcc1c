"""Spam that shows only in many posts together, each sign of it a factor on the odds that a model gave one post.

========== ========================================================================================================
author     most other posts of the same author in the same month look like spam
repeated   the author posted the same text again and again on the same day
copies     most others who posted the same text on the same day had already made it look like spam
at once    several authors posted the same text in the same second, as programs do
campaign   many authors posted the same text within an hour, and it looked suspicious by itself
========== ========================================================================================================

A post is only marked if the factors carry it over the line of 0.5; all others keep what the model said. How often an
author posts is no sign: news desks and feeds post all day. Nor is a text of many authors alone: people quote headlines.
What was collected twice under two ids, the same text of an author at the same time, counts once. Who copies a text and
adds spam to it says nothing of those who had it before.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import compress
from math import exp, log
from typing import Any, Final, NamedTuple

import numpy as np

from sentinel.near_copies import n_words

__all__ = [
    "LEAST_OFTEN",
    "MARKED",
    "PATTERN_COLUMNS",
    "PATTERN_VERSION",
    "Raised",
    "month_of",
    "months",
    "raised",
]

#: What is asked of posts; of those that are no reposts and no headlines, have a day and were tagged.
PATTERN_COLUMNS: Final = ("platform", "author", "day", "published", "copy_key", "spam")
#: Changes with what is marked, so that it is worked out anew.
PATTERN_VERSION: Final = 3
MARKED: Final = 0.5  #: from this probability on a post is spam

_AUTHOR_POSTS: Final = 5  # of an author that look like spam: fewer are a mood of the moment
_TIMES: Final = 5  # that an author posts a text on a day
_COPIES: Final = 4  # who post a text so that it looks like spam
_AT_ONCE: Final = 5  # authors who post a text in one second: a publisher's own accounts are fewer
_OF_TEXT: Final = 0.25  # of a text's posts that must have come so: of thousands some meet by chance
_MINUTE: Final = ":00Z"  # ends times that may be known to the minute only
_AUTHORS: Final = 10  # who post a text within an hour
#: A text that fewer posts have is asked of none of them.
LEAST_OFTEN: Final = min(_TIMES, _AT_ONCE, _AUTHORS)
_HOUR: Final = timedelta(hours=1)
_USUAL: Final = 0.25  # odds of spam
_MOST: Final = 20.0  # factor of an author's other posts, and of a text's copies
_UNSURE: Final = 1 / (1 + _MOST)  # below it the model is so sure of a post that others have no say
_CAMPAIGN: Final = 4.0  # factor: carries what is suspicious over the line, and nothing else
_SUSPICIOUS: Final = 1 / (1 + _CAMPAIGN)
_WORDS: Final = 6  # or Han characters, of a text that says something: thanks and slogans of fans are shorter
_DATE: Final = len("2025-04-28")
_DIGITS: Final = 6

Texts = Callable[[Sequence[int]], Sequence[str]]  #: texts of the posts in these places


class Raised(NamedTuple):
    """A post that is spam by the company it keeps."""

    row: int  #: its place among the posts
    spam: float  #: probability, from `MARKED` on
    reasons: str  #: what the model said of its text, and each sign with its weight in log odds


class _Sign(NamedTuple):
    factor: float
    reason: str


_Signs = Iterator[tuple[int, _Sign]]


def month_of(day: int) -> str:
    """The month of a mood day, such as 2025-04: an author's other posts are those of one month."""
    return str(np.datetime64(day, "D").astype("datetime64[M]"))


def months(days: Iterable[int]) -> list[tuple[int, int]]:
    """First and last mood day of each month that one of these days is in."""
    each = np.unique(np.array(sorted(set(days)), "datetime64[D]").astype("datetime64[M]"))
    first, following = (start.astype("datetime64[D]").astype(int).tolist() for start in (each, each + 1))
    return [(one, other - 1) for one, other in zip(first, following, strict=True)]


def raised(posts: Mapping[str, Sequence[Any]], texts: Texts, strength: float = 1.0) -> list[Raised]:
    """Posts that others show to be spam, in their order.

    Parameters
    ----------
    posts : `PATTERN_COLUMNS`. All posts of a month have to be there.
    texts : asked for a few posts.
    strength : exponent of the factors; 0 marks nothing.
    """
    found: dict[int, list[_Sign]] = defaultdict(list)
    if strength > 0:
        table = _Table(posts)
        for signs in (_of_authors, _repeated, _of_copies, _at_once, _campaigns):
            for row, sign in signs(table, texts):
                found[row].append(sign)
    made = (_raised(row, posts["spam"][row], found[row], strength) for row in sorted(found))
    return [one for one in made if one.spam >= MARKED]


def _raised(row: int, spam: float, signs: Sequence[_Sign], strength: float) -> Raised:
    weights = [strength * log(sign.factor) for sign in signs]
    told = [f"{sign.reason} ({weight:+.2f})" for sign, weight in zip(signs, weights, strict=True)]
    odds = spam / (1.0 - spam) * exp(sum(weights))
    return Raised(row, round(odds / (1.0 + odds), _DIGITS), "; ".join([f"text {spam:.2f}", *told]))


class _Table:
    """Columns of posts, and what all signs ask of them."""

    def __init__(self, posts: Mapping[str, Sequence[Any]]) -> None:
        self.spam: Sequence[float] = posts["spam"]
        self.published: Sequence[str] = posts["published"]
        self.day: Sequence[int] = posts["day"]
        self.key: Sequence[str | None] = posts["copy_key"]
        self.author: Sequence[str | None] = posts["author"]
        #: Two platforms may have authors of one name.
        self.who: Sequence[Any] = self.author
        if len(set(posts["platform"])) > 1:
            self.who = [
                name and (net, name) for net, name in zip(posts["platform"], self.author, strict=True)
            ]
        self.marked = [spam >= MARKED for spam in self.spam]
        self.left = [at for at, marked in enumerate(self.marked) if not marked]
        self.unsure = [at for at in self.left if self.spam[at] >= _UNSURE]
        #: Of texts that come often, what is left by text, day and time.
        self.moments: dict[tuple[str, int, str], list[int]] = defaultdict(list)
        often = Counter([self.key[at] for at in self.left])
        enough = {key for key, n in often.items() if key and n >= LEAST_OFTEN}
        for at in self.left if enough else ():
            key = self.key[at]
            if key in enough and self.author[at]:
                self.moments[key, self.day[at], self.published[at]].append(at)

    def by_text(self, rows: Iterable[int]) -> Mapping[Any, list[int]]:
        """Rows by text and day."""
        found: dict[Any, list[int]] = defaultdict(list)
        for row in rows:
            found[self.key[row], self.day[row]].append(row)
        return found


def _of_others(marked: int, others: int) -> float:
    """Factor of so many marked ones among the others: their odds over the usual ones, of one post in five.

    One half is added to both sides, as of a small sample.
    """
    return min((marked + 0.5) / (others - marked + 0.5) / _USUAL, _MOST)


def _of_authors(table: _Table, _texts: Texts) -> _Signs:
    who, day = table.who, table.day
    often = Counter(compress(who, table.marked))
    authors = {name for name, n in often.items() if name and n >= _AUTHOR_POSTS}
    if not authors:
        return
    months = {one: month_of(one) for one in set(day)}
    unsure = {(who[row], months[day[row]]) for row in table.unsure if who[row] in authors}
    marked = zip(compress(who, table.marked), compress(day, table.marked), strict=True)
    within = Counter([(name, months[one]) for name, one in marked if name in authors])
    wanted = {one for one in unsure if within[one] >= _AUTHOR_POSTS}
    authors = {name for name, _ in wanted}
    groups: dict[Any, list[int]] = defaultdict(list)
    for row, name in enumerate(who) if wanted else ():
        if name in authors and (name, months[day[row]]) in wanted:
            groups[name, months[day[row]]].append(row)
    for (_, month), group in groups.items():
        times = {table.published[row] for row in group if table.marked[row]}
        clean = {_moment(table, row) for row in group if not table.marked[row]}
        for row in group:
            # What has the time of a marked one may be the same post, collected twice.
            n = len(times) - (table.published[row] in times)
            others = n + len(clean) - 1
            if _UNSURE <= table.spam[row] < MARKED and n >= _AUTHOR_POSTS and 2 * n > others:
                reason = f"{n} of {others} other posts of the author in {month} look like spam"
                yield row, _Sign(_of_others(n, others), reason)


def _moment(table: _Table, row: int) -> Any:
    """The same for what was collected twice. Of times that are days alone many posts share one."""
    return table.published[row], table.key[row] or row


def _repeated(table: _Table, texts: Texts) -> _Signs:
    """A text again and again, with other numbers and tickers: `copy_key` leaves these out."""
    times = Counter((key, day) for key, day, _ in table.moments)
    groups: dict[Any, list[int]] = defaultdict(list)
    for (key, day, _), rows in table.moments.items():
        if times[key, day] >= _TIMES:
            for row in rows:
                groups[table.who[row], key, day].append(row)
    for group in _long((rows for rows in groups.values() if len(rows) >= _TIMES), texts):
        n = len({table.published[row] for row in group})
        if n >= _TIMES:
            for row in group:
                yield row, _Sign(float(n**2), f"the author posted this text {n} times that day")


def _of_copies(table: _Table, _texts: Texts) -> _Signs:
    key, spam = table.key, table.spam
    often = {one for one, n in Counter(compress(key, table.marked)).items() if one and n >= _COPIES}
    wanted = {key[row] for row in table.unsure if key[row] in often} if often else set()
    rows = [row for row, one in enumerate(key) if one in wanted] if wanted else []
    for group in table.by_text(rows).values():
        said: dict[Any, str] = {}  # when each first posted the text so that it looks like spam; "" is never
        for row in sorted(group, key=table.published.__getitem__):
            name = _poster(table, row)
            said[name] = said.get(name) or (table.published[row] if table.marked[row] else "")
        times = sorted(filter(None, said.values()))
        for row in group:
            own, time, others = said[_poster(table, row)], table.published[row], len(said) - 1
            marked = bisect(times, time) - ("" < own <= time)
            if _UNSURE <= spam[row] < MARKED and marked >= _COPIES and 2 * marked > others:
                reason = f"{marked} of {others} others who posted this text that day looked like spam by then"
                yield row, _Sign(_of_others(marked, others), reason)


def _poster(table: _Table, row: int) -> Any:
    """Who posted something; a post without author is by one of its own."""
    return table.who[row] if table.author[row] else row


def _at_once(table: _Table, texts: Texts) -> _Signs:
    """People who quote something press the same button, but not in the same second, unless there are thousands."""
    groups = {moment: rows for moment, rows in table.moments.items() if _by_program(table, moment[-1], rows)}
    if not groups:
        return
    together: Counter[Any] = Counter()
    for (key, day, _), rows in groups.items():
        together[key, day] += len({table.who[row] for row in rows})
    posts: Counter[Any] = Counter()
    for (key, day, _), rows in table.moments.items():
        if (key, day) in together:
            posts[key, day] += len({table.who[row] for row in rows})
    enough = {text for text, n in together.items() if n >= _OF_TEXT * posts[text]}
    chosen = (rows for (key, day, _), rows in groups.items() if (key, day) in enough)
    for group in _long(chosen, texts):
        n = len({table.who[row] for row in group})
        for row in group:
            yield row, _Sign(float(n**3), f"{n} authors posted this text in the same second")


def _by_program(table: _Table, time: str, rows: Sequence[int]) -> bool:
    """Whether as many authors as no chance explains posted at a time that is known to the second."""
    if len(rows) < _AT_ONCE or len(time) <= _DATE or time.endswith(_MINUTE):
        return False
    return len({table.who[row] for row in rows}) >= _AT_ONCE


def _campaigns(table: _Table, texts: Texts) -> _Signs:
    suspicious = [
        row
        for row in table.unsure
        if table.spam[row] >= _SUSPICIOUS and table.author[row] and len(table.published[row]) > _DATE
    ]
    n_posts = Counter([table.key[row] for row in suspicious])
    rows = (row for row in suspicious if table.key[row] and n_posts[table.key[row]] >= _AUTHORS)
    groups = table.by_text(rows).values()
    for group in _long((rows for rows in groups if len(rows) >= _AUTHORS), texts):
        for row, n in _within_an_hour(group, table):
            yield row, _Sign(_CAMPAIGN, f"{n} authors posted this text within an hour")


def _within_an_hour(rows: Sequence[int], table: _Table) -> Iterator[tuple[int, int]]:
    """Posts that lie in an hour in which `_AUTHORS` posted, each with the authors of the first such hour."""
    timed = sorted((datetime.fromisoformat(table.published[row]), row) for row in rows)
    present: Counter[Any] = Counter()
    last = told = 0
    for first, (begin, row) in enumerate(timed):
        while last < len(timed) and timed[last][0] - begin <= _HOUR:
            present[table.who[timed[last][1]]] += 1
            last += 1
        if len(present) >= _AUTHORS:
            yield from ((one, len(present)) for _, one in timed[max(first, told) : last])
            told = last
        present[table.who[row]] -= 1
        if not present[table.who[row]]:
            del present[table.who[row]]


def _long(groups: Iterable[list[int]], texts: Texts) -> Iterator[list[int]]:
    """Groups of rows of one text that says something."""
    found = list(groups)
    given = texts([group[0] for group in found])
    yield from (group for group, text in zip(found, given, strict=True) if n_words(text) >= _WORDS)
