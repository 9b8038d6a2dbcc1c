"""How it stands with the inputs, in sums and by question: what does not grow with what was ever read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import JSON, Connection, Integer, Select, cast, func, select

from sentinel.store.changes import chunks
from sentinel.store.database import Database
from sentinel.store.faults import again
from sentinel.store.schema import facts, files, inputs, messages, posts

__all__ = ["Standing", "stored_platforms"]

_WAITING: Final = "waiting "  #: before the name of a folder


class Standing(Database):
    """The part of the store that counts, and that knows which files need not be opened again."""

    def totals(self) -> dict[str, int]:
        """Sums of the ledger: inputs, rows, posts, duplicates, rejects, skipped; inputs not read to their end."""
        columns = (func.count(), func.sum(inputs.c.rows), func.sum(inputs.c.rejects))
        unread = func.count().filter(inputs.c.status != "read")
        with self._reading() as connection:
            n_inputs, rows, rejects, refused = connection.execute(select(*columns, unread)).one()
            n_posts = connection.scalar(select(func.count()).select_from(posts)) or 0
            skipped = connection.scalar(self._skipped()) or 0
        rows, rejects = int(rows or 0), int(rejects or 0)
        return {
            "inputs": n_inputs,
            "rows": rows,
            "posts": n_posts,
            "duplicates": rows - rejects - int(skipped) - n_posts,
            "rejects": rejects,
            "skipped": int(skipped),
            "refused": refused,
        }

    def _skipped(self) -> Any:
        """Sum of the counts in the ledger's JSON."""
        if self._engine.dialect.name == "postgresql":
            each = func.json_each_text(cast(inputs.c.skipped, JSON))
        else:
            each = func.json_each(inputs.c.skipped)
        pair = each.table_valued("key", "value", joins_implicitly=True)
        query = select(func.sum(cast(pair.c.value, Integer))).select_from(inputs, pair)
        return query.where(inputs.c.skipped != "{}")

    def refused(self) -> list[dict[str, str]]:
        """Inputs that were not read to their end: name, status, message."""
        columns = (inputs.c.name, inputs.c.status, inputs.c.message)
        query = select(*columns).where(inputs.c.status != "read").order_by(inputs.c.name, inputs.c.sha256)
        return self._told_of(query)

    def with_rejects(self, share: float) -> list[dict[str, Any]]:
        """Inputs of whose rows more than this share could not be read: name, sha256, size, rows, rejects."""
        columns = (inputs.c.name, inputs.c.sha256, inputs.c.size, inputs.c.rows, inputs.c.rejects)
        many = (inputs.c.status != "reading", inputs.c.rejects > share * inputs.c.rows)
        query = select(*columns).where(*many).order_by(inputs.c.name, inputs.c.sha256)
        return self._told_of(query)

    def in_ledger(self, column: str, values: Collection[Any]) -> list[dict[str, Any]]:
        """Name, size and sha256 of the inputs, not just being read, whose `column` has one of these values."""
        query = select(inputs.c.name, inputs.c.size, inputs.c.sha256).where(inputs.c.status != "reading")
        found: list[dict[str, Any]] = []
        for some in chunks(values):
            found += self._told_of(query.where(inputs.c[column].in_(some)))
        return found

    def _told_of(self, query: Select[Any]) -> list[dict[str, Any]]:
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [{str(name): value for name, value in row.items()} for row in rows]

    def platforms(self) -> list[str]:
        """Of the posts."""
        with self._reading() as connection:
            return stored_platforms(connection)

    def count_unsent(self) -> int:
        """Messages of alerts that wait."""
        query = select(func.count()).select_from(messages).where(messages.c.sent.is_(None))
        with self._reading() as connection:
            return int(connection.scalar(query) or 0)

    # -- files of watched folders ------------------------------------------------------------------------------

    def stamps(self, keys: Collection[str]) -> dict[str, str]:
        """What is remembered of files, by key."""
        found: dict[str, str] = {}
        with self._reading() as connection:
            for some in chunks(keys):
                rows = connection.execute(select(files.c.key, files.c.stamp).where(files.c.key.in_(some)))
                found.update((row.key, row.stamp) for row in rows)
        return found

    @again
    def remember_stamps(self, stamps: Sequence[tuple[str, str]]) -> None:
        """Remember files: key, stamp."""
        insert = self._insert(files)
        kept = insert.on_conflict_do_update(index_elements=["key"], set_={"stamp": insert.excluded.stamp})
        with self._writing() as connection:
            self._execute_rows(connection, kept, ("key", "stamp"), stamps)

    @again
    def remember_waiting(self, folder: str, n_files: int) -> None:
        """How many files of a watched folder wait, as its job saw last."""
        if n_files == self.waiting([folder]):
            return
        with self._writing() as connection:
            self._remember(connection, f"{_WAITING}{folder}", str(n_files))

    def waiting(self, folders: Collection[str]) -> int:
        """How many files wait in these watched folders, as their jobs saw last."""
        names = [f"{_WAITING}{folder}" for folder in folders]
        query = select(facts.c.value).where(facts.c.name.in_(names))
        with self._reading() as connection:
            return sum(map(int, connection.scalars(query)))


def stored_platforms(connection: Connection) -> list[str]:
    """Platforms of the posts, sorted: one look into the index for each, and not one at every post."""
    found: list[str] = []
    first = select(func.min(posts.c.platform))
    name = connection.scalar(first)
    while name is not None:
        found.append(name)
        name = connection.scalar(first.where(posts.c.platform > name))
    return found
