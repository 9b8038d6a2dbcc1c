"""What the posts do say where no announcement could be judged, and how many more would be needed."""

from __future__ import annotations

import numpy as np

from sentinel.contrast import NAMED, NAMELESS
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS

from .events import Story
from .numerals import count
from .series import Series
from .words import Words

__all__ = ["unjudged"]


def unjudged(posts: int, story: Story, series: list[Series], words: Words) -> list[str]:
    """Sentences for a report with announcements and posts but without a verdict; else none.

    `posts` is how many there are of any kind.
    """
    if not series or not story.events or story.tested:
        return []
    overall = series[0]
    seen = ~np.isnan(overall.mood)
    if not seen.any():
        return []
    return [
        words(
            "unjudged.seen",
            n=int(overall.n_posts.sum()),
            all=count(posts),
            days=count(seen.sum()),
            span=count(len(seen)),
            usual=count(float(np.median(overall.n_posts[seen]))),
        ),
        words(
            "unjudged.needed",
            window=MIN_AUTHORS,
            nameless=MIN_AUTHORS * NAMED // NAMELESS,
            baseline=MIN_BASELINE_AUTHORS,
        ),
    ]
