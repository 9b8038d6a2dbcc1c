"""The store: posts, tags, rejects and the ledger of inputs. The only module that speaks SQL.

Everything is written so that doing it twice changes nothing, and so that the order of the inputs does not matter:
of two records of one post the richer one stays (ties go to the later `collected`, then to the greater digest),
an input is known by the SHA-256 of its bytes, and what depends on other posts (near-copies, the text of a
cut repost) is worked out from the whole store after reading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from sentinel import locks
from sentinel.clean import Candidate, copies, copy_key
from sentinel.errors import SourceError, StoreError
from sentinel.ports import Batch
from sentinel.post import POST_COLUMNS, TAG_COLUMNS, Columns

__all__ = ["EXPORT_COLUMNS", "MOOD_COLUMNS", "Store", "anchored_url", "sqlite_url"]

SCHEMA_VERSION: Final = "1"
_WRITES: Final = "sentinel_writes"
_DAEMON_LOCK: Final = 7_305_117  # any number that is the same in every daemon

_COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
_TEXTS: Final = ("post_id", "text", "url", "reply_to", "conversation", "repost_of", "quoted")
_NUMBERS: Final = ("about", "spam", "score", "p_negative", "p_neutral", "p_positive", "confidence")

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

inputs = Table(
    "inputs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("format", String, nullable=False, default=""),
    Column("size", Integer, nullable=False),
    Column("rows", Integer, nullable=False, default=0),
    Column("rejects", Integer, nullable=False, default=0),
    Column("skipped", Text, nullable=False, default="{}"),  # JSON: reason -> rows
    Column("warnings", Text, nullable=False, default="{}"),  # JSON: what -> posts
    Column("status", String, nullable=False),  # reading, read, refused
    Column("message", Text, nullable=False, default=""),
    Column("cursor", Text),  # where a live source goes on
)


def _post_column(name: str) -> Column[Any]:
    if name in _COUNTS:
        return Column(name, Integer)
    if name == "synthetic":
        return Column(name, Boolean)
    required = name in ("platform", "post_id", "precision", "kind", "text")
    return Column(name, Text if name in _TEXTS else String, nullable=not required)


posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    *(_post_column(name) for name in POST_COLUMNS),
    Column("input", ForeignKey("inputs.id"), nullable=False),
    Column("rank", String, nullable=False),  # the record with the greater one stays
    Column("copy_key", String),
    Column("day", Integer),  # mood day, in days since 1970-01-01
    Column("copy_of", Text),
    UniqueConstraint("platform", "post_id"),
    Index("posts_by_text", "copy_key", "published"),
    Index("posts_by_time", "published"),
)

tags = Table(
    "tags",
    metadata,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("taggers", String, nullable=False),  # which models, in which versions
    Column("rank", String, nullable=False),  # of the record that was tagged
    *(Column(name, Float if name in _NUMBERS else Text) for name in TAG_COLUMNS),
)

rejects = Table(
    "rejects",
    metadata,
    Column("input", ForeignKey("inputs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("position", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", String, primary_key=True),
    Column("started", String),  # times are given by the daemon: only it reads the clock
    Column("ended", String),
    Column("succeeded", String),
    Column("next", String),
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("message", Text, nullable=False, default=""),
)

#: Columns of a stored post as exported: name -> expression.
EXPORT_COLUMNS: Final[Mapping[str, Any]] = {
    **{name: posts.c[name] for name in POST_COLUMNS if name not in ("lang", "synthetic", "declared")},
    "declared": posts.c.declared,
    "lang": func.coalesce(tags.c.lang, posts.c.lang),
    "copy_of": posts.c.copy_of,
    **{name: tags.c[name] for name in TAG_COLUMNS if name != "lang"},
    "source": inputs.c.name,
}

#: What mood and effects are computed from.
MOOD_COLUMNS: Final = (
    "platform",
    "community",
    "post_id",
    "published",
    "precision",
    "author",
    "kind",
    "lang",
    "about",
    "spam",
    "copy_of",
    "label",
    "score",
    "topics",
    "entities",
    "model",
)


def _normal_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at `path`, whatever characters its name has."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def anchored_url(url: str, folder: Path) -> str:
    """`url` with a relative path of an SQLite file put under `folder`; any other as it is."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return url  # opening it says what is wrong
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return url
    return parsed.set(database=str(folder / str(parsed.database))).render_as_string(hide_password=False)


def _shown(url: str) -> str:
    """`url` without its password, also where nothing can be made of it."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1***@", url)


class Store:
    """Posts and what is known about them, in one database.

    Parameters
    ----------
    url : SQLAlchemy URL, such as ``sqlite:///sentinel.db`` or ``postgresql+psycopg://…``.
    timezone : whose midnight ends a mood day; another one than the last time works the days out anew.
    create : make the SQLite file if there is none.

    Raises
    ------
    StoreError
        If the database cannot be opened, is not there and may not be made, or was written by another version of
        the schema.
    """

    def __init__(self, url: str, timezone: str = "Asia/Shanghai", *, create: bool = True) -> None:
        try:
            self._engine = create_engine(_normal_url(url))
        except ImportError as error:
            raise StoreError(
                f"store {_shown(url)!r} cannot be used: {error}; for PostgreSQL install mood-sentinel[postgres]"
            ) from None
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                f"store {_shown(url)!r} cannot be used: {error}; expected sqlite:///FILE or postgresql+psycopg://…"
            ) from None
        self.url = self._engine.url.render_as_string(hide_password=True)
        self._timezone = timezone
        if not create and not all(path.exists() for path in self.files[:1]):
            raise StoreError(
                f"store {self.url}: no such file; collect posts into it first, or give another --store"
            )
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _tune_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        if self._is_ready():
            return
        with self._writing() as connection:
            metadata.create_all(connection)
            version = self._fact(connection, "schema") or self._remember(connection, "schema", SCHEMA_VERSION)
            if version != SCHEMA_VERSION:
                raise StoreError(
                    f"store {self.url} has schema {version}; this version of sentinel reads {SCHEMA_VERSION}; "
                    "give another --store and collect the exports into it"
                )
            if self._fact(connection, "timezone") != timezone:
                self._redo_days(connection)
                self._remember(connection, "timezone", timezone)

    def _is_ready(self) -> bool:
        """Whether there is nothing to prepare, so that opening a store does not wait for who is writing."""
        with self._reading() as connection:
            if not inspect(connection).has_table(facts.name):
                return False
            stored = dict(connection.execute(select(facts.c.name, facts.c.value)).all())
        return stored.get("schema") == SCHEMA_VERSION and stored.get("timezone") == self._timezone

    @property
    def files(self) -> tuple[Path, ...]:
        """The SQLite file and what lies beside it; of another database none."""
        database = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or database in (None, "", ":memory:"):
            return ()
        return tuple(
            Path(f"{database}{end}") for end in ("", "-wal", "-shm", "-journal", ".lock", ".reading")
        )

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine.execution_options(**{_WRITES: True}))

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeEncodeError) as error:
            cause = getattr(error, "orig", None) or error
            text = str(cause).splitlines()[0]
            raise StoreError(f"store {self.url}: {text}; nothing of this step was written") from error

    def _insert(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)

    # -- facts ---------------------------------------------------------------------------------------------

    def _fact(self, connection: Connection, name: str) -> str | None:
        value = connection.scalar(select(facts.c.value).where(facts.c.name == name))
        return None if value is None else str(value)

    def _remember(self, connection: Connection, name: str, value: str) -> str:
        insert = self._insert(facts).values(name=name, value=value)
        connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
        return value

    @property
    def synthetic(self) -> bool | None:
        """Whether the posts are a generated sample; ``None`` while there are none."""
        with self._reading() as connection:
            row = connection.execute(select(posts.c.synthetic).limit(1)).first()
        return None if row is None else bool(row[0])

    # -- reading inputs ------------------------------------------------------------------------------------

    @contextmanager
    def turn(self, sha256: str) -> Iterator[None]:
        """Wait until nobody else reads this input: two that do at once would count its rows twice."""
        number = int(sha256[:15], 16)  # fits what both kinds of lock take
        if self._engine.dialect.name == "sqlite":
            with locks.turn(self.files[-1], number) if self.files else nullcontext():
                yield
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(select(func.pg_advisory_lock(number)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(number)))

    def begin_input(self, sha256: str, name: str, format_name: str, size: int) -> int | None:
        """Enter an input into the ledger before it is read.

        Returns
        -------
        int or None
            Its number, or ``None`` if these bytes were read before, under whatever name.
        """
        with self._writing() as connection:
            known = connection.execute(select(inputs).where(inputs.c.sha256 == sha256)).mappings().first()
            values = {"format": format_name, "size": size, "status": "reading", "message": ""}
            if known is None:
                insert = inputs.insert().values(sha256=sha256, name=name, **values)
                key = connection.execute(insert).inserted_primary_key
                return int(key[0]) if key else None
            if name < known["name"]:  # of several names of the same bytes the first in the alphabet is shown
                connection.execute(update(inputs).where(inputs.c.id == known["id"]).values(name=name))
            if known["status"] == "read":
                return None
            number = int(known["id"])  # left unread or refused the last time: from the start
            connection.execute(delete(rejects).where(rejects.c.input == number))
            values |= {"rows": 0, "rejects": 0, "skipped": "{}", "warnings": "{}"}
            connection.execute(update(inputs).where(inputs.c.id == number).values(**values))
            return number

    def live_input(self, name: str, format_name: str, settings: str) -> tuple[int, str | None]:
        """The ledger's entry of a live source, made at its first use.

        Parameters
        ----------
        settings : what tells two sources of one collector apart; no secrets.

        Returns
        -------
        tuple of int and (str or None)
            Its number, and the cursor to go on from.
        """
        sha256 = hashlib.sha256(f"{format_name}\n{settings}".encode()).hexdigest()
        with self._writing() as connection:
            known = connection.execute(select(inputs).where(inputs.c.sha256 == sha256)).mappings().first()
            if known is not None:
                return int(known["id"]), known["cursor"]
            values = {"sha256": sha256, "name": name, "format": format_name, "size": 0, "status": "read"}
            key = connection.execute(inputs.insert().values(**values)).inserted_primary_key
            return int(key[0]) if key else 0, None

    def add(self, number: int, batch: Batch) -> None:
        """One batch of an input, with its rejects, counts and cursor, in one transaction.

        Raises
        ------
        SourceError
            If synthetic and real posts would meet.
        """
        with self._writing() as connection:
            entry = connection.execute(select(inputs).where(inputs.c.id == number)).mappings().one()
            if batch.n_posts:
                self._refuse_mixture(connection, batch.posts, entry["name"])
                self._add_posts(connection, number, entry["sha256"], batch.posts)
            first = entry["rejects"]
            if batch.rejects:
                rows = [
                    {"input": number, "number": first + i, **reject._asdict()}
                    for i, reject in enumerate(batch.rejects)
                ]
                connection.execute(rejects.insert(), rows)
            connection.execute(
                update(inputs)
                .where(inputs.c.id == number)
                .values(
                    rows=entry["rows"] + batch.rows,
                    rejects=first + len(batch.rejects),
                    skipped=_summed(entry["skipped"], batch.skipped),
                    warnings=_summed(entry["warnings"], batch.warnings),
                    cursor=batch.cursor,
                )
            )

    def end_input(self, number: int, refused: str = "") -> None:
        """An input was read to its end, or `refused` with a reason."""
        with self._writing() as connection:
            status = "refused" if refused else "read"
            connection.execute(
                update(inputs).where(inputs.c.id == number).values(status=status, message=refused)
            )

    def _refuse_mixture(self, connection: Connection, columns: Columns, name: str) -> None:
        flags = {bool(flag) for flag in columns.get("synthetic") or [None]}
        row = connection.execute(select(posts.c.synthetic).limit(1)).first()
        if row is not None:
            flags.add(bool(row[0]))
        if len(flags) > 1:
            raise SourceError(
                f"{name}: synthetic and real posts never share a store ({self.url}); "
                "use --fresh, or another --store, for one of them"
            )

    def _add_posts(self, connection: Connection, number: int, sha256: str, columns: Columns) -> None:
        rows = _rows(columns, number, sha256, self._timezone)
        insert = self._insert(posts)
        changed = {c.name: insert.excluded[c.name] for c in posts.columns if c.name not in ("id", "copy_of")}
        upsert = insert.on_conflict_do_update(
            index_elements=["platform", "post_id"],
            set_=changed,
            where=insert.excluded.rank > posts.c.rank,
        )
        connection.execute(upsert, rows)
        self._remember(connection, "clean", "no")

    # -- cleaning ------------------------------------------------------------------------------------------

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

    def _update_each(self, connection: Connection, column: str, changes: list[dict[str, Any]]) -> None:
        statement = update(posts).where(posts.c.id == bindparam("row")).values({column: bindparam("new")})
        if changes:
            connection.execute(statement, changes)

    def _redo_days(self, connection: Connection) -> None:
        rows = connection.execute(select(posts.c.id, posts.c.published)).all()
        days = day_numbers([row.published for row in rows], self._timezone)
        changes = [{"row": row.id, "new": day} for row, day in zip(rows, days, strict=True)]
        if changes:
            self._update_each(connection, "day", changes)
        self._remember(connection, "clean", "no")

    # -- tagging -------------------------------------------------------------------------------------------

    def untagged(self, taggers: str, size: int = 4096) -> Iterator[tuple[list[int], list[str], Columns]]:
        """Posts without tags by these `taggers`, as (numbers, ranks, columns), until none are left.

        The caller stores the tags of each batch before it asks for the next.
        """
        known = and_(tags.c.post == posts.c.id, tags.c.taggers == taggers, tags.c.rank == posts.c.rank)
        last = 0
        while True:
            query = (
                select(posts.c.id, posts.c.rank, *(posts.c[name] for name in POST_COLUMNS))
                .outerjoin(tags, known)
                .where(tags.c.post.is_(None), posts.c.id > last)
                .order_by(posts.c.id)
                .limit(size)
            )
            with self._reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            last = rows[-1].id
            columns = list(zip(*rows, strict=True))
            batch = {name: list(values) for name, values in zip(POST_COLUMNS, columns[2:], strict=True)}
            yield list(columns[0]), list(columns[1]), batch

    def count_untagged(self, taggers: str | None = None) -> int:
        """How many posts `untagged` would give; by default to the models that tagged last."""
        if taggers is None:
            with self._reading() as connection:
                taggers = self._fact(connection, "taggers")
        known = and_(tags.c.post == posts.c.id, tags.c.taggers == taggers, tags.c.rank == posts.c.rank)
        query = select(func.count()).select_from(posts.outerjoin(tags, known)).where(tags.c.post.is_(None))
        with self._reading() as connection:
            return int(connection.scalar(query) or 0)

    def add_tags(self, taggers: str, numbers: Sequence[int], ranks: Sequence[str], columns: Columns) -> None:
        """Tags of the posts with these numbers, replacing older ones."""
        names = list(TAG_COLUMNS)
        rows = [
            {"post": number, "taggers": taggers, "rank": rank, **dict(zip(names, values, strict=True))}
            for number, rank, *values in zip(numbers, ranks, *(columns[name] for name in names), strict=True)
        ]
        insert = self._insert(tags)
        changed = {c.name: insert.excluded[c.name] for c in tags.columns if c.name != "post"}
        with self._writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["post"], set_=changed), rows)
            self._remember(connection, "taggers", taggers)

    # -- the daemon's memory ---------------------------------------------------------------------------------

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the only daemon of this store.

        Raises
        ------
        StoreError
            If there is another one.
        """
        database = self._engine.url.database
        if self._engine.dialect.name == "sqlite":
            with locks.exclusive(Path(f"{database}.lock")) if database else nullcontext():
                yield
            return
        with self._engine.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(_DAEMON_LOCK))):
                raise StoreError(f"store {self.url}: another daemon works on it already; stop it first")
            yield

    def remember_job(self, name: str, **facts: str | int) -> None:
        """What is known of a job: any of the columns of the table of jobs."""
        insert = self._insert(jobs).values(name=name, **facts)
        with self._writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=facts))

    def jobs(self) -> dict[str, dict[str, Any]]:
        """What is known of every job, by name."""
        with self._reading() as connection:
            rows = connection.execute(select(jobs).order_by(jobs.c.name)).mappings().all()
        return {row["name"]: {str(key): value for key, value in row.items()} for row in rows}

    # -- reading back --------------------------------------------------------------------------------------

    def rows(
        self,
        names: Sequence[str],
        *,
        since: str | None = None,
        until: str | None = None,
        langs: Sequence[str] = (),
        topic: str | None = None,
        days: tuple[int, int] | None = None,
        size: int = 8192,
    ) -> Iterator[list[Sequence[Any]]]:
        """Stored posts in the order of publishing (undated last), a few thousand at a time.

        Parameters
        ----------
        names : keys of `EXPORT_COLUMNS`, or ``day``.
        since, until : first and last calendar day (ISO), both included, by mood day.
        langs, topic : keep posts in one of these languages, of this topic.
        days : first and last mood day, as numbers.
        """
        columns = [posts.c.day if name == "day" else EXPORT_COLUMNS[name].label(name) for name in names]
        joined = posts.join(inputs, inputs.c.id == posts.c.input).outerjoin(tags, tags.c.post == posts.c.id)
        query = select(*columns).select_from(joined)
        first, last = day_numbers([since, until], "UTC")
        for bound in (first, days[0] if days else None):
            if bound is not None:
                query = query.where(posts.c.day >= bound)
        for bound in (last, days[1] if days else None):
            if bound is not None:
                query = query.where(posts.c.day <= bound)
        if langs:
            query = query.where(EXPORT_COLUMNS["lang"].in_(langs))
        if topic is not None:
            query = query.where((";" + tags.c.topics + ";").contains(f";{topic};", autoescape=True))
        query = query.order_by(
            posts.c.published.is_(None), posts.c.published, posts.c.platform, posts.c.post_id
        )
        with self._reading() as connection:
            result = connection.execution_options(stream_results=True).execute(query)
            for part in result.partitions(size):
                yield list(part)

    def rejected(self) -> Iterator[Sequence[Any]]:
        """Unreadable rows as (source, position, reason, excerpt), in the order of their inputs."""
        query = (
            select(inputs.c.name, rejects.c.position, rejects.c.reason, rejects.c.excerpt)
            .join(inputs, inputs.c.id == rejects.c.input)
            .order_by(inputs.c.name, inputs.c.sha256, rejects.c.number)
        )
        with self._reading() as connection:
            yield from connection.execute(query)

    def ledger(self) -> list[dict[str, Any]]:
        """Every input with its counts; per input rows = posts + duplicates + rejects + skipped.

        A post that several inputs hold belongs to the one whose record stayed, and is a duplicate in the others.
        """
        owned = select(posts.c.input, func.count().label("posts")).group_by(posts.c.input).subquery("owned")
        query = (
            select(inputs, func.coalesce(owned.c.posts, 0).label("posts"))
            .outerjoin(owned, owned.c.input == inputs.c.id)
            .order_by(inputs.c.name, inputs.c.sha256)
        )
        with self._reading() as connection:
            found = connection.execute(query).mappings().all()
        entries = []
        for row in found:
            skipped, warnings = orjson.loads(row["skipped"]), orjson.loads(row["warnings"])
            left = row["rows"] - row["rejects"] - sum(skipped.values())
            entries.append(
                {
                    "name": row["name"],
                    "sha256": row["sha256"],
                    "format": row["format"],
                    "size": row["size"],
                    "rows": row["rows"],
                    "posts": row["posts"],
                    "duplicates": left - row["posts"],
                    "rejects": row["rejects"],
                    "skipped": dict(sorted(skipped.items())),
                    "warnings": dict(sorted(warnings.items())),
                    "status": row["status"],
                    "message": row["message"],
                }
            )
        return entries


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = (
        None  # transactions begin where `_begin_sqlite` says, not where the driver guesses
    )
    for pragma in ("busy_timeout=60000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another has written meanwhile; one that
    # says from the start that it will write waits for its turn.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _summed(stored: str, new: Mapping[str, int]) -> str:
    total = orjson.loads(stored)
    for name, n in new.items():
        total[name] = total.get(name, 0) + n
    return orjson.dumps(total, option=orjson.OPT_SORT_KEYS).decode()


def _rows(columns: Columns, number: int, sha256: str, timezone: str) -> list[dict[str, Any]]:
    """Rows for the table of posts; of one post twice in the batch only the richer record."""
    n = len(columns["post_id"])
    filled = [columns.get(name) or [None] * n for name in POST_COLUMNS]
    days = day_numbers(columns.get("published") or [None] * n, timezone)
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for values, day in zip(zip(*filled, strict=True), days, strict=True):
        row = dict(zip(POST_COLUMNS, values, strict=True))
        row["platform"] = row["platform"] or "unknown"
        row["text"] = row["text"] or ""
        row["rank"] = rank = _rank(values, row["collected"], sha256)
        key = (row["platform"], row["post_id"])
        known = best.get(key)
        if known is None or rank > known["rank"]:
            row["input"], row["day"], row["copy_key"] = number, day, copy_key(row["text"])
            best[key] = row
    return list(best.values())


def _rank(values: Iterable[Any], collected: str | None, sha256: str) -> str:
    """Orders the records of one post: more fields, collected later, then anything that is the same every time."""
    values = list(values)
    n_given = sum(value is not None and value != "" for value in values)
    digest = blake2b(repr(values).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{n_given:02d} {collected or '-'} {digest} {sha256[:8]}"


def day_numbers(published: Sequence[str | None], timezone: str) -> list[int | None]:
    """Mood days as days since 1970-01-01; ``None`` for undated posts."""
    if not any(published):
        return [None] * len(published)
    from numpy import isnat  # with pandas behind it, and status and export do without

    from sentinel.days import mood_days

    days = mood_days(published, timezone)
    return [
        None if missing else int(day) for day, missing in zip(days.astype("int64"), isnat(days), strict=True)
    ]
