"""Where a live source goes on: cursors, and passes from the newest post down that may be broken off anywhere."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from sentinel.dates import utc
from sentinel.errors import SourceError
from sentinel.ports import Batch

__all__ = [
    "IN_CIRCLES",
    "OVERLAP",
    "Place",
    "PlaceLost",
    "cursor_of",
    "earlier",
    "newest_first",
    "read_cursor",
]

#: Services list a post some minutes after it was made; so long before the newest one, a pass reads again.
OVERLAP: Final = timedelta(minutes=10)

#: A warning.
IN_CIRCLES: Final = "the service gave the same page again and again; some of its posts may be missing"


class PlaceLost(Exception):
    """The service no longer knows the page that a pass which was broken off should go on from."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pass from the newest post down has got to.

    Such a pass ends where the last one began. Until it gets there, the posts between are missing; so the newest
    one counts as reached only when the pass is over.
    """

    since: str | None = None  #: everything up to here was read: an id or a time, as the service has it
    newest: str | None = None  #: the newest that this pass has met
    next: Any = None  #: the page to go on from, as JSON; ``None`` when the pass is over

    @property
    def cursor(self) -> str:
        """The place as text."""
        return cursor_of(asdict(self))

    @classmethod
    def of(cls, cursor: str | None) -> Place:
        """The place of a cursor; ``None`` is before everything.

        Raises
        ------
        SourceError
            If it is not a cursor of such a pass.
        """
        values = read_cursor(cursor, {"since", "newest", "next"})
        if not isinstance(values.get("since"), str | None) or not isinstance(
            values.get("newest"), str | None
        ):
            raise _not_a_cursor(cursor)
        return cls(**values)

    def after(self, newest: str | None, next_page: Any) -> Place:
        """The place behind a page.

        Parameters
        ----------
        newest : of that page; counts if it is the first one of the pass that holds any post.
        next_page : ``None`` if it was the last one.
        """
        found = Place(self.since, self.newest or newest, next_page)
        return found if next_page is not None else found.end()

    def end(self) -> Place:
        """The place when the pass is over."""
        return Place(since=self.newest or self.since)


#: Reads the page at a place, the first one of a pass that was broken off if the flag is set; gives the place behind.
Step = Callable[[Place, bool], tuple[Batch, Place]]


def cursor_of(values: dict[str, Any]) -> str:
    """Values of a cursor as text; those that are ``None`` are left out."""
    kept = {name: value for name, value in values.items() if value is not None}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()


def read_cursor(cursor: str | None, names: set[str]) -> dict[str, Any]:
    """Values of a cursor; none if it is ``None``.

    Raises
    ------
    SourceError
        If it holds anything but `names`.
    """
    if cursor is None:
        return {}
    try:
        values = orjson.loads(cursor)
    except orjson.JSONDecodeError:
        raise _not_a_cursor(cursor) from None
    if not isinstance(values, dict) or not values.keys() <= names:
        raise _not_a_cursor(cursor)
    return values


def _not_a_cursor(cursor: str | None) -> SourceError:
    return SourceError(
        f"{(cursor or '')[:80]!r} is no cursor of this collector; a store of its own starts it anew"
    )


def earlier(time: str, by: timedelta = OVERLAP) -> str:
    """A time of a post column, some time before."""
    return utc(datetime.fromisoformat(time) - by)[0] or time


def newest_first(place: Place, step: Step) -> Iterator[Batch]:
    """First a pass that was broken off, to its end, then one from the newest post down; a batch a page.

    The cursor of each batch is the place behind it, so a reader that stores both in one transaction loses
    nothing wherever it is stopped, and meets again at most what lies in `OVERLAP`.
    """
    if place.next is not None:
        place = yield from _one_pass(place, step)
    yield from _one_pass(place, step)


def _one_pass(place: Place, step: Step) -> Generator[Batch, None, Place]:
    been, resumed = {place.cursor}, place.next is not None
    while True:
        try:
            batch, place = step(place, resumed)
        except PlaceLost:  # from the top: that meets posts again, but misses none
            place, been, resumed = Place(place.since), set(), False
            continue
        if place.next is not None and place.cursor in been:
            batch, place = replace(batch, warnings={**batch.warnings, IN_CIRCLES: 1}), place.end()
        been.add(place.cursor)
        yield replace(batch, cursor=place.cursor)
        if place.next is None:
            return place
        resumed = False
