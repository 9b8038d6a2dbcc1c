"""Announcements of a report, numbered, joined where they cannot be told apart, with what was found for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from sentinel.days import mood_days
from sentinel.results import Results

from .attention import Attention, Volume, attention, read_volume
from .numerals import records
from .series import day_span

__all__ = ["TONES", "Announced", "Event", "Story", "cluster_of", "read_story", "tone"]

TONES: Final = {"rose": "rose", "fell": "fell", "no visible change": "flat", "not tested": "untested"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement."""

    day: date  #: as dated by its source
    zero: date  #: the mood day that holds it
    title: str
    category: str
    source: str
    time_known: bool
    circular: bool  #: dated by the very posts it is tested on
    number: int = 0  #: as on the chart, from 1; 0 if it is not numbered


@dataclass(frozen=True, slots=True)
class Event:
    """A cluster: announcements whose reaction windows overlap, reported as one."""

    cluster: str
    announced: tuple[Announced, ...]
    finding: Row  #: its row of effects.csv for scope all and the reaction; values may be None
    others: tuple[Row, ...]  #: its rows for other scopes and windows
    first: date  #: of the reaction window
    last: date
    attention: Attention | None  #: None if there are no posts to compare

    @property
    def tone(self) -> str:
        """Rose, fell, flat, untested or exploratory."""
        return tone(self.finding)

    @property
    def numbers(self) -> str:
        """As on the chart: "3" or "3–4"."""
        low, high = self.announced[0].number, self.announced[-1].number
        return str(low) if low == high else f"{low}–{high}"


@dataclass(frozen=True, slots=True)
class Story:
    """All events, and the announcements that are none."""

    events: tuple[Event, ...]  #: in the period of the posts, by date
    outside: tuple[Event, ...]  #: before the first post or after the last
    lesser: tuple[Announced, ...]  #: in the period, but not in the family that is tested
    span: tuple[date, date] | None  #: first and last day with a post

    @property
    def tested(self) -> tuple[Event, ...]:
        """Events with a verdict: what q accounts for."""
        return tuple(event for event in self.events if event.tone not in ("untested", "exploratory"))


def tone(row: Row) -> str:
    """Which shape and colour a row of effects.csv wears; an exploratory one has no verdict."""
    if row.get("family") == "exploratory":
        return "untested" if row.get("p") is None else "exploratory"
    return TONES.get(str(row.get("verdict") or ""), "untested")


def cluster_of(row: Row) -> str:
    """The cluster a row of effects.csv belongs to; its announcement alone if it names none."""
    return str(row.get("cluster") or f"{row.get('date')} {row.get('title')}")


def read_story(results: Results) -> Story:
    """Number, join and sort the announcements of `results`."""
    span = day_span(results.mood)
    listed = _listed(results)
    volumes = read_volume(results)
    inside: list[Event] = []
    outside: list[Event] = []
    number = 1
    for cluster, rows in _clusters(results.effects):
        announced = _announced(rows, listed)
        if span is not None and announced[-1].zero >= span[0] and announced[0].zero <= span[1]:
            announced = tuple(replace(a, number=number + place) for place, a in enumerate(announced))
            number += len(announced)
            inside.append(_event(cluster, rows, announced, results.options, volumes))
        else:
            outside.append(_event(cluster, rows, announced, results.options, volumes))
    told = {(a.day, a.title) for event in (*inside, *outside) for a in event.announced}
    lesser = [a for key, a in listed.items() if span and span[0] <= a.zero <= span[1] and key not in told]
    return Story(tuple(inside), tuple(outside), tuple(lesser), span)


def _clusters(effects: pd.DataFrame) -> list[tuple[str, list[Row]]]:
    """Rows by cluster, clusters by date: those of the primary family, or all if there is no such family."""
    rows = [row for row in records(effects) if _day(row.get("date"))]
    primary = {cluster_of(row) for row in rows if row.get("family") == "primary"}
    clusters: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (str(row["date"]), str(row.get("title")))):
        if not primary or cluster_of(row) in primary:
            clusters.setdefault(cluster_of(row), []).append(row)
    return list(clusters.items())


def _listed(results: Results) -> dict[tuple[date, str], Announced]:
    """Every announcement that was read and has a date, by date and title."""
    rows = [row for row in records(results.announcements) if _day(row.get("date") or row.get("day"))]
    zeros = _zeros(rows, results)
    found = [
        Announced(
            day=_day(row.get("date") or row.get("day")) or zero,
            zero=zero,
            title=str(row.get("title") or ""),
            category=str(row.get("category") or ""),
            source=str(row.get("source") or ""),
            time_known=bool(row.get("time_utc")),
            circular=row.get("circular") is True,
        )
        for row, zero in zip(rows, zeros, strict=True)
    ]
    return {(a.day, a.title): a for a in sorted(found, key=lambda a: (a.zero, a.day, a.title))}


def _zeros(rows: Sequence[Row], results: Results) -> list[date]:
    """The mood day of each announcement; its date where no time is known."""
    times = [str(row.get("time_utc") or "") for row in rows]
    dates = [str(row.get("date") or row.get("day"))[:10] for row in rows]
    known = [time if len(time) > len(day) else day for time, day in zip(times, dates, strict=True)]
    days = mood_days(known, str(results.options.get("timezone") or "UTC"))
    return [date.fromisoformat(str(day)) for day in days]


def _announced(rows: Sequence[Row], listed: Mapping[tuple[date, str], Announced]) -> tuple[Announced, ...]:
    """The announcements of a cluster, by day."""
    found: dict[tuple[date, str], Announced] = {}
    for row in rows:
        day = _day(row["date"]) or date.min
        key = (day, str(row.get("title") or ""))
        if key not in found:
            category, known = str(row.get("category") or ""), row.get("time_known") is not False
            found[key] = listed.get(key) or Announced(day, day, key[1], category, "", known, False)
    return tuple(sorted(found.values(), key=lambda a: (a.zero, a.day, a.title)))


def _event(
    cluster: str,
    rows: Sequence[Row],
    announced: tuple[Announced, ...],
    options: Mapping[str, Any],
    volumes: list[Volume],
) -> Event:
    """One event with its finding, its other rows and its attention."""
    first_of: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: row.get("family") != "primary"):
        first_of.setdefault((str(row.get("window")), str(row.get("scope"))), row)
    finding = first_of.pop(("reaction", "all"), {"verdict": "not tested"})
    windows = options.get("windows") or {}
    begin, end = windows.get("reaction") or (0, 2)
    first = announced[0].zero + timedelta(days=int(begin) - (not announced[0].time_known))
    first = _day(finding.get("first_day")) or first
    last = _day(finding.get("last_day")) or announced[-1].zero + timedelta(days=int(end))
    before = [announced[0].zero + timedelta(days=int(n)) for n in windows.get("baseline") or (-35, -8)]
    burst = attention(volumes, (first, last), (before[0], before[1]))
    return Event(cluster, announced, finding, tuple(first_of.values()), first, last, burst)


def _day(value: Any) -> date | None:
    """The date at the beginning of a text, None if there is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
