"""What is told beside the effects: attention, the same authors, rivals, categories, changes that nobody announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from sentinel.attention import estimate_attention
from sentinel.changepoints import Changes, change_points
from sentinel.composition import same_authors
from sentinel.control import less_rivals
from sentinel.effects import EffectOptions
from sentinel.pooled import pooled_effects
from sentinel.votes import AuthorDays

__all__ = ["Secondary", "rounded", "secondary"]

_DIGITS: Final = 6  # significant digits: beyond them results differ from machine to machine


@dataclass(frozen=True, slots=True)
class Secondary:
    """All of it exploratory: p without a family, no verdict."""

    attention: pd.DataFrame
    composition: pd.DataFrame
    control: pd.DataFrame
    pooled: pd.DataFrame
    changes: Changes


def secondary(days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions) -> Secondary:
    """Computed from the same author-days and calendar as the effects, and rounded as they are."""
    changes = change_points(days, announcements, options)
    return Secondary(
        attention=rounded(estimate_attention(days, announcements, options)),
        composition=rounded(same_authors(days, announcements, options)),
        control=rounded(less_rivals(days, announcements, options)),
        pooled=rounded(pooled_effects(days, announcements, options)),
        changes=Changes(
            rounded(changes.points), changes.announcements, changes.matched, changes.expected, changes.p
        ),
    )


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its floats to as many significant digits as effects.csv has."""
    floats = table.select_dtypes("float64").columns
    digits = {name: [float(f"{value:.{_DIGITS}g}") for value in table[name]] for name in floats}
    return table.assign(**digits).astype(dict.fromkeys(floats, "float64"))
