"""Tags of posts, and which posts still need some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, func, select

from sentinel.post import POST_COLUMNS, TAG_COLUMNS, Columns
from sentinel.store.changes import Changes, state_of
from sentinel.store.faults import again
from sentinel.store.schema import posts, tags

__all__ = ["Tagging"]


class Tagging(Changes):
    """The part of the store that holds what the models said."""

    def untagged(
        self, taggers: str, size: int = 4096, names: Sequence[str] = POST_COLUMNS, after: int | None = None
    ) -> Iterator[tuple[list[int], list[str], Columns]]:
        """Posts without tags by these `taggers`, as (numbers, ranks, columns `names`), until none are left.

        The caller stores the tags of each batch before it asks for the next.

        Parameters
        ----------
        after : only posts with greater numbers; ``None`` is for all of them.
        """
        if after is None:
            self._note_tagged(taggers)
        last = self.tagged_to(taggers) if after is None else after
        begun = last
        while True:
            query = (
                select(posts.c.id, posts.c.rank, *(posts.c[name] for name in names))
                .outerjoin(tags, _known(taggers))
                .where(tags.c.post.is_(None), posts.c.id > last)
                .order_by(posts.c.id)
                .limit(size)
            )
            with self._reading() as connection:
                rows = [row for part in self._rows_of(connection, query, size) for row in part]
            if not rows:
                break
            last = rows[-1][0]
            columns = list(zip(*rows, strict=True))
            batch = {name: list(values) for name, values in zip(names, columns[2:], strict=True)}
            yield list(columns[0]), list(columns[1]), batch
        if after is None and last > begun:
            self._note_tagged(taggers)

    def tagged_to(self, taggers: str) -> int:
        """The number up to which all posts are known to have tags by these models."""
        with self._reading() as connection:
            state, upto = state_of(self._fact(connection, "tagged"))
        return upto if state == taggers else 0

    @again
    def _note_tagged(self, taggers: str) -> None:
        """Remember how far all posts have tags by these models."""
        with self._settled() as connection:
            state, upto = self._done(connection, "tagged")
            upto = upto if state == taggers else 0
            lacking = (
                select(posts.c.id)
                .select_from(posts.outerjoin(tags, _known(taggers)))
                .where(tags.c.post.is_(None), posts.c.id > upto)
                .order_by(posts.c.id)
                .limit(1)
            )
            first = connection.scalar(lacking)
            done = self._last(connection) if first is None else int(first) - 1
            if (state, upto) != (taggers, done):
                self._set_done(connection, "tagged", taggers, done)

    def count_untagged(self, taggers: str | None = None) -> int:
        """How many posts `untagged` would give; by default to the models that tagged last."""
        if taggers is None:
            with self._reading() as connection:
                taggers = self._fact(connection, "taggers")
        lacking = (tags.c.post.is_(None), posts.c.id > self.tagged_to(taggers or ""))
        query = select(func.count()).select_from(posts.outerjoin(tags, _known(taggers or ""))).where(*lacking)
        with self._reading() as connection:
            return int(connection.scalar(query) or 0)

    def count_outdated(self, taggers: str) -> int:
        """How many of the posts that `untagged` would give were tagged by other models, or other versions of them."""
        query = (
            select(func.count())
            .select_from(tags)
            .where(tags.c.post > self.tagged_to(taggers), tags.c.taggers != taggers)
        )
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
            self._writes_posts(connection)
            upsert = insert.on_conflict_do_update(index_elements=["post"], set_=changed)
            self._execute_rows(connection, upsert, names, rows)
            self._changed(connection, numbers, retag=False)
            self._unsettle(connection, numbers)
            self._remember(connection, "taggers", taggers)


def _known(taggers: str) -> Any:
    """Joins a post to the tags that these models gave to what it holds now."""
    return and_(tags.c.post == posts.c.id, tags.c.taggers == taggers, tags.c.rank == posts.c.rank)
