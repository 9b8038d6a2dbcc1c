"""How axes write numbers and days, the same in every figure."""

from __future__ import annotations

from typing import Any, Final

from .words import Words

__all__ = ["ZERO", "date_ticks"]

ZERO: Final = {"+0.00": "0", "+0.0": "0"}  #: what rounds to zero has no sign
MONTH: Final = 2_000_000_000  #: milliseconds, a little less than any month


def date_ticks(words: Words) -> list[dict[str, Any]]:
    """Days, months or years, by the distance between two ticks."""
    return [
        {"dtickrange": [None, MONTH], "value": words("date.day")},
        {"dtickrange": [MONTH, "M11"], "value": words("date.month")},
        {"dtickrange": ["M12", None], "value": words("date.year")},
    ]
