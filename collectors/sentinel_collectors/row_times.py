"""When the post in a row of a table was published, whatever the table's zone and order of day and month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from sentinel.batcher import Batcher

from .dates import BEIJING, UNDATED, When, day_first, snowflake, when, zone_named
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
    first : whether the day comes first; default: as `dates` show, else not.
    """

    def __init__(self, dates: Sequence[str], timezone: str | None, first: bool | None) -> None:
        self._zone = zone_named(timezone) if timezone else None
        self._day_first = day_first(dates) if first is None else first
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
