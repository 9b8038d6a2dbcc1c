"""Section 1: what moved, what did not, what could not be judged; in sentences made from numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from sentinel.placebo import LEVEL

from .events import Event, Story, tone
from .numerals import decimal, equal, rate, shortened, signed
from .remarks import kinds, remark
from .words import Words

__all__ = ["answer", "event_sentence", "event_title"]

FEW: Final = 8  #: items of a list that are shown before the rest is folded away
_NONE_LARGER: Final = 1e-4  #: a share of ordinary dates that is none but for rounding
BURST: Final = 1.5  #: times the usual posts a day from which attention is worth a sentence
BURST_POSTS: Final = 30  #: and how many posts there have to be


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
        if not events and key != "untested" and not tested:
            continue  # the headline has said that nothing could be judged
        shown = _foremost(events) if key == "untested" else events[:FEW]
        groups.append(
            {
                "key": key,
                "n": len(events),
                "shown": [_item(event, tested, words) for event in shown],
                "folded": [_item(event, tested, words) for event in events if event not in shown],
                "kinds": kinds([e.finding for e in events], words) if len(events) > FEW else [],
            }
        )
    return {
        "headline": _headline(story, by_tone, words),
        "n": len(story.events),
        "tiles": [{"tone": tone, "n": len(events)} for tone, events in by_tone.items()],
        "groups": groups,
        "outside": words("answer.outside", n=len(story.outside)) if story.outside and story.span else "",
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


def _foremost(events: list[Event]) -> list[Event]:
    """Those with most posts, by date: the nearest to a verdict."""
    most = sorted(events, key=lambda event: -int(event.finding.get("n_posts") or 0))[:FEW]
    return [event for event in events if event in most]


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
        "where": _where(event, words) if event.tone in ("rose", "fell") else "",
    }


def _where(event: Event, words: Words) -> str:
    """On which topics the mood moved: those of the tests that a finding opens."""
    opened = [
        row
        for row in event.others
        if row.get("family") == "opened"
        and row.get("window") == "reaction"
        and str(row.get("scope")).startswith("topic:")
        and row.get("p") is not None
    ]
    if not opened:
        return words("event.topics_untested")
    moved = [row for row in opened if tone(row) in ("rose", "fell")]
    moved.sort(key=lambda row: (-abs(float(row["effect"])), str(row["scope"])))
    told = [
        words(
            "event.topic",
            name=words.scope(str(row["scope"])),
            effect=signed(row["effect"]),
            q=equal(float(row["q"])),
            who=_who(row, words),
        )
        for row in moved
    ]
    if not told:
        return words("event.topics_none", n=len(opened))
    return words("event.topics", names=words("list.semicolon").join(told), n=len(opened))


def event_sentence(event: Event, tested: int, words: Words) -> str:
    """What was found, with interval, number and the smallest change that could have been seen (method.md, 7).

    `tested` is the number of tests that q accounts for.
    """
    row = event.finding
    parts = []
    if row.get("effect") is not None:
        parts.append(_level(event, words))
        if row.get("p") is not None and event.tone != "untested":
            parts.append(_ordinary(row, tested, words))
        if event.tone == "flat" and row.get("smallest_visible") is not None:
            key = "event.flat" if float(row["p"]) > LEVEL else "event.flat_alone"
            parts.append(words(key, smallest=decimal(row["smallest_visible"]), tests=tested))
        if event.tone == "exploratory":
            parts.append(words("event.exploratory"))
    reason = remark(row, words, sentence=True)
    if reason:
        parts.append(words("sentence", text=reason))
    if not parts:
        return words("event.no_reason")
    if row.get("effect") is not None and not all(a.time_known for a in event.announced):
        parts.append(words("event.time_unknown"))
    return words("sentence.space").join(parts)


def _level(event: Event, words: Words) -> str:
    """How far the mood lay from that of the reference weeks."""
    row = event.finding
    effect = float(row["effect"])
    bounded = row.get("low") is not None and row.get("high") is not None
    key = "event.level" if float(decimal(abs(effect))) else "event.same"
    return words(
        key if bounded else f"{key}_bare",
        period=words.period(event.first, event.last),
        size=decimal(abs(effect)),
        direction=words("event.higher" if effect > 0 else "event.lower"),
        together=words("event.inseparable") if len(event.announced) > 1 else "",
        low=signed(row.get("low")),
        high=signed(row.get("high")),
        who=_who(row, words),
    )


def _who(row: Mapping[str, Any], words: Words) -> str:
    """Whose posts a window holds: authors, posts without author, or both."""
    total, nameless = int(row.get("n_authors") or 0), int(row.get("n_nameless") or 0)
    if not nameless:
        return words("event.who", n=total)
    if nameless >= total:
        return words("event.who_nameless", n=nameless)
    return words("event.who_both", n=total - nameless, nameless=nameless)


def _ordinary(row: Mapping[str, Any], tested: int, words: Words) -> str:
    """The comparison with ordinary dates, with p and q."""
    p, independent = float(row["p"]), row.get("k_e")
    # p counts one date more than were looked at; without that one it is the share of larger changes
    larger = max(0.0, (p * (1 + independent) - 1) / independent) if independent else p
    q = row.get("q")
    tail = (
        words("event.p_q", p=equal(p), q=equal(q), n=tested, tests=tested)
        if q is not None
        else words("event.p", p=equal(p))
    )
    if larger < _NONE_LARGER and row.get("placebos"):
        return words(
            "event.largest", n=int(row["placebos"]), k=math.floor(independent or row["placebos"]), tail=tail
        )
    return words("event.ordinary", k=math.floor(100 * (1 - larger)), tail=tail)


def _attention(story: Story, words: Words) -> str:
    """The largest burst of posts, which is not mood."""
    bursts = [
        (e.attention.ratio, e)
        for e in story.events
        if e.attention and e.attention.ratio >= BURST and e.attention.posts >= BURST_POSTS
    ]
    if not bursts:
        return words("answer.attention_none") if any(e.attention for e in story.events) else ""
    ratio, event = max(bursts, key=lambda burst: burst[0])
    assert event.attention is not None
    return words(
        "answer.attention",
        title=event_title(event, words, 80),
        number=event.numbers,
        ratio=decimal(ratio, 1),
        during=rate(event.attention.during),
        before=rate(event.attention.before),
    )
