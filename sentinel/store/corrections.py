"""What people said of posts: kept by platform and id, whatever models tag them afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select

from sentinel.corrections import Correction, Said
from sentinel.store.changes import Changes, chunks
from sentinel.store.faults import again
from sentinel.store.schema import CORRECTED, corrections, posts, tags

__all__ = ["Corrections"]

_FIELDS = Correction._fields
_MADE = or_(*(corrections.c[name].is_not(None) for name in _FIELDS))


class Corrections(Changes):
    """The part of the store that holds corrections."""

    @again
    def correct(
        self, said: Mapping[tuple[str, str], Correction], forgotten: Collection[tuple[str, str]] = ()
    ) -> None:
        """Keep what was said of posts, known by platform and id, instead of what was said of them before.

        An empty correction notes that the post was looked at and skipped; one that is forgotten is as if nobody had
        looked at it.

        Raises
        ------
        StoreError
            If one of the posts is not in the store; then none is kept.
        """
        rows = [
            {"platform": platform, "post_id": post_id, **_row(correction)}
            for (platform, post_id), correction in said.items()
        ]
        if not rows and not forgotten:
            return
        insert = self._insert(corrections)
        changed = {name: insert.excluded[name] for name in _FIELDS}
        keep = insert.on_conflict_do_update(index_elements=["platform", "post_id"], set_=changed)
        with self._writing() as connection:
            if rows:
                connection.execute(keep, rows)
            for platform, post_id in forgotten:
                key = and_(corrections.c.platform == platform, corrections.c.post_id == post_id)
                connection.execute(delete(corrections).where(key))
            for platform, post_id in (*said, *forgotten):
                self._corrected(connection, platform, post_id)

    def forget_correction(self, platform: str, post_id: str) -> None:
        """As if nobody had looked at the post."""
        self.correct({}, [(platform, post_id)])

    def _corrected(self, connection: Connection, platform: str, post_id: str) -> None:
        query = select(posts.c.id).where(posts.c.platform == platform, posts.c.post_id == post_id)
        self._changed(connection, connection.scalars(query).all(), retag=False)

    def corrections(self) -> Iterator[Said]:
        """Every correction with its post, by platform and id; what was only skipped is left out."""
        lang = func.coalesce(tags.c.lang, posts.c.lang, "")
        query = (
            select(
                posts.c.platform, posts.c.post_id, lang, posts.c.text, *(corrections.c[f] for f in _FIELDS)
            )
            .join(corrections, CORRECTED)
            .outerjoin(tags, tags.c.post == posts.c.id)
            .where(_MADE)
            .order_by(posts.c.platform, posts.c.post_id)
        )
        with self._reading() as connection:
            for platform, post_id, spoken, text, label, about, spam, topics in connection.execute(query):
                made = Correction(label, _told(about), _told(spam), topics)
                yield Said(platform, post_id, spoken, text, made)

    def n_corrections(self) -> int:
        """How many posts are corrected."""
        with self._reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(corrections).where(_MADE)) or 0)

    def unjudged(self) -> Iterator[dict[str, Any]]:
        """Tagged posts that nobody looked at, by platform and id, with text and tags; no reposts and no copies."""
        query = (
            select(posts.c.platform, posts.c.post_id, posts.c.published, posts.c.text, posts.c.copy_key, tags)
            .join(tags, tags.c.post == posts.c.id)
            .outerjoin(corrections, CORRECTED)
            .where(
                corrections.c.platform.is_(None),
                posts.c.kind.not_in(("repost", "headline")),
                posts.c.copy_of.is_(None),
                posts.c.text != "",
            )
            .order_by(posts.c.platform, posts.c.post_id)
        )
        with self._reading() as connection:
            result = connection.execution_options(stream_results=True).execute(query)
            for row in result.mappings():
                yield {str(name): value for name, value in row.items()}

    def stored(self, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these platforms and ids that the store has a post of."""
        by_platform: dict[str, list[str]] = {}
        for platform, post_id in keys:
            by_platform.setdefault(platform, []).append(post_id)
        found: set[tuple[str, str]] = set()
        with self._reading() as connection:
            for platform, ids in by_platform.items():
                for part in chunks(ids):
                    query = select(posts.c.post_id).where(
                        posts.c.platform == platform, posts.c.post_id.in_(part)
                    )
                    found.update((platform, post_id) for post_id in connection.scalars(query))
        return found


def _row(correction: Correction) -> dict[str, Any]:
    values = correction._asdict()
    for name in ("about", "spam"):
        if values[name] is not None:
            values[name] = float(values[name])
    return values


def _told(value: float | None) -> bool | None:
    return None if value is None else bool(value)
