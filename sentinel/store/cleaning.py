"""What depends on other posts: the text of a cut repost, and near-copies.

The first time both are worked out from the whole store; from then on from the posts that are new or changed, and from
those that they may concern.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, case, delete, func, null, or_, select, update

from sentinel.clean import Candidate, copies, copy_key
from sentinel.store.changes import Changes, chunks
from sentinel.store.faults import again
from sentinel.store.loading import Loading
from sentinel.store.schema import posts, rechecks, segments, tags

__all__ = ["Cleaning"]

_MANY: Final = 0.2  # of the store: where so much is new, all of it is looked at
_AT_ONCE: Final = 50_000  # posts whose texts are compared
_VOTES: Final = and_(
    posts.c.kind.not_in(("repost", "headline")), posts.c.day.is_not(None), posts.c.copy_key.is_not(None)
)
_ORDER: Final = (posts.c.published, posts.c.platform, posts.c.post_id)


class Cleaning(Changes, Loading):
    """The part of the store that compares posts with each other."""

    @again
    def clean(self, copy_days: int = 1, near_copies: bool = False) -> None:
        """Give cut reposts their original's text, then mark near-copies.

        Does nothing if it was done and nothing changed since. With `near_copies` texts that differ in a few words are
        one text too; which do is worked out from the whole store each time.
        """
        wanted = f"{self._timezone}, {copy_days} days{', near' if near_copies else ''}"
        with self._settled() as connection:
            self._end_loading(connection)
            state, upto = self._done(connection, "clean")
            last = self._last(connection)
            again = connection.execute(select(rechecks.c.post, rechecks.c.copy_key)).all()
            if state == wanted and upto == last and not again:
                return
            if state != wanted or last - upto + len(again) > _MANY * last:
                connection.execute(delete(segments))
                self._complete_reposts(connection, True)
                self._mark_all(connection, copy_days, near_copies)
            elif near_copies:
                new = or_(posts.c.id > upto, posts.c.id.in_(select(rechecks.c.post)))
                self._complete_reposts(connection, new)
                self._mark_all(connection, copy_days, near_copies)
            else:
                new = or_(posts.c.id > upto, posts.c.id.in_(select(rechecks.c.post)))
                self._complete_reposts(connection, new)
                keys = {key for _, key in again if key} | self._keys(connection, [post for post, _ in again])
                if copy_days == 1:
                    self._mark_new(connection, upto)
                else:
                    query = select(posts.c.copy_key).where(posts.c.id > upto, _VOTES).distinct()
                    keys.update(connection.scalars(query))
                self._mark_keys(connection, keys, copy_days)
            connection.execute(delete(rechecks))
            self._set_done(connection, "clean", wanted, last)

    # -- reposts -------------------------------------------------------------------------------------------

    def _complete_reposts(self, connection: Connection, new: Any) -> None:
        """Compare reposts with their originals, where one of the two is `new`."""
        original = posts.alias("original")
        same = and_(
            original.c.platform == posts.c.platform,
            original.c.post_id == posts.c.repost_of,
            original.c.kind
            != "repost",  # which waits for its own original: a chain would depend on the order
        )
        query = (
            select(posts.c.id, original.c.text)
            .join(original, same)
            .where(posts.c.kind == "repost", original.c.text != posts.c.text, original.c.text != "")
        )
        if new is True:
            found = connection.execute(query).all()
        else:
            ids = select(posts.c.id).where(new).scalar_subquery()
            found = list(
                {
                    row.id: row
                    for part in (posts.c.id.in_(ids), original.c.id.in_(ids))
                    for row in connection.execute(query.where(part))
                }.values()
            )
        for number, text in found:
            connection.execute(
                update(posts).where(posts.c.id == number).values(text=text, copy_key=copy_key(text))
            )
            connection.execute(delete(tags).where(tags.c.post == number))
        self._changed(connection, [number for number, _ in found])

    # -- near-copies ---------------------------------------------------------------------------------------

    def _mark_all(self, connection: Connection, copy_days: int, near_copies: bool) -> None:
        if copy_days == 1 and not near_copies:
            self._mark_days(connection)
        else:
            self._mark_each(connection, copy_days, near_copies)
        stray = select(posts.c.id).where(posts.c.copy_of.is_not(None), ~_VOTES)
        self._write(connection, [(number, None) for number in connection.scalars(stray)])

    @staticmethod
    def _mark_days(connection: Connection) -> None:
        """Each day by itself, by the database; segments are the caller's matter."""
        day = (posts.c.copy_key, posts.c.day)
        first, name = (
            func.first_value(column).over(partition_by=day, order_by=_ORDER)
            for column in (posts.c.id, posts.c.post_id)
        )
        found = select(posts.c.id, first.label("first"), name.label("name")).where(_VOTES).subquery()
        copied = case((found.c.first == found.c.id, null()), else_=found.c.name)
        wrong = and_(posts.c.id == found.c.id, posts.c.copy_of.is_distinct_from(copied))
        connection.execute(update(posts).where(wrong).values(copy_of=copied))

    def _mark_each(self, connection: Connection, copy_days: int, near_copies: bool) -> None:
        """Text by text."""
        group = self._groups(connection) if near_copies else {}
        last = ""
        while part := self._candidates(connection, posts.c.copy_key > last, _AT_ONCE):
            if len(part) == _AT_ONCE and part[0].copy_key != part[-1].copy_key:
                part = [row for row in part if row.copy_key != part[-1].copy_key]  # it may go on
            elif len(part) == _AT_ONCE:
                part = self._candidates(connection, posts.c.copy_key == part[0].copy_key, None)
            last = part[-1].copy_key
            self._mark(connection, [row for row in part if row.copy_key not in group], copy_days)
        self._mark_groups(connection, group, copy_days)

    def _groups(self, connection: Connection) -> Mapping[str, str]:
        """Copy key -> key of the group of texts that differ in a few words."""
        from sentinel.near_copies import groups  # with numpy behind it, and status does without

        each = select(posts.c.copy_key, func.min(posts.c.text)).where(_VOTES).group_by(posts.c.copy_key)
        each = each.order_by(posts.c.copy_key).execution_options(yield_per=_AT_ONCE)
        rows = connection.execute(each)
        return groups((key, text) for key, text in rows)

    def _mark_groups(self, connection: Connection, group: Mapping[str, str], copy_days: int) -> None:
        keys: dict[str, list[str]] = {}
        for key, name in group.items():
            keys.setdefault(name, []).append(key)
        columns = (
            posts.c.id,
            posts.c.day,
            posts.c.post_id,
            posts.c.copy_of,
            posts.c.published,
            posts.c.platform,
        )
        for name in sorted(keys):
            rows = [
                row
                for part in chunks(keys[name])
                for row in connection.execute(select(*columns).where(_VOTES, posts.c.copy_key.in_(part)))
            ]
            rows.sort(key=lambda row: (row.published, row.platform, row.post_id))
            found = dict(copies((Candidate(row.id, name, row.day, row.post_id) for row in rows), copy_days))
            self._write(
                connection, [(row.id, found.get(row.id)) for row in rows if row.copy_of != found.get(row.id)]
            )

    def _mark_keys(self, connection: Connection, keys: Collection[str], copy_days: int) -> None:
        """Posts of these texts, and those that changed to be no votes any more."""
        for part in chunks(sorted(keys)):
            self._mark(connection, self._candidates(connection, posts.c.copy_key.in_(part), None), copy_days)
        stray = select(posts.c.id).where(
            posts.c.id.in_(select(rechecks.c.post)), posts.c.copy_of.is_not(None), ~_VOTES
        )
        self._write(connection, [(number, None) for number in connection.scalars(stray)])

    def _candidates(self, connection: Connection, which: Any, limit: int | None) -> Sequence[Any]:
        columns = (posts.c.id, posts.c.copy_key, posts.c.day, posts.c.post_id, posts.c.copy_of)
        query = select(*columns).where(_VOTES, which).order_by(posts.c.copy_key, *_ORDER).limit(limit)
        return connection.execute(query).all()

    def _mark(self, connection: Connection, rows: Sequence[Any], copy_days: int) -> None:
        found = dict(copies((Candidate(*row[:4]) for row in rows), copy_days))
        changes = [(row.id, found.get(row.id)) for row in rows if row.copy_of != found.get(row.id)]
        self._write(connection, changes)

    def _mark_new(self, connection: Connection, upto: int) -> None:
        """Posts after `upto`, each day by itself: only the first of a text has to be known of the older ones."""
        new = select(posts.c.copy_key, posts.c.day).where(posts.c.id > upto, _VOTES).distinct()
        changes: list[tuple[int, str | None]] = []
        for key, day in connection.execute(new).all():
            of_text = and_(_VOTES, posts.c.copy_key == key, posts.c.day == day)
            columns = (posts.c.id, posts.c.post_id, posts.c.copy_of)
            first = connection.execute(select(*columns).where(of_text).order_by(*_ORDER).limit(1)).one()
            others = select(*columns).where(of_text, posts.c.id != first.id)
            if first.id <= upto and first.copy_of is None:
                others = others.where(posts.c.id > upto)
            if first.copy_of is not None:
                changes.append((first.id, None))
            changes += [
                (row.id, first.post_id) for row in connection.execute(others) if row.copy_of != first.post_id
            ]
        self._write(connection, changes)

    def _write(self, connection: Connection, changes: list[tuple[int, str | None]]) -> None:
        self._update_each(connection, "copy_of", [{"row": row, "new": new} for row, new in changes])
        self._changed(connection, [row for row, _ in changes], retag=False)

    @staticmethod
    def _keys(connection: Connection, numbers: Sequence[int]) -> set[str]:
        found: set[str] = set()
        for part in chunks(numbers):
            query = select(posts.c.copy_key).where(posts.c.id.in_(part), posts.c.copy_key.is_not(None))
            found.update(connection.scalars(query))
        return found
