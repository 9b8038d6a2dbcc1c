"""Whether what a rule names is so, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import isfinite, log2
from typing import TYPE_CHECKING, Any, Final

from sentinel.alert_rules import Failures, Finding, Move, Rejects, Rule, Silence
from sentinel.counting import counted, times
from sentinel.schedule_clock import time_of, written
from sentinel.settings import Settings
from sentinel.store import MOOD_COLUMNS, Store

if TYPE_CHECKING:
    import pandas as pd

    from sentinel.alert_baseline import Moved
    from sentinel.votes import AuthorDays

__all__ = ["MOVED", "Seen", "Watch", "seen_move"]

MOVED: Final = "moved"  #: the one event of a rule about a move
KEEP: Final = 0.7  #: of a rule's bound: a move that was told is not over before it is smaller than that
OLD_NEWS: Final = timedelta(days=14)  #: findings that are older are not told when a rule is new
AHEAD: Final = timedelta(hours=1)  #: that a platform's clock may be ahead of ours
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw."""

    why: str  #: for a dry run
    events: Mapping[str, str] = field(default_factory=dict)  #: all that is so now: key, sentence
    quiet: frozenset[str] = frozenset()  #: of these, what is old news
    judged: bool = True  #: ``False``: nothing can be said now
    state: Mapping[str, Any] = field(default_factory=dict)  #: what the rule remembers beside


@dataclass
class Watch:
    """One look at the store."""

    store: Store
    settings: Settings
    now: datetime

    def see(self, rule: Rule, state: Mapping[str, Any]) -> Seen:
        """What a rule sees, given what it remembers."""
        match rule:
            case Move():
                return seen_move(rule, self._moved(rule), MOVED in state.get("told", ()))
            case Silence():
                return self._silence(rule, state)
            case Rejects():
                return self._rejects(rule)
            case Failures():
                return self._failures(rule)
            case Finding():
                return Seen("is looked at with each report", judged=False)

    # -- moves ---------------------------------------------------------------------------------------------

    @cached_property
    def _posts(self) -> pd.DataFrame:
        import pandas as pd

        from sentinel.alert_baseline import HISTORY

        today = (self.now.date() - date(1970, 1, 1)).days
        span = (today - HISTORY.days - 2, today + 2)
        parts = self.store.rows(MOOD_COLUMNS, days=span, size=65_536)
        frames = [pd.DataFrame(part, columns=list(MOOD_COLUMNS)) for part in parts]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(MOOD_COLUMNS))

    def _days(self, span: timedelta) -> AuthorDays:
        from sentinel.alert_baseline import recent_days

        span = min(span, _DAY)
        known = self.__dict__.setdefault("_known_days", {})
        if span not in known:
            known[span] = recent_days(self._posts, self.now, span)
        found: AuthorDays = known[span]
        return found

    def _moved(self, rule: Move) -> Moved:
        import numpy as np

        from sentinel.alert_baseline import mood_move, volume_move

        days, length = self._days(rule.span), max(1, rule.span // _DAY)
        today = np.datetime64(self.now.astimezone(UTC).date(), "D")
        if rule.what == "mood":
            return mood_move(days, rule.scope, length, today, self.settings.breaks)
        return volume_move(days, rule.scope, length, today)

    # -- the rest ------------------------------------------------------------------------------------------

    def _silence(self, rule: Silence, state: Mapping[str, Any]) -> Seen:
        who = f"posts from {rule.source}" if rule.source else "posts"
        waits = self._not_read_lately(rule.span)
        if waits:
            return Seen(
                f"{waits} has not read within {_told(rule.span)}: silence cannot be judged", judged=False
            )
        platform, _, community = rule.source.partition("/")
        last = self.store.latest_post(platform, community, written(self.now + AHEAD))
        since = state.get("since") or written(self.now)
        begun = _end_of(last) if last is not None else time_of(since)
        lasted = self.now - begun if begun is not None else timedelta(0)
        said = f"no {who} since {last}" if last is not None else f"no {who} at all"
        if lasted < rule.span:
            return Seen(f"the last of the {who}: {last}" if last else said, state={"since": since})
        key = f"silent since {last or since}"
        return Seen(said, {key: f"{said}: silent for {_told(lasted)}"}, state={"since": since})

    def _not_read_lately(self, span: timedelta) -> str:
        """A job of collecting that ended last before `span`: after a night off, nothing new has been read yet."""
        known = self.store.jobs()
        for number, entry in enumerate(self.settings.collect, 1):
            name = f"collect {number} {entry.use}"
            ended = time_of(known[name]["ended"]) if name in known else None
            if name in known and (ended is None or ended < self.now - max(span, timedelta(hours=2))):
                return name
        return ""

    def _rejects(self, rule: Rejects) -> Seen:
        events = {}
        for entry in self.store.with_rejects(rule.share):
            live = entry["size"] == 0  # one entry for ever: told again when its rejects have doubled
            key = f"{entry['sha256']} {int(log2(entry['rejects'])) if live else entry['rejects']}"
            share = 100 * entry["rejects"] / entry["rows"]
            events[key] = (
                f"{entry['name']}: {entry['rejects']:,} of {counted(entry['rows'], 'row')} ({share:.1f} %) could not "
                "be read; has its format changed?"
            )
        return Seen(f"{counted(len(events), 'input has', 'inputs have')} more rejects than that", events)

    def _failures(self, rule: Failures) -> Seen:
        events = {}
        most = 0
        for job in self.store.jobs().values():
            if rule.job not in ("", job["name"].lower()):
                continue
            most = max(most, job["failures"])
            if job["failures"] >= rule.n:
                key = f"{job['name']} since {job['succeeded'] or 'ever'}"
                events[key] = f"job {job['name']} failed {times(job['failures'])}: {job['message']}"
        return Seen(f"at most {counted(most, 'failure')} in a row", events)

    def see_findings(self, rule: Finding, state: Mapping[str, Any], effects: pd.DataFrame) -> Seen:
        """What a rule about findings sees in a report's effects."""
        events, quiet = {}, set()
        moved = effects[effects["verdict"].isin(["rose", "fell"])]
        for row in moved.to_dict("records"):
            if rule.scope not in ("", row["scope"]) or rule.way not in ("", row["verdict"]):
                continue
            key = f"{row['cluster']} {row['window']} {row['scope']} {row['verdict']}"
            events[key] = (
                f"{row['date']} {row['title']}: mood of {row['scope']} {row['verdict']} by {abs(row['effect']):.2f} "
                f"({row['low']:+.2f} to {row['high']:+.2f}; q = {row['q']:.3f})"
            )
            if "told" not in state and str(row["date"]) < str((self.now - OLD_NEWS).date()):
                quiet.add(key)
        return Seen(
            counted(len(events), "finding"), events, frozenset(quiet), state={"told": state.get("told", [])}
        )


def seen_move(rule: Move, moved: Moved, told: bool) -> Seen:
    """What a rule sees of a move; one that was told stays so until it is clearly smaller.

    Parameters
    ----------
    told : whether it was raised, and not been over since.
    """
    if moved.obstacle:
        return Seen(f"cannot be judged: {moved.obstacle}", judged=False)
    sentence = _sentence(rule, moved)
    if moved.n_authors < rule.min_authors:
        return Seen(f"{sentence}; {counted(rule.min_authors, 'author')} needed", judged=False)
    slack = KEEP if told else 1.0
    way = rule.way or (1 if moved.effect > 0 else -1)
    percent = 100 * abs(moved.ratio - 1) if isfinite(moved.ratio) else float("inf")
    far = (
        way * moved.effect > 0
        and (not rule.sigma or (isfinite(moved.sigma) and way * moved.sigma >= slack * rule.sigma))
        and way * moved.effect >= slack * rule.points
        and percent >= slack * rule.percent
    )
    return Seen(sentence, {MOVED: sentence} if far else {})


def _sentence(rule: Move, moved: Moved) -> str:
    verb = "rose" if moved.effect > 0 else "fell"
    sigma = f"{abs(moved.sigma):.1f} sigma" if isfinite(moved.sigma) else "sigma unknown"
    span = _told(rule.span)
    if rule.what == "mood":
        return (
            f"mood of {rule.scope} {verb} by {abs(moved.effect):.2f} points ({sigma}) in {span}, "
            f"{counted(moved.n_authors, 'author')}"
        )
    usual = f", {100 * (moved.ratio - 1):+.0f} %" if isfinite(moved.ratio) else ""
    return (
        f"volume of {rule.scope} {verb} by {counted(round(abs(moved.effect)), 'author')} a day "
        f"({sigma}{usual}) in {span}, {counted(moved.n_authors, 'author')}"
    )


def _told(span: timedelta) -> str:
    """A time for people: ``24 h``, ``3 days``."""
    if span > _DAY and not span % _DAY:
        return f"{span.days} days"
    if span >= 3 * _DAY:
        return f"{span.days} days"
    return f"{span.total_seconds() / 3600:.0f} h"


def _end_of(published: str) -> datetime | None:
    """When a post was published at the latest: of a bare date its end."""
    if len(published) == len("2031-01-01"):
        return datetime.fromisoformat(published).replace(tzinfo=UTC) + _DAY
    moment = datetime.fromisoformat(published)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
