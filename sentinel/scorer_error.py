"""How large an effect would be, had the scorer told moods apart as its measured test says it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel.clusters import REACTION
from sentinel.scopes import ALL
from sentinel.typed_table import typed_table
from sentinel.votes import AuthorDays, summed

__all__ = ["SCORER_COLUMNS", "Grip", "grip_of", "less_scorer_error"]

SCORER_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "grip",  # points that the score moves where the true mood moves by one: below 1, effects come out too small
    "grip_low",  # 95 % interval, from the hand-labelled posts it was measured on
    "grip_high",
    "effect_true",  # effect over grip
    "low_true",  # the widest that the ends of both intervals give
    "high_true",
    "n_labelled",  # hand-labelled posts, negative and positive
    "reason",  # why there is none; "" if there is
)
LEAST: Final = 5  #: hand-labelled posts, negative and positive each, below which a table says nothing
_NORMAL: Final = 1.96


@dataclass(frozen=True, slots=True)
class Grip:
    """How far the score moves where posts turn from negative to positive, over the two points that the mood does."""

    value: float
    variance: float
    n: int  #: posts it was measured on


def grip_of(confusion: Mapping[str, Any] | None) -> Grip | None:
    """From the table that a model states as ``quality[lang]["confusion"]``; ``None`` if it has none that will do.

    Parameters
    ----------
    confusion : true label -> {guessed label: posts}, and where known the mean and spread (``mean``, ``sd``) of
        the scores, which are softer than guesses.
    """
    if not isinstance(confusion, Mapping):
        return None
    ends = [_scores(confusion.get(label)) for label in ("negative", "positive")]
    if any(end is None or end[0] < LEAST for end in ends):
        return None
    (n_low, low, var_low), (n_high, high, var_high) = [end for end in ends if end is not None]
    return Grip((high - low) / 2, (var_low / n_low + var_high / n_high) / 4, n_low + n_high)


def _scores(row: Any) -> tuple[int, float, float] | None:
    """Number, mean and variance of what was said of the posts of one true label."""
    try:
        counts = {name: int(row.get(name, 0)) for name in ("negative", "neutral", "positive")}
        n = sum(counts.values())
        if not n:
            return None
        share = (counts["positive"] - counts["negative"]) / n
        variance = (counts["positive"] + counts["negative"]) / n - share**2
        if "mean" in row and "sd" in row:
            return n, float(row["mean"]), float(row["sd"]) ** 2
        return n, share, variance
    except (AttributeError, TypeError, ValueError):  # a stranger's model may state anything
        return None


def less_scorer_error(
    days: AuthorDays, effects: pd.DataFrame, models: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """The reaction of scope "all" of each cluster of the primary family, as it would be without scoring errors.

    A scorer that takes some negative posts for positive and the other way round moves less than the mood does. That
    makes effects too small, never of the wrong sign; p and q stand. It says nothing of a scorer that errs more in some
    weeks than in others: only posts labelled by hand inside a window show that.

    Parameters
    ----------
    models : as `sentinel.results.Results.models`.
    """
    chosen = (effects["scope"] == ALL) & (effects["window"] == REACTION.name) & effects["effect"].notna()
    chosen &= effects["family"] == "primary"
    rows = []
    for row in effects[chosen].drop_duplicates("cluster").to_dict("records"):
        rows.append({"cluster": row["cluster"]} | _corrected(row, _grip(row, days, models)))
    return typed_table(rows, SCORER_COLUMNS, texts=("cluster", "reason"), counts=("n_labelled",))


def _grip(row: Mapping[Any, Any], days: AuthorDays, models: Sequence[Mapping[str, Any]]) -> Grip | str:
    """That of the scorers of the window's votes, each by its share; or what is missing."""
    votes = days.scopes[ALL]
    dates = np.array([row["first_day"], row["last_day"]], dtype="datetime64[D]")
    first, last = (dates - days.first_day).astype(np.int64)
    inside = slice(*np.searchsorted(votes.day, (first, last + 1)))
    size = summed(votes.share[inside], votes.stratum[inside], len(days.strata))
    known = {str(model.get("name")): model.get("quality") for model in models}
    value = variance = 0.0
    n = 0
    shares: dict[tuple[str, str], float] = {}
    for stratum, weight in zip(days.strata, size, strict=True):
        if weight > 0:
            key = (stratum.scorer.split(" ")[0], stratum.lang)
            shares[key] = shares.get(key, 0.0) + float(weight) / float(size.sum())
    for (scorer, lang), share in sorted(shares.items()):
        quality = known.get(scorer)
        measured = quality.get(lang) if isinstance(quality, Mapping) else None
        own = grip_of(measured.get("confusion")) if isinstance(measured, Mapping) else None
        if own is None:
            return f"no confusion table of scorer {scorer or 'unknown'!r} for language {lang or 'und'!r}"
        value, variance, n = value + share * own.value, variance + share**2 * own.variance, n + own.n
    return Grip(value, variance, n)


def _corrected(row: Mapping[Any, Any], grip: Grip | str) -> dict[str, Any]:
    if isinstance(grip, str):
        return {"reason": grip}
    half = _NORMAL * float(np.sqrt(grip.variance))
    low, high = grip.value - half, min(grip.value + half, 1.0)
    facts: dict[str, Any] = {"grip": grip.value, "grip_low": low, "grip_high": high, "n_labelled": grip.n}
    if low <= 0:
        return facts | {"reason": "the scorer was not shown to tell negative posts from positive ones"}
    ends = [row[name] / factor for name in ("low", "high") for factor in (low, high)]
    return facts | {"effect_true": row["effect"] / grip.value, "low_true": min(ends), "high_true": max(ends)}
