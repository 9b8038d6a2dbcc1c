"""What a batch of posts must keep, whichever collector read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sentinel.ports import Batch
from sentinel.post import KINDS, POST_COLUMNS, PRECISIONS, Columns
from sentinel.source import heal

__all__ = ["problems_of_batch"]

MAX_EXCERPT: Final = 200
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
REQUIRED: Final = ("post_id", "precision", "kind", "text")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and heal(value) == value


def _is_word(value: Any) -> bool:
    return _is_text(value) and value != ""


def _is_lower(value: Any) -> bool:
    return _is_word(value) and value == value.lower()


def _is_handle(value: Any) -> bool:
    return _is_word(value) and not value.startswith("@")


def _is_count(value: Any) -> bool:
    return type(value) is int


def _is_moment(value: Any, form: re.Pattern[str] = TIME) -> bool:
    if not isinstance(value, str) or not form.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_date(value: Any) -> bool:
    return _is_moment(value, DAY)


Kind = tuple[str, Callable[[Any], bool]]

#: What a value is if it is not missing; any column that is not named holds `WORD`.
EXPECTED: Final[Mapping[str, Kind]] = {
    "post_id": ("a text that is not empty, never a number", _is_word),
    "text": ("a text ('' if none) without lone surrogates or NUL", _is_text),
    "kind": (f"one of {', '.join(KINDS)}", KINDS.__contains__),
    "precision": (f"one of {', '.join(PRECISIONS)}", PRECISIONS.__contains__),
    "platform": ("a name in lower case", _is_lower),
    "community": ("a name in lower case", _is_lower),
    "lang": ("a code in lower case", _is_lower),
    "author": ("a handle without @ before it", _is_handle),
    "collected": ("a time such as 2031-04-19T01:02:03Z", lambda value: _is_moment(value) or _is_date(value)),
    "synthetic": ("True", lambda value: value is True),
    **dict.fromkeys(COUNTS, ("a whole number (None, not 0, if it is not given)", _is_count)),
}
WORD: Final[Kind] = ("a text that is not empty", _is_word)
#: What `published` is, by its precision; otherwise a moment.
FITTING: Final[Mapping[str, Callable[[Any], bool]]] = {"day": _is_date, "none": lambda value: value is None}


def problems_of_batch(batch: Batch, where: str) -> Iterator[str]:
    """A sentence for each thing that breaks the contract; one a column, not one a row."""
    columns = batch.posts
    unknown = sorted(set(columns) - set(POST_COLUMNS))
    if unknown:
        yield f"{where}: columns {', '.join(map(repr, unknown))}; a field that POST_COLUMNS does not name is left out"
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        yield f"{where}: columns of different lengths: {lengths}"
        return
    if any(lengths.values()):
        missing = [name for name in REQUIRED if name not in columns]
        if missing:
            yield f"{where}: no column {', '.join(missing)}"
            return
        for name in sorted(set(columns) & set(POST_COLUMNS)):
            yield from _value_problems(name, columns[name], where)
        yield from _time_problems(columns, where)
    yield from _row_problems(batch, where)


def _value_problems(name: str, values: list[Any], where: str) -> Iterator[str]:
    expected, holds = EXPECTED.get(name, WORD)
    for row, value in enumerate(values):
        if value is None and name not in REQUIRED:
            continue
        if not holds(value):
            yield f"{where}: {name} of post {row} is {value!r:.80}; expected {expected}"
            return


def _time_problems(columns: Columns, where: str) -> Iterator[str]:
    """A time has the form that its precision says, and none is made up."""
    published = columns.get("published") or [None] * len(columns["precision"])
    for row, (value, precision) in enumerate(zip(published, columns["precision"], strict=True)):
        if not FITTING.get(precision, _is_moment)(value):
            yield (
                f"{where}: published of post {row} is {value!r} with precision {precision!r}; expected a time such as "
                "2031-04-19T01:02:03Z (second, minute), 2031-04-19 (day) or None (none)"
            )
            return


def _row_problems(batch: Batch, where: str) -> Iterator[str]:
    """Rows that are no posts say where they are and why."""
    for reject in batch.rejects:
        if not (_is_text(reject.position) and reject.position and _is_text(reject.reason) and reject.reason):
            yield f"{where}: a reject with position {reject.position!r} and reason {reject.reason!r}"
            break
        if not _is_text(reject.excerpt) or len(reject.excerpt) > MAX_EXCERPT:
            yield f"{where}: the excerpt of the reject at {reject.position} has more than {MAX_EXCERPT} characters"
            break
    for what, counted in (("skipped", batch.skipped), ("warnings", batch.warnings)):
        for reason, n in counted.items():
            if not _is_text(reason) or not reason or type(n) is not int or n < 1:
                yield f"{where}: {what} holds {reason!r}: {n!r}; expected a reason and how many"
                break
    if batch.cursor is not None and not isinstance(batch.cursor, str):
        yield f"{where}: the cursor is {batch.cursor!r}; expected text or None"
