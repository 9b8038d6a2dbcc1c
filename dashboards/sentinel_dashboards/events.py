"""Announcements of a report, numbered, joined where they cannot be told apart, with what was found for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from sentinel.results import Results

from .numerals import missing, records
from .series import day_span

__all__ = ["Announced", "Attention", "Event", "Story", "read_story", "tone"]

TONES: Final = {"rose": "rose", "fell": "fell", "no visible change": "flat", "not tested": "untested"}


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement."""

    number: int  #: as on the chart, from 1; 0 if it is not numbered
    day: date
    title: str
    category: str
    time_known: bool
    source: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Posts a day around an event, whatever their mood; reposts and copies count."""

    during: float  #: posts a day in the reaction window
    before: float  #: posts a day in the baseline

    @property
    def ratio(self) -> float:
        """How many times the usual."""
        return self.during / self.before


@dataclass(frozen=True, slots=True)
class Event:
    """A cluster: announcements whose reaction windows overlap, reported as one."""

    cluster: str
    announced: tuple[Announced, ...]
    finding: Mapping[str, Any]  #: its row of effects.csv for scope all and the reaction; values may be None
    others: tuple[Mapping[str, Any], ...]  #: its rows for other scopes and windows
    first: date  #: of the reaction window
    last: date
    attention: Attention | None  #: None if there are no posts to compare

    @property
    def tone(self) -> str:
        """Rose, fell, flat or untested."""
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
    outside: tuple[Event, ...]  #: tested announcements before the first post or after the last
    lesser: tuple[Announced, ...]  #: in the period, but not in the family that is tested
    span: tuple[date, date] | None  #: first and last day with a post

    @property
    def tested(self) -> tuple[Event, ...]:
        """Events with a verdict."""
        return tuple(event for event in self.events if event.tone != "untested")


def tone(row: Mapping[str, Any]) -> str:
    """Which shape and colour a row of effects.csv wears; an exploratory one has no verdict."""
    verdict = TONES.get(str(row.get("verdict") or ""), "untested")
    if row.get("family") == "exploratory" and verdict != "untested":
        return "exploratory"
    return verdict


def read_story(results: Results) -> Story:
    """Number, join and sort the announcements of `results`."""
    span = day_span(results.mood)
    clusters = _clusters(results.effects)
    volume = _volume(results.mood)
    inside: list[Event] = []
    outside: list[Event] = []
    number = 1
    for cluster, rows in clusters:
        titles = _announced(rows, results.announcements)
        within = span is not None and titles[-1].day >= span[0] and titles[0].day <= span[1]
        if within:
            titles = tuple(
                Announced(number + i, a.day, a.title, a.category, a.time_known, a.source) for i, a in enumerate(titles)
            )
            number += len(titles)
        event = _event(cluster, rows, titles, results.options, volume)
        (inside if within else outside).append(event)
    told = {(a.day, a.title) for event in (*inside, *outside) for a in event.announced}
    lesser = tuple(
        a
        for a in _listed(results.announcements)
        if span and span[0] <= a.day <= span[1] and (a.day, a.title) not in told
    )
    return Story(tuple(inside), tuple(outside), lesser, span)


def _clusters(effects: pd.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows by cluster, clusters by date: those of the primary family, or all if there is no such family."""
    rows = [row for row in records(effects) if _day(row.get("date"))]
    for row in rows:
        if missing(row.get("cluster")):
            row["cluster"] = f"{row['date']} {row.get('title')}"
    primary = {str(row["cluster"]) for row in rows if row.get("family") == "primary"}
    clusters: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (str(row["date"]), str(row.get("title")))):
        if not primary or str(row["cluster"]) in primary:
            clusters.setdefault(str(row["cluster"]), []).append(row)
    return list(clusters.items())


def _announced(rows: list[dict[str, Any]], announcements: pd.DataFrame) -> tuple[Announced, ...]:
    """The announcements of a cluster, by date."""
    sources = {(a.day, a.title): a.source for a in _listed(announcements)}
    titles: dict[tuple[date, str], dict[str, Any]] = {}
    for row in rows:
        day = _day(row["date"])
        assert day is not None
        titles.setdefault((day, str(row.get("title") or "")), row)
    return tuple(
        Announced(0, day, title, str(row.get("category") or ""), row.get("time_known") is not False,
                  sources.get((day, title), ""))
        for (day, title), row in sorted(titles.items())
    )  # fmt: skip


def _listed(announcements: pd.DataFrame) -> list[Announced]:
    """Every announcement that was read and has a date."""
    listed = []
    for row in records(announcements):
        day = _day(row.get("date") or row.get("day"))
        if day is not None:
            listed.append(
                Announced(0, day, str(row.get("title") or ""), str(row.get("category") or ""),
                          not missing(row.get("time_utc")), str(row.get("source") or ""))
            )  # fmt: skip
    return sorted(listed, key=lambda a: (a.day, a.title))


def _day(value: Any) -> date | None:
    """The date at the beginning of a text, None if there is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _event(
    cluster: str,
    rows: list[dict[str, Any]],
    announced: tuple[Announced, ...],
    options: Mapping[str, Any],
    volume: Mapping[date, float],
) -> Event:
    """One event with its primary finding, its other rows and its attention."""
    others: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        others.setdefault((str(row.get("window")), str(row.get("scope"))), row)
    finding = others.pop(("reaction", "all"), {"verdict": "not tested", "reason": None})
    windows = options.get("windows") or {}
    begin, end = windows.get("reaction") or (0, 2)
    first = announced[0].day + timedelta(days=int(begin) - (0 if announced[0].time_known else 1))
    last = announced[-1].day + timedelta(days=int(end))
    baseline = windows.get("baseline") or (-35, -8)
    attention = _attention(volume, announced[0].day, (first, last), (int(baseline[0]), int(baseline[1])))
    return Event(cluster, announced, finding, tuple(others.values()), first, last, attention)


def _volume(mood: pd.DataFrame) -> dict[date, float]:
    """Posts a day, everything counted."""
    scopes = set(mood["scope"].astype(str)) if len(mood) else set()
    rows = mood[mood["scope"] == ("unfiltered" if "unfiltered" in scopes else "all")]
    return {date.fromisoformat(str(d)): float(n or 0) for d, n in zip(rows["day"], rows["n_posts"], strict=True)}


def _attention(
    volume: Mapping[date, float], day: date, window: tuple[date, date], baseline: tuple[int, int]
) -> Attention | None:
    """Mean posts a day in window and baseline, over days with posts; None with fewer than 7 such days before."""
    during = [volume[d] for d in _days(*window) if d in volume]
    before = [volume[d] for d in _days(day + timedelta(days=baseline[0]), day + timedelta(days=baseline[1])) if d in volume]
    if not during or len(before) < 7 or not sum(before):
        return None
    return Attention(sum(during) / len(during), sum(before) / len(before))


def _days(first: date, last: date) -> list[date]:
    """All days from first to last."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
