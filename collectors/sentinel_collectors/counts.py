"""Counts as exports write them: 1,234, 1.2K, 3M, 1.2万, "12.0", and the signs for nothing."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["count"]

NUMBER: Final = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?|\.\d+)\s*([KkMmBb千万萬亿億]?)\+?")
UNITS: Final = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
}


def count(value: Any) -> int | None:
    """A count; ``None`` if the export does not give one, never 0 for that.

    >>> count("1.2万"), count("1,234"), count("12.0"), count("-"), count("3 likes")
    (12000, 1234, 12, None, None)
    """
    if type(value) is int:
        return value
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if abs(value) < 1e15 else None
    if not isinstance(value, str):
        return None
    found = NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    digits, unit = found[1].replace(",", ""), UNITS[found[2].lower()]
    if len(digits) > 18:
        return None
    return int(digits) * unit if "." not in digits else round(float(digits) * unit)
