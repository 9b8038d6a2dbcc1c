"""Stored posts read back, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from sentinel.day_numbers import day_numbers
from sentinel.store.database import Database
from sentinel.store.schema import EXPORT_COLUMNS, JUDGED, inputs, posts

__all__ = ["Reading", "around"]

#: Of a post that counts in the headline mood.
_HEADLINE_MOOD: Final = (
    EXPORT_COLUMNS["score"].is_not(None),
    EXPORT_COLUMNS["about"] >= 0.5,
    EXPORT_COLUMNS["spam"] < 0.5,
    posts.c.kind.not_in(("repost", "headline")),
    posts.c.copy_of.is_(None),
)
_ZONES: Final = 2  # days by which a mood day and a calendar date in UTC may differ, and more
_SHARES: Final = 5  # hexadecimal digits
_PERSONAL: Final = {"author", "author_id", "url"}  # columns that name the author


class Reading(Database):
    """The part of the store that gives posts out."""

    @property
    def synthetic(self) -> bool | None:
        """Whether the posts are a generated sample; ``None`` while there are none."""
        with self._reading() as connection:
            row = connection.execute(select(posts.c.synthetic).limit(1)).first()
        return None if row is None else bool(row[0])

    def rows(
        self,
        names: Sequence[str],
        *,
        since: str | None = None,
        until: str | None = None,
        langs: Sequence[str] = (),
        topic: str | None = None,
        days: tuple[int, int] | None = None,
        headline_mood: bool = False,
        share: float = 1.0,
        plain: bool = False,
        ordered: bool = True,
        size: int = 1024,
    ) -> Iterator[Sequence[Sequence[Any]]]:
        """Stored posts in the order of publishing (undated last), a few thousand at a time.

        Parameters
        ----------
        names : keys of `EXPORT_COLUMNS`, or ``day``.
        since, until : first and last calendar day (ISO), both included, by mood day.
        langs, topic : keep posts in one of these languages, of this topic.
        days : first and last mood day, as numbers.
        headline_mood : only scored originals about the company that are no spam, no copies and no headlines.
        share : part of the different texts that is read, chosen by the texts themselves; posts without letters
            are in no part.
        plain : authors by their names, whatever the store was opened with.
        ordered : or in any order, which is sooner had.
        """
        hide = None if plain or not _PERSONAL & set(names) else self._pseudonyms
        columns = [posts.c.day if name == "day" else EXPORT_COLUMNS[name].label(name) for name in names]
        joined = JUDGED.join(inputs, inputs.c.id == posts.c.input)
        if hide is not None:
            columns.append(posts.c.platform)
        query = select(*columns).select_from(joined)
        first, last = day_numbers([since, until], "UTC")
        for bound in (first, days[0] if days else None):
            if bound is not None:
                query = query.where(posts.c.day >= bound, posts.c.published >= around(bound, -_ZONES))
        for bound in (last, days[1] if days else None):
            if bound is not None:
                query = query.where(posts.c.day <= bound, posts.c.published < around(bound, _ZONES + 1))
        query = query.where(*_chosen(langs, topic))
        if headline_mood:
            query = query.where(*_HEADLINE_MOOD)
        if share < 1:
            query = query.where(posts.c.copy_key < f"{int(share * 16**_SHARES):0{_SHARES}x}")
        with self._reading() as connection:
            for each in _in_order(query) if ordered else (query,):
                for part in self._rows_of(connection, each, size):
                    yield list(hide.rows(part, names)) if hide is not None else part

    def posts_named(self, post_id: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Columns `names` (as in `rows`, none that names an author) of the posts with this id, by platform."""
        columns = [EXPORT_COLUMNS[name].label(name) for name in names]
        query = (
            select(*columns).select_from(JUDGED).where(posts.c.post_id == post_id).order_by(posts.c.platform)
        )
        with self._reading() as connection:
            return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]


def _chosen(langs: Sequence[str], topic: str | None) -> list[ColumnElement[bool]]:
    """Posts in one of the languages, of the topic."""
    clauses: list[ColumnElement[bool]] = []
    if langs:
        clauses.append(EXPORT_COLUMNS["lang"].in_(langs))
    if topic is not None:
        clauses.append((";" + EXPORT_COLUMNS["topics"] + ";").contains(f";{topic};", autoescape=True))
    return clauses


def _in_order(query: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Dated posts, then undated ones: apart, so that the index on `published` saves the sorting of all."""
    dated = posts.c.published.is_not(None)
    return (
        query.where(dated).order_by(posts.c.published, posts.c.platform, posts.c.post_id),
        query.where(~dated).order_by(posts.c.platform, posts.c.post_id),
    )


def around(day: int, more: int) -> str:
    """The calendar date `more` days after a mood day: times are compared with it as texts, which an index holds."""
    return (date(1970, 1, 1) + timedelta(days=day + more)).isoformat()
