"""Posts that go, and do not come back: an author's, a single one, or all before a day."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Row, and_, delete, func, or_, select, text, update

from sentinel.day_numbers import day_numbers
from sentinel.errors import StoreError
from sentinel.ports import Batch
from sentinel.store.changes import Changes, chunks
from sentinel.store.schema import (
    erased,
    facts,
    inputs,
    messages,
    posts,
    rechecks,
    rejects,
    segments,
    tags,
    unsettled,
)
from sentinel.store.tombstones import ERASED, EXPIRED, Tombstones, without

__all__ = ["Erased", "Erasing"]

_REFERENCES: Final = ("reply_to", "conversation", "quoted")
_COLUMNS: Final = ("platform", "post_id", "author", "author_id", "kind", "repost_of", "text")


class Erased(NamedTuple):
    """What was removed."""

    posts: tuple[tuple[str, str], ...]  #: platform and id of each, reposts of them too
    authors: tuple[tuple[str, str], ...]  #: platform and name (handles and ids) of the erased author
    n_rejects: int  #: unreadable rows whose excerpt is gone
    inputs: tuple[str, ...]  #: what they had been read from
    n_mentions: int  #: posts of others that hold the author's handle in their text, and stay


class Erasing(Changes):
    """The part of the store that forgets."""

    def erase_author(self, name: str, platform: str | None = None) -> Erased:
        """Remove an author, by handle or id: posts, reposts of them, tags, corrections, excerpts of rejects.

        Parameters
        ----------
        platform : the network; ``None`` is every one.
        """
        with self._settled() as connection:
            key = self._tombstone_key(connection)
            digests = Tombstones(key).author(name, platform)
            authors = set()
            stones = Tombstones(key, digests)
            for row in self._hits(connection, stones):
                if stones.has_author(row.platform, row.author, row.author_id):
                    digests |= stones.post(row.post_id, row.platform)
                    authors |= {(row.platform, one) for one in (row.author, row.author_id) if one}
            done = self._erase(connection, digests)
            handle = name.strip().removeprefix("@")
            mentions = posts.c.text.icontains(f"@{handle}", autoescape=True)
            n_mentions = connection.scalar(select(func.count()).select_from(posts).where(mentions))
        self._scrub()
        return done._replace(authors=tuple(sorted(authors)), n_mentions=int(n_mentions or 0))

    def erase_post(self, post_id: str, platform: str | None = None) -> Erased:
        """Remove a post and its reposts.

        Raises
        ------
        StoreError
            If posts of several platforms have this id, and none is named; or none has it, but some have it with the
            file that it was made up for.
        """
        with self._settled() as connection:
            query = select(posts.c.platform).where(posts.c.post_id == post_id).order_by(posts.c.platform)
            found = list(connection.scalars(query))
            if not found and (meant := self._begin_with(connection, f"{post_id}@")):
                raise StoreError(
                    f"no post has the id {post_id!r}; ids that only number the rows of a file stand with it: "
                    f"{', '.join(meant)}; say which; nothing was erased"
                )
            if platform is None and len(found) > 1:
                raise StoreError(
                    f"post {post_id!r} is on {', '.join(found)}; say which with --platform; nothing was erased"
                )
            stones = Tombstones(self._tombstone_key(connection))
            done = self._erase(connection, stones.post(post_id, platform or next(iter(found), None)))
        self._scrub()
        return done

    def _begin_with(self, connection: Connection, text: str) -> list[str]:
        """Some ids of posts that begin so."""
        like = posts.c.post_id.startswith(text, autoescape=True)
        found = list(
            connection.scalars(select(posts.c.post_id).where(like).order_by(posts.c.post_id).limit(6))
        )
        return [*found[:5], "…"] if len(found) > 5 else found

    def erase_before(self, day: str) -> int:
        """Remove posts of mood days before this one, undated ones collected before it, and keep them out from now on.

        Returns
        -------
        int
            How many posts went.
        """
        with self._settled() as connection:
            self._remember(connection, "kept_since", max(day, self._fact(connection, "kept_since") or ""))
            (first,) = day_numbers([day], "UTC")
            old = or_(posts.c.day < first, and_(posts.c.day.is_(None), posts.c.collected < day))
            hits = connection.execute(select(posts.c.id, posts.c.input).where(old)).all()
            self._remove(connection, [(row.id, row.input) for row in hits], EXPIRED)
            gone = select(posts.c.id).where(posts.c.input == inputs.c.id).exists()
            emptied = select(inputs.c.id).where(~gone, inputs.c.skipped.contains(EXPIRED))
            connection.execute(update(rejects).where(rejects.c.input.in_(emptied)).values(excerpt=EXPIRED))
        if hits:
            self._scrub()
        return len(hits)

    @property
    def kept_since(self) -> str | None:
        """First mood day of which posts are kept, ISO; ``None`` if all are."""
        with self._reading() as connection:
            return self._fact(connection, "kept_since")

    def _allowed(self, connection: Connection, batch: Batch) -> Batch:
        """A batch without what was erased, or is older than what is kept."""
        names = ("tombstone_key", "kept_since")
        query = select(facts.c.name, facts.c.value).where(facts.c.name.in_(names))
        found = dict(connection.execute(query).all())
        if since := found.get("kept_since"):
            (first,) = day_numbers([since], "UTC")
            n = batch.n_posts
            published = batch.posts.get("published") or [None] * n
            collected = batch.posts.get("collected") or [None] * n
            days = day_numbers(published, self._timezone)
            kept = (
                day >= (first or 0) if day is not None else not seen or seen >= since
                for day, seen in zip(days, collected, strict=True)
            )
            batch = without(batch, kept, EXPIRED)
        if key := found.get("tombstone_key"):
            batch = Tombstones(key, connection.scalars(select(erased.c.digest)).all()).applied(batch)
        return batch

    def _tombstone_key(self, connection: Connection) -> str:
        known = self._fact(connection, "tombstone_key")
        return known or self._remember(connection, "tombstone_key", token_hex(32))

    def _hits(self, connection: Connection, stones: Tombstones) -> list[Row[Any]]:
        query = select(posts.c.id, posts.c.input, *(posts.c[name] for name in _COLUMNS))
        rows = connection.execute(query.execution_options(yield_per=8192))
        return [row for row in rows if stones.hides(dict(row._mapping))]

    def _erase(self, connection: Connection, digests: set[str]) -> Erased:
        """Remove what these digests hide, and keep them."""
        insert = self._insert(erased).on_conflict_do_nothing()
        connection.execute(insert, [{"digest": digest} for digest in sorted(digests)])
        stones = Tombstones(self._tombstone_key(connection), digests)
        hits = self._hits(connection, stones)
        for platform in {row.platform for row in hits}:
            ids = [row.post_id for row in hits if row.platform == platform]
            self._unrefer(connection, platform, ids)
        read_from = self._remove(connection, [(row.id, row.input) for row in hits], ERASED)
        n_rejects = self._blot(connection, stones.names_one)
        return Erased(tuple((row.platform, row.post_id) for row in hits), (), n_rejects, tuple(read_from), 0)

    def _unrefer(self, connection: Connection, platform: str, ids: list[str]) -> None:
        for part in chunks(ids):
            for name in _REFERENCES:
                named = and_(posts.c.platform == platform, posts.c[name].in_(part))
                connection.execute(update(posts).where(named).values({name: None}))

    def _remove(self, connection: Connection, hits: list[tuple[int, int]], reason: str) -> list[str]:
        """Delete posts by number; in the ledger their rows are skipped ones from now on. Names of their inputs."""
        if not hits:
            return []
        numbers = [number for number, _ in hits]
        self._changed(connection, numbers)
        for part in chunks(numbers):
            connection.execute(delete(rechecks).where(rechecks.c.post.in_(part)))
            connection.execute(delete(tags).where(tags.c.post.in_(part)))
            connection.execute(delete(posts).where(posts.c.id.in_(part)))
        connection.execute(delete(segments))  # which hold authors of posts next to these
        self._set_done(connection, "clean", "", 0)  # copies of what went have another first post now
        self._set_done(connection, "patterns", "", 0)
        connection.execute(delete(unsettled))
        n_of: dict[int, int] = {}
        for _, source in hits:
            n_of[source] = n_of.get(source, 0) + 1
        names = []
        for entry in connection.execute(select(inputs).where(inputs.c.id.in_(n_of))).mappings().all():
            skipped = orjson.loads(entry["skipped"])
            skipped[reason] = skipped.get(reason, 0) + n_of[entry["id"]]
            stored = orjson.dumps(skipped, option=orjson.OPT_SORT_KEYS).decode()
            connection.execute(update(inputs).where(inputs.c.id == entry["id"]).values(skipped=stored))
            names.append(entry["name"])
        return sorted(names)

    def _blot(self, connection: Connection, names_one: Callable[[str], bool]) -> int:
        """Empty the excerpts of rejects, and the texts of messages, that hold what was erased."""
        hits = [
            row
            for row in connection.execute(select(rejects)).mappings().all()
            if names_one(f"{row['position']} {row['reason']} {row['excerpt']}")
        ]
        for row in hits:
            this = and_(rejects.c.input == row["input"], rejects.c.number == row["number"])
            reason = ERASED if names_one(row["reason"]) else row["reason"]
            connection.execute(update(rejects).where(this).values(excerpt=ERASED, reason=reason))
        for row in connection.execute(select(messages)).mappings().all():
            if names_one(row["text"]):
                this = and_(messages.c.event == row["event"], messages.c.destination == row["destination"])
                connection.execute(update(messages).where(this).values(text=ERASED))
        return len(hits)

    # -- the bytes themselves --------------------------------------------------------------------------------

    def _scrub(self) -> None:
        """Have the database write its files anew, without what was deleted.

        Raises
        ------
        StoreError
            If another program is in the way; what was deleted is then gone from the tables, but not from the files.
        """
        try:
            with self._told():
                if self._engine.dialect.name == "sqlite":
                    self._scrub_sqlite()
                else:
                    self._scrub_postgres()
        except StoreError as error:
            raise StoreError(
                f"erased, but the bytes are still in the files of the store: {error}; end other programs and run "
                "the same command again"
            ) from error

    def _scrub_sqlite(self) -> None:
        pooled = self._engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            connection.execute("VACUUM")
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreError("another program reads it")
        finally:
            pooled.close()

    def _scrub_postgres(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = '60s'"))
            for table in (posts, tags, rejects, segments, rechecks, unsettled, messages):
                connection.execute(text(f"VACUUM FULL {table.name}"))
