"""Mood days as numbers; whole seconds in UTC, which nearly all posts have, need no pandas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

__all__ = ["day_numbers"]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DATE: Final = len("2025-04-28")
_HOUR: Final = len("2025-04-28T21")
#: What follows the hour of a whole second in UTC.
_WITHIN: Final = frozenset(f":{minute:02d}:{second:02d}Z" for minute in range(60) for second in range(60))
_HOURS: Final = frozenset(f"T{hour:02d}" for hour in range(24))
_NYSE: Final = "NYSE"  # as in `sentinel.days`, which loads pandas
_NEW_YORK: Final = "America/New_York"
_AFTER_THE_CLOSE: Final = timedelta(hours=8)
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


def day_numbers(published: Sequence[str | None], timezone: str) -> list[int | None]:
    """Mood days as days since 1970-01-01; ``None`` for undated posts.

    As `sentinel.days.mood_days`, which is asked wherever one of the times is written in another way.
    """
    if not any(published):
        return [None] * len(published)
    day_of = _days_of(timezone)
    found: list[int | None] = []
    for text in published:
        day = day_of(text) if text and text[_HOUR:] in _WITHIN else None
        if day is None and text is not None:
            return _any_days(published, timezone)
        found.append(day)
    return found


def _any_days(published: Sequence[str | None], timezone: str) -> list[int | None]:
    from numpy import isnat  # with pandas behind it, and status and export do without

    from sentinel.days import mood_days

    days = mood_days(published, timezone)
    return [
        None if missing else int(day) for day, missing in zip(days.astype("int64"), isnat(days), strict=True)
    ]


@lru_cache(maxsize=4)
def _days_of(timezone: str) -> Callable[[str], int | None]:
    """Gives the mood day of a whole second in UTC; ``None`` where there is no such time."""
    try:
        zone = ZoneInfo(_NEW_YORK if timezone == _NYSE else timezone)
    except (KeyError, ValueError, OSError):
        return lambda _text: None  # `mood_days` says what is wrong
    later = _AFTER_THE_CLOSE if timezone == _NYSE else timedelta()

    def local(text: str) -> datetime | None:
        moment = _moment(text)
        try:
            return moment and moment.astimezone(zone).replace(tzinfo=None) + later
        except OverflowError:  # in the first or the last year there is
            return None

    @lru_cache(maxsize=1 << 14)
    def of_date(text: str) -> tuple[int, str] | None:
        """The mood day in which a date of UTC begins, and when the next one does; ``None`` if the clocks change."""
        first, last = local(f"{text}T00:00:00Z"), local(f"{text}T23:59:59Z")
        if first is None or last is None or last - first != _DAY - _SECOND:
            return None
        begun = first - datetime.combine(first, datetime.min.time())
        rest = str(datetime.min + (_DAY - begun))[-8:] if begun else "24:00:00"
        return first.toordinal() - _EPOCH, rest

    def day_of(text: str) -> int | None:
        known = of_date(text[:_DATE])
        if known is not None and text[_DATE:_HOUR] in _HOURS:
            return known[0] + (text[_DATE + 1 : -1] >= known[1])
        exact = local(text)
        return None if exact is None else exact.toordinal() - _EPOCH

    return day_of


def _moment(text: str) -> datetime | None:
    if text[4] != "-" or text[7] != "-" or text[_DATE] != "T" or not text.isascii():
        return None  # Python also reads weeks, and other signs between day and hour
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError:
        return None
