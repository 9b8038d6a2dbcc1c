"""What is told beside the effects: attention, the same authors, rivals, categories, changes that nobody announced."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sentinel.attention import estimate_attention
from sentinel.changepoints import Changes, change_points
from sentinel.composition import same_authors
from sentinel.control import less_rivals
from sentinel.effects import EffectOptions
from sentinel.pooled import pooled_effects
from sentinel.typed_table import rounded
from sentinel.votes import AuthorDays

__all__ = ["Secondary", "secondary"]


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
