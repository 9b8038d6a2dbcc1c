"""The clock of mood: which day a post, or an announcement, belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from sentinel.errors import RowError, UsageError

__all__ = ["NYSE", "Days", "are_readable", "mood_days"]

Days = npt.NDArray[np.datetime64]

NYSE: Final = "NYSE"
_NEW_YORK: Final = "America/New_York"
_AFTER_THE_CLOSE: Final = np.timedelta64(8, "h")  # from 16:00 New York to midnight

_DATE: Final = len("2025-04-28")
_UNDATED: Final = r"(\d{4}(-\d{2})?)?"  # nothing, a year or a month


def mood_days(published: Sequence[str | None], timezone: str) -> Days:
    """The mood day of each time.

    Parameters
    ----------
    published : ISO 8601 times. A time without an offset is UTC. A bare date is its own day in whatever
        zone. ``None``, ``""``, a bare year or a bare month are undated.
    timezone : an IANA zone, whose midnight ends a day; or "NYSE": a day runs from 16:00 to 16:00 in New
        York and carries the date on which it ends, so that a post after the close belongs to the next one.

    Returns
    -------
    array of datetime64[D], shape (n,)
        NaT where undated.

    Raises
    ------
    UsageError
        If the zone is unknown, or a time cannot be read; names the first such row, counted from 1.
    """
    zone = _zone(timezone)
    texts = pd.Series([text or "" for text in published], dtype="str").fillna("").str.strip()
    lengths = texts.str.len().to_numpy()
    stamps, unread = _read(texts)
    if unread.any():
        row = int(np.argmax(unread))
        raise RowError(
            f"{texts.iloc[row]!r} is not a time; expected ISO 8601 such as '2025-04-28T21:03:11Z' or '2025-04-28'",
            row,
        )
    local = stamps.dt.tz_convert(zone).dt.tz_localize(None).to_numpy()
    if timezone == NYSE:
        local = local + _AFTER_THE_CLOSE
    written = stamps.dt.tz_localize(None).to_numpy()
    days: Days = np.where(lengths == _DATE, written, local).astype("datetime64[D]")
    return days


def are_readable(texts: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Which texts `mood_days` reads: times, bare dates, and what is undated."""
    return ~_read(texts)[1]


def _read(texts: pd.Series[str]) -> tuple[pd.Series[pd.Timestamp], npt.NDArray[np.bool_]]:
    """Instants, NaT where there is none, and which texts are not understood."""
    lengths = texts.str.len().to_numpy()
    stamps = pd.to_datetime(texts.where(lengths >= _DATE), format="ISO8601", utc=True, errors="coerce")
    unread = stamps.isna().to_numpy() & (lengths >= _DATE)
    unread |= (lengths < _DATE) & ~texts.str.fullmatch(_UNDATED).to_numpy(dtype=bool)
    return stamps, unread


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(_NEW_YORK if timezone == NYSE else timezone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"{timezone!r} is no time zone; expected an IANA name such as 'Asia/Shanghai', or 'NYSE'"
        ) from error
