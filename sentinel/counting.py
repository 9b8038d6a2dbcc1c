"""Numbers of things in sentences: "1 post", "2,985 posts"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["accounted", "counted", "times"]


def counted(n: int, noun: str, beyond: str = "") -> str:
    """A number with its noun, thousands separated.

    Parameters
    ----------
    noun : as it is used of one.
    beyond : as it is used of any other number; by default with an "s".
    """
    return f"{n:,} {noun if n == 1 else beyond or noun + 's'}"


def times(n: int) -> str:
    """How often something went wrong: "once", "3 times in a row"."""
    return "once" if n == 1 else f"{n:,} times in a row"


def accounted(counts: Mapping[str, Any]) -> str:
    """What became of rows: "3 rows = 1 post + 1 duplicate + 1 reject + 0 skipped"."""
    posts, duplicates, rejects = (
        counted(int(counts[f"{noun}s"]), noun) for noun in ("post", "duplicate", "reject")
    )
    rows = counted(int(counts["rows"]), "row")
    return f"{rows} = {posts} + {duplicates} + {rejects} + {int(counts['skipped']):,} skipped"
