"""Section 1: what moved, what did not, what could not be judged; in sentences made from numbers."""

from __future__ import annotations

import math
from typing import Any, Final

from .events import Event, Story
from .numerals import decimal, p_value, shortened, signed
from .words import Words

__all__ = ["answer", "event_sentence", "event_title"]

FEW: Final = 8  #: items of a list that are shown before the rest is folded away
BURST: Final = 1.5  #: times the usual posts a day from which attention is worth a sentence


def answer(story: Story, words: Words) -> dict[str, Any]:
    """Everything that section 1 states."""
    tested = len(story.tested)
    by_tone = {
        tone: [e for e in story.events if e.tone == tone] for tone in ("rose", "fell", "flat", "untested")
    }
    groups = []
    for key, tones in (
        ("moved", ("rose", "fell")),
        ("flat", ("flat", "exploratory")),
        ("untested", ("untested",)),
    ):
        events = [event for event in story.events if event.tone in tones]
        items = [_item(event, tested, words) for event in events]
        groups.append({"key": key, "shown": items[:FEW], "folded": items[FEW:], "n": len(items)})
    return {
        "headline": _headline(story, by_tone, words),
        "tiles": [{"tone": tone, "n": len(events)} for tone, events in by_tone.items()],
        "groups": groups,
        "outside": words("answer.outside", n=len(story.outside)) if story.outside else "",
        "attention": _attention(story, words),
    }


def _headline(story: Story, by_tone: dict[str, list[Event]], words: Words) -> str:
    """The answer in one sentence."""
    if story.span is None:
        return words("answer.no_posts")
    if not story.events:
        return words("answer.no_events")
    n = len(story.tested)
    if not n:
        return words("answer.none_tested", n=len(story.events))
    rose, fell = len(by_tone["rose"]), len(by_tone["fell"])
    if not rose and not fell:
        return words("answer.none_moved", n=n)
    parts = [words(f"answer.{tone}", k=k) for tone, k in (("rose", rose), ("fell", fell)) if k]
    return words("answer.moved", n=n, k=rose + fell, how=words("list.and").join(parts))


def event_title(event: Event, words: Words, limit: int = 160) -> str:
    """Titles of the event, as text; joined if they are inseparable."""
    return words("event.and").join(shortened(a.title, limit) for a in event.announced)


def _item(event: Event, tested: int, words: Words) -> dict[str, Any]:
    """One event of a list."""
    return {
        "tone": event.tone,
        "number": event.numbers,
        "anchor": event.announced[0].number,
        "days": words.period(event.announced[0].day, event.announced[-1].day),
        "title": event_title(event, words),
        "sentence": event_sentence(event, tested, words),
    }


def event_sentence(event: Event, tested: int, words: Words) -> str:
    """What was found, with interval, number and the smallest change that could have been seen (method.md, 7).

    `tested` is the number of tests that q accounts for.
    """
    row = event.finding
    reason = words.reason(row.get("reason"))
    if event.tone == "untested" and row.get("effect") is None:
        return reason or words("event.no_reason")
    effect, p, q = row.get("effect"), row.get("p"), row.get("q")
    parts = [
        words(
            "event.level",
            period=words.period(event.first, event.last),
            size=decimal(abs(effect or 0.0)),
            direction=words("event.higher" if (effect or 0.0) > 0 else "event.lower"),
            together=words("event.inseparable") if len(event.announced) > 1 else "",
            low=signed(row.get("low")),
            high=signed(row.get("high")),
            authors=int(row.get("n_authors") or 0),
        )
    ]
    if p is not None:
        p_text = p_value(p) if p < 0.001 else f"= {p_value(p)}"
        key = "event.placebo" if q is not None else "event.placebo_no_q"
        parts.append(words(key, k=math.floor(100 * (1 - p)), p=p_text, q=p_value(q), tests=tested))
    if event.tone == "flat" and row.get("smallest_visible") is not None:
        parts.append(words("event.flat", smallest=decimal(row["smallest_visible"])))
    if event.tone == "exploratory":
        parts.append(words("event.exploratory"))
    if reason:
        parts.append(words("sentence", text=reason))
    if any(not a.time_known for a in event.announced):
        parts.append(words("event.time_unknown"))
    return words("sentence.space").join(parts)


def _attention(story: Story, words: Words) -> str:
    """The largest burst of posts, which is not mood."""
    bursts = [(e.attention.ratio, e) for e in story.events if e.attention and e.attention.ratio >= BURST]
    if not bursts:
        return words("answer.attention_none") if any(e.attention for e in story.events) else ""
    ratio, event = max(bursts, key=lambda burst: burst[0])
    assert event.attention is not None
    return words(
        "answer.attention",
        n=len(bursts),
        title=event_title(event, words, 80),
        number=event.numbers,
        ratio=decimal(ratio, 1),
        during=f"{event.attention.during:,.0f}",
        before=f"{event.attention.before:,.0f}",
    )
