"""Did an announcement move how many people post? A test of its own: announcements move volume more than mood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from sentinel import reasons
from sentinel.clusters import BASELINE, Cluster, find_clusters
from sentinel.effects import DEFAULTS, EffectOptions
from sentinel.gaps import uncollected
from sentinel.index import WEEKDAY_DAYS
from sentinel.placebo import Judgement, judge, nearby, too_few
from sentinel.scope_effects import in_reach, kept_out
from sentinel.scored import Bools, Floats, Ints
from sentinel.settings import Break
from sentinel.typed_table import typed_table
from sentinel.variance import weekday_effects
from sentinel.votes import AuthorDays

__all__ = ["ATTENTION_COLUMNS", "estimate_attention"]

ATTENTION_COLUMNS: Final = (
    "cluster",  # as in effects.csv
    "first_day",  # of the reaction window
    "last_day",
    "voices",  # authors a day in the window: geometric mean, of the platforms collected throughout
    "voices_baseline",
    "ratio",  # authors a day against those of the baseline, other things (weekdays) equal
    "low",  # 95 % interval
    "high",
    "p",
    "placebos",
    "k_e",
    "reason",  # why not tested; "" if tested
)
MIN_BASELINE_DAYS: Final = 14  #: on which something was collected
SHARE: Final = 0.05  #: of the voices; a platform that is heard less need not be collected throughout


def estimate_attention(
    days: AuthorDays, announcements: pd.DataFrame, options: EffectOptions = DEFAULTS
) -> pd.DataFrame:
    """Attention to each cluster of importance 3: columns `ATTENTION_COLUMNS`, in order of the days.

    The recipe is that of the mood on ``log(1 + n)`` with equal weights, where n counts the authors of posts and
    reposts about Alibaba. Only platforms that were collected through baseline and window, without a break, count, or a
    source that starts would look like attention. It is exploratory: p has no family.
    """
    if not days.n_days:
        return _frame([])
    clusters = [one for one in find_clusters(announcements, days, options.exclude_importance) if one.major]
    taken, moved = kept_out(clusters, [False] * len(clusters), days.n_days)
    silent, regime = uncollected(days), _regimes(days, options.breaks)
    rows = []
    for cluster in clusters:
        if in_reach(cluster, days):
            rows.append(_one(cluster, days, silent, regime, taken, moved))
    return _frame(rows)


def _regimes(days: AuthorDays, breaks: Sequence[Break]) -> Ints:
    """Shape (n_platforms, n_days): breaks of each platform, or of a part of it, up to and including each day."""
    count = np.zeros(days.voices.shape, dtype=np.int64)
    for change in breaks:
        start = int((np.datetime64(change.date, "D") - days.first_day).astype(np.int64))
        source = change.source.strip().lower().split("/")[0]
        for row, platform in enumerate(days.platforms):
            if source in (platform, "*"):
                count[row, max(start, 0) :] += 1
    return count


def _one(
    cluster: Cluster, days: AuthorDays, silent: Bools, regime: Ints, taken: Ints, moved: Bools
) -> dict[str, Any]:
    last = min(cluster.closes, days.n_days - 1)
    row: dict[str, Any] = {
        "cluster": str(days.first_day + cluster.first),
        "first_day": str(days.first_day + cluster.opens),
        "last_day": str(days.first_day + last),
    }
    span = slice(cluster.first + BASELINE.first, last + 1)
    heard = days.voices[:, span].sum(axis=1)
    throughout = ~silent[:, span].any(axis=1) & (heard > 0)
    same = regime[:, span.start] == regime[:, last]
    if throughout.any() and not (throughout & same).any():
        return row | {"reason": reasons.broken([days.platforms[at] for at in np.flatnonzero(throughout)])}
    throughout &= same
    platforms = throughout & (heard >= SHARE * heard[throughout].sum())
    if not platforms.any():
        return row | {"reason": "no platform was collected through baseline and window"}
    level = np.log1p(days.voices[platforms].sum(axis=0))
    known = ~silent[platforms].any(axis=0)
    return row | _tested(cluster, level, known, regime[platforms].sum(axis=0), taken, moved, last)


def _tested(
    cluster: Cluster, level: Floats, known: Bools, regime: Ints, taken: Ints, moved: Bools, last: int
) -> dict[str, Any]:
    n_days = len(level)
    weekday = np.arange(n_days) % 7
    usual = np.zeros(n_days)
    if n_days >= WEEKDAY_DAYS:
        usual = weekday_effects(np.where(known, level, 0.0), known.astype(np.float64), weekday)[weekday]
    dates = np.arange(-BASELINE.first, n_days - (last - cluster.first))
    window = dates[:, None] + np.arange(cluster.opens - cluster.first, last - cluster.first + 1)
    baseline = dates[:, None] + np.arange(BASELINE.first, BASELINE.last + 1)
    kept = known[baseline] & ~moved[baseline]
    n = kept.sum(axis=1)
    residual = level - usual
    before = np.where(kept, residual[baseline], 0.0).sum(axis=1) / np.maximum(n, 1)
    difference = residual[window].mean(axis=1) - before
    scale = np.sqrt(1 / window.shape[1] + 1 / np.maximum(n, 1))  # days vary alike: V is known up to a factor
    at = int(cluster.first - dates[0])
    fit = known[window].all(axis=1) & (n >= MIN_BASELINE_DAYS)
    fit &= regime[baseline[:, 0]] == regime[window[:, -1]]
    apart = (window[:, -1] < cluster.opens) | (window[:, 0] > last)
    placebos = nearby((fit & apart & (taken[window] == 0).all(axis=1))[None], dates, dates[[at]])
    z = difference / scale
    judgement = judge(z, placebos, z[[at]], window.shape[1])
    row = {
        "voices": float(np.expm1(level[window[at]].mean())),
        "voices_baseline": float(np.expm1(level[baseline[at]][kept[at]].mean())) if n[at] else np.nan,
    }
    if not fit[at]:
        return row | {"reason": reasons.few_days_before(int(n[at]), MIN_BASELINE_DAYS)}
    return row | _numbers(float(z[at]), float(scale[at]), judgement, window.shape[1])


def _numbers(z: float, scale: float, judgement: Judgement, length: int) -> dict[str, Any]:
    placebos, critical = int(judgement.placebos[0]), float(judgement.critical[0])
    return {
        "ratio": float(np.exp(scale * z)),
        "low": float(np.exp(scale * (z - critical))),
        "high": float(np.exp(scale * (z + critical))),
        "p": float(judgement.p[0]),
        "placebos": placebos,
        "k_e": float(judgement.independent[0]),
        "reason": too_few(placebos, length),
    }


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    texts = ("cluster", "first_day", "last_day", "reason")
    return typed_table(rows, ATTENTION_COLUMNS, texts=texts)
