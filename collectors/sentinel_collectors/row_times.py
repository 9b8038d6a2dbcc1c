"""When the post in a row of a table was published, whatever the table's zone and order of day and month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from sentinel.batcher import Batcher
from sentinel.dates import (
    BEIJING,
    UNDATED,
    When,
    day_first,
    either_order,
    has_numbers_alone,
    pointed,
    snowflake,
    when,
    zone_named,
)
from sentinel.errors import SourceError

from .networks import CHINESE

__all__ = ["RowTimes"]

ZONED: Final = re.compile(r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|\s[A-Z]{3})(?:\s+\d{4})?$")
MAX_DRIFT: Final = timedelta(hours=26)
SAME_TIME: Final = timedelta(seconds=60)
ZONE_STEP: Final = timedelta(minutes=15)


class RowTimes:
    """Reads the times of rows.

    Parameters
    ----------
    dates : in the first rows; they show the order of day and month, and whether the hour has a column of its own.
    timezone : of times that name none; default UTC, Beijing on Chinese platforms.
    first : whether the day comes first; default: as `dates` show, else as the first of `more` does that shows it, else
        where points stand between; that it is not is warned of.
    more : the dates of all rows, gone through where `dates` do not tell: a table sorted by time may begin with days
        of a month that might all be months.
    """

    def __init__(
        self,
        dates: Sequence[str],
        timezone: str | None,
        first: bool | None,
        more: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._zone = zone_named(timezone) if timezone else None
        self._day_first = day_first(dates) if first is None else first
        if self._day_first is None and any(map(has_numbers_alone, dates)):
            with suppress(SourceError):  # a damaged file; who reads it is told
                self._day_first = day_first(more())
        self._has_clock = bool(dates) and not any(":" in date or len(date) > 12 for date in dates)

    def zone_of(self, platform: str) -> tzinfo:
        """The zone of times that name none."""
        return self._zone or (BEIJING if platform in CHINESE else UTC)

    def published(
        self, cells: Mapping[str, Any], platform: str, post_id: str | None, batcher: Batcher
    ) -> When:
        """When the post was published, given the row's cells by field; warns of what was assumed."""
        value = cells.get("published")
        if value is None:
            return snowflake(post_id) if platform == "x" else UNDATED
        if self._has_clock and "clock" in cells:
            value = f"{value} {cells['clock']}"
        found = when(value, self.zone_of(platform), self._day_first)
        if self._day_first is None and isinstance(value, str) and either_order(value) and not pointed(value):
            batcher.warn("no row tells day from month; month first was taken (the setting day_first says)")
        if found[1] == "second" and (not isinstance(value, str) or value[-1] == "Z" or ZONED.search(value)):
            return found
        told = snowflake(post_id) if platform == "x" else UNDATED
        if found[0] is None:
            if told[0] is None:
                batcher.warn("date not understood or without a day; kept as undated")
            return told
        zoned = found[1] == "day" or not isinstance(value, str) or ":" not in value or ZONED.search(value)
        if told[0] is not None and (found[1] == "day" or not zoned) and _is_truer(told[0], found[0]):
            return told
        if not zoned and self._zone is None:
            batcher.warn(f"time without a zone, taken as {self.zone_of(platform)}")
        return found


def _is_truer(told: str, stated: str) -> bool:
    """Whether the time in an id tells the second of a stated day, or that a stated time is of another zone."""
    if "T" not in stated:
        middle = datetime.fromisoformat(f"{stated}T12:00:00Z")
        return abs(datetime.fromisoformat(told) - middle) <= MAX_DRIFT
    apart = abs(datetime.fromisoformat(told) - datetime.fromisoformat(stated))
    return SAME_TIME < apart <= MAX_DRIFT and (apart + SAME_TIME) % ZONE_STEP <= 2 * SAME_TIME
