"""A large input read into an empty store: its indexes are made once, when all is in, instead of row by row.

Until then the store says so, and whatever needs the indexes makes them first; a store that was left so is as whole as
any other, only slower to search.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from sentinel.store.database import Database
from sentinel.store.migrations import LAYOUT, LOADING
from sentinel.store.schema import posts

__all__ = ["Loading"]

_LARGE: Final = 4 * 2**20  # bytes of an input for which it is worth the while


class Loading(Database):
    """The part of the store that fills an empty one. SQLite's alone: a server's readers would have to wait."""

    def _begin_loading(self, connection: Connection, size: int) -> None:
        """Do without indexes if an input of so many bytes is the first."""
        if connection.dialect.name != "sqlite" or size < _LARGE:
            return
        if connection.execute(select(posts.c.id).limit(1)).first() is None:
            for index in posts.indexes:
                index.drop(connection, checkfirst=True)
            self._remember(connection, "layout", LOADING)

    def _end_loading(self, connection: Connection) -> None:
        """Make the indexes that are missing."""
        if self._fact(connection, "layout") == LOADING:
            for index in sorted(posts.indexes, key=lambda index: str(index.name)):
                index.create(connection, checkfirst=True)
            self._remember(connection, "layout", LAYOUT)
