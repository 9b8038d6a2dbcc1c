"""What ``sentinel claims`` says."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sentinel.analysis import claims_of, mood_cells
from sentinel.claims import VERDICTS
from sentinel.claims_file import read_claims
from sentinel.counting import counted
from sentinel.export import write_frame
from sentinel.numbers import effects_of
from sentinel.opening import settle
from sentinel.settings import Settings
from sentinel.store import Store

__all__ = ["claim_lines"]


def claim_lines(store: Store, settings: Settings, seed: int, out: Path | None) -> Iterator[str]:
    """Each claim with its verdict, in the order of its file; to `out` as claims.csv."""
    claims = read_claims(settings.claims)
    settle(store, settings)
    numbers = effects_of(mood_cells(store, claims=claims), settings, seed)
    table = claims_of(numbers, settings, claims, seed)
    if out is not None:
        write_frame(out, table)
    for row in table.to_dict("records"):
        yield f"{row['verdict']:<17} {row['claim']} [{row['id']}]"
        chosen = f" ({row['posts']})" if row["posts"] else ""
        people = f"{counted(row['n_posts'], 'post')}{chosen}, {counted(row['n_authors'], 'author')}"
        yield f"{'':<17} {_figure(row)}{people}" + (f"; {row['reason']}" if row["reason"] else "")
    n = table["verdict"].value_counts()
    yield f"{counted(len(table), 'claim')}: " + ", ".join(
        f"{n.get(verdict, 0)} {verdict}" for verdict in VERDICTS
    )


def _figure(row: Mapping[Hashable, Any]) -> str:
    if row["effect"] != row["effect"]:
        return ""
    return f"{row['effect']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f}, {row['unit']}); "
