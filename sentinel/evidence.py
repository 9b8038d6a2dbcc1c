"""What people wrote around each announcement: posts chosen by rule, and words that came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from sentinel import examples
from sentinel.clusters import BASELINE
from sentinel.pipeline import Filters
from sentinel.readable import Readable
from sentinel.word_shift import words_that_moved

__all__ = ["WORD_COLUMNS", "example_posts", "moved_words", "posts_after"]

WORD_COLUMNS: Final = ("cluster", "word", "z", "after", "before", "authors_after", "authors_before")
_POST: Final = (*examples.EXAMPLE_COLUMNS[3:], "reposts", "replies", "quotes")
_SPOKEN: Final = ("platform", "author", "post_id", "text")
_WEEK: Final = timedelta(days=6)  # from the first day of a week to its last
MOST_AFTER: Final = 1_500  #: posts of a window whose words are counted; of more, a part chosen by their texts
MOST_BEFORE: Final = 3_000


def example_posts(store: Readable, effects: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Posts in the reaction window of each cluster of the primary family, as `sentinel.examples.table`."""
    return examples.table(
        (row["cluster"], row["window"], role, post)
        for row in _windows(effects)
        for role, post in _chosen(store, row["first_day"], row["last_day"], filters)
    )


def posts_after(store: Readable, days: Sequence[str], filters: Filters) -> pd.DataFrame:
    """Posts of the week that begins on each of these days, as `example_posts`: cluster is the day."""
    weeks = ((day, (date.fromisoformat(day) + _WEEK).isoformat()) for day in days)
    return examples.table(
        (first, "change", role, post)
        for first, last in weeks
        for role, post in _chosen(store, first, last, filters)
    )


def _chosen(store: Readable, first: str, last: str, filters: Filters) -> list[tuple[str, examples.Post]]:
    """(role, post) of the headline mood from first to last day."""
    parts = store.rows(
        _POST, since=first, until=last, langs=filters.langs, topic=filters.topic, headline_mood=True
    )
    return examples.choose(dict(zip(_POST, values, strict=True)) for part in parts for values in part)


def moved_words(store: Readable, effects: pd.DataFrame, mood: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Words of each cluster that has an effect, against its reference weeks: columns `WORD_COLUMNS`.

    Parameters
    ----------
    mood : as mood.csv; says how many posts there are, so that of very many a part is read.
    """
    overall = mood[mood["scope"] == "all"]
    n_posts = dict(zip(overall["day"], overall["n_posts"], strict=True))
    rows: list[tuple[Any, ...]] = []
    for row in _windows(effects[effects["effect"].notna()]):
        zero = date.fromisoformat(row["cluster"])
        before = (zero + timedelta(days=BASELINE.first), zero + timedelta(days=BASELINE.last))
        window = (date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
        spoken = (
            list(_spoken(store, *window, n_posts, MOST_AFTER, filters)),
            list(_spoken(store, *before, n_posts, MOST_BEFORE, filters)),
        )
        authors = [len({author for author, _ in part}) for part in spoken]
        rows += [
            (row["cluster"], one.word, round(one.z, 2), one.after, one.before, *authors)
            for one in words_that_moved(*spoken)
        ]
    return pd.DataFrame(rows, columns=list(WORD_COLUMNS))


def _windows(effects: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a cluster of the primary family with posts in its reaction window."""
    primary = (effects["family"] == "primary") & (effects["window"] == "reaction") & (effects["n_posts"] > 0)
    found: list[dict[str, Any]] = effects[primary].drop_duplicates("cluster").to_dict("records")  # type: ignore[assignment]
    return found


def _spoken(
    store: Readable, first: date, last: date, n_posts: Mapping[str, int], most: int, filters: Filters
) -> Iterator[tuple[str, str]]:
    """Posts of the headline mood from first to last as (author, text)."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    there = sum(n_posts.get(day.isoformat(), 0) for day in days)
    parts = store.rows(
        _SPOKEN,
        since=first.isoformat(),
        until=last.isoformat(),
        langs=filters.langs,
        topic=filters.topic,
        headline_mood=True,
        share=min(1.0, most / max(there, 1)),
    )
    for part in parts:
        for platform, author, post_id, text in part:
            yield f"{platform} {author or '/' + post_id}", text
