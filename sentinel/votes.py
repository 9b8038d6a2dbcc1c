"""One author, one vote a day: posts summed to author-days, scope by scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sentinel.cells import Cells
from sentinel.scopes import heard, of_rivals_only, scopes
from sentinel.scored import Bools, Floats, Ints, ScoredPosts, scored_posts

__all__ = ["AuthorDays", "OrderedPosts", "Stratum", "Votes", "author_days", "ordered_posts", "summed"]

_MILLION: Final = 1e6
_NEARLY: Final = 1e-4


class Stratum(NamedTuple):
    """Posts of one source and one kind; sources differ by more than any announcement moves them."""

    platform: str
    community: str
    lang: str
    kind: str
    scorer: str

    def __str__(self) -> str:
        return "/".join(part for part in self[:4] if part)


@dataclass(frozen=True, slots=True)
class Votes:
    """Scored posts of one scope: a row for each day, author and stratum, sorted by these three."""

    day: Ints  #: days since `AuthorDays.first_day`
    author: Ints  #: below `n_named`: an author; from there on: a post whose author is not named
    stratum: Ints  #: positions in `AuthorDays.strata`
    n_posts: Ints
    total: Floats  #: sum of the posts' scores
    n_bare: Ints  #: posts of which only the date is known
    posts_a_day: Ints  #: shape (n_days,): posts of the scope, scored or not
    n_named: int  #: number of the first author that is none

    @property
    def share(self) -> Floats:
        """Part of its author's one vote that a row carries: its share of that author's posts of the day."""
        return self.n_posts / self.of_author_day(self.n_posts)

    @property
    def starts(self) -> Ints:
        """First row of each author-day."""
        first = np.ones(len(self.day), dtype=bool)
        first[1:] = (self.day[1:] != self.day[:-1]) | (self.author[1:] != self.author[:-1])
        return np.flatnonzero(first)

    def of_author_day(self, values: Floats | Ints) -> Floats:
        """Sum of `values` over the author-day that each row belongs to."""
        starts = self.starts
        if not len(starts):
            return np.zeros(0)
        return np.repeat(
            np.add.reduceat(values.astype(np.float64), starts), np.diff(starts, append=len(self.day))
        )


def summed(values: Floats | Ints, by: Ints, size: int) -> Floats:
    """Sums of `values` over rows of the same number in `by`: shape (size,)."""
    sums: Floats = np.bincount(by, values, size).astype(np.float64, copy=False)
    return sums


@dataclass(frozen=True, slots=True)
class AuthorDays:
    """All that mood and effects need of the posts."""

    timezone: str
    first_day: np.datetime64  #: NaT if no post is dated
    n_days: int
    strata: tuple[Stratum, ...]
    platforms: tuple[str, ...]
    collected: Ints  #: shape (n_platforms, n_days): dated posts of any kind, before any filter
    voices: Ints  #: shape (n_platforms, n_days): authors of posts and reposts about Alibaba, scored or not
    scopes: Mapping[str, Votes]
    rivals: Votes  #: posts about rivals only

    @property
    def dates(self) -> list[str]:
        """ISO dates of the days, first to last."""
        return [str(self.first_day + day) for day in range(self.n_days)]


def _distinct(place: Ints, author: Ints, size: int) -> Ints:
    """Authors at each place; rows are sorted so that an author's rows of a day are neighbours."""
    first = np.ones(len(place), dtype=bool)
    first[1:] = (np.diff(place) != 0) | (np.diff(author) != 0)
    return np.bincount(place[first], minlength=size)


class _Rows(NamedTuple):
    """Dated posts, sorted by day, author, stratum and score."""

    day: Ints
    author: Ints
    stratum: Ints
    score: Floats | Ints  #: in units, if they are whole numbers of them
    unit: float
    scored: Bools
    bare_date: Bools
    n: Ints  #: posts


def _exact(score: Floats) -> tuple[Floats | Ints, float, Bools]:
    """Scores as whole numbers of millionths, if they are: then their sums are the same in any order."""
    scored = ~np.isnan(score)
    millionths = np.where(scored, score, 0.0) * _MILLION
    whole = np.rint(millionths)
    if np.all(np.abs(millionths - whole) < _NEARLY):
        return whole.astype(np.int64), _MILLION, scored
    return score, 1.0, scored


def _counted(place: Ints, n: Ints, size: int) -> Ints:
    """Posts at each place."""
    counts: Ints = np.bincount(place, n, size).astype(np.int64)
    return counts


@dataclass(frozen=True, slots=True)
class OrderedPosts:
    """Dated posts, put into an order that does not depend on the table's: sums of floats depend on theirs."""

    timezone: str
    table: ScoredPosts
    at: Ints  #: rows of the table
    rows: _Rows
    strata: tuple[Stratum, ...]
    first_day: np.datetime64
    n_days: int
    n_named: int

    def votes(self, members: Bools) -> Votes:
        """The scored posts among `members`, rows of the table."""
        return _votes(self.rows, members[self.at], self.n_days, self.n_named)

    def author_days(self) -> AuthorDays:
        """As the function of that name."""
        names, n_days = self.table.platform.names, self.n_days
        shape = (len(names), n_days)
        place = self.table.platform.codes[self.at] * n_days + self.rows.day
        voices = heard(self.table)[self.at]
        return AuthorDays(
            timezone=self.timezone,
            first_day=self.first_day,
            n_days=n_days,
            strata=self.strata,
            platforms=names,
            collected=_counted(place, self.rows.n, shape[0] * n_days).reshape(shape),
            voices=_distinct(place[voices], self.rows.author[voices], shape[0] * n_days).reshape(shape),
            scopes={
                scope: self.votes(members)
                for scope, members in scopes(self.table)
                if n_days and (members[self.at].any() or ":" not in scope)
            },
            rivals=self.votes(of_rivals_only(self.table)),
        )


def author_days(posts: pd.DataFrame | Cells, timezone: str) -> AuthorDays:
    """Sum posts to author-days.

    Parameters
    ----------
    posts : as `sentinel.scored.scored_posts`, or cells of them; in any order. Undated posts are left out.
    timezone : as `sentinel.days.mood_days`.

    Raises
    ------
    UsageError
        As `scored_posts` and `mood_days`.
    """
    return ordered_posts(posts, timezone).author_days()


def ordered_posts(posts: pd.DataFrame | Cells, timezone: str) -> OrderedPosts:
    """Parameters and errors as of `author_days`; for who asks for votes of several choices of the same posts."""
    table = posts.scored_posts() if isinstance(posts, Cells) else scored_posts(posts, timezone)
    dated = np.flatnonzero(~np.isnat(table.day))
    first = table.day[dated].min() if len(dated) else np.datetime64("NaT", "D")
    day = (table.day[dated] - first).astype(np.int64)
    strata, stratum = _strata(table, dated)
    author, n_named = _authors(table, dated)
    order = np.lexsort((table.score[dated], stratum, author, day))
    at = dated[order]
    named = author[order] < n_named
    author = np.where(named, author[order], n_named + np.cumsum(~named) - 1)
    rows = _Rows(
        day[order], author, stratum[order], *_exact(table.score[at]), table.bare_date[at], table.n[at]
    )
    return OrderedPosts(timezone, table, at, rows, strata, first, int(day.max(initial=-1)) + 1, n_named)


def _strata(table: ScoredPosts, rows: Ints) -> tuple[tuple[Stratum, ...], Ints]:
    columns = (table.platform, table.community, table.lang, table.kind, table.model)
    key = np.zeros(len(rows), dtype=np.int64)
    for column in columns:
        key = key * len(column.names) + column.codes[rows]
    _, first, codes = np.unique(key, return_index=True, return_inverse=True)
    strata = (Stratum(*(column.names[column.codes[rows[at]]] for column in columns)) for at in first)
    return tuple(strata), codes.astype(np.int64)


def _authors(table: ScoredPosts, rows: Ints) -> tuple[Ints, int]:
    """Numbers of authors; all posts without one share the number after the last."""
    key = table.platform.codes[rows] * len(table.author.names) + table.author.codes[rows]
    nameless = table.author.rows("")[rows]
    named, codes = np.unique(key[~nameless], return_inverse=True)
    author = np.full(len(rows), len(named), dtype=np.int64)
    author[~nameless] = codes
    return author, len(named)


def _votes(rows: _Rows, members: Bools, n_days: int, n_named: int) -> Votes:
    at = np.flatnonzero(members & rows.scored)
    day, author, stratum = rows.day[at], rows.author[at], rows.stratum[at]
    new = np.ones(len(at), dtype=bool)
    new[1:] = (np.diff(day) != 0) | (np.diff(author) != 0) | (np.diff(stratum) != 0)
    starts = np.flatnonzero(new)
    n = rows.n[at].astype(np.int64)
    bare = np.where(rows.bare_date[at], n, 0)
    return Votes(
        day=day[starts],
        author=author[starts],
        stratum=stratum[starts],
        n_posts=_added(n, starts),
        total=_added(rows.score[at], starts) / rows.unit,
        n_bare=_added(bare, starts),
        posts_a_day=_counted(rows.day[members], rows.n[members], n_days),
        n_named=n_named,
    )


def _added(values: npt.NDArray[Any], starts: Ints) -> npt.NDArray[Any]:
    """Sums of the values from each start to the next."""
    sums: npt.NDArray[Any] = np.add.reduceat(values, starts) if len(starts) else values
    return sums
