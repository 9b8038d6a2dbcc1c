"""Did an announcement move the mood, and is that more than chance? One row an announcement, window and scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sentinel.clusters import BASELINE, WINDOWS, find_clusters
from sentinel.effect_table import EFFECT_COLUMNS, effect_table, without_posts
from sentinel.errors import UsageError
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS
from sentinel.index import mood_index
from sentinel.scope_effects import estimate_scope, out_of_reach
from sentinel.scopes import scope_order
from sentinel.settings import Break
from sentinel.votes import AuthorDays

__all__ = ["DEFAULTS", "EFFECT_COLUMNS", "EffectOptions", "estimate_effects"]


@dataclass(frozen=True, slots=True)
class EffectOptions:
    """How effects are estimated."""

    timezone: str | None = None  #: that of the author-days, or ``None``
    exclude_importance: int = 3  #: from which an announcement's days are kept out of every other test
    breaks: Sequence[Break] = ()
    seed: int = 0  #: of what is drawn at random; placebo dates are not

    @property
    def windows(self) -> dict[str, tuple[int, int]]:
        """Offsets of baseline and windows in days from day 0, first and last."""
        return {window.name: (window.first, window.last) for window in (BASELINE, *WINDOWS)}


DEFAULTS: Final = EffectOptions()


def estimate_effects(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """Effects of all announcements on all scopes: columns `EFFECT_COLUMNS`, by day, title, window and scope.

    Parameters
    ----------
    announcements : as `sentinel.announcements.read_announcements`. One that the posts do not reach has a single
        row, reaction of scope "all", which says so. Scopes too small for any test are left out, but for "all"
        and "unfiltered".

    Raises
    ------
    UsageError
        If the options name another time zone than the author-days were counted in.
    """
    if options.timezone not in (None, days.timezone):
        raise UsageError(
            f"author-days are in {days.timezone!r}, effects are asked for in {options.timezone!r}"
        )
    if not days.n_days:
        return without_posts(announcements)
    clusters = find_clusters(announcements, days, options.exclude_importance)
    estimates = out_of_reach(clusters, days)
    for scope in sorted(days.scopes, key=scope_order):
        if _could_be_tested(days, scope):
            index = mood_index(days.scopes[scope], days)
            estimates += estimate_scope(scope, index, clusters, days, options.breaks)
    return effect_table(estimates, clusters, announcements, days)


def _could_be_tested(days: AuthorDays, scope: str) -> bool:
    """Whether a scope has enough author-days for a window and a baseline at all."""
    return ":" not in scope or len(days.scopes[scope].starts) >= MIN_AUTHORS + MIN_BASELINE_AUTHORS
