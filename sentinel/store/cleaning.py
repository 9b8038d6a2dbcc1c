"""What depends on other posts: the text of a cut repost, and near-copies; worked out from the whole store."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, select, update

from sentinel.clean import Candidate, copies, copy_key
from sentinel.store.database import Database
from sentinel.store.faults import again
from sentinel.store.schema import posts, tags

__all__ = ["Cleaning"]


class Cleaning(Database):
    """The part of the store that compares posts with each other."""

    @again
    def clean(self, copy_days: int = 1) -> None:
        """Give cut reposts their original's text, then mark near-copies; both from the whole store.

        Does nothing if it was done and nothing changed since.
        """
        state = f"{self._timezone}, {copy_days} days"
        with self._writing() as connection:
            if self._fact(connection, "clean") != state:
                self._complete_reposts(connection)
                self._mark_copies(connection, copy_days)
                self._remember(connection, "clean", state)

    def _complete_reposts(self, connection: Connection) -> None:
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
        for number, text in connection.execute(query).all():
            connection.execute(
                update(posts).where(posts.c.id == number).values(text=text, copy_key=copy_key(text))
            )
            connection.execute(delete(tags).where(tags.c.post == number))

    def _mark_copies(self, connection: Connection, copy_days: int) -> None:
        votes = and_(posts.c.kind.not_in(("repost", "headline")), posts.c.day.is_not(None))
        repeated = (
            select(posts.c.copy_key)
            .where(votes, posts.c.copy_key.is_not(None))
            .group_by(posts.c.copy_key)
            .having(func.count() > 1)
        )
        query = (
            select(posts.c.id, posts.c.copy_key, posts.c.day, posts.c.post_id)
            .where(votes, posts.c.copy_key.in_(repeated))
            .order_by(posts.c.copy_key, posts.c.published, posts.c.platform, posts.c.post_id)
        )
        found = dict(copies((Candidate(*row) for row in connection.execute(query)), copy_days))
        marked = dict(
            connection.execute(select(posts.c.id, posts.c.copy_of).where(posts.c.copy_of.is_not(None))).all()
        )
        changes = [
            {"row": row, "new": found.get(row)}
            for row in found.keys() | marked.keys()
            if found.get(row) != marked.get(row)
        ]
        self._update_each(connection, "copy_of", changes)
