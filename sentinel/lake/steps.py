"""What is done to a part of the posts, as pandas frames in and out: the rules of the store, on columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd

from sentinel.cells import CELL_COLUMNS, Cells, single_cells
from sentinel.claim_posts import PhraseMarks
from sentinel.claims_file import Claim
from sentinel.clean import Candidate, copies, copy_key
from sentinel.patterns import LEAST_OFTEN, PATTERN_COLUMNS, month_of, raised
from sentinel.post import TAG_COLUMNS, Columns
from sentinel.settings import PluginSettings
from sentinel.tagging import Tagger, make_tagger

__all__ = [
    "PATTERNS",
    "UNDATED",
    "cells_of_frame",
    "completed",
    "day_name",
    "marked",
    "patterns",
    "richest",
    "tagged",
    "together",
    "with_patterns",
]

UNDATED: Final = "undated"

#: An empty frame of what `patterns` gives.
PATTERNS: Final = pd.DataFrame(
    {
        "platform": pd.Series(dtype=object),
        "post_id": pd.Series(dtype=object),
        "spam_raised": pd.Series(dtype=float),
        "spam_reasons": pd.Series(dtype=object),
    }
)

_ONE_AT_A_TIME: Final = Lock()  # models keep tables; a worker may have several threads
_AT_ONCE: Final = 4096


def richest(posts: pd.DataFrame) -> pd.DataFrame:
    """Of several records of one post the one with the greatest rank."""
    if posts["post_id"].is_unique:
        return posts
    ordered = posts.sort_values("rank", kind="stable")
    return ordered.drop_duplicates(["platform", "post_id"], keep="last")


def completed(reposts: pd.DataFrame) -> pd.DataFrame:
    """Reposts with the text of their original in place of their own, where it is known (`original`) and another."""
    original = reposts["original"]
    better = original.notna() & (original != "") & (original != reposts["text"])
    changed = reposts.drop(columns="original")
    if better.any():
        changed = changed.copy()
        changed.loc[better, "text"] = original[better]
        changed.loc[better, "copy_key"] = [copy_key(text) for text in original[better].tolist()]
    return changed


def marked(posts: pd.DataFrame, copy_days: int) -> pd.DataFrame:
    """Near-copies with the id of the first post of their text in `copy_of`; all posts of a text must be there.

    Where `copy_days` is 1, all posts of a text and a day are enough.
    """
    votes = ~posts["kind"].isin(["repost", "headline"]) & posts["day"].notna() & posts["copy_key"].notna()
    repeated = votes & posts["copy_key"].where(votes).duplicated(keep=False)
    copy_of = pd.Series(None, index=range(len(posts)), dtype=object)
    if repeated.any():
        order = ["copy_key", "published", "platform", "post_id"]
        chosen = posts.assign(row=np.arange(len(posts)))[repeated.to_numpy()].astype(
            {name: object for name in order}
        )
        if copy_days == 1:  # a day is a world of its own
            chosen["copy_key"] = chosen["copy_key"] + " " + chosen["day"].astype(str)
        chosen = chosen.sort_values(order, kind="stable")
        candidates = map(
            Candidate._make,
            zip(*(chosen[name].tolist() for name in ("row", "copy_key", "day", "post_id")), strict=True),
        )
        for row, first in copies(candidates, copy_days):
            copy_of[row] = first
    return posts.assign(copy_of=copy_of.to_numpy())


def tagged(posts: pd.DataFrame, models: str) -> pd.DataFrame:
    """Posts with their tags; the platform's own language stays in `said_lang`.

    Parameters
    ----------
    models : the settings' ``[[tag]]`` as JSON.
    """
    with _ONE_AT_A_TIME:
        tagger = _tagger(models)
        names = tagger.reads or [name for name in posts.columns if name != "copy_of"]
        given = {name: _listed(posts[name]) for name in names}
        parts: list[Columns] = [
            tagger.tag({name: values[at : at + _AT_ONCE] for name, values in given.items()})
            for at in range(0, len(posts), _AT_ONCE)
        ]
    made = {name: [value for part in parts for value in part[name]] for name in TAG_COLUMNS}
    lang = posts["lang"]
    return posts.assign(said_lang=lang, **{name: pd.Series(v, posts.index) for name, v in made.items()})


@lru_cache(maxsize=2)
def _tagger(models: str) -> Tagger:
    return make_tagger([PluginSettings.model_validate(entry) for entry in orjson.loads(models)])


def cells_of_frame(posts: pd.DataFrame, claims: Sequence[Claim]) -> Cells:
    """The cells of tagged posts, with the phrases of claims marked."""
    marks = PhraseMarks(claims)
    texts = _listed(posts["text"])
    words = [word.lower() for word in marks.words]
    found = [
        marks.of(text) if words and any(word in text.lower() for word in words) else "" for text in texts
    ]
    columns: Mapping[str, Sequence[Any]] = {
        name: found if name == "marks" else _listed(posts[name]) for name in CELL_COLUMNS
    }
    return single_cells(columns).grouped()


def together(posts: pd.DataFrame) -> pd.DataFrame:
    """What patterns of spam are looked for in, of posts of whole days: texts only where they come often enough."""
    looked_at = ~posts["kind"].isin(["repost", "headline"]) & posts["day"].notna() & posts["spam"].notna()
    chosen = posts.loc[looked_at, ["post_id", "text", *PATTERN_COLUMNS]]
    often = chosen["copy_key"].map(chosen["copy_key"].value_counts()).fillna(0) >= LEAST_OFTEN
    months = chosen["day"].map(lambda day: month_of(int(day)))
    return chosen.assign(text=chosen["text"].where(often, ""), month=months.astype(object))


def patterns(posts: pd.DataFrame, strength: float) -> pd.DataFrame:
    """Of posts that `together` gave, months whole: those that others show to be spam, as `PATTERNS`."""
    given = {name: _listed(posts[name]) for name in PATTERN_COLUMNS}
    texts = posts["text"].tolist()
    found = raised(given, lambda places: [texts[place] for place in places], strength)
    rows = posts.iloc[[one.row for one in found]]
    return pd.DataFrame(
        {
            "platform": rows["platform"].to_numpy(object),
            "post_id": rows["post_id"].to_numpy(object),
            "spam_raised": np.array([one.spam for one in found], float),
            "spam_reasons": np.array([one.reasons for one in found], object),
        }
    )


def with_patterns(posts: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Posts with the probability and the reasons of those that were found."""
    known = zip(found["platform"], found["post_id"], found["spam_raised"], found["spam_reasons"], strict=True)
    of_post = {(platform, post_id): (spam, reasons) for platform, post_id, spam, reasons in known}
    keys = zip(posts["platform"], posts["post_id"], strict=True)
    told = [of_post.get(key, (None, None)) for key in keys] if of_post else [(None, None)] * len(posts)
    spam = [now if now is not None else before for (now, _), before in zip(told, posts["spam"], strict=True)]
    reasons = pd.Series([reasons for _, reasons in told], posts.index, dtype=object)
    return posts.assign(spam=spam, spam_reasons=reasons)


def day_name(day: Any) -> str:
    """Name of a day's folder."""
    if day is None or day != day:
        return UNDATED
    return str(np.datetime64(int(day), "D"))


def _listed(column: pd.Series[Any]) -> list[Any]:
    """Values of a column as plain Python, missing ones ``None``."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    if column.name == "day":
        return [None if value is None else int(value) for value in values]
    return values
