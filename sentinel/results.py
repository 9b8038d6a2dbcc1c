"""Numbers of a report, before anything is drawn. A dashboard receives these, never posts or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results"]


def _no_rows(module: str, columns: str) -> Any:
    """A table without rows, of the columns that a module documents; imported when the first such table is made."""
    from pandas import DataFrame

    return DataFrame(columns=list(getattr(import_module(module), columns)))


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report states.

    Frames hold plain columns with a default index; times are text as in the CSV files. An empty table has its
    columns and no rows. A column `cluster` is that of `effects`: what a row says holds for all announcements of
    the cluster.
    """

    mood: pd.DataFrame  #: as mood.csv: one row a day and scope
    effects: pd.DataFrame  #: as effects.csv: one row an announcement, window and scope
    announcements: pd.DataFrame  #: the calendar, columns of `sentinel.announcements.ANNOUNCEMENT_COLUMNS`
    examples: pd.DataFrame
    """Posts behind the effects: cluster, window, role (most engaged, most typical, dissenting), platform,
    community, post_id, published, author, text, url, label, score, likes."""
    gaps: pd.DataFrame  #: platform, first, last: days on which nothing was collected (ISO dates)
    inputs: pd.DataFrame
    """The store's ledger: name, sha256, format, rows, posts, duplicates, rejects, skipped, status, message."""
    rejects: pd.DataFrame  #: reason, n, and one example: source, position, excerpt
    counts: Mapping[str, int]
    """rows, posts, duplicates, rejects, skipped; then of the posts: undated, day_precision, no_author, reposts,
    copies, headlines, spam, spam_patterns (of them, those that other posts show to be), not_about, unscored,
    headline_mood (posts in scope all)."""
    shares: Mapping[str, Mapping[str, int]]
    """Number of posts by value: "platform", "community", "lang", "kind", "label", "model", "topic", "entity",
    "warning", "skipped"."""
    models: Sequence[Mapping[str, Any]]
    """Name, version, and quality: {language: {measure: figure}}, or "not measured"."""
    options: Mapping[str, Any]
    """timezone, since, until, topic, langs, seed, exclude_importance, copy_days, windows (offsets in days),
    calendar (name), breaks."""
    version: str
    synthetic: bool = False
    report_lang: str = "en"
    since: Mapping[str, Any] = field(default_factory=dict)
    """What is new since an earlier report, as `sentinel.since.news`; empty where there is none to compare with."""
    reach: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.reach", "REACH_COLUMNS"))
    """Scores weighted by likes, reposts, replies and quotes, for display only: `sentinel.reach.REACH_COLUMNS`."""
    curves: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.closeup", "CURVE_COLUMNS"))
    """The mood around each announcement over that of ordinary dates: `sentinel.closeup.CURVE_COLUMNS`."""
    words: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.evidence", "WORD_COLUMNS"))
    """Words that more or fewer authors used after an announcement: `sentinel.evidence.WORD_COLUMNS`."""
    notes: Sequence[str] = ()  #: what a reader must know: assumed zones, refused files, ...
    attention: pd.DataFrame = field(
        default_factory=partial(_no_rows, "sentinel.attention", "ATTENTION_COLUMNS")
    )
    """How many people posted, one row a cluster of importance 3: columns as `sentinel.attention.ATTENTION_COLUMNS`.
    Exploratory, as are all tables below: p without a family, no verdict."""
    composition: pd.DataFrame = field(
        default_factory=partial(_no_rows, "sentinel.composition", "COMPOSITION_COLUMNS")
    )
    """The same people or other people, one row a cluster: `sentinel.composition.COMPOSITION_COLUMNS`."""
    control: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.control", "CONTROL_COLUMNS"))
    """The effect less that of posts about rivals only, one row a cluster of importance 3:
    `sentinel.control.CONTROL_COLUMNS`. Empty where no post is about rivals only."""
    pooled: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.pooled", "POOLED_COLUMNS"))
    """Effects pooled by category, one row a category: `sentinel.pooled.POOLED_COLUMNS`."""
    changes: pd.DataFrame = field(
        default_factory=partial(_no_rows, "sentinel.changepoints", "CHANGE_COLUMNS")
    )
    """Lasting changes of mood found without the dates: `sentinel.changepoints.CHANGE_COLUMNS`; "clusters" is ""
    where nothing was announced within two days."""
    change_match: Mapping[str, float | None] = field(default_factory=dict)
    """How well `changes` match the calendar: announcements, matched, expected (matched by chance), p. ``None`` where
    there is no change or no announcement; empty if changes were not looked for."""
    change_posts: pd.DataFrame = field(
        default_factory=partial(_no_rows, "sentinel.examples", "EXAMPLE_COLUMNS")
    )
    """Posts of the first week of each change, as `examples`; their cluster is the day of the change, their window
    "change"."""
    claims: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.claims", "CLAIM_COLUMNS"))
    """Sentences put to the test, one row a claim, as claims.csv: `sentinel.claims.CLAIM_COLUMNS`."""
    price: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.price", "PRICE_COLUMNS"))
    """A share's sessions, where the settings name its prices: `sentinel.price.PRICE_COLUMNS`."""
    price_effects: pd.DataFrame = field(
        default_factory=partial(_no_rows, "sentinel.price", "PRICE_EFFECT_COLUMNS")
    )
    """What the price did after each cluster of importance 3: `sentinel.price.PRICE_EFFECT_COLUMNS`."""
    price_lead: Mapping[str, Any] = field(default_factory=dict)
    """Whether mood or price went first: sessions, correlations (by lag in sessions, as text; positive: mood first),
    largest (of them), its lag, p (one for all lags), k_e. Empty without prices."""
    scorer: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.scorer_error", "SCORER_COLUMNS"))
    """The effect as it would be without the scorer's measured errors, one row a cluster that has an effect:
    `sentinel.scorer_error.SCORER_COLUMNS`. For display beside the effect, which it never replaces."""
    hourly: pd.DataFrame = field(default_factory=partial(_no_rows, "sentinel.hourly", "HOURLY_COLUMNS"))
    """The first 24 hours after each cluster, where the median hour has five authors or more:
    `sentinel.hourly.HOURLY_COLUMNS`. Exploratory."""
