"""Mood weighted by reach: what readers saw rather than what authors said. For display only, tested nowhere.

A post that many liked, shared or answered counts as often as they did, so that one of them can be a whole day's mood.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from sentinel.pipeline import Filters
from sentinel.store import Store

__all__ = ["REACH_COLUMNS", "reach"]

REACH_COLUMNS: Final = (
    "day",
    "total",  # sum of scores, each times its weight
    "weight",  # sum of weights: 1 for the post, and its likes, reposts, replies and quotes
    "largest",  # weight of the day's largest post
)


def reach(store: Store, filters: Filters) -> pd.DataFrame:
    """A row for each mood day with a post of the headline mood: columns `REACH_COLUMNS`."""
    rows = [
        (str(pd.Timestamp(day, unit="D").date()), round(total, 4), int(weight), int(largest))
        for day, total, weight, largest in store.reach(filters.langs, filters.topic)
    ]
    return pd.DataFrame(rows, columns=list(REACH_COLUMNS))
