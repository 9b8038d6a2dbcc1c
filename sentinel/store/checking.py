"""Whether what is stored holds together, and a copy of it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Integer, Table, and_, cast, func, or_, select, text

from sentinel.counting import counted
from sentinel.day_numbers import day_numbers
from sentinel.errors import StoreError, UsageError
from sentinel.post import LABELS
from sentinel.store.changes import Changes
from sentinel.store.engines import make_private
from sentinel.store.schema import CORRECTED, corrections, inputs, posts, rechecks, rejects, tags

__all__ = ["Checking"]

_RESTORE: Final = "go on with a copy made by 'sentinel backup', or collect the exports into a new store"
_PART: Final = 50_000  # posts that are looked at at once
_SLACK: Final = 1e-6  # sums of floats
_MANY: Final = 5  # things of one kind that are named


class Checking(Changes):
    """The part of the store that doubts the others."""

    def problems(self) -> Iterator[str]:
        """What does not hold together, a line each, with what to do about it; nothing is changed.

        Raises
        ------
        StoreError
            If the database cannot even be read.
        """
        with self._reading() as connection:
            damages = list(self._damages(connection))
            yield from damages
            if damages:  # what else is found follows from it
                return
            yield from self._without_owner(connection)
            yield from self._sums(connection)
            yield from self._days(connection)
            yield from self._copies(connection)
            yield from self._judgements(connection)

    def _damages(self, connection: Connection) -> Iterator[str]:
        """SQLite's own checks; a PostgreSQL server makes them itself."""
        if connection.dialect.name != "sqlite":
            return
        for (said,) in connection.execute(text(f"PRAGMA integrity_check({_MANY})")).all():
            if said != "ok":
                yield f"the file is damaged: {' '.join(str(said).split())}; {_RESTORE}"
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        for table in sorted({row[0] for row in broken}):
            n = sum(row[0] == table for row in broken)
            those = counted(n, f"row of the table {table} belongs", f"rows of the table {table} belong")
            yield f"{those} to nothing; {_RESTORE}"

    def _without_owner(self, connection: Connection) -> Iterator[str]:
        post = tags.c.post == posts.c.id
        owners: Sequence[tuple[str, Table, Table, Any, Any]] = (
            ("tags", tags, posts, post, posts.c.id),
            ("corrections", corrections, posts, CORRECTED, posts.c.id),
            ("posts", posts, inputs, posts.c.input == inputs.c.id, inputs.c.id),
            ("rejects", rejects, inputs, rejects.c.input == inputs.c.id, inputs.c.id),
        )
        for name, table, owner, same, key in owners:
            query = select(func.count()).select_from(table.outerjoin(owner, same)).where(key.is_(None))
            if n := connection.scalar(query):
                those = counted(n, f"{name[:-1]} belongs", f"{name} belong")
                yield f"{those} to no {'post' if owner is posts else 'input'}; {_RESTORE}"

    def _sums(self, connection: Connection) -> Iterator[str]:
        """Per input: rows = posts + duplicates + rejects + skipped."""
        n_posts = _per_input(connection, posts)
        n_rejects = _per_input(connection, rejects)
        for entry in connection.execute(select(inputs).order_by(inputs.c.name, inputs.c.sha256)).mappings():
            name, rows, stated = entry["name"], entry["rows"], entry["rejects"]
            held, left = n_posts.get(entry["id"], 0), n_rejects.get(entry["id"], 0)
            skipped = sum(orjson.loads(entry["skipped"]).values())
            if left != stated:
                of = counted(stated, "reject was", "rejects were")
                yield f"input {name}: {of} counted, {left:,} found; {_RESTORE}"
            if entry["status"] != "reading" and held > rows - stated - skipped:
                yield (
                    f"input {name}: {counted(rows, 'row')} cannot hold {counted(held, 'post')} + "
                    f"{counted(stated, 'reject')} + "
                    f"{skipped:,} skipped; {_RESTORE}"
                )

    def _days(self, connection: Connection) -> Iterator[str]:
        """Mood days follow the times of publishing."""
        wrong, last = 0, 0
        query = select(posts.c.id, posts.c.published, posts.c.day).order_by(posts.c.id).limit(_PART)
        while rows := connection.execute(query.where(posts.c.id > last)).all():
            days = day_numbers([row.published for row in rows], self._timezone)
            wrong += sum(row.day != day for row, day in zip(rows, days, strict=True))
            last = rows[-1].id
        if wrong:
            yield (
                f"{counted(wrong, 'post is', 'posts are')} counted on another day than their time of publishing says; "
                "open the store once "
                "with another timezone in the settings and once with the right one, which works them out anew"
            )

    def _copies(self, connection: Connection) -> Iterator[str]:
        """Copies point to a post of the same text; where cleaning is due, that is not to be expected."""
        _, upto = self._done(connection, "clean")
        if upto != self._last(connection) or connection.execute(select(rechecks.c.id).limit(1)).first():
            return
        first = posts.alias("first")
        same = and_(first.c.copy_key == posts.c.copy_key, first.c.post_id == posts.c.copy_of)
        lost = and_(posts.c.copy_of.is_not(None), ~select(first.c.id).where(same).exists())
        if n := connection.scalar(select(func.count()).select_from(posts).where(lost)):
            yield (
                f"{counted(n, 'post is marked as copy', 'posts are marked as copies')} of a post that is not "
                "there, or of another text; run "
                "'sentinel report' once with another copy_days in the settings and once with the right one"
            )

    def _judgements(self, connection: Connection) -> Iterator[str]:
        outside = or_(
            tags.c.label.not_in(LABELS),
            *(
                ~tags.c[name].between(-_SLACK, 1 + _SLACK)
                for name in ("about", "spam", "spam_raised", "p_negative", "p_positive")
            ),
            ~tags.c.score.between(-1 - _SLACK, 1 + _SLACK),
            and_(tags.c.label == "unscored", tags.c.score.is_not(None)),
        )
        if n := connection.scalar(select(func.count()).select_from(tags).where(outside)):
            yield f"{counted(n, 'post has', 'posts have')} tags that no model gives; {_RESTORE}"

    # -- a copy --------------------------------------------------------------------------------------------------

    def backup(self, path: Path) -> int:
        """Copy an SQLite store as it is at one moment into a new file, whoever writes to it meanwhile.

        Returns
        -------
        int
            Size of the file in bytes.

        Raises
        ------
        UsageError
            If the file is there already, its folder is not, or the store is no SQLite file.
        StoreError
            If the copy cannot be written, or the store is damaged.
        """
        if not self.files:
            raise UsageError(self._other_tool(path))
        if path.exists():
            raise UsageError(f"{path}: is there already; name another file, or move it away")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}; make it first, or name another file")
        part = path.with_name(f".{path.name}.part")
        try:
            part.touch(0o600)  # SQLite would say of a folder without rights that the store cannot be opened
            with self._told():
                self._copy(part)
            part.replace(path)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
        finally:
            for left in (part, part.with_name(f"{part.name}-journal")):
                left.unlink(missing_ok=True)
        return path.stat().st_size

    def _copy(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        make_private(path)
        pooled, copy = self._engine.raw_connection(), sqlite3.connect(path)
        try:
            source: Any = pooled.driver_connection
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise StoreError(
                    f"store {self.url} is damaged ({said}), and so is any copy; see 'sentinel check'"
                )
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error  # where the copy goes
        finally:
            copy.close()
            pooled.close()

    def _other_tool(self, path: Path) -> str:
        url = self._engine.url
        if url.get_backend_name() != "postgresql":
            return f"store {self.url}: only a file can be copied"
        address = url.set(drivername="postgresql", password=None).render_as_string()
        return (
            f"store {self.url}: PostgreSQL has its own tool for that: pg_dump --format=custom --file={path} "
            f"'{address}', and pg_restore to go back"
        )


def _per_input(connection: Connection, table: Table) -> Mapping[int, int]:
    query = select(table.c.input, cast(func.count(), Integer)).group_by(table.c.input)
    return dict(connection.execute(query).all())
