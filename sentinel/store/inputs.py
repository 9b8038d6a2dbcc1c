"""What was read: posts, rejects and the ledger of inputs, a batch a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, and_, delete, func, select, update

from sentinel.errors import SourceError, StoreError
from sentinel.ports import Batch
from sentinel.post import Columns
from sentinel.rows import ROW_COLUMNS, Found, Rows, post_rows
from sentinel.store.changes import chunks
from sentinel.store.erasing import Erasing
from sentinel.store.faults import again
from sentinel.store.loading import Loading
from sentinel.store.schema import inputs, posts, rechecks, rejects

__all__ = ["Inputs", "live_key"]

#: Rows that are inserted together: if some of them are known, it is only these that are looked up.
_INSERTED: Final = 512


class Inputs(Erasing, Loading):
    """The part of the store that takes batches in, and accounts for every row of them."""

    @again
    def begin_input(self, sha256: str, name: str, format_name: str, size: int) -> int | None:
        """Enter an input into the ledger before it is read.

        Returns
        -------
        int or None
            Its number, or ``None`` if these bytes were read before, under whatever name.
        """
        mark = _first_mark()
        with self._writing() as connection:
            known = connection.execute(select(inputs).where(inputs.c.sha256 == sha256)).mappings().first()
            values = {"format": format_name, "size": size, "status": "reading", "message": "", "mark": mark}
            if known is None or known["status"] != "read":
                self._begin_loading(connection, size)
            if known is None:
                insert = inputs.insert().values(sha256=sha256, name=name, **values)
                key = connection.execute(insert).inserted_primary_key
                return self._reads(int(key[0]) if key else 0, mark)
            if name < known["name"]:  # of several names of the same bytes the first in the alphabet is shown
                connection.execute(update(inputs).where(inputs.c.id == known["id"]).values(name=name))
            if known["status"] == "read":
                return None
            number = int(known["id"])  # left unread or refused the last time: from the start
            connection.execute(delete(rejects).where(rejects.c.input == number))
            values |= {"rows": 0, "rejects": 0, "skipped": "{}", "warnings": "{}"}
            connection.execute(update(inputs).where(inputs.c.id == number).values(**values))
            return self._reads(number, mark)

    @again
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
        sha256, mark = live_key(format_name, settings), _first_mark()
        with self._writing() as connection:
            known = connection.execute(select(inputs).where(inputs.c.sha256 == sha256)).mappings().first()
            if known is not None:
                number = int(known["id"])
                connection.execute(update(inputs).where(inputs.c.id == number).values(mark=mark))
                return self._reads(number, mark), known["cursor"]
            values = {"sha256": sha256, "name": name, "format": format_name, "size": 0, "status": "read"}
            key = connection.execute(inputs.insert().values(mark=mark, **values)).inserted_primary_key
            return self._reads(int(key[0]) if key else 0, mark), None

    def _reads(self, number: int, mark: str) -> int:
        self._marks[number] = mark
        return number

    @again
    def add(self, number: int, batch: Batch, found: Found | None = None) -> None:
        """One batch of an input, with its rejects, counts and cursor, in one transaction.

        Parameters
        ----------
        found : of its posts, if that was looked for already.

        Raises
        ------
        SourceError
            If synthetic and real posts would meet.
        StoreError
            If another program has begun to read the input meanwhile.
        """
        known = inputs.c.id == number
        with self._writing() as connection:
            entry = connection.execute(select(inputs).where(known).with_for_update()).mappings().one()
            mark = self._marks.get(number, entry["mark"] or _first_mark())
            following = _next_mark(mark)
            if entry["mark"] != following:  # else the connection was lost after the batch was written
                if number in self._marks and entry["mark"] != mark:
                    raise StoreError(
                        f"{entry['name']}: another program has begun to read it meanwhile; leave it to that one"
                    )
                changes = self._stored(connection, entry, batch, found)
                connection.execute(update(inputs).where(known).values(mark=following, **changes))
        self._marks[number] = following

    def _stored(
        self, connection: Connection, entry: RowMapping, batch: Batch, found: Found | None
    ) -> dict[str, Any]:
        """Store posts and rejects of a batch; what then changes in the ledger."""
        number, first = entry["id"], entry["rejects"]
        given, batch = batch, self._allowed(connection, batch)
        if batch.n_posts:
            self._refuse_mixture(connection, batch.posts, entry["name"])
            found = found if batch is given else None
            self._add_rows(connection, post_rows(batch.posts, number, entry["sha256"], self._timezone, found))
        if batch.rejects:
            rows = [
                {"input": number, "number": first + i, **reject._asdict()}
                for i, reject in enumerate(batch.rejects)
            ]
            connection.execute(rejects.insert(), rows)
        return {
            "rows": entry["rows"] + batch.rows,
            "rejects": first + len(batch.rejects),
            "skipped": _summed(entry["skipped"], batch.skipped),
            "warnings": _summed(entry["warnings"], batch.warnings),
            "cursor": batch.cursor,
        }

    @again
    def end_input(self, number: int, refused: str = "") -> None:
        """An input was read to its end, or `refused` with a reason."""
        known = and_(
            inputs.c.id == number, inputs.c.mark.is_not_distinct_from(self._marks.get(number, inputs.c.mark))
        )
        status = "refused" if refused else "read"
        with self._writing() as connection:
            connection.execute(update(inputs).where(known).values(status=status, message=refused))
        self._marks.pop(number, None)

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

    def _add_rows(self, connection: Connection, made: Rows) -> None:
        self._writes_posts(connection)
        insert = self._insert(posts)
        new = insert.on_conflict_do_nothing(index_elements=["platform", "post_id"])
        parts = list(chunks(made.rows, _INSERTED))
        written = self._execute_parts(connection, new, made.names, parts)
        richer = [
            found
            for rows, n in zip(parts, written, strict=True)
            if n != len(rows)
            for found in self._richer(connection, Rows(made.names, rows))
        ]
        if not richer:
            return
        upsert = insert.on_conflict_do_update(
            index_elements=["platform", "post_id"],
            set_={name: insert.excluded[name] for name in ROW_COLUMNS},
            where=insert.excluded.rank > posts.c.rank,
        )
        self._unsettle(connection, [number for _, number, _ in richer], moves=True)
        self._execute_rows(connection, upsert, made.names, [row for row, _, _ in richer])
        changed = [(number, copy_key) for _, number, copy_key in richer]
        self._changed(connection, [number for number, _ in changed])
        self._execute_rows(connection, self._insert(rechecks), ("post", "copy_key"), changed)

    def _richer(self, connection: Connection, given: Rows) -> list[tuple[tuple[Any, ...], int, str | None]]:
        """Rows that are to replace a stored record, with its number and the key of its text."""
        platform_at, id_at, rank_at = map(given.names.index, ("platform", "post_id", "rank"))
        by_platform: dict[str, dict[str, tuple[Any, ...]]] = {}
        for row in given.rows:
            by_platform.setdefault(row[platform_at], {})[row[id_at]] = row
        richer = []
        for platform, found in by_platform.items():
            for ids in chunks(found):
                query = select(posts.c.id, posts.c.post_id, posts.c.rank, posts.c.copy_key).where(
                    posts.c.platform == platform, posts.c.post_id.in_(ids)
                )
                for number, post_id, rank, key in connection.execute(query):
                    if found[post_id][rank_at] > rank:
                        richer.append((found[post_id], number, key))
        return richer

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


def live_key(format_name: str, settings: str) -> str:
    """What the ledger knows a live source by, instead of a digest of bytes."""
    return hashlib.sha256(f"{format_name}\n{settings}".encode()).hexdigest()


def _first_mark() -> str:
    """What an input is marked with by who begins to read it: chosen anew each time."""
    return f"{token_hex(6)} 0"


def _next_mark(mark: str) -> str:
    reader, _, n_batches = mark.partition(" ")
    return f"{reader} {int(n_batches) + 1}"


def _summed(stored: str, new: Mapping[str, int]) -> str:
    total = orjson.loads(stored)
    for name, n in new.items():
        total[name] = total.get(name, 0) + n
    return orjson.dumps(total, option=orjson.OPT_SORT_KEYS).decode()
