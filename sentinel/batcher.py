"""Rows into batches: every row ends as a post, a reject, or skipped with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sentinel.lines import EXCERPT, Broken, shown
from sentinel.ports import Batch, Reject
from sentinel.post import Columns, columns_of, is_empty
from sentinel.source import heal

__all__ = ["BATCH_ROWS", "UNEXPECTED", "Batcher", "Row", "Skip", "batches"]

BATCH_ROWS: Final = 4096
# More likes than there are people, and what every database holds: anything beyond is damage.
LARGEST_COUNT: Final = 10**15
COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
# What a changed or damaged row makes of code that expects the documented shape.
UNEXPECTED: Final = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)

Row = tuple[str, Any]  #: where a row stands ("line 17"), and what it holds: any value, or `Broken`


class Skip(str):
    """Why a row that was understood is no post: a control line, a deleted post, an advertisement."""

    __slots__ = ()


class Batcher:
    """Collects the outcome of rows until there are enough for a `Batch`."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._posts: list[Mapping[str, Any]] = []
        self._rejects: list[Reject] = []
        self._skipped: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()
        self.rows = 0

    def add(self, post: Mapping[str, Any]) -> None:
        """A post; columns that it does not name are missing."""
        self._posts.append(post)
        self.rows += 1

    def reject(self, position: str, reason: str, excerpt: str) -> None:
        """A row that could not be read."""
        self._rejects.append(Reject(position, heal(reason)[:400], heal(excerpt)[:EXCERPT]))
        self.rows += 1

    def skip(self, reason: str) -> None:
        """A row that is no post."""
        self._skipped[str(reason)] += 1
        self.rows += 1

    def warn(self, what: str) -> None:
        """Something that was assumed or repaired in a post; no outcome by itself."""
        self._warnings[what] += 1

    def flush(self, cursor: str | None = None) -> Batch:
        """What was collected, as a batch; the collection starts anew."""
        posts = columns_of(self._posts)
        _mend(posts)
        batch = Batch(posts, self._rejects, dict(self._skipped), dict(self._warnings), cursor)
        self._clear()
        return batch


def batches(
    rows: Iterable[Row],
    post_of: Callable[[Any, Batcher], Mapping[str, Any] | Skip],
    cursor: str | None = None,
    size: int = BATCH_ROWS,
) -> Iterator[Batch]:
    """Reads rows into batches; the cursor is the number of rows read.

    Parameters
    ----------
    rows : positions and values; a `Broken` value becomes a reject.
    post_of : a row's post, or why it is none. What it raises on a row of another shape becomes a reject, unless
        nothing is there, as where a post is gone from a list. It may `Batcher.warn`, no more.
    """
    done = int(cursor) if cursor else 0
    batcher = Batcher()
    for position, value in islice(rows, done, None):
        done += 1
        if isinstance(value, Broken):
            batcher.reject(position, value.reason, value.excerpt)
        else:
            try:
                post = post_of(value, batcher)
            except UNEXPECTED as error:
                row = value[0] if isinstance(value, tuple) and value else value
                if row is None:
                    batcher.skip("missing item")
                else:
                    batcher.reject(position, _unexpected(error), shown(row))
            else:
                if isinstance(post, Skip):
                    batcher.skip(post)
                elif type(value) is dict and "synthetic" in value:
                    batcher.add(_marked(post, value))
                else:
                    batcher.add(post)
        if batcher.rows >= size:
            yield batcher.flush(str(done))
    if batcher.rows:
        yield batcher.flush(str(done))


def _marked(post: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The post with the mark of generated samples, which every format carries in the same place."""
    return {**post, "synthetic": True} if str(value["synthetic"]).lower() == "true" else post


def _unexpected(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    return f"not of the expected shape: {error}"


def _mend(posts: Columns) -> None:
    """Makes texts writable, ids text and counts integers, a column at a time."""
    for name, column in posts.items():
        if name == "text":
            posts[name] = [value or "" for value in column] if _is_clean(column) else list(map(_text, column))
        elif name == "synthetic" or is_empty(column):
            continue
        elif name in COUNTS:
            posts[name] = list(map(_count, column))
        elif not _is_clean(column, blank=False):
            posts[name] = [_text(value) or None for value in column]


def _is_clean(column: Sequence[Any], blank: bool = True) -> bool:
    """Whether a column holds only texts that `heal` would leave as they are, checked at once."""
    try:
        joined = "".join([value for value in column if value is not None])
    except TypeError:
        return False
    if "\0" in joined or (not blank and "" in column):
        return False
    return joined.isascii() or _is_whole(joined)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(value: Any) -> str:
    return "" if value is None else heal(str(value))


def _count(value: Any) -> int | None:
    if value is None or (type(value) is int and -LARGEST_COUNT < value < LARGEST_COUNT):
        return value
    return int(value) if isinstance(value, float) and abs(value) < LARGEST_COUNT else None
