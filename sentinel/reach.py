"""Mood weighted by reach: what readers saw rather than what authors said. For display only, tested nowhere.

A post that many liked, shared or answered counts as often as they did, so that one of them can be a whole day's mood.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from sentinel.cells import Cells

__all__ = ["REACH_COLUMNS", "reach"]

REACH_COLUMNS: Final = (
    "day",
    "total",  # sum of scores, each times its weight
    "weight",  # sum of weights: 1 for the post, and its likes, reposts, replies and quotes
    "largest",  # weight of the day's largest post
)


def reach(posts: Cells) -> pd.DataFrame:
    """A row for each mood day with a post of the headline mood: columns `REACH_COLUMNS`."""
    rows = [
        (str(pd.Timestamp(day, unit="D").date()), round(total, 4), weight, largest)
        for day, total, weight, largest in posts.reach()
    ]
    return pd.DataFrame(rows, columns=list(REACH_COLUMNS))
