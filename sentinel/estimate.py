"""What is known of one cluster's effect in one window and scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

__all__ = ["MIN_AUTHORS", "MIN_BASELINE_AUTHORS", "MIN_BASELINE_DAYS", "Estimate"]

MIN_AUTHORS: Final = 10  #: in the window; 30 posts where authors are not named
MIN_BASELINE_AUTHORS: Final = 50
MIN_BASELINE_DAYS: Final = 14  #: of the baseline's 28, with posts


@dataclass(frozen=True, slots=True)
class Estimate:
    """Numbers that could not be had are NaN, counts 0."""

    cluster: int  #: position in the list of clusters
    scope: str
    window: str
    first: int  #: days of the window, counted from `AuthorDays.first_day`
    last: int
    days: int  #: that the window has when it is over
    widened: bool = False  #: starts a day early because many posts show only their date
    n_posts: int = 0
    n_authors: int = 0
    n_nameless: int = 0  #: of these, posts without author
    n_authors_baseline: int = 0
    used: tuple[str, ...] = ()  #: strata
    left_out: tuple[str, ...] = ()
    effect: float = np.nan
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    beyond: float = np.nan  #: p extrapolated beyond the largest placebo, where it is the largest of all
    placebos: int = 0
    independent: float = np.nan  #: K_e
    visible: float = np.nan  #: smallest effect seen with 80 % power
    swings: float = np.nan  #: effect in standard deviations of the placebos' effects
    phi: float = np.nan
    obstacle: str = ""  #: why it is not tested
    note: str = ""  #: what limits the result

    @property
    def preliminary(self) -> bool:
        """Whether the window is not over yet."""
        return self.last - self.first + 1 < self.days
