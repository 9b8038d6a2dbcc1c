"""The lake read back as a report reads a store: a day at a time, so that memory holds a few days and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sentinel.cells import Cells, Marks
from sentinel.lake.engine import TAGGED, Made
from sentinel.lake.files import Folder
from sentinel.lake.steps import UNDATED, day_name
from sentinel.pseudonyms import Pseudonyms
from sentinel.scopes import scopes
from sentinel.scored import Bools, Codes, ScoredPosts

__all__ = ["AUTHOR_DAYS", "LakePosts", "write_author_days"]

AUTHOR_DAYS: Final = "author_days.parquet"

_APART: Final = 2  # days by which a mood day and a calendar date in UTC may differ, and more
_SHARES: Final = 16**5
_INTEGERS: Final = ("likes", "reposts", "replies", "quotes", "views", "day")
_AUTHOR_DAYS_SCHEMA: Final = pa.schema(
    [
        ("day", pa.string()),
        ("scope", pa.string()),
        ("platform", pa.string()),
        ("author", pa.string()),
        ("n_posts", pa.int64()),
        ("score", pa.float64()),
    ]
)


class LakePosts:
    """Tagged posts of a lake, with the methods of a store that reports read."""

    def __init__(self, lake: Folder, made: Made, pseudonyms: Pseudonyms | None = None) -> None:
        self.url = lake.url
        self._lake = lake
        self._made = made
        self._pseudonyms = pseudonyms
        self._names = {entry["sha256"]: entry["name"] for entry in made.entries}

    @property
    def synthetic(self) -> bool | None:
        """Whether the posts are a generated sample; ``None`` while there are none."""
        flags = {flag for entry in self._made.entries for flag in entry["synthetic"]}
        return None if not flags else True in flags

    @property
    def kept_since(self) -> str | None:
        """All posts are kept: a lake erases nothing."""
        return None

    def clean(self, copy_days: int = 1, near_copies: bool = False) -> None:
        """Nothing to do: near-copies were marked before the posts were written."""

    def mark_patterns(self, strength: float = 1.0) -> None:
        """Nothing to do: they were marked before the posts were written."""

    def count_untagged(self, taggers: str | None = None) -> int:
        """None: posts are tagged before they are written."""
        return 0

    def cells(self, marks: Marks | None = None) -> Iterator[Cells]:
        """The cells of all posts; their marks are of the claims of the settings they were made with."""
        yield self._made.cells

    def rejected(self) -> Iterator[Sequence[Any]]:
        """Unreadable rows as (source, position, reason, excerpt), in the order of their inputs."""
        for entry in self._made.entries:
            for reject in entry["rejects"]:
                yield (entry["name"], *reject)

    def ledger(self) -> list[dict[str, Any]]:
        """Every input with its counts; as of a store."""
        return [
            {
                "name": entry["name"],
                "sha256": entry["sha256"],
                "format": entry["format"],
                "size": entry["size"],
                "rows": entry["rows"],
                "posts": self._made.owned.get(entry["sha256"], 0),
                "duplicates": entry["n_posts"] - self._made.owned.get(entry["sha256"], 0),
                "rejects": len(entry["rejects"]),
                "skipped": entry["skipped"],
                "warnings": entry["warnings"],
                "status": entry["status"],
                "message": entry["message"],
            }
            for entry in self._made.entries
        ]

    def rows(
        self,
        names: Sequence[str],
        *,
        since: str | None = None,
        until: str | None = None,
        langs: Sequence[str] = (),
        topic: str | None = None,
        days: tuple[int, int] | None = None,
        headline_mood: bool = False,
        share: float = 1.0,
        plain: bool = False,
        ordered: bool = True,
        size: int = 8192,
    ) -> Iterator[Sequence[Sequence[Any]]]:
        """Posts in the order of publishing (undated last), a few thousand at a time; parameters as of a store."""
        first, last = map(day_name, days) if days else ("", "9999")
        first, last = max(first, since or ""), min(last, until or "9999")
        wanted = [day for day in self._made.days if day != UNDATED and first <= day <= last]
        if not (days or since or until) and UNDATED in self._made.days:
            wanted.append(UNDATED)
        hide = None if plain else self._pseudonyms
        waiting = pd.DataFrame()
        for day in wanted:
            read = self._day(day)
            read = read[_chosen(read, langs, topic, headline_mood, share)]
            waiting = pd.concat([waiting, read], ignore_index=True) if len(waiting) else read
            waiting = waiting.sort_values(["published", "platform", "post_id"], na_position="last")
            if day == UNDATED:
                continue
            ready = waiting["published"] < (date.fromisoformat(day) - timedelta(days=_APART)).isoformat()
            yield from _parts(waiting[ready], names, size, hide)
            waiting = waiting[~ready]
        yield from _parts(waiting, names, size, hide)

    def _day(self, day: str) -> pd.DataFrame:
        with self._lake.reading(TAGGED, f"day={day}", "posts.parquet") as stream:
            found: pd.DataFrame = pq.ParquetFile(stream).read().to_pandas()
        found["source"] = found["input"].map(self._names)
        return found


def _parts(
    posts: pd.DataFrame, names: Sequence[str], size: int, hide: Pseudonyms | None
) -> Iterator[Sequence[Sequence[Any]]]:
    read = names if hide is None else (*names, "platform")
    for at in range(0, len(posts), size):
        part = posts.iloc[at : at + size]
        rows: list[Sequence[Any]] = list(zip(*(_listed(part[name]) for name in read), strict=True))
        yield rows if hide is None else list(hide.rows(rows, names))


def _chosen(
    posts: pd.DataFrame, langs: Sequence[str], topic: str | None, headline_mood: bool, share: float
) -> Any:
    rows = np.ones(len(posts), dtype=bool)
    if langs:
        rows &= posts["lang"].isin(list(langs)).to_numpy()
    if topic is not None:
        rows &= np.array([topic in str(ids).split(";") for ids in posts["topics"]], bool)
    if headline_mood:
        rows &= (
            posts["score"].notna()
            & (posts["about"] >= 0.5)
            & (posts["spam"] < 0.5)
            & ~posts["kind"].isin(["repost", "headline"])
            & posts["copy_of"].isna()
        ).to_numpy(dtype=bool)
    if share < 1:
        bound = f"{int(share * _SHARES):05x}"
        rows &= np.array([isinstance(key, str) and key < bound for key in posts["copy_key"]], bool)
    return rows


def _listed(column: pd.Series[Any]) -> list[Any]:
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    if column.name in _INTEGERS:
        return [None if value is None else int(value) for value in values]
    return values


def write_author_days(lake: Folder, cells: Cells, pseudonyms: Pseudonyms | None) -> None:
    """`AUTHOR_DAYS`: day, scope, platform, author, posts, their mean score; a post without author a row of its own."""
    table = cells.scored_posts()
    with lake.writing(AUTHOR_DAYS) as stream, pq.ParquetWriter(stream, _AUTHOR_DAYS_SCHEMA) as writer:
        for scope, members in scopes(table):
            writer.write_table(_author_days(table, scope, members, pseudonyms))


def _author_days(table: ScoredPosts, scope: str, members: Bools, pseudonyms: Pseudonyms | None) -> Any:
    at = np.flatnonzero(members & ~np.isnan(table.score) & ~np.isnat(table.day))
    alone = np.where(table.author.rows("")[at], np.arange(1, len(at) + 1), 0)
    frame = pd.DataFrame(
        {
            "day": table.day[at].astype("datetime64[D]").astype(str),
            "platform": _texts(table.platform, at),
            "author": _texts(table.author, at),
            "alone": alone,
            "n_posts": table.n[at],
            "score": np.rint(table.score[at] * 1e6).astype(np.int64),
        }
    )
    sums = frame.groupby(["day", "platform", "author", "alone"], sort=True).sum().reset_index()
    sums["score"] = sums["score"] / 1e6 / sums["n_posts"]
    if pseudonyms is not None:
        sums["author"] = list(map(pseudonyms.of, sums["platform"], sums["author"]))
    return pa.Table.from_pandas(
        sums.assign(scope=scope)[_AUTHOR_DAYS_SCHEMA.names], _AUTHOR_DAYS_SCHEMA, preserve_index=False
    )


def _texts(column: Codes, at: Any) -> Any:
    return np.array(column.names, dtype=object)[column.codes[at]]
