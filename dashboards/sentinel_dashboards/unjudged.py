"""What the posts do say where no announcement could be judged, and how many more would be needed."""

from __future__ import annotations

from typing import Final

import numpy as np

from sentinel.contrast import NAMED, NAMELESS
from sentinel.estimate import MIN_AUTHORS, MIN_BASELINE_AUTHORS

from .events import Story
from .numerals import count, decimal
from .series import Series
from .words import Words

__all__ = ["unjudged"]

#: Authors a day, and the smallest change seen four times in five: simulated, for a mood that wanders by 0.06 points.
VISIBLE: Final = ((5, 0.27), (10, 0.23), (30, 0.17))


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
            days=int(seen.sum()),
            span=len(seen),
            usual=count(float(np.median(overall.n_posts[seen]))),
        ),
        words(
            "unjudged.needed",
            window=MIN_AUTHORS,
            nameless=MIN_AUTHORS * NAMED // NAMELESS,
            baseline=MIN_BASELINE_AUTHORS,
        ),
        words("unjudged.power", power=words("list.comma").join(_power(words))),
    ]


def _power(words: Words) -> list[str]:
    return [words("unjudged.size", n=authors, size=decimal(size)) for authors, size in VISIBLE]
