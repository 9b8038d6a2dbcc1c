"""The CSV files beside effects.csv: one row a cluster, a category, a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from sentinel.results import Results

__all__ = ["MEANINGS", "SIDE_FILES", "side_tables"]

SIDE_FILES: Final = ("clusters.csv", "pooled.csv", "changepoints.csv", "claims.csv", "price.csv")
#: Tables of `Results` that make clusters.csv, and what is put before the names of their columns.
_CLUSTER_TABLES: Final = {
    "attention": "attention",
    "composition": "",
    "control": "control",
    "scorer": "scorer",
    "hourly": "hourly",
    "price_effects": "price",
}


def side_tables(results: Results) -> dict[str, pd.DataFrame]:
    """File name -> table, for each of `SIDE_FILES`."""
    return {
        "clusters.csv": _clusters(results),
        "pooled.csv": results.pooled,
        "changepoints.csv": results.changes,
        "claims.csv": results.claims,
        "price.csv": results.price,
    }


def _clusters(results: Results) -> pd.DataFrame:
    """What is known of each cluster beside its effects; empty cells where a table has no row for it."""
    import pandas as pd  # with the command that writes the files, not with every command

    titles = results.effects.drop_duplicates(["cluster", "title"]).groupby("cluster", sort=True)["title"]
    table = pd.DataFrame({"title": titles.agg("; ".join)}).astype({"title": "str"})
    table.index = table.index.astype("str")
    for name, prefix in _CLUSTER_TABLES.items():
        part = getattr(results, name).drop_duplicates("cluster").set_index("cluster")
        names = {column: f"{prefix}_{column}" for column in part.columns} if prefix else {}
        table = table.join(part.rename(columns=names), how="left")
    return table.rename_axis("cluster").reset_index()


_TEST: Final = {
    "low": "lower end of its 95 % interval",
    "high": "upper end of it",
    "p": "share of ordinary dates with as large a difference; exploratory, no family",
    "placebos": "ordinary dates compared with",
    "k_e": "ordinary dates that do not overlap",
    "reason": "why not tested; empty if tested",
}
MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "clusters.csv": {
        "cluster": "as in effects.csv: first day 0 of announcements that cannot be told apart",
        "title": "their titles, joined by ;",
        "attention_first_day": "first day of the reaction window",
        "attention_last_day": "last day of it",
        "attention_voices": "authors a day in the window (geometric mean) on the platforms collected throughout",
        "attention_voices_baseline": "the same in the baseline",
        "attention_ratio": "authors a day against those of the baseline, weekdays evened out",
        **{f"attention_{name}": meaning for name, meaning in _TEST.items()},
        "n_both": "authors who posted both in baseline and window",
        "effect_both": "their own mean change of mood; empty below two of them",
        "se_both": "standard error of effect_both",
        "control_effect_rivals": "change of mood in posts about rivals only",
        "control_effect_less_rivals": "effect less control_effect_rivals",
        "control_se": "standard error of control_effect_less_rivals",
        **{f"control_{name}": meaning for name, meaning in _TEST.items()},
        "scorer_grip": "points that the score moves where the true mood moves by one, as the scorers' tables say",
        "scorer_grip_low": "lower end of its 95 % interval, from the hand-labelled posts it was measured on",
        "scorer_grip_high": "upper end of it",
        "scorer_effect_true": "effect over grip: as it would be without scoring errors; p and q stand",
        "scorer_low_true": "lower end that both intervals give together",
        "scorer_high_true": "upper end of it",
        "scorer_n_labelled": "hand-labelled posts behind grip",
        "scorer_reason": "why there is none; empty if there is",
        "hourly_first_hour": "hour of the announcement, UTC; only where the median hour has five authors or more",
        "hourly_last_hour": "last hour of the window of 24",
        "hourly_n_authors": "authors in the window",
        "hourly_effect": "mood of these hours minus that of the reference weeks, hours of the week evened out",
        "hourly_se": "its standard error",
        **{f"hourly_{name}": meaning for name, meaning in _TEST.items() if name != "k_e"},
        "hourly_placebos": "the same hours of other weeks, compared with",
        "hourly_smallest_visible": "effect that would have been seen with 80 % power",
        "price_session": "first session on which it could be traded",
        "price_last_session": "last session of the reaction of the price",
        "price_abnormal": "return of the first session less what the market model of the 120 before expects",
        "price_car": "the same summed over the sessions of the reaction",
        **{f"price_{name}": meaning for name, meaning in _TEST.items() if name != "placebos"},
        "price_p": "share of as many ordinary sessions with as large a sum",
        "price_sums": "such sums in the 120 sessions, compared with",
        "price_beta": "of the return on the market proxy's; empty without one",
    },
    "pooled.csv": {
        "category": "of the announcements",
        "direction": "as it came, or as expected: effects turned by the sign that the calendar expects",
        "n": "clusters pooled",
        "effect": "their effects, weighted by precision; about these announcements",
        "se": "its standard error",
        **{name: meaning for name, meaning in _TEST.items() if name != "placebos"},
        "p": "share of the calendars shifted around the history that give as large an effect",
        "shifts": "shifted calendars compared with",
        "like_these": "mean effect of announcements like these (random effects); from five clusters on",
        "like_these_low": "lower end of its 95 % interval (Hartung-Knapp)",
        "like_these_high": "upper end of it",
        "clusters": "as in effects.csv, joined by ;",
    },
    "changepoints.csv": {
        "day": "first day of the new level, found without the announcements' dates",
        "before": "mood of the stretch before, as a difference from the whole history, weekdays evened out",
        "after": "the same of the stretch that begins here",
        "change": "after - before; a candidate, the claim is how well all of them match (manifest.json)",
        "clusters": "announcements within two days, joined by ;; empty if nobody announced it",
        "breaks": "changes in what was collected within two days, as the settings state them",
    },
    "claims.csv": {
        "id": "as in claims.toml",
        "claim": "the sentence",
        "claim_zh": "the same in Chinese, where its file has it",
        "kind": "effect, level, change, difference, share, volume, phrase or price: see claims.toml",
        "verdict": "supported, contradicted or not enough posts (to tell)",
        "reason": "what the verdict rests on, or what is missing",
        "direction": "up or down: where the sentence says it goes, or on which side of 0 it lies",
        "effect": "the figure; of share and volume its change from the first week to the last",
        "low": "lower end of its 95 % interval",
        "high": "upper end of it",
        "unit": "mood points, share of posts, log ratio or return",
        "margin": "smallest difference worth the sentence, in the same unit",
        "p": "of kinds effect and price; empty of the others",
        "n_posts": "posts behind the figure",
        "n_authors": "authors behind it",
        "n": "weeks, announcements or authors that it is a mean of",
        "since": "first day, if the claim has one",
        "until": "last day, if the claim has one",
        "posts": "which posts, in words; empty for all about Alibaba",
        "clusters": "announcements tested, as in effects.csv, joined by ;",
    },
    "price.csv": {
        "day": "session; only where the settings name prices",
        "close": "closing price",
        "market": "closing value of the market proxy; empty without one",
        "return": "from the close before",
        "abnormal": "return less what the market model expects; empty before 60 sessions with a return",
    },
}
