"""The clock. Nothing else reads it: whoever needs the time is given it."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["now", "time_of", "written"]


def now() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """A time as it is kept in the store, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: str | None) -> datetime | None:
    """What `written` wrote; ``None`` for nothing."""
    return datetime.fromisoformat(text) if text else None
