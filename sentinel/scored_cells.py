"""Cells of a table of scored posts as people and their programs write them, as `sentinel.scored` takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from sentinel.dates import day_first, either_order, pointed, when
from sentinel.days import are_readable
from sentinel.scored import Bools

__all__ = ["Tell", "read_cells"]

MOST_UNREAD: Final = 0.1  #: share of a column's cells beyond which it is another column, or on another scale
#: How programs write that nothing is there.
_NOTHING: Final = ("nan", "none", "null", "na", "n/a", "<na>", "nat", "-", "unscored")
_NOBODY: Final = ("nan", "NaN", "None", "<NA>")  # as pandas writes them; who is called "none" is somebody
_DECIMAL_COMMA: Final = r"^([+-]?\d*),(\d+)$"

#: Column, its cells that are not understood, what becomes of their rows.
Tell = Callable[[str, Bools, str], None]


def read_cells(frame: pd.DataFrame, tell: Tell, warn: Callable[[str], None]) -> pd.DataFrame:
    """Times in any dialect as ISO 8601, numbers with a decimal point, and nothing where nothing was meant.

    What is not understood is left out: a post without its time is undated, one without its score unscored. Where
    more than `MOST_UNREAD` of a column's cells are not understood they stay, for `sentinel.scored` to refuse.

    Parameters
    ----------
    tell : is told of a column in which cells were left out.
    warn : is told what was assumed.
    """
    cleaned: dict[str, pd.Series[str]] = {name: frame[name].str.strip() for name in frame.columns}
    cleaned["author"] = cleaned["author"].mask(cleaned["author"].isin(_NOBODY), "")
    for name in ("score", "about", "spam"):
        if name in cleaned:
            cleaned[name] = _numbers(cleaned[name])
    cleaned["published"] = _times(cleaned["published"], warn)
    _leave_out(cleaned, "published", ~are_readable(cleaned["published"]), "in no series", tell)
    _leave_out(cleaned, "score", ~_are_scores(cleaned["score"]), "unscored", tell)
    return pd.DataFrame(cleaned)


def _numbers(cells: pd.Series[str]) -> pd.Series[str]:
    absent = cells.str.lower().isin(_NOTHING)
    return cells.mask(absent, "").str.replace(_DECIMAL_COMMA, r"\1.\2", regex=True)


def _are_scores(cells: pd.Series[str]) -> Bools:
    numbers = pd.to_numeric(cells, errors="coerce")
    found: Bools = (cells.eq("") | numbers.abs().le(1.0 + 1e-9)).to_numpy(dtype=bool)
    return found


def _times(cells: pd.Series[str], warn: Callable[[str], None]) -> pd.Series[str]:
    """Those that are not ISO 8601 as it, if they are understood."""
    foreign = cells[~are_readable(cells)]
    if foreign.empty:
        return cells
    different = foreign.unique().tolist()
    order = day_first(different)
    if order is None and any(either_order(text) and not pointed(text) for text in different):
        warn("no row tells day from month in dates such as 03/04/2025; month first was taken")
    stated = {text: when(text, days_first=order)[0] or text for text in different}
    nothing = foreign.str.lower().isin(_NOTHING)
    return cells.where(are_readable(cells), foreign.map(stated).mask(nothing, "").reindex(cells.index))


def _leave_out(cells: dict[str, pd.Series[str]], name: str, unread: Bools, becomes: str, tell: Tell) -> None:
    """Empty the cells of a column that are not understood, unless they are too many."""
    filled = int(cells[name].ne("").sum())
    if 0 < np.count_nonzero(unread) <= MOST_UNREAD * filled:
        tell(name, unread, becomes)
        cells[name] = cells[name].mask(unread, "")
