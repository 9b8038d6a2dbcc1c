"""Announcements of one category together: a table below the single effects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentinel.results import Results

from .numerals import interval, p_value, plain, records, signed
from .words import Words

__all__ = ["categories"]


def categories(results: Results, words: Words) -> dict[str, Any] | None:
    """Answer and table; None without any category."""
    rows = records(results.pooled)
    if not rows:
        return None
    tested = [row for row in rows if row["p"] is not None]
    apart = [row for row in tested if row["low"] > 0 or row["high"] < 0]
    names = words("list.and").join(_name(row, words) for row in apart)
    answer = (
        words("categories.apart", n=len(tested), names=names)
        if apart
        else words("categories.none", n=len(tested))
    )
    return {
        "answer": answer if tested else words("categories.untested"),
        "rows": [_row(row, words) for row in rows if row["p"] is not None],
        "untested": [(_name(row, words), words.reason(row["reason"])) for row in rows if row["p"] is None],
    }


def _row(row: Mapping[str, Any], words: Words) -> list[str]:
    signs = words(f"categories.{plain(row['direction']).replace(' ', '_')}")
    return [
        _name(row, words),
        str(int(row["n"])),
        signs,
        signed(row["effect"]),
        interval(row["low"], row["high"]),
        p_value(row["p"]),
        interval(row["like_these_low"], row["like_these_high"]),
    ]


def _name(row: Mapping[str, Any], words: Words) -> str:
    return words.scope(f"topic:{plain(row['category'])}")
