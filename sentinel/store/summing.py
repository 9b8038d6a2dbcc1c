"""Posts counted together, a segment of neighbouring numbers at a time; segments whose posts did not change are kept."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, and_, delete, select

from sentinel.store.changes import SEGMENT_BITS, Changes
from sentinel.store.faults import again
from sentinel.store.schema import EXPORT_COLUMNS, JUDGED, posts, segments

if TYPE_CHECKING:
    from sentinel.cells import Cells, Marks

__all__ = ["Summing"]

_AT_ONCE: Final = 1024  # posts: what is read of them is forgotten while it is in the processor's cache
_REMEMBERED: Final = 16_384  # texts


class Summing(Changes):
    """The part of the store that does not read old posts again."""

    def cells(self, marks: Marks | None = None) -> Iterator[Cells]:
        """The cells of all posts, a segment after the other; those that were kept had the same `marks`."""
        from sentinel.cells import CELL_VERSION, Cells

        kind = f"{CELL_VERSION} {marks.key if marks else ''}"
        with self._reading() as connection:
            last = self._last(connection)
            known = self._fact(connection, "cells") == kind
        if not known:
            with self._writing() as connection:
                connection.execute(delete(segments))
                self._remember(connection, "cells", kind)
        for number in range((last >> SEGMENT_BITS) + 1):
            with self._reading() as connection:
                content = connection.scalar(select(segments.c.content).where(segments.c.number == number))
                if content is None and number == last >> SEGMENT_BITS:  # it still grows
                    yield self._cells(connection, number, marks)
                    continue
            yield self._made(number, marks) if content is None else Cells.unpacked(content)

    @again
    def _made(self, number: int, marks: Marks | None) -> Cells:
        """The cells of a segment, which are kept from now on."""
        with self._settled() as connection:
            cells = self._cells(connection, number, marks)
            insert = self._insert(segments).values(number=number, content=cells.packed())
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["number"], set_={"content": insert.excluded.content}
                )
            )
        return cells

    def _cells(self, connection: Connection, number: int, marks: Marks | None) -> Cells:
        from sentinel.cells import CELL_COLUMNS, Cells, single_cells

        within = and_(posts.c.id >= number << SEGMENT_BITS, posts.c.id < (number + 1) << SEGMENT_BITS)
        names = (*CELL_COLUMNS[:-1], "text")
        columns = [posts.c.day if name == "day" else EXPORT_COLUMNS[name] for name in names]
        query = select(*columns).select_from(JUDGED).where(within)
        found, known = [], dict[str, str]()
        for rows in self._rows_of(connection, query, _AT_ONCE):
            *given, texts = zip(*rows, strict=True)
            marked = _marked(texts, marks, known)
            found.append(single_cells(dict(zip(CELL_COLUMNS, [*given, marked], strict=True))))
        return Cells.joined(found).grouped()


def _marked(texts: Sequence[str], marks: Marks | None, known: dict[str, str]) -> list[str]:
    """The mark of each text; many come again, so that the last ones are remembered in `known`."""
    if marks is None or not marks.words:
        return [""] * len(texts)
    if len(known) > _REMEMBERED:
        known.clear()
    new = list(dict.fromkeys(text for text in texts if text not in known))
    known |= dict.fromkeys(new, "")
    known |= {new[at]: marks.of(new[at]) for at in _holding(new, marks.words)}
    return [known[text] for text in texts]


def _holding(texts: Sequence[str], words: Sequence[str]) -> set[int]:
    """Which texts hold one of the words, in whatever case: looked for in all of them at once."""
    lower = [text.lower() for text in texts]
    every = "\n".join(lower)
    ends = list(accumulate(len(text) + 1 for text in lower))
    found: set[int] = set()
    for word in words:
        at = every.find(word)
        while at >= 0:
            found.add(bisect(ends, at))
            at = every.find(word, ends[bisect(ends, at)])
    return found
