"""A table of scored posts, checked, as arrays: what mood is computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sentinel.days import Days, mood_days
from sentinel.errors import RowError, UsageError
from sentinel.post import CORRECTION

__all__ = ["SETTLED", "Bools", "Codes", "Floats", "Ints", "ScoredPosts", "handle", "scored_posts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NEEDED: Final = ("published", "author", "score")
_DATE: Final = len("2025-04-28")
# A series has a place for every day from its first to its last: one post of the year 1 would cost all the others.
EARLIEST: Final = np.datetime64("2000-01-01")
LATEST: Final = np.datetime64("2099-12-31")
_ROUNDING: Final = 1e-9  # a score of 1.0000000001 is rounding, one of 4 is another scale


class Codes(NamedTuple):
    """A column of few different texts."""

    names: tuple[str, ...]  #: sorted
    codes: Ints  #: shape (n,), positions in `names`

    def rows(self, name: str) -> Bools:
        """The rows that hold `name`."""
        if name not in self.names:
            return np.zeros(len(self.codes), dtype=bool)
        found: Bools = self.codes == self.names.index(name)
        return found


@dataclass(frozen=True, slots=True)
class ScoredPosts:
    """Arrays of equal length, in the order of the table."""

    day: Days  #: mood day; NaT if undated, or out of this century, which no post about these things can be from
    bare_date: Bools  #: only the calendar date is known
    author: Codes  #: within its platform; "" if the export names nobody
    platform: Codes
    community: Codes
    lang: Codes
    kind: Codes
    model: Codes
    topics: Codes  #: combinations, joined by ";"
    entities: Codes  #: combinations, joined by ";"
    about: Floats
    spam: Floats
    copy: Bools  #: a near-copy of an earlier post
    score: Floats  #: in [-1, 1], or its sum over the posts of a row; NaN if unscored
    n: Ints  #: posts that a row stands for
    marks: Codes  #: what else was looked for in the posts


def scored_posts(posts: pd.DataFrame, timezone: str) -> ScoredPosts:
    """Check a table of posts and settle what it leaves out.

    Parameters
    ----------
    posts : columns ``published``, ``author``, ``score`` and any of platform, community, precision, kind, lang,
        about, spam, copy_of, label, topics, entities, model. A missing column, or a missing value, is neutral:
        about Alibaba, no spam, no copy, kind "post", platform "unknown". Numbers may be texts.
    timezone : as `sentinel.days.mood_days`.

    Raises
    ------
    UsageError
        If a needed column is missing, or a value cannot be read; names the row (the first post is row 1).
    """
    for name in _NEEDED:
        if name not in posts.columns:
            raise UsageError(
                f"posts: no column {name!r}; needed are {', '.join(_NEEDED)}, found {', '.join(posts.columns)}"
            )
    precision = _codes(posts, "precision")
    published = _published(posts, precision)
    score = _numbers(posts, "score", np.nan, -1.0, 1.0)
    score[_codes(posts, "label").rows("unscored")] = np.nan
    return ScoredPosts(
        day=_days(published, timezone),
        bare_date=(published.str.len() == _DATE).to_numpy(),
        **{name: _codes(posts, name, *how) for name, how in SETTLED.items()},
        about=_numbers(posts, "about", 1.0, 0.0, 1.0),
        spam=_numbers(posts, "spam", 0.0, 0.0, 1.0),
        copy=~_codes(posts, "copy_of", clean=_reference).rows(""),
        score=score,
        n=np.ones(len(posts), dtype=np.int64),
    )


def handle(author: str) -> str:
    """An author as it is compared: without the mark of a handle."""
    return author.removeprefix("@")


def _reference(post: str) -> str:
    """What a post is a copy of; "" where a program wrote out that nothing was there."""
    return "" if post.lower() in _NOTHING else post


def _scorer(model: str) -> str:
    """Corrected posts stay among those of their scorer: a hand-made label is no source of its own."""
    return model.removesuffix(CORRECTION).removesuffix(" + ")


_NOTHING: Final = frozenset({"nan", "none", "null", "<na>", "nat", "false"})
#: Columns of texts: what stands for a missing one, and how each is settled.
SETTLED: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "author": ("", handle),
    "platform": ("unknown", str.lower),
    "community": ("", str.lower),
    "lang": ("", str.lower),
    "kind": ("post", str.lower),
    "model": ("", _scorer),
    "topics": ("", str),
    "entities": ("", str),
    "marks": ("", str),
}


def _codes(
    posts: pd.DataFrame, name: str, missing: str = "", clean: Callable[[str], str] = str.lower
) -> Codes:
    """A column of texts; cleaned once for each different text, not for each post."""
    if name not in posts.columns:
        return Codes((missing,), np.zeros(len(posts), dtype=np.int64))
    codes, found = pd.factorize(posts[name].to_numpy(dtype=object))
    values = [str(value) for value in found]
    if (codes < 0).any():
        codes, values = np.where(codes < 0, len(values), codes), [*values, missing]
    cleaned = [clean(value.strip()) or missing for value in values]
    names, places = np.unique(np.array(cleaned, dtype=object), return_inverse=True)
    return Codes(tuple(names.tolist()), places[codes].astype(np.int64))


def _published(posts: pd.DataFrame, precision: Codes) -> pd.Series[str]:
    texts = posts["published"].astype("str").fillna("").str.strip().reset_index(drop=True)
    by_day, undated = precision.rows("day"), precision.rows("none")
    if by_day.any():
        texts = texts.where(~by_day, texts.str.slice(0, _DATE))
    return texts.where(~undated, "") if undated.any() else texts


def _days(published: pd.Series[str], timezone: str) -> Days:
    try:
        days = mood_days(published.tolist(), timezone)
    except RowError as error:
        raise RowError(f"published {error.problem}", error.row, "posts") from None
    days[(days < EARLIEST) | (days > LATEST)] = np.datetime64("NaT")
    return days


def _numbers(posts: pd.DataFrame, name: str, missing: float, low: float, high: float) -> Floats:
    """A column of numbers in [low, high]; missing values become `missing`."""
    if name not in posts.columns:
        return np.full(len(posts), missing)
    column = posts[name].reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(column.dtype):
        absent = column.isna()
    else:
        column = column.astype("str").fillna("").str.strip()
        absent = column == ""
    numbers = pd.to_numeric(column.where(~absent), errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    fits = (numbers >= low - _ROUNDING) & (numbers <= high + _ROUNDING)
    wrong = ~absent.to_numpy(dtype=bool) & ~fits
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RowError(_not_a_number(name, column.iloc[row], low, high), row, "posts")
    values: Floats = np.where(np.isnan(numbers), missing, np.clip(numbers, low, high))
    return values


def _not_a_number(name: str, value: Any, low: float, high: float) -> str:
    empty = ", or empty if unscored" if name == "score" else ""
    return f"{name} {value!r} is not a number from {low:g} to {high:g}{empty}"
