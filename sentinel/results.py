"""Numbers of a report, before anything is drawn. A dashboard receives these, never posts or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results"]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report states.

    Frames hold plain columns with a default index; times are text as in the CSV files. An empty table has its
    columns and no rows.
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
    copies, headlines, spam, not_about, unscored, headline_mood (posts in scope all)."""
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
    notes: Sequence[str] = ()  #: what a reader must know: assumed zones, refused files, ...
