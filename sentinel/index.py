"""The daily mood of a scope, split by stratum and centred, so that only changes inside sources count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sentinel.scored import Bools, Floats, Ints
from sentinel.variance import between_days, persistence, pooled_variance, precision, weekday_effects
from sentinel.votes import AuthorDays, Stratum, Votes, summed

__all__ = ["MoodIndex", "mood_index"]

STRATUM_MIN: Final = 30  #: votes; smaller strata join their platform's rest
SHRINKAGE: Final = 30  #: votes that the mean of all weighs against a stratum's own
WEEKDAY_DAYS: Final = 56  #: days of history below which weekdays are not told apart


@dataclass(frozen=True, slots=True)
class MoodIndex:
    """Votes of a scope by stratum and day. S strata, T days."""

    votes: Votes
    stratum: Ints  #: of each row of `votes`, a position in `strata`
    centred: Floats  #: mean score of each row of `votes`, less the usual score of its stratum
    strata: tuple[Stratum, ...]
    platform: Ints  #: shape (S,): positions in `AuthorDays.platforms`
    count: Floats  #: shape (S, T): votes; one author's votes of a day sum to 1
    total: Floats  #: shape (S, T): sum of votes times centred score
    weekday: Floats  #: shape (T,): effect of each day's weekday
    sigma2: float  #: variance between the authors of a day
    tau2: float  #: variance of the mood between days, before weekday effects: the one in the weights
    drift2: float  #: the same after weekday effects: the one in the variance of a contrast
    phi: float  #: persistence of the mood from day to day
    by_author: Ints  #: order of the rows by author, stratum and day


def mood_index(votes: Votes, days: AuthorDays) -> MoodIndex:
    """The index of a scope.

    The score of a stratum is centred on its own mean over all days, shrunk towards the mean of all votes by
    ``n / (n + 30)``. (Towards 0, a constant added to all scores would move effects.)
    """
    share = votes.share
    stratum, strata = _merge_small(votes, share, days)
    mean = votes.total / votes.n_posts
    centred = mean - _offsets(mean, share, stratum, len(strata))[stratum]
    shape = (len(strata), days.n_days)
    cell = stratum * days.n_days + votes.day
    count = summed(share, cell, shape[0] * shape[1]).reshape(shape)
    total = summed(share * centred, cell, shape[0] * shape[1]).reshape(shape)
    author_scores = np.add.reduceat(share * centred, votes.starts) if len(mean) else mean
    sigma2 = pooled_variance(author_scores, votes.day[votes.starts], days.n_days)

    n = count.sum(axis=0)
    mood = np.divide(total.sum(axis=0), n, out=np.zeros(days.n_days), where=n > 0)
    tau2 = between_days(mood, n, sigma2)
    weight = precision(n, sigma2, tau2)
    weekday = _weekdays(days)
    effect = weekday_effects(mood, weight, weekday) if days.n_days >= WEEKDAY_DAYS else np.zeros(7)
    residual = mood - effect[weekday]
    drift2 = between_days(residual, n, sigma2)
    return MoodIndex(
        votes=votes,
        stratum=stratum,
        centred=centred,
        strata=strata,
        platform=np.array([days.platforms.index(one.platform) for one in strata], dtype=np.int64),
        count=count,
        total=total,
        weekday=effect[weekday],
        sigma2=sigma2,
        tau2=tau2,
        drift2=drift2,
        phi=persistence(residual, weight, drift2, sigma2),
        by_author=np.lexsort((votes.day, stratum, votes.author)),
    )


def _merge_small(votes: Votes, share: Floats, days: AuthorDays) -> tuple[Ints, tuple[Stratum, ...]]:
    """Strata of the scope; those of less than `STRATUM_MIN` votes join the rest of their platform."""
    size = summed(share, votes.stratum, len(days.strata))
    large: Bools = size >= STRATUM_MIN - 1e-9  # shares of a vote do not always sum to a round number
    names: Sequence[Stratum] = [
        stratum if large[code] else Stratum(stratum.platform, "", "", "rest", "")
        for code, stratum in enumerate(days.strata)
    ]
    strata = sorted({names[code] for code in np.unique(votes.stratum)})
    place = {name: code for code, name in enumerate(strata)}
    merged = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    return merged[votes.stratum], tuple(strata)


def _offsets(mean: Floats, share: Floats, stratum: Ints, n_strata: int) -> Floats:
    if not len(mean):
        return np.zeros(n_strata)
    n = summed(share, stratum, n_strata)
    own = summed(share * mean, stratum, n_strata) / n
    overall = float((share * mean).sum() / share.sum())
    return overall + (own - overall) * n / (n + SHRINKAGE)


def _weekdays(days: AuthorDays) -> Ints:
    """Shape (T,), 0 to 6; which of them is Monday does not matter."""
    start = int(days.first_day.astype("datetime64[D]").astype(np.int64))
    return (start + np.arange(days.n_days)) % 7
