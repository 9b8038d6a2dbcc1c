"""A look at the rules of the settings' alerts, and the sending of what they raised.

An event and the messages about it are stored in one step with what the rule remembers; a message leaves the store's
list of unsent ones only when its destination took it. So none is lost between two digests, nor sent twice, except to
a destination that took it in the moment before the process was killed; it can tell by the message's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from sentinel.alert_doubts import Doubts
from sentinel.alert_rules import Finding, Move, Rule, parse_rule
from sentinel.alert_send import DeliveryError, Message, as_written, send, shown
from sentinel.alert_watch import Seen, Watch
from sentinel.console import Console
from sentinel.schedule_agenda import pause
from sentinel.schedule_clock import time_of, written
from sentinel.schedule_triggers import following, zone_of
from sentinel.settings import Alert, Settings
from sentinel.store import Store
from sentinel.timing import Timing, parse_duration

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CoolDown", "dry_run", "look", "looks_again", "note_findings"]

_DAY: Final = timedelta(days=1)
_OFTEN: Final = timedelta(hours=1)
_LOOKS: Final = 8  # at a move in its own span
_TOGETHER: Final = 50  # events in one message; the others follow in the next


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the settings and where its messages go."""

    alert: Alert
    rule: Rule
    key: str  #: what it is remembered by

    @property
    def cool_down(self) -> timedelta:
        """How long it is quiet after an event."""
        if self.alert.cool_down is not None:
            return parse_duration(self.alert.cool_down)
        return max(_DAY, self.rule.span) if isinstance(self.rule, Move) else timedelta(0)


def look(store: Store, settings: Settings, now: datetime, console: Console) -> None:
    """Look at every rule, then send what waits and may be sent now.

    A message that could not be handed over is kept and tried again, after pauses that grow.
    """
    watch = Watch(store, settings, now)
    with store.alerting():
        for entry in _rules(settings):
            if not isinstance(entry.rule, Finding):  # those are looked for when a report was made
                state = store.rule_state(entry.key)
                if looks_again(entry.rule, state, now):
                    _note(store, entry, watch.see(entry.rule, state), state, now)
        for problem in _send_all(store, settings, now):
            console.warn(problem)


def note_findings(store: Store, settings: Settings, effects: pd.DataFrame, now: datetime) -> None:
    """Raise the alerts about verdicts of a report that no earlier one gave."""
    watch = Watch(store, settings, now)
    with store.alerting():
        for entry in _rules(settings):
            if isinstance(entry.rule, Finding):
                state = store.rule_state(entry.key)
                _note(store, entry, watch.see_findings(entry.rule, state, effects), state, now)


def dry_run(store: Store, settings: Settings, now: datetime) -> Iterator[str]:
    """What each rule would raise now, and why; nothing is stored or sent."""
    watch, doubts = Watch(store, settings, now), Doubts(store, settings)
    for entry in _rules(settings):
        yield f"alert {entry.alert.when!r} to {', '.join(map(shown, entry.alert.destinations))}"
        yield from (f"  warning: {doubt}" for doubt in doubts.about(entry.alert, entry.rule))
        state = store.rule_state(entry.key)
        seen = watch.see(entry.rule, state)
        texts = CoolDown(state, entry.cool_down).new(seen, now)
        yield f"  now: {seen.why}"
        yield from (f"  would be raised: {text}" for text in texts.values())
        if seen.events and not texts:
            yield "  was raised already, or cools down"
    for row in store.unsent():
        yield f"waits to be sent: {row['created']} {row['text']}"


def _rules(settings: Settings) -> Iterator[_Rule]:
    for alert in settings.alert:
        rule = parse_rule(alert.when)
        written_out = sorted(map(as_written, alert.destinations))
        yield _Rule(alert, rule, _digest("\n".join([repr(rule), *written_out])))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _named(destination: str) -> str:
    """What the store calls a destination: secrets stay out of it, and may change."""
    return _digest(as_written(destination))


def looks_again(rule: Rule, state: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is time to look again: the more often a move is looked at, the oftener chance makes one."""
    last = time_of(state.get("looked"))
    if not isinstance(rule, Move) or last is None or last > now:
        return True
    return now - last >= max(_OFTEN, rule.span / _LOOKS)


@dataclass(frozen=True, slots=True)
class CoolDown:
    """What a rule remembers, so that an event is told once, and no two within a time."""

    state: Mapping[str, Any]
    lasts: timedelta

    def new(self, seen: Seen, now: datetime) -> dict[str, str]:
        """Events that were not told yet; none while the rule cools down."""
        last = time_of(self.state.get("raised"))
        if last is not None and last <= now < last + self.lasts:
            return {}
        told = {*self.state.get("told", ()), *seen.quiet}
        return {event: text for event, text in seen.events.items() if event not in told}

    def after(self, seen: Seen, new: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """What it remembers once `new` is told."""
        after = {**self.state, **seen.state, "looked": written(now)}
        if seen.judged:
            known = {*self.state.get("told", ()), *seen.quiet, *new}
            after["told"] = [event for event in seen.events if event in known]
        if new:
            after["raised"] = written(now)
        return after


def _note(store: Store, entry: _Rule, seen: Seen, state: Mapping[str, Any], now: datetime) -> None:
    """Store what a look saw."""
    memory = CoolDown(state, entry.cool_down)
    new = memory.new(seen, now)
    when = written(now)
    rows = [
        {
            "event": _digest(f"{entry.key} {event} {when if isinstance(entry.rule, Move) else ''}"),
            "destination": _named(destination),
            "created": when,
            "rule": entry.alert.when,
            "text": text,
        }
        for event, text in new.items()
        for destination in entry.alert.destinations
    ]
    store.note_look(entry.key, memory.after(seen, new, now), rows)


def _send_all(store: Store, settings: Settings, now: datetime) -> Iterator[str]:
    """Send what waits; why some could not be sent. Alerts of one destination and timing share a message."""
    groups: dict[tuple[str, Any], list[Alert]] = {}
    for alert in settings.alert:
        for destination in alert.destinations:
            groups.setdefault((destination, alert.digest), []).append(alert)
    for (destination, digest), alerts in groups.items():
        rules = {alert.when for alert in alerts}
        waiting = [row for row in store.unsent(_named(destination)) if row["rule"] in rules]
        if waiting and _is_due(store, digest, settings.timezone, destination, waiting[0]["created"], now):
            yield from _send(store, settings, destination, waiting, now)


def _is_due(
    store: Store, digest: Timing | None, timezone: str, destination: str, created: str, now: datetime
) -> bool:
    """Whether the digest that the oldest message waits for is to be sent."""
    first = time_of(created)
    if digest is None or first is None:
        return True
    if digest.every is not None:
        last = time_of(store.last_sent(_named(destination)))
        return last is None or not last <= now < last + digest.every
    moment = following(digest, zone_of(digest, timezone), first)
    return moment is not None and moment <= now


def _send(
    store: Store, settings: Settings, destination: str, waiting: Sequence[Mapping[str, Any]], now: datetime
) -> Iterator[str]:
    ready = [row for row in waiting if row["next"] <= written(now)]
    for start in range(0, len(ready), _TOGETHER):
        rows = ready[start : start + _TOGETHER]
        events = [row["event"] for row in rows]
        try:
            send(destination, _message(rows), settings.smtp, settings.folder)
        except DeliveryError as error:
            attempts = max(row["attempts"] for row in rows) + 1
            store.note_unsent(events, _named(destination), str(error), written(now + pause(attempts)))
            yield f"a message was not sent, and is tried again: {error}"
            return
        store.note_sent(events, _named(destination), written(now))


def _message(rows: Sequence[Mapping[str, Any]]) -> Message:
    events = tuple(
        {"id": row["event"], "rule": row["rule"], "text": row["text"], "time": row["created"]} for row in rows
    )
    title = events[0]["text"] if len(events) == 1 else f"{len(events)} alerts"
    name = _digest(" ".join(event["id"] for event in events)) if len(events) > 1 else events[0]["id"]
    return Message(name, f"mood-sentinel: {title}", events)
