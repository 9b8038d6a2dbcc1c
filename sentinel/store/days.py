"""Mood days of stored posts, as numbers."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["day_numbers"]


def day_numbers(published: Sequence[str | None], timezone: str) -> list[int | None]:
    """Mood days as days since 1970-01-01; ``None`` for undated posts."""
    if not any(published):
        return [None] * len(published)
    from numpy import isnat  # with pandas behind it, and status and export do without

    from sentinel.days import mood_days

    days = mood_days(published, timezone)
    return [
        None if missing else int(day) for day, missing in zip(days.astype("int64"), isnat(days), strict=True)
    ]
