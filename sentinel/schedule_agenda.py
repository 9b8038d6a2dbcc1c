"""What is to run when: decided from the time that it is told, from the timings, and from what is known of past runs.

It never sleeps, starts nothing and reads no clock, so that a year of it can be tried out in a second.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final, Protocol

from sentinel.errors import StoreError
from sentinel.schedule_clock import time_of, written
from sentinel.schedule_jobs import Job
from sentinel.schedule_triggers import following, following_interval, opening, zone_of
from sentinel.timing import Timing

__all__ = ["Agenda", "Memory", "due", "pause"]

BACK_OFF: Final = timedelta(minutes=1)  # doubled with each failure in a row
LONGEST_BACK_OFF: Final = timedelta(hours=1)
FIRST_WAIT: Final = timedelta(minutes=10)  # of the first report, for collectors that have read nothing yet
TRUST: Final = timedelta(days=1)  # a success further in the future is the memory of a wrong clock

log = logging.getLogger("sentinel.daemon")


class Memory(Protocol):
    """What outlives the process; `sentinel.store.Store` is one."""

    def jobs(self) -> Mapping[str, Mapping[str, Any]]:
        """What is known of every job, by name."""

    def remember_job(self, name: str, **facts: str | int) -> None:
        """Keep some of it."""


def due(timing: Timing, timezone: str, succeeded: datetime | None, now: datetime) -> datetime:
    """When a job is to run next, given its last success: at once, if a run was missed since or there was none.

    Runs missed while nobody was there are made up for by one. Outside its window of hours a job waits for it.
    """
    zone = zone_of(timing, timezone)
    if succeeded is None:
        return opening(timing.between, zone, now)
    if timing.every is not None:
        moment = min(max(succeeded + timing.every, now), now + timing.every)
        return opening(timing.between, zone, moment)
    after = succeeded if succeeded <= now + TRUST else now
    moment_or_never = following(timing, zone, after)
    if moment_or_never is None or moment_or_never > now:
        return moment_or_never or datetime.max.replace(tzinfo=UTC)
    return opening(timing.between, zone, now)


def pause(failures: int) -> timedelta:
    """How long a job waits after so many failures in a row."""
    return min(BACK_OFF * int(2 ** min(failures - 1, 20)), LONGEST_BACK_OFF)


@dataclass(slots=True)
class _Entry:
    job: Job
    due: datetime
    succeeded: datetime | None = None
    slot: datetime | None = None  #: what the run in progress is for
    started: datetime | None = None  #: the run in progress; ``None`` if there is none
    failures: int = 0
    removed: bool = False
    tried: bool = False  #: it ended at least once, well or not
    held: bool = False  #: a report that would be about nothing yet


class Agenda:
    """Jobs with their next runs.

    Parameters
    ----------
    memory : asked once for each job, then told of every change. While it cannot be written, changes wait.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._entries: dict[str, _Entry] = {}
        self._unsaved: dict[str, dict[str, str | int]] = {}
        self._lock = Lock()  # runs end in threads of their own

    def replace(self, jobs: Iterable[Job], now: datetime) -> None:
        """These are the jobs from now on. One that runs is left to end; an unchanged one keeps its place."""
        wanted = {job.name: job for job in jobs}
        known = self.memory.jobs()
        with self._lock:
            for name, entry in list(self._entries.items()):
                entry.removed = name not in wanted
                if entry.removed and entry.started is None:
                    del self._entries[name]
            for name, job in wanted.items():
                self._plan(job, known.get(name, {}), now)
            self._hold_first_reports(now)
        self.save()

    def _plan(self, job: Job, known: Mapping[str, Any], now: datetime) -> None:
        entry = self._entries.get(job.name)
        if entry is not None and (entry.job == job or entry.started is not None):
            entry.job = job
            return
        succeeded, ended = time_of(known.get("succeeded")), time_of(known.get("ended"))
        failures = int(known.get("failures") or 0)
        moment = due(job.timing, job.zone, succeeded, now)
        if failures and ended is not None and ended <= now:  # a restart does not end a pause
            moment = max(moment, self._allowed(job, ended + pause(failures)))
        tried = ended is not None
        self._entries[job.name] = _Entry(job, moment, succeeded, failures=failures, tried=tried)
        self._note(job.name, next=written(moment) if moment.year < 9999 else "")

    def _hold_first_reports(self, now: datetime) -> None:
        """A report that was never written waits for collectors that never read, but not for long."""
        if not self._reads_first(now):
            return
        for entry in self._entries.values():
            waits = entry.job.kind == "report" and not entry.tried and entry.started is None
            if waits and entry.due <= now:
                entry.due, entry.held = self._allowed(entry.job, now + FIRST_WAIT), True
                self._note(entry.job.name, next=written(entry.due))

    def _release_first_reports(self, now: datetime) -> None:
        if self._reads_first(now):
            return
        for entry in self._entries.values():
            if entry.held:
                entry.due, entry.held = min(entry.due, self._allowed(entry.job, now)), False

    def _reads_first(self, now: datetime) -> bool:
        """Whether a collector is at its first run, or about to begin it."""
        return any(
            entry.job.kind == "collect"
            and not entry.tried
            and (entry.started is not None or entry.due <= now)
            for entry in self._entries.values()
        )

    def _allowed(self, job: Job, moment: datetime) -> datetime:
        return opening(job.timing.between, zone_of(job.timing, job.zone), moment)

    def start_due(self, now: datetime) -> list[Job]:
        """The jobs whose time has come; they count as running from now on."""
        with self._lock:
            ready = [entry for entry in self._entries.values() if entry.started is None and entry.due <= now]
            for entry in ready:
                entry.slot, entry.started = entry.due, now
                self._note(entry.job.name, started=written(now))
        self.save()
        return [entry.job for entry in ready]

    def hasten(self, name: str, now: datetime) -> None:
        """Let a job run now, if it is none that failed lately."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and not entry.failures:
                entry.due = min(entry.due, now)

    def ended(self, name: str, now: datetime, problem: str | None) -> int:
        """A job ended: well (""), with a problem, or abandoned (``None``), as if it had not been started.

        Returns
        -------
        int
            Its failures in a row.
        """
        with self._lock:
            entry = self._entries.get(name)
            if entry is None or entry.started is None:
                return 0
            started, entry.started = entry.started, None
            if entry.removed:
                del self._entries[name]
            if problem is None:
                return entry.failures
            entry.tried = True
            self._release_first_reports(now)
            entry.failures = entry.failures + 1 if problem else 0
            entry.due = (
                self._allowed(entry.job, now + pause(entry.failures))
                if problem
                else self._after_success(entry, started, now)
            )
            facts: dict[str, str | int] = {"ended": written(now), "failures": entry.failures}
            facts |= {"message": problem, "next": written(entry.due)}
            if entry.succeeded is not None and not problem:
                facts["succeeded"] = written(entry.succeeded)
            self._note(name, **facts)
        self.save()
        return entry.failures

    def _after_success(self, entry: _Entry, started: datetime, now: datetime) -> datetime:
        slot, timing = entry.slot or started, entry.job.timing
        zone = zone_of(timing, entry.job.zone)
        entry.succeeded = max(slot, started) if slot <= started + TRUST else started
        if timing.every is None:
            return following(timing, zone, entry.succeeded) or datetime.max.replace(tzinfo=UTC)
        # Late by a whole interval or more, the machine was off or asleep: count from here.
        base = slot if started - slot < timing.every else started
        return following_interval(timing, zone, base, now)

    def jumped_back(self, now: datetime) -> None:
        """The clock was set back: nothing waits for longer than it would have, and nothing is done twice."""
        with self._lock:
            for entry in self._entries.values():
                timing, zone = entry.job.timing, zone_of(entry.job.timing, entry.job.zone)
                if entry.failures:
                    moment: datetime | None = now + pause(entry.failures)
                elif timing.every is not None:
                    moment = now + timing.every
                else:
                    last = entry.succeeded
                    after = last if last is not None and now < last <= now + TRUST else now
                    moment = following(timing, zone, after)
                if moment is not None:
                    entry.due = min(entry.due, self._allowed(entry.job, moment))
                    self._note(entry.job.name, next=written(entry.due))
        self.save()

    def wait(self, now: datetime) -> float:
        """Seconds until the next job is due; infinity if there is none."""
        with self._lock:
            moments = [entry.due for entry in self._entries.values() if entry.started is None]
        return max(0.0, (min(moments) - now).total_seconds()) if moments else float("inf")

    @property
    def running(self) -> list[str]:
        """Names of the jobs in progress."""
        with self._lock:
            return [name for name, entry in self._entries.items() if entry.started is not None]

    def next_runs(self) -> dict[str, datetime]:
        """When each job is due."""
        with self._lock:
            return {name: entry.due for name, entry in self._entries.items()}

    def _note(self, name: str, **facts: str | int) -> None:
        self._unsaved.setdefault(name, {}).update(facts)

    def save(self) -> bool:
        """Tell the memory what it does not know yet; whether it listened."""
        with self._lock:
            unsaved, self._unsaved = self._unsaved, {}
        while unsaved:
            name, facts = next(iter(unsaved.items()))
            try:
                self.memory.remember_job(name, **facts)
            except StoreError as error:
                with self._lock:
                    for left, older in unsaved.items():
                        self._unsaved[left] = older | self._unsaved.get(left, {})
                log.warning("what is known of the jobs waits to be stored: %s", error)
                return False
            del unsaved[name]
        return True
