"""Daily mood of each scope, for display: raw scores, smoothed by what the authors of a day can tell."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sentinel.scopes import scope_order
from sentinel.scored import Floats
from sentinel.variance import between_days, pooled_variance, precision
from sentinel.votes import AuthorDays, Votes, author_days, summed

__all__ = ["MOOD_COLUMNS", "AuthorDays", "author_days", "daily_mood"]

MOOD_COLUMNS: Final = (
    "day",  # ISO date of the mood day
    "scope",
    "n_posts",  # scored
    "n_authors",  # who wrote them; a post without author counts as one
    "coverage",  # share of the scope's posts that could be scored
    "mood",  # mean of the authors' mean scores; empty where no post was scored
    "se",  # of mood
    "low",  # 95 % band of smoothed
    "high",
    "smoothed",  # mood drawn towards the mean of the last four weeks, the more so the fewer authors there are
)
Texts = npt.NDArray[np.str_]

_TRAILING: Final = 28  # days
_NORMAL: Final = 1.96
_DIGITS: Final = 6  # decimals written: beyond them results differ from machine to machine


def daily_mood(days: AuthorDays) -> pd.DataFrame:
    """A row for each day and scope with a post: columns `MOOD_COLUMNS`, sorted by scope and day.

    A day without posts has no row: silence is not neutrality. `mood` is the raw level, and changes when the mix
    of sources changes; effects are computed inside sources instead.
    """
    dates = np.array(days.dates)
    parts = [_scope_mood(scope, days.scopes[scope], dates) for scope in sorted(days.scopes, key=scope_order)]
    return _frame(
        {name: np.concatenate([part[name] for part in parts]) if parts else [] for name in MOOD_COLUMNS}
    )


def _scope_mood(scope: str, votes: Votes, dates: Texts) -> dict[str, npt.NDArray[Any]]:
    """The columns of a scope."""
    author, n_days = votes.starts, len(dates)
    by_author = np.add.reduceat(votes.total, author) if len(author) else np.zeros(0)
    score = by_author / votes.of_author_day(votes.n_posts)[author]
    n = summed(np.ones(len(author)), votes.day[author], n_days)
    posts = summed(votes.n_posts, votes.day, n_days)
    sums = summed(score, votes.day[author], n_days)
    mood = np.divide(sums, n, out=np.full(n_days, np.nan), where=n > 0)
    sigma2 = pooled_variance(score, votes.day[author], n_days)
    smoothed, band = _smoothed(np.where(n > 0, mood, 0.0), n, sigma2)
    rows = np.flatnonzero(votes.posts_a_day > 0)
    se = np.sqrt(sigma2 / np.where(n > 0, n, np.nan)) if sigma2 > 0 else np.full(n_days, np.nan)
    return {
        "day": dates[rows],
        "scope": np.full(len(rows), scope, dtype=object),
        "n_posts": posts[rows].astype(np.int64),
        "n_authors": n[rows].astype(np.int64),
        "coverage": posts[rows] / votes.posts_a_day[rows],
        "mood": mood[rows],
        "se": se[rows],
        "low": (smoothed - band)[rows],
        "high": (smoothed + band)[rows],
        "smoothed": smoothed[rows],
    }


def _smoothed(mood: Floats, n: Floats, sigma2: float) -> tuple[Floats, Floats]:
    """Smoothed mood and half the width of its band; NaN on days without authors.

    To the band of the shrunk mean comes the uncertainty of what it is shrunk to, or a mood that never varied
    would look as if it were known without error.
    """
    tau2 = between_days(mood, n, sigma2)
    weight = precision(n, sigma2, tau2)
    sums = _trailing(weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = _trailing(weight * mood) / sums
        trust = np.where(n > 0, tau2 / (tau2 + sigma2 / np.where(n > 0, n, 1.0)), np.nan)
        variance = trust * sigma2 / n + (1 - trust) ** 2 / sums
    return usual + trust * (mood - usual), _NORMAL * np.sqrt(variance)


def _trailing(values: Floats) -> Floats:
    """Sum over each day and the 27 before it."""
    padded = np.concatenate([np.zeros(_TRAILING - 1), values])
    sums: Floats = np.lib.stride_tricks.sliding_window_view(padded, _TRAILING).sum(axis=1)
    return sums


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(columns).astype(
        {"day": "str", "scope": "str", "n_posts": "int64", "n_authors": "int64"}
    )
    floats = list(MOOD_COLUMNS[4:])
    frame[floats] = frame[floats].astype("float64").round(_DIGITS)
    return frame
