"""From posts and a calendar to effects, with or without a store."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sentinel.announcements import read_announcements
from sentinel.cells import Cells
from sentinel.effects import EffectOptions, estimate_effects
from sentinel.settings import Settings
from sentinel.votes import AuthorDays, OrderedPosts, ordered_posts

__all__ = ["Numbers", "effect_options", "effects_of"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is computed from a table of posts and a calendar."""

    announcements: pd.DataFrame
    ordered: OrderedPosts
    days: AuthorDays
    effects: pd.DataFrame


def effects_of(posts: pd.DataFrame | Cells, settings: Settings, seed: int = 1) -> Numbers:
    """Effects of the settings' announcements on the mood of `posts`.

    Raises
    ------
    UsageError
        If the calendar, or a value of `posts`, cannot be read.
    """
    announcements = read_announcements(settings.announcements)
    ordered = ordered_posts(posts, settings.timezone)
    days = ordered.author_days()
    effects = estimate_effects(days, announcements, effect_options(settings, seed))
    return Numbers(announcements, ordered, days, effects)


def effect_options(settings: Settings, seed: int) -> EffectOptions:
    """The settings that effects depend on."""
    return EffectOptions(exclude_importance=settings.exclude_importance, breaks=settings.breaks, seed=seed)
