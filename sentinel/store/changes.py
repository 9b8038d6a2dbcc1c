"""What is known to be done up to a post's number, and what has to be done again because a stored post changed.

Posts are numbered in the order they came. Where it is known that all of them up to some number are tagged, or clean,
new ones do not make anybody read the old ones again; a change of an old one takes that back for as much as it must.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select

from sentinel.store.database import Database
from sentinel.store.schema import facts, posts, segments, unsettled

__all__ = ["SEGMENT_BITS", "Changes", "chunks", "state_of"]

#: Posts whose numbers agree but for so many low bits are a segment.
SEGMENT_BITS: Final = 16
_MANY: Final = 1000  # posts that are not kept in mind each for itself
_ALL_WRITERS: Final = 7_305_119  # PostgreSQL's lock of who must not miss a post that is just being written


class Changes(Database):
    """The part of the store that knows what is up to date."""

    def _changed(self, connection: Connection, numbers: Collection[int], *, retag: bool = True) -> None:
        """Posts with these numbers, or their tags, are not what they were."""
        if not numbers:
            return
        touched = {number >> SEGMENT_BITS for number in numbers}
        connection.execute(delete(segments).where(segments.c.number.in_(touched)))
        if retag:
            self._unsettle(connection, numbers)
            taggers, upto = self._done(connection, "tagged")
            if upto >= min(numbers):
                self._set_done(connection, "tagged", taggers, min(numbers) - 1)

    def _unsettle(self, connection: Connection, numbers: Collection[int], *, moves: bool = False) -> None:
        """Have patterns of spam be looked for anew around these posts, if they were looked for there.

        Parameters
        ----------
        moves : they are going to be of other days, authors or texts.
        """
        # No lock on the fact here: who marks patterns waits for all writers, and they need not wait for each other.
        _, upto = state_of(self._fact(connection, "patterns"))
        known = [number for number in numbers if number <= upto]
        if len(known) > _MANY and not moves:  # as when all are tagged anew
            state, upto = self._done(connection, "patterns")
            self._set_done(connection, "patterns", state, min(upto, min(known) - 1))
            return
        names = ("author", "day", "copy_key")
        for part in chunks(known):
            kept = select(*(posts.c[name] for name in names)).where(
                posts.c.id.in_(part), posts.c.day.is_not(None)
            )
            connection.execute(unsettled.insert().from_select(names, kept))

    def _done(self, connection: Connection, name: str) -> tuple[str, int]:
        """A state, and the number of the post up to which it holds; PostgreSQL's writers wait for each other here."""
        query = select(facts.c.value).where(facts.c.name == name)
        return state_of(connection.scalar(query.with_for_update()))

    def _set_done(self, connection: Connection, name: str, state: str, upto: int) -> None:
        self._remember(connection, name, f"{state}; to {upto}")

    @property
    def size(self) -> int:
        """The greatest number of a post: there are no more than so many."""
        with self._reading() as connection:
            return self._last(connection)

    def _last(self, connection: Connection) -> int:
        """The greatest number of a post."""
        return int(connection.scalar(select(func.max(posts.c.id))) or 0)

    @contextmanager
    def _settled(self) -> Iterator[Connection]:
        """A transaction while which nobody else writes posts: what it finds done is done.

        SQLite has one writer at a time anyway. In PostgreSQL a post may become visible after one with a greater number.
        """
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_ALL_WRITERS)))
            yield connection

    def _writes_posts(self, connection: Connection) -> None:
        """Say that this transaction adds or changes posts; others may do so too, but nobody may be in `_settled`."""
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock_shared(_ALL_WRITERS)))


def state_of(fact: str | None) -> tuple[str, int]:
    """What a fact that `Changes` keeps says."""
    state, _, upto = str(fact or "").rpartition("; to ")
    return (state, int(upto)) if upto.isdecimal() else ("", 0)


def chunks(values: Collection[Any], size: int = 500) -> Iterator[list[Any]]:
    """A few values at a time: databases take so many parameters, and not many more."""
    ordered = list(values)
    for at in range(0, len(ordered), size):
        yield ordered[at : at + size]
