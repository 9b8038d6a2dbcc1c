"""Rows of facts as a table whose columns have fixed types, however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["rounded", "typed_table"]

_DIGITS: Final = 6  # significant digits: beyond them results differ from machine to machine


def typed_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    texts: Collection[str],
    counts: Collection[str] = (),
    flags: Collection[str] = (),
) -> pd.DataFrame:
    """What a row lacks is "" among `texts`, 0 among `counts`, else NaN: all other columns are numbers."""
    table: dict[str, pd.Series[Any]] = {}
    for name in columns:
        values = [row.get(name) for row in rows]
        if name in texts:
            table[name] = pd.Series([value or "" for value in values], dtype="str")
        elif name in counts:
            table[name] = pd.Series([value or 0 for value in values], dtype="int64")
        elif name in flags:
            table[name] = pd.Series(values, dtype="bool")
        else:
            table[name] = pd.Series([np.nan if value is None else value for value in values], dtype="float64")
    return pd.DataFrame(table)


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its floats to as many significant digits as mean something."""
    floats = table.select_dtypes("float64").columns
    digits = {name: [float(f"{value:.{_DIGITS}g}") for value in table[name]] for name in floats}
    return table.assign(**digits).astype(dict.fromkeys(floats, "float64"))
