"""The first panel: what is new since the last report, or that nothing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sentinel.results import Results

from .answer import event_sentence, event_title
from .events import TONES, Event, Story
from .numerals import plain
from .words import Words

__all__ = ["since"]

Finding = Mapping[str, Any]


def since(results: Results, story: Story, words: Words) -> dict[str, Any] | None:
    """Sentences and lists; None where there is no earlier report."""
    news = results.since
    if not news:
        return None
    completed, changed = (_events(news[name], story) for name in ("completed", "changed"))
    tested = len(story.tested)
    return {
        "answer": _answer(news, words),
        "completed": [
            _item(event, words) | {"sentence": event_sentence(event, tested, words)} for event, _ in completed
        ],
        "changed": [
            _item(event, words) | {"before": TONES.get(str(finding["before"]), "untested")}
            for event, finding in changed
        ],
        "added": words("since.added", n=len(news["added"])) if news["added"] else "",
        "nothing": "" if completed or changed else words("since.nothing"),
    }


def _answer(news: Mapping[str, Any], words: Words) -> str:
    """How many posts came, and up to when."""
    n = int(news["posts"])
    key = "since.more" if n > 0 else "since.fewer" if n < 0 else "since.none"
    return words(
        key, n=abs(n), earlier=_day(news["earlier_last_day"], words), last=_day(news["last_day"], words)
    )


def _day(text: Any, words: Words) -> str:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return plain(text) or words("page.no_posts")
    return words.period(day, day)


def _events(findings: Sequence[Finding], story: Story) -> list[tuple[Event, Finding]]:
    """Events of these findings, each once, by date; those outside the days of the posts have no card to lead to."""
    by_cluster = {event.cluster: event for event in story.events}
    found: dict[str, tuple[Event, Finding]] = {}
    for finding in findings:
        cluster = str(finding["cluster"])
        if cluster in by_cluster:
            found.setdefault(cluster, (by_cluster[cluster], finding))
    return [found[cluster] for cluster in sorted(found)]


def _item(event: Event, words: Words) -> dict[str, Any]:
    return {
        "tone": event.tone,
        "number": event.numbers,
        "anchor": event.announced[0].number,
        "title": event_title(event, words),
        "days": words.period(event.announced[0].day, event.announced[-1].day),
    }
