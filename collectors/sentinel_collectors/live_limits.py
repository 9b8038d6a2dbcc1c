"""How long a service asks to wait, in the dialects of its headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final

from sentinel.dates import UNDATED, When, utc, when

__all__ = ["answered", "retry_after", "spent", "until_reset"]

# X writes x-rate-limit-*, Mastodon and Reddit x-ratelimit-*, Bluesky the draft standard's ratelimit-*.
FAMILIES: Final = ("x-rate-limit", "x-ratelimit", "ratelimit")
# Numbers from here on are times, smaller ones seconds left (Reddit).
FIRST_EPOCH: Final = 1e9


def _date(headers: Mapping[str, str]) -> datetime | None:
    """The service's own clock. Ours may be wrong, and is never asked."""
    try:
        moment = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


def answered(headers: Mapping[str, str]) -> When:
    """When a service answered, as it says."""
    moment = _date(headers)
    return utc(moment) if moment is not None else UNDATED


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until a service that could not answer wants to be asked again; ``None`` if it does not say.

    Parameters
    ----------
    headers : of an answer, names in lower case.
    """
    stated = headers.get("retry-after")
    return _seconds(stated, _date(headers)) if stated is not None else None


def until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until the service counts requests anew; ``None`` if it does not say."""
    resets = (headers.get(f"{family}-reset") for family in FAMILIES)
    return next((_seconds(reset, _date(headers)) for reset in resets if reset is not None), None)


def spent(headers: Mapping[str, str]) -> bool:
    """Whether the answer was the last one that the service grants for now."""
    for family in FAMILIES:
        remaining = _number(headers.get(f"{family}-remaining", ""))
        if remaining is not None:
            return remaining < 1
    return False


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _seconds(text: str, now: datetime | None) -> float | None:
    """Seconds left: as they stand, or until an epoch, an ISO time or an HTTP date."""
    number = _number(text)
    if number is not None:
        if number < FIRST_EPOCH:
            return number
        return max(0.0, number - now.timestamp()) if now else None
    moment = when(text)[0]
    if now is None or moment is None or "T" not in moment:
        return None
    return max(0.0, (datetime.fromisoformat(moment) - now).total_seconds())
