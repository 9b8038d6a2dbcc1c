"""Ids that tables give: whole, rounded by a spreadsheet, mere row numbers, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

__all__ = ["LARGEST_ROW_NUMBER", "are_row_numbers", "has_exponent", "is_rounded", "made_up", "written"]

EXPONENT: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
FLOAT: Final = re.compile(r"(\d+)\.0+")
# What keeps a spreadsheet from taking an id for a number; the x is that of rtweet.
KEPT_AS_TEXT: Final = re.compile(r"=\"(\d+)\"|(?:'|x(?=\d{15}))(\d+)")
# Excel keeps 15 digits, a float 17.
ROUNDED: Final = re.compile(r"\d{9,15}0{4,}")
# No network numbers its posts from one; a table does.
LARGEST_ROW_NUMBER: Final = 10_000_000


def written(value: Any) -> str:
    """An id as text, without the ``.0`` of a column that was once read as numbers, and ``="…"`` against that.

    A number too large for its type keeps its exponent, by which `has_exponent` knows it.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    text = str(value).strip()
    if found := FLOAT.fullmatch(text):
        return found[1]
    kept = KEPT_AS_TEXT.fullmatch(text)
    return kept[1] or kept[2] if kept else text


def has_exponent(post_id: str) -> bool:
    """Whether a spreadsheet has written it as a rounded number: ``6.49E+17``."""
    return EXPONENT.fullmatch(post_id) is not None


def is_rounded(post_id: str) -> bool:
    """Whether it may have been cut to 15 digits: ``1649000000000000000``."""
    return 15 <= len(post_id) <= 20 and ROUNDED.fullmatch(post_id) is not None


def are_row_numbers(ids: Sequence[str]) -> bool:
    """Whether ids only count the rows of a table: small whole numbers, hardly one of them missing."""
    if not ids or not all(value.isdecimal() for value in ids):
        return False
    numbers = sorted({int(value) for value in ids})
    if numbers[-1] >= LARGEST_ROW_NUMBER:
        return False
    if len(numbers) == 1:
        return numbers[0] <= 1
    steps = [after - before for before, after in pairwise(numbers)]
    return steps.count(1) >= 0.8 * len(steps)


def made_up(*content: Any) -> str:
    """An id from what a row holds, the same whenever the row is read."""
    text = "\x1f".join("" if part is None else str(part) for part in content)
    return "row-" + sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
