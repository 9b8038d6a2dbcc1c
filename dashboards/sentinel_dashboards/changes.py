"""Lasting changes of mood that were found without the dates: what nobody announced, and what was said then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sentinel.results import Results

from .events import Story
from .numerals import decimal, equal, plain, records, signed
from .posts import roles
from .words import Words

__all__ = ["changes"]


def changes(results: Results, story: Story, words: Words) -> dict[str, Any]:
    """Answer, how well the changes match the calendar, and a card a change: those that nobody announced first."""
    found = records(results.changes)
    said: dict[str, list[dict[str, Any]]] = {}
    for row in records(results.change_posts):
        said.setdefault(str(row["cluster"]), []).append(row)
    ordered = sorted(found, key=lambda row: (bool(row["clusters"]), row["day"]))
    unannounced = sum(not row["clusters"] for row in found)
    key = "changes.some" if found else "changes.none"
    return {
        "answer": words(key, n=len(found), unannounced=unannounced),
        "match": _match(results.change_match, words) if found else "",
        "cards": [_card(row, said.get(str(row["day"]), []), story, words) for row in ordered],
    }


def _match(match: Mapping[str, float | None], words: Words) -> str:
    p, expected = match.get("p"), match.get("expected")
    if p is None or expected is None:
        return ""
    return words(
        "changes.match",
        matched=int(match["matched"] or 0),
        n=int(match["announcements"] or 0),
        expected=decimal(expected, 1),
        p=equal(p),
    )


def _card(
    row: Mapping[str, Any], rows: Sequence[dict[str, Any]], story: Story, words: Words
) -> dict[str, Any]:
    day = date.fromisoformat(str(row["day"]))
    clusters = [name for name in str(row["clusters"] or "").split("; ") if name]
    titles = [
        (event.numbers, announced.title)
        for event in story.events
        if event.cluster in clusters
        for announced in event.announced
    ]
    return {
        "day": day.isoformat(),
        "sentence": words(
            "changes.card",
            day=words.period(day, day),
            direction=words("event.higher" if row["change"] > 0 else "event.lower"),
            size=decimal(abs(row["change"])),
            before=signed(row["before"]),
            after=signed(row["after"]),
        ),
        "announced": titles,
        "breaks": plain(row.get("breaks")),
        "week": words.period(day, day + timedelta(days=6)),
        "roles": roles(list(rows), words),
    }
