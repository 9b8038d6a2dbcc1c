"""Posts that mood cannot tell apart, counted together: the day, author and marks they share, and their scores' sum.

Cells add up: those of new posts are put beside those of old ones, which need not be read again. Scores are rounded to
six decimals when they are made, so their sums are whole millionths, the same in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from zlib import compress, decompress

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from sentinel.post import CORRECTION
from sentinel.scored import EARLIEST, LATEST, SETTLED, Bools, Codes, ScoredPosts, handle

__all__ = ["CELL_COLUMNS", "CELL_VERSION", "Cells", "Marks", "single_cells"]

#: What `single_cells` is given of each post, in this order: names of exported columns, the mood day as a number, and
#: marks for what else was looked for in its text.
CELL_COLUMNS: Final = (
    *("day", "published", "platform", "community", "precision", "author", "kind", "lang", "about", "spam"),
    *("spam_reasons", "copy_of", "label", "score", "topics", "entities", "model"),
    *("likes", "reposts", "replies", "quotes"),
    "marks",
)
#: Changes with what a cell is, so that those that were kept are made anew.
CELL_VERSION: Final = 3

Ints = npt.NDArray[Any]  # of 32 or 64 bits

_MICRO: Final = 1e6
_ENGAGED: Final = ("likes", "reposts", "replies", "quotes")
_DATE: Final = len("2025-04-28")
_TEXTS: Final = (
    *("platform", "community", "precision", "author", "kind", "lang", "label", "topics", "entities", "model"),
    "marks",
)
_UNDATED: Final = np.iinfo(np.int32).min
# What is known of a cell's posts beside its texts.
_PUBLISHED, _BARE, _COPY, _SCORED, _HAS_ABOUT, _ABOUT, _HAS_SPAM, _SPAM, _PATTERN = (
    1 << bit for bit in range(9)
)


class Marks(Protocol):
    """What else is looked for in texts."""

    key: str  #: changes with what is looked for
    words: Sequence[str]  #: a text that holds none of them, in whatever case, has no mark

    def of(self, text: str) -> str:
        """The mark of a text; "" if there is nothing in it."""
        ...


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells in no particular order; the same cell may come twice."""

    names: Mapping[str, Sequence[str | None]]  #: the different values of each of the columns of texts
    codes: Mapping[str, Ints]  #: positions in them
    day: Ints  #: mood day, in days since 1970-01-01; of undated posts the smallest number there is
    flags: Ints
    #: Where no author is named, the score in millionths: each such post is an author of its own.
    nameless: Ints
    n: Ints  #: posts
    total: Ints  #: sum of scores, in millionths
    weight: Ints  #: sum of weights: 1 for a post, and its likes, reposts, replies and quotes
    weighted: Ints  #: sum of scores times weights, in millionths
    largest: Ints  #: weight of the largest post

    @property
    def _numbers(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
        return (
            *(self.day, self.flags, self.nameless, self.n, self.total),
            *(self.weight, self.weighted, self.largest),
        )

    def __len__(self) -> int:
        return len(self.n)

    def has(self, flag: int) -> Bools:
        found: Bools = (self.flags & flag) > 0
        return found

    @property
    def n_posts(self) -> int:
        """Number of posts."""
        return int(self.n.sum())

    def number(self, rows: Bools) -> int:
        """How many posts the cells `rows` hold."""
        return int(self.n[rows].sum())

    def shares(self, column: str) -> dict[str, int]:
        """Value -> posts; a missing value is ""."""
        counts = np.bincount(self.codes[column], self.n, len(self.names[column])).astype(np.int64)
        found: dict[str, int] = {}
        for name, number in zip(self.names[column], counts.tolist(), strict=True):
            if number:
                found[name or ""] = found.get(name or "", 0) + number
        return found

    def is_in(self, column: str, wanted: Callable[[str], bool]) -> Bools:
        """Cells whose text passes a test."""
        fits = np.array([wanted(name or "") for name in self.names[column]], bool)
        found: Bools = fits[self.codes[column]] if len(fits) else np.zeros(len(self), bool)
        return found

    def where(self, rows: Bools) -> Cells:
        """Some of the cells."""
        return Cells(
            self.names,
            {name: codes[rows] for name, codes in self.codes.items()},
            *(values[rows] for values in self._numbers),
        )

    def filtered(self, langs: Collection[str] = (), topic: str | None = None) -> Cells:
        """Posts in one of these languages, of this topic."""
        cells = self.where(self.is_in("lang", lambda name: name in langs)) if langs else self
        return cells.where(cells.is_in("topics", lambda ids: topic in ids.split(";"))) if topic else cells

    def counts(self) -> dict[str, int]:
        """How many posts are what."""
        kind = {name: self.is_in("kind", name.__eq__) for name in ("repost", "headline")}
        dated = self.has(_PUBLISHED)
        found = {
            "undated": ~dated,
            "day_precision": self.is_in("precision", "day".__eq__),
            "no_author": self._absent("author"),
            "reposts": kind["repost"],
            "copies": self.has(_COPY),
            "headlines": kind["headline"],
            "spam": self.has(_SPAM),
            "spam_patterns": self.has(_PATTERN),
            "not_about": ~self.has(_ABOUT),
            "unscored": ~self.has(_SCORED),
            "corrected": self.is_in("model", lambda name: name.endswith(CORRECTION)),
            "headline_mood": self._headline_mood() & dated,
        }
        return {name: self.number(rows) for name, rows in found.items()}

    def _headline_mood(self) -> Bools:
        mute = self.is_in("kind", ("repost", "headline").__contains__)
        opinion = self.has(_ABOUT) & self.has(_SCORED) & ~self.has(_SPAM) & ~self.has(_COPY)
        rows: Bools = opinion & ~mute
        return rows

    def reach(self) -> list[tuple[int, float, int, int]]:
        """Of each mood day with a post of the headline mood: sum of scores times weights, weights, largest weight."""
        at = np.flatnonzero(self._headline_mood() & (self.day != _UNDATED))
        days, place = np.unique(self.day[at], return_inverse=True)
        sums = [
            np.bincount(place, values[at].astype(np.float64), len(days))
            for values in (self.weighted, self.weight)
        ]
        largest = np.zeros(len(days), np.int64)
        np.maximum.at(largest, place, self.largest[at])
        totals = (sums[0] / _MICRO).tolist()
        weights = sums[1].astype(np.int64).tolist()
        return list(zip(days.tolist(), totals, weights, largest.tolist(), strict=True))

    def _absent(self, column: str) -> Bools:
        """Cells that lack a text, rather than holding an empty one."""
        missing = np.array([name is None for name in self.names[column]], bool)
        found: Bools = missing[self.codes[column]] if len(missing) else np.zeros(len(self), bool)
        return found

    def n_outside(self) -> int:
        """Posts dated out of the years of which series are made."""
        first, last = (int(day.astype(np.int64)) for day in (EARLIEST, LATEST))
        return self.number(self.has(_PUBLISHED) & ((self.day < first) | (self.day > last)))

    def scored_posts(self) -> ScoredPosts:
        """As `sentinel.scored.scored_posts` of the posts, a row a cell; posts without author a row each."""
        settled = {name: self._codes(name, *how) for name, how in SETTLED.items()}
        alone = settled["author"].rows("")
        if (self.n[alone] > 1).any():
            times = np.where(alone, self.n, 1)
            return self._repeated(times, alone).scored_posts()
        day = self.day.astype("datetime64[D]")
        day[(day < EARLIEST) | (day > LATEST) | self.is_in("precision", "none".__eq__)] = np.datetime64("NaT")
        scored = self.has(_SCORED) & ~self.is_in("label", "unscored".__eq__)
        return ScoredPosts(
            day=day,
            bare_date=self.has(_BARE),
            **settled,
            about=np.where(self.has(_HAS_ABOUT), self.has(_ABOUT), 1.0).astype(np.float32),
            spam=self.has(_SPAM).astype(np.float32),
            copy=self.has(_COPY),
            score=np.where(scored, self.total / _MICRO, np.nan),
            n=self.n.astype(np.int64),
        )

    def _repeated(self, times: Ints, alone: Bools) -> Cells:
        at = np.repeat(np.arange(len(self)), times)
        single = alone[at]
        return Cells(
            self.names,
            {name: codes[at] for name, codes in self.codes.items()},
            self.day[at],
            self.flags[at],
            self.nameless[at],
            np.where(single, 1, self.n[at]),
            np.where(single, self.nameless[at], self.total[at]),
            self.weight[at],
            self.weighted[at],
            self.largest[at],
        )

    def _codes(self, column: str, missing: str, clean: Callable[[str], str]) -> Codes:
        """As `sentinel.scored` settles a column: cleaned, sorted, equal ones made one; unused ones left out."""
        codes = self.codes[column]
        used = np.flatnonzero(np.bincount(codes, minlength=len(self.names[column])))
        cleaned = [clean((self.names[column][at] or "").strip()) or missing for at in used.tolist()]
        names, places = np.unique(np.array(cleaned, dtype=object), return_inverse=True)
        settled = np.zeros(len(self.names[column]), np.int64)
        settled[used] = places
        return Codes(tuple(names.tolist()) or (missing,), settled[codes])

    def grouped(self) -> Cells:
        """Each cell once."""
        key = _key([self.day, self.flags, self.nameless, *self.codes.values()])
        _, first, at = np.unique(key, return_index=True, return_inverse=True)
        largest = np.zeros(len(first), np.int64)
        np.maximum.at(largest, at, self.largest)
        return Cells(
            self.names,
            {name: codes[first] for name, codes in self.codes.items()},
            self.day[first],
            self.flags[first],
            self.nameless[first],
            _sums(at, self.n, len(first)),
            _sums(at, self.total, len(first)),
            _sums(at, self.weight, len(first)),
            _sums(at, self.weighted, len(first)),
            largest,
        )

    @classmethod
    def joined(cls, parts: Iterable[Cells]) -> Cells:
        """The cells of all parts."""
        known: dict[str, dict[str | None, int]] = {name: {} for name in _TEXTS}
        codes: dict[str, list[Ints]] = {name: [] for name in _TEXTS}
        columns: list[list[Ints]] = [[] for _ in range(8)]
        for part in parts:
            for name in _TEXTS:
                table = known[name]
                places = [table.setdefault(value, len(table)) for value in part.names[name]]
                codes[name].append(np.array(places, np.int32)[part.codes[name]])
            for column, values in zip(columns, part._numbers, strict=True):
                column.append(values)
        empty: list[Ints] = [np.empty(0, np.int32)]
        return cls(
            {name: list(table) for name, table in known.items()},
            {name: np.concatenate(found or empty) for name, found in codes.items()},
            *[np.concatenate(found or empty) for found in columns],
        )

    def packed(self) -> bytes:
        """The cells as bytes; see `unpacked`."""
        arrays = [*self._numbers, *self.codes.values()]
        small = [values.astype(np.min_scalar_type(_largest(values))) for values in arrays]
        head = orjson.dumps(
            {"names": dict(self.names), "types": [values.dtype.str for values in small], "n": len(self)}
        )
        return compress(b"".join([len(head).to_bytes(4, "little"), head, *(v.tobytes() for v in small)]), 1)

    @classmethod
    def unpacked(cls, content: bytes) -> Cells:
        """What `packed` made."""
        raw = decompress(content)
        start = 4 + int.from_bytes(raw[:4], "little")
        head = orjson.loads(raw[4:start])
        arrays = []
        for kind in head["types"]:
            values = np.frombuffer(raw, kind, head["n"], start)
            start += values.nbytes
            arrays.append(values.astype(np.int64 if values.dtype.itemsize == 8 else np.int32))
        return cls(head["names"], dict(zip(_TEXTS, arrays[8:], strict=True)), *arrays[:8])


def single_cells(columns: Mapping[str, Sequence[Any]]) -> Cells:
    """A cell for each of some posts, whose `CELL_COLUMNS` are given."""
    size = len(columns["day"])
    names, codes = {}, {}
    for name in _TEXTS:
        found, values = pd.factorize(np.array(columns[name], dtype=object), use_na_sentinel=False)
        names[name] = [None if value is None or value != value else str(value) for value in values]
        codes[name] = found.astype(np.int32)
    day = np.array([_UNDATED if value is None else value for value in columns["day"]], np.int32)
    score = np.array(columns["score"], np.float64)
    micro = np.rint(np.nan_to_num(score) * _MICRO).astype(np.int64)
    about, spam = (np.array(columns[name], np.float64) for name in ("about", "spam"))
    flags = (
        _PUBLISHED * np.array([value is not None for value in columns["published"]], bool)
        + _BARE * np.array([len(value or "") == _DATE for value in columns["published"]], bool)
        + _COPY * np.array([bool(value) for value in columns["copy_of"]], bool)
        + _SCORED * ~np.isnan(score)
        + _HAS_ABOUT * ~np.isnan(about)
        + _ABOUT * (about >= 0.5)
        + _HAS_SPAM * ~np.isnan(spam)
        + _SPAM * (spam >= 0.5)
        + _PATTERN * np.array([value is not None for value in columns["spam_reasons"]], bool)
    ).astype(np.int32)
    authors = np.array([not handle((name or "").strip()) for name in names["author"]], bool)
    alone = authors[codes["author"]] if size else np.zeros(0, bool)
    one = np.ones(size, np.int64)
    weight = one + sum(
        (np.array([value or 0 for value in columns[name]], np.int64) for name in _ENGAGED), np.int64(0)
    )
    nameless = np.where(alone, micro, 0)
    return Cells(names, codes, day, flags, nameless, one, micro, weight, weight * micro, weight)


def _sums(at: Ints, values: Ints, size: int) -> Ints:
    """Sums of whole numbers at the same place."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, at, values)
    return sums


def _largest(values: Ints) -> int:
    """A number that says which type holds all of `values`."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    return high if low >= 0 else -max(-low, high + 1)


def _key(columns: Sequence[Ints]) -> Ints:
    """One number a row, the same where all columns are."""
    key = np.zeros(len(columns[0]), np.int64)
    size = 1
    for column in columns:
        codes, found = pd.factorize(column)
        if size * (len(found) + 1) > 2**62:
            key, kept = pd.factorize(key)
            size = len(kept) + 1
        key = key * len(found) + codes
        size *= max(len(found), 1)
    return key
