"""Spam that shows only in many posts together; `sentinel.patterns` says what is.

The first time all posts are looked at; from then on those of the authors (of a month) and of the texts (of a day) that
new or changed posts are of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, not_, select, text, update

from sentinel.post import Columns, empty_columns
from sentinel.store.changes import Changes, chunks
from sentinel.store.faults import again
from sentinel.store.reading import around
from sentinel.store.schema import posts, tags, unsettled

__all__ = ["Patterns"]

_MUCH: Final = 0.03  # of the store: where so much is new, to look at all of it is sooner done
_AT_ONCE: Final = 200_000  # posts that are looked at together, if no month has more
_PART: Final = 1024
_ZONES: Final = 2  # days by which a mood day and a calendar date in UTC may differ, and more
_YEARS: Final = (-200_000, 200_000)  # days of the years 1422 to 2517
_NOT_LOOKED_AT: Final = ("repost", "headline")
_LOOKED_AT: Final = and_(
    posts.c.kind.not_in(_NOT_LOOKED_AT), posts.c.day.is_not(None), tags.c.spam.is_not(None)
)
#: Made when a small store first gets a second portion: who reads all at once and never again does without.
_BY_AUTHOR: Final = "CREATE INDEX IF NOT EXISTS posts_by_author ON posts (author, day)"
_Span = tuple[int, int]  # first and last mood day
_Marks = Mapping[int, tuple[float | None, str | None]]
_NO_MARK: Final = (None, None)


class _Groups(NamedTuple):
    """Whose posts of which month, and posts of which text and day."""

    authors: set[tuple[str, _Span]]
    texts: set[tuple[str, int]]


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
        from sentinel.patterns import PATTERN_VERSION  # with numpy behind it, and status does without

        wanted = f"{PATTERN_VERSION}, {strength:g}, {self._timezone}"
        with self._settled() as connection:
            state, upto = self._done(connection, "patterns")
            last = self._last(connection)
            changed = connection.execute(
                select(unsettled.c.author, unsettled.c.day, unsettled.c.copy_key)
            ).all()
            if state == wanted and upto == last and not changed:
                return
            if state != wanted or last - upto + len(changed) > _MUCH * last:
                self._look_at_all(connection, last, strength)
            elif strength > 0:
                twins = _twins(connection, upto)
                new = select(posts.c.id, posts.c.author, posts.c.day, posts.c.copy_key)
                new = new.where(posts.c.id > upto, posts.c.day.is_not(None))
                around = {tuple(group) for number, *group in connection.execute(new) if number not in twins}
                self._look_around(connection, {*changed, *around}, strength)
                self._mark_twins(connection, twins)
            connection.execute(delete(unsettled))
            self._set_done(connection, "patterns", wanted, last)

    def _look_at_all(self, connection: Connection, last: int, strength: float) -> None:
        """All posts at once, or month by month where they are many."""
        from sentinel.patterns import months

        spans: Iterable[_Span | None] = [None]
        if last > _AT_ONCE:
            spans = months(connection.scalars(select(posts.c.day).where(posts.c.day.is_not(None)).distinct()))
        query = select(tags.c.post, tags.c.spam_raised, tags.c.spam_reasons)
        known = {row[0]: (row[1], row[2]) for row in connection.execute(query.where(_RAISED))}
        made: dict[int, tuple[float | None, str | None]] = {}
        for span in spans if strength > 0 else ():
            query = _posts().where(*_of_days(span))
            made |= _marks_of(connection, self._rows_of(connection, query, _PART), strength)
        self._write_marks(connection, known, made)
        if last > _AT_ONCE:  # which takes a large store longer than a day may
            connection.execute(text(_BY_AUTHOR))

    def _look_around(self, connection: Connection, changed: set[Any], strength: float) -> None:
        """Posts of these authors, days and texts; theirs are judged in the company of all that they are of."""
        connection.execute(text(_BY_AUTHOR))
        touched = _groups_of(changed)
        judged = _rows_in(connection, touched)
        company = _groups_of((row[2], row[3], row[5]) for row in judged.values())
        others = _Groups(company.authors - touched.authors, company.texts - touched.texts)
        every = {**_rows_in(connection, others), **judged}
        made = _marks_of(connection, [list(every.values())], strength)
        silent = select(tags.c.post).join(posts, posts.c.id == tags.c.post).where(_RAISED, not_(_LOOKED_AT))
        known = {number: (row[-2], row[-1]) for number, row in judged.items()}
        known |= dict.fromkeys(connection.scalars(silent), (0.0, ""))
        self._write_marks(connection, known, {number: made[number] for number in judged if number in made})

    def _mark_twins(self, connection: Connection, twins: Mapping[int, int]) -> None:
        """Mark posts as those that they are twins of."""
        theirs = _marks_in(connection, {*twins.values()})
        made = {number: theirs[older] for number, older in twins.items() if older in theirs}
        self._write_marks(connection, _marks_in(connection, twins), made)

    def _write_marks(self, connection: Connection, known: _Marks, made: _Marks) -> None:
        changes = [
            (number, *made.get(number, _NO_MARK))
            for number in sorted(made.keys() | known.keys())
            if made.get(number, _NO_MARK) != known.get(number, _NO_MARK)
        ]
        statement = (
            update(tags)
            .where(tags.c.post == bindparam("row"))
            .values(spam_raised=bindparam("raised"), spam_reasons=bindparam("reasons"))
        )
        self._execute_rows(connection, statement, ("row", "raised", "reasons"), changes)
        self._changed(connection, [number for number, _, _ in changes], retag=False)


_RAISED: Final = tags.c.spam_raised.is_not(None)


def _posts(*more: Any) -> Any:
    """Number and `PATTERN_COLUMNS` of the posts that are looked at."""
    from sentinel.patterns import PATTERN_COLUMNS

    names = (tags.c.spam if name == "spam" else posts.c[name] for name in PATTERN_COLUMNS)
    return select(posts.c.id, *names, *more).join(tags, tags.c.post == posts.c.id).where(_LOOKED_AT)


def _of_days(span: _Span | None) -> Iterator[Any]:
    """Posts of these days; an index knows most of it, but for years that a calendar does not reach around."""
    if span is not None:
        yield posts.c.day.between(*span)
        if min(_YEARS) < span[0] and span[1] < max(_YEARS):
            yield posts.c.published >= around(span[0], -_ZONES)
            yield posts.c.published < around(span[1], _ZONES + 1)


def _twins(connection: Connection, upto: int) -> dict[int, int]:
    """Posts after `upto` that were collected before under another id, and an older one each.

    The same text of an author at the same time counts once, so these say nothing new of any other post; in a store of
    many such posts to look at all that are of their authors and texts would be to look at most of it.
    """
    new, older, new_tags, older_tags = posts.alias(), posts.alias(), tags.alias(), tags.alias()
    same = [new.c[name] == older.c[name] for name in ("copy_key", "day", "published", "platform", "author")]
    first = (
        select(older.c.id)
        .join(older_tags, older_tags.c.post == older.c.id)
        .where(*same, older.c.id <= upto, older.c.kind.not_in(_NOT_LOOKED_AT))
        .where(older_tags.c.spam == new_tags.c.spam)
        .limit(1)
        .correlate(new, new_tags)
        .scalar_subquery()
    )
    query = select(new.c.id, first).join(new_tags, new_tags.c.post == new.c.id)
    query = query.where(new.c.id > upto, new.c.kind.not_in(_NOT_LOOKED_AT))
    return {number: twin for number, twin in connection.execute(query) if twin is not None}


def _marks_in(connection: Connection, numbers: Iterable[int]) -> _Marks:
    """What some posts are marked with, of those that are."""
    found: dict[int, tuple[float | None, str | None]] = {}
    for part in chunks(sorted(numbers)):
        query = select(tags.c.post, tags.c.spam_raised, tags.c.spam_reasons)
        rows = connection.execute(query.where(tags.c.post.in_(part), _RAISED))
        found |= {number: (raised, reasons) for number, raised, reasons in rows}
    return found


def _groups_of(found: Iterable[tuple[str | None, int, str | None]]) -> _Groups:
    """The groups of posts of these authors, days and texts."""
    from sentinel.patterns import months

    found = set(found)
    month = {day: months([day])[0] for day in {day for _, day, _ in found}}
    return _Groups(
        {(author, month[day]) for author, day, _ in found if author},
        {(key, day) for _, day, key in found if key},
    )


def _rows_in(connection: Connection, groups: _Groups) -> dict[int, Any]:
    """The posts of groups, by number, with what they are marked with."""
    authors: dict[_Span, list[str]] = defaultdict(list)
    texts: dict[int, list[str]] = defaultdict(list)
    for author, span in groups.authors:
        authors[span].append(author)
    for key, day in groups.texts:
        texts[day].append(key)
    query = _posts(tags.c.spam_raised, tags.c.spam_reasons)
    wanted = [
        *(
            (posts.c.author.in_(part), posts.c.day.between(*span))
            for span in authors
            for part in chunks(authors[span])
        ),
        *((posts.c.copy_key.in_(part), posts.c.day == day) for day in texts for part in chunks(texts[day])),
    ]
    return {row[0]: row for which in wanted for row in connection.execute(query.where(*which)).all()}


def _marks_of(
    connection: Connection, parts: Iterable[Sequence[Sequence[Any]]], strength: float
) -> dict[int, tuple[float | None, str | None]]:
    """What is to be marked of rows that begin as `_posts` gives them."""
    from sentinel.patterns import PATTERN_COLUMNS, raised

    numbers: list[int] = []
    given: Columns = empty_columns(PATTERN_COLUMNS)
    for rows in parts:
        for column, values in zip((numbers, *given.values()), zip(*rows, strict=True), strict=False):
            column += values

    def texts(places: Sequence[int]) -> list[str]:
        return _texts(connection, [numbers[place] for place in places])

    return {numbers[one.row]: (one.spam, one.reasons) for one in raised(given, texts, strength)}


def _texts(connection: Connection, numbers: Sequence[int]) -> list[str]:
    found: dict[int, str] = {}
    for part in chunks(numbers):
        query = select(posts.c.id, posts.c.text).where(posts.c.id.in_(part))
        found.update((row.id, row.text) for row in connection.execute(query))
    return [found[number] for number in numbers]
