"""Dialects of time in exports. They are sentinel's own: tables that users make have them as well."""

from __future__ import annotations

from sentinel.dates import (
    BEIJING,
    UNDATED,
    When,
    day_first,
    either_order,
    epoch,
    has_numbers_alone,
    iso,
    pointed,
    snowflake,
    utc,
    when,
    x_time,
    zone_named,
)

__all__ = [
    "BEIJING",
    "UNDATED",
    "When",
    "day_first",
    "either_order",
    "epoch",
    "has_numbers_alone",
    "iso",
    "pointed",
    "snowflake",
    "utc",
    "when",
    "x_time",
    "zone_named",
]
