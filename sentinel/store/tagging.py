"""Tags of posts, and which posts still need some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, func, select

from sentinel.post import POST_COLUMNS, TAG_COLUMNS, Columns
from sentinel.store.database import Database
from sentinel.store.faults import again
from sentinel.store.schema import posts, tags

__all__ = ["Tagging"]


class Tagging(Database):
    """The part of the store that holds what the models said."""

    def untagged(
        self, taggers: str, size: int = 4096, names: Sequence[str] = POST_COLUMNS
    ) -> Iterator[tuple[list[int], list[str], Columns]]:
        """Posts without tags by these `taggers`, as (numbers, ranks, columns `names`), until none are left.

        The caller stores the tags of each batch before it asks for the next.
        """
        known = and_(tags.c.post == posts.c.id, tags.c.taggers == taggers, tags.c.rank == posts.c.rank)
        last = 0
        while True:
            query = (
                select(posts.c.id, posts.c.rank, *(posts.c[name] for name in names))
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
            batch = {name: list(values) for name, values in zip(names, columns[2:], strict=True)}
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

    @again
    def add_tags(self, taggers: str, numbers: Sequence[int], ranks: Sequence[str], columns: Columns) -> None:
        """Tags of the posts with these numbers, replacing older ones."""
        names = ("post", "taggers", "rank", *TAG_COLUMNS)
        made = (columns[name] for name in TAG_COLUMNS)
        rows = list(zip(numbers, [taggers] * len(numbers), ranks, *made, strict=True))
        insert = self._insert(tags)
        changed = {c.name: insert.excluded[c.name] for c in tags.columns if c.name != "post"}
        with self._writing() as connection:
            upsert = insert.on_conflict_do_update(index_elements=["post"], set_=changed)
            self._execute_rows(connection, upsert, names, rows)
            self._remember(connection, "taggers", taggers)
