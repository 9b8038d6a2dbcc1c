"""Each announcement: its own panel, and the posts behind it, quoted with id and link, as text and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from sentinel.results import Results

from .answer import event_sentence, event_title
from .beside import beside, own_notes
from .closeups import Closeups
from .events import Event, Story, tone
from .numerals import count, decimal, interval, missing, p_value, plain, rate, records, shortened, signed
from .series import Series
from .words import Words

__all__ = ["posts", "roles", "safe_link"]

MANY: Final = 16  #: events beyond which those without verdict and posts are folded away
OPEN: Final = 3  #: events that moved, up to which their posts are shown unfolded
#: Before the first day and after the last, in which other announcements are told.
WEEK: Final = timedelta(days=7)
LONGEST: Final = 600  #: characters of a post that are quoted
_MOVED: Final = ("rose", "fell")
ROLES: Final = ("most engaged", "most typical", "dissenting")
WINDOWS: Final = ("reaction", "anticipation", "persistence")


def posts(results: Results, story: Story, series: Sequence[Series], words: Words) -> dict[str, Any]:
    """One card an event: what was found, what else happened, and the posts."""
    quoted: dict[str, list[dict[str, Any]]] = {}
    for row in records(results.examples):
        quoted.setdefault(str(row.get("cluster")), []).append(row)
    tested = len(story.tested)
    told = beside(results, words)
    closeups = Closeups(results, story, series, words)
    cards = [
        _card(event, quoted.get(event.cluster, []), story, tested, closeups, words)
        | {"beside": told.get(event.cluster, []), "notes": own_notes(results, event)}
        for event in story.events
    ]
    silent = [card for card in cards if card["tone"] == "untested" and not card["roles"]]
    folded = silent if len(cards) > MANY else []
    n = sum(len(role["posts"]) for card in cards for role in card["roles"])
    key = "posts.answer" if n else "posts.none"
    return {
        "answer": words(key, n=n, events=sum(bool(card["roles"]) for card in cards)),
        "cards": [card for card in cards if card not in folded],
        "folded": folded,
        "payload": _payload(closeups, story),
    }


def _payload(closeups: Closeups, story: Story) -> dict[str, Any]:
    """Values of the figures by the number of their card."""
    curves = {str(event.announced[0].number): closeups.curve(event) for event in story.events}
    return {
        "curves": {number: curve for number, curve in curves.items() if curve},
        "figure": closeups.figure(),
    }


def _card(
    event: Event, rows: list[dict[str, Any]], story: Story, tested: int, closeups: Closeups, words: Words
) -> dict[str, Any]:
    """Everything about one event."""
    return {
        "anchor": event.announced[0].number,
        "open": bool(rows) and event.tone in _MOVED and sum(e.tone in _MOVED for e in story.events) <= OPEN,
        "number": event.numbers,
        "tone": event.tone,
        "days": words.period(event.announced[0].day, event.announced[-1].day),
        "title": event_title(event, words),
        "sentence": event_sentence(event, tested, words),
        "attention": _attention(event, words),
        "circular": any(a.circular for a in event.announced),
        "sources": [a.source for a in event.announced if a.source],
        "curve": closeups.table(event),
        "seen": closeups.sentence(event),
        "words": closeups.words(event),
        "topics": closeups.topics(event),
        "near": _near(event, story),
        "others": _others(event, words),
        "roles": roles(rows, words),
    }


def _attention(event: Event, words: Words) -> str:
    """Posts a day in the window and before."""
    if event.attention is None:
        return ""
    return words(
        "posts.attention",
        during=rate(event.attention.during),
        before=rate(event.attention.before),
        ratio=decimal(event.attention.ratio, 1),
    )


def _near(event: Event, story: Story) -> list[dict[str, str]]:
    """Other announcements within a week of the event."""
    others = [a for e in story.events if e is not event for a in e.announced] + list(story.lesser)
    first, last = event.announced[0].day - WEEK, event.announced[-1].day + WEEK
    near = [a for a in others if first <= a.day <= last]
    return [
        {"day": a.day.isoformat(), "title": a.title, "number": str(a.number or "")}
        for a in sorted(near, key=lambda a: (a.day, a.title))
    ]


def _others(event: Event, words: Words) -> list[dict[str, str]]:
    """Effects in other scopes and windows that have a number, opened tests first, then by p."""
    rows = [row for row in event.others if row.get("effect") is not None]
    rows.sort(
        key=lambda r: (r.get("family") != "opened", 2 if r.get("p") is None else r["p"], str(r.get("scope")))
    )
    return [
        {
            "scope": words.scope(str(row.get("scope"))),
            "window": _window(str(row.get("window")), words),
            "effect": signed(row.get("effect")),
            "interval": interval(row.get("low"), row.get("high")),
            "n": count(row.get("n_authors")),
            "p": p_value(row.get("p")),
            "q": p_value(row.get("q")),
            "tone": tone(row),
        }
        for row in rows[:8]
    ]


def _window(window: str, words: Words) -> str:
    """A window's name."""
    return words.named("window", window)


def roles(rows: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Posts by window and role, in a fixed order."""

    def place(row: dict[str, Any]) -> tuple[int, int]:
        window, role = str(row.get("window")), str(row.get("role"))
        return (
            WINDOWS.index(window) if window in WINDOWS else len(WINDOWS),
            ROLES.index(role) if role in ROLES else len(ROLES),
        )

    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=place):
        groups.setdefault((str(row.get("window")), str(row.get("role"))), []).append(_quote(row, words))
    return [
        {
            "role": words.named("role", role),
            "window": "" if window in ("reaction", "change") else _window(window, words),
            "posts": quotes,
        }
        for (window, role), quotes in groups.items()
    ]


def _quote(row: dict[str, Any], words: Words) -> dict[str, Any]:
    """One post as text."""
    label = str(row.get("label") or "unscored")
    where = [words.scope(f"platform:{row.get('platform')}")]
    if not missing(row.get("community")):
        where.append(plain(row["community"]))
    return {
        "text": shortened(row.get("text"), LONGEST),
        "author": plain(row.get("author")),
        "where": " · ".join(where),
        "published": plain(row.get("published")).replace("T", " ").replace("Z", " UTC"),
        "id": plain(row.get("post_id")),
        "link": safe_link(row.get("url")),
        "score": signed(row.get("score")),
        "label": label if words.has(f"label.{label}") else "unscored",
        "likes": None if row.get("likes") is None else int(row["likes"]),
    }


def safe_link(url: Any) -> str:
    """The address if it is a plain web address, else nothing: a post may name any scheme."""
    text = "" if missing(url) else str(url).strip()
    if any(c.isspace() or ord(c) < 32 for c in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return plain(text) if parts.scheme.lower() in ("http", "https") and parts.hostname else ""
