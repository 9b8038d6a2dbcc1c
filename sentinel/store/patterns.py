"""Spam that shows only in many posts together, marked a month at a time; `sentinel.patterns` says what is.

The first time all posts are looked at; from then on those of the months to which new or changed ones belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from sentinel.post import Columns, empty_columns
from sentinel.store.changes import Changes, chunks
from sentinel.store.faults import again
from sentinel.store.reading import around
from sentinel.store.schema import posts, restless, tags

__all__ = ["Patterns"]

_MANY: Final = 0.2  # of the store: where so much is new, all of it is looked at
_AT_ONCE: Final = 500_000  # posts that are looked at together, if no month has more
_PART: Final = 1024
_ZONES: Final = 2  # days by which a mood day and a calendar date in UTC may differ, and more
_YEARS: Final = (-200_000, 200_000)  # days of the years 1422 to 2517
_LOOKED_AT: Final = and_(
    posts.c.kind.not_in(("repost", "headline")), posts.c.day.is_not(None), tags.c.spam.is_not(None)
)
_Marks = Mapping[int, tuple[float, str]]
_Span = tuple[int, int]  # first and last mood day


class Patterns(Changes):
    """The part of the store that knows who posts spam, and which texts are."""

    @again
    def mark_patterns(self, strength: float = 1.0) -> None:
        """Mark tagged posts that others show to be spam.

        Does nothing if it was done and nothing changed since.

        Parameters
        ----------
        strength : as `sentinel.patterns.raised`.
        """
        from sentinel.patterns import PATTERN_VERSION, months  # with numpy behind it, and status does without

        wanted = f"{PATTERN_VERSION}, {strength:g}, {self._timezone}"
        with self._settled() as connection:
            state, upto = self._done(connection, "patterns")
            last = self._last(connection)
            days = set(connection.scalars(select(restless.c.day)))
            if state == wanted and upto == last and not days:
                return
            if state != wanted or last - upto > _MANY * last:
                spans: Iterable[_Span | None] = [None]
                if last > _AT_ONCE:
                    every = select(posts.c.day).where(posts.c.day.is_not(None)).distinct()
                    spans = months(connection.scalars(every))
            else:
                new = select(posts.c.day).where(posts.c.id > upto, posts.c.day.is_not(None)).distinct()
                spans = months(days.union(connection.scalars(new)))
            for span in spans:
                self._mark_span(connection, span, strength)
            connection.execute(delete(restless))
            self._set_done(connection, "patterns", wanted, last)

    def _mark_span(self, connection: Connection, span: _Span | None, strength: float) -> None:
        made = self._raised(connection, span, strength) if strength > 0 else {}
        query = select(tags.c.post, tags.c.spam_raised, tags.c.spam_reasons)
        query = query.where(tags.c.spam_raised.is_not(None))
        if span is not None:
            query = query.join(posts, posts.c.id == tags.c.post).where(posts.c.day.between(*span))
        known = {row.post: (row.spam_raised, row.spam_reasons) for row in connection.execute(query)}
        nothing = (None, None)
        changes = [
            (number, *(made.get(number) or nothing))
            for number in sorted(made.keys() | known.keys())
            if made.get(number) != known.get(number)
        ]
        statement = (
            update(tags)
            .where(tags.c.post == bindparam("row"))
            .values(spam_raised=bindparam("raised"), spam_reasons=bindparam("reasons"))
        )
        self._execute_rows(connection, statement, ("row", "raised", "reasons"), changes)
        self._changed(connection, [number for number, _, _ in changes], retag=False)

    def _raised(self, connection: Connection, span: _Span | None, strength: float) -> _Marks:
        from sentinel.patterns import PATTERN_COLUMNS, raised

        names = (tags.c.spam if name == "spam" else posts.c[name] for name in PATTERN_COLUMNS)
        query = select(posts.c.id, *names).join(tags, tags.c.post == posts.c.id).where(_LOOKED_AT)
        if span is not None:
            query = query.where(posts.c.day.between(*span), *_published(span))
        numbers: list[int] = []
        given: Columns = empty_columns(PATTERN_COLUMNS)
        for rows in self._rows_of(connection, query, _PART):
            for column, values in zip((numbers, *given.values()), zip(*rows, strict=True), strict=True):
                column += values

        def texts(places: Sequence[int]) -> list[str]:
            return _texts(connection, [numbers[place] for place in places])

        return {numbers[one.row]: (one.spam, one.reasons) for one in raised(given, texts, strength)}


def _published(span: _Span) -> Iterator[Any]:
    """What an index knows of posts of these days; nothing of years that a calendar does not reach around."""
    if min(_YEARS) < span[0] and span[1] < max(_YEARS):
        yield posts.c.published >= around(span[0], -_ZONES)
        yield posts.c.published < around(span[1], _ZONES + 1)


def _texts(connection: Connection, numbers: Sequence[int]) -> list[str]:
    found: dict[int, str] = {}
    for part in chunks(numbers):
        query = select(posts.c.id, posts.c.text).where(posts.c.id.in_(part))
        found.update((row.id, row.text) for row in connection.execute(query))
    return [found[number] for number in numbers]
