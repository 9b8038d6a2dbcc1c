"""The daemon: collects and reports on schedule, each job in a process of its own. It alone reads the clock.

A job that fails, hangs or dies costs itself: it is tried again later, and the others go on. What was to run while
the daemon was down runs once when it is back. APScheduler keeps the time; what must outlive the process (when a
job last succeeded) is in the store.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from sentinel.days import NYSE
from sentinel.errors import SettingsError, UsageError
from sentinel.settings import PluginSettings, Settings
from sentinel.store import Store
from sentinel.timing import Timing, parse_duration, parse_timing

__all__ = ["Daemon", "Job", "due", "jobs_of", "trigger_of"]

COLLECT_EVERY: Final = "15 min"
REPORT_AT: Final = "07:00"
TIMEOUT: Final = "1 h"
TICK: Final = timedelta(seconds=30)  # the longest sleep, so that a changed clock is noticed
JUMP: Final = timedelta(seconds=90)  # wall clock against monotonic clock: the machine slept, or was set
BACK_OFF: Final = timedelta(minutes=1)  # doubled with each failure in a row
LONGEST_BACK_OFF: Final = timedelta(hours=6)
SETTLING: Final = timedelta(seconds=5)  # a file that changed more lately may still be being written
GRACE: Final = 20.0  # seconds that a child gets to end by itself

log = logging.getLogger("sentinel.daemon")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do on schedule."""

    name: str  #: such as "collect 1 folder"; what it is known by in the store
    command: tuple[str, ...]  #: arguments of the command line that does it
    timing: Timing
    timeout: timedelta


def jobs_of(settings: Settings) -> list[Job]:
    """The jobs of these settings, in their order.

    Raises
    ------
    UsageError
        If there are none.
    """
    found = []
    kinds: Sequence[tuple[str, Sequence[PluginSettings], Mapping[str, str]]] = (
        ("collect", settings.collect, {"every": COLLECT_EVERY}),
        ("report", settings.report, {"at": REPORT_AT}),
    )
    for kind, entries, default in kinds:
        for number, entry in enumerate(entries, 1):
            timing = parse_timing(entry.every, entry.at, entry.cron) or parse_timing(**default)
            timeout = parse_duration(entry.timeout or TIMEOUT)
            if timing is not None:
                name = f"{kind} {number} {entry.use}"
                found.append(Job(name, ("job", kind, str(number)), timing, timeout))
    if not found:
        raise UsageError(
            "nothing to do: the settings have no [[collect]] and no [[report]]; see 'sentinel init'"
        )
    return found


def trigger_of(timing: Timing, timezone: str, start: datetime | None = None) -> BaseTrigger:
    """APScheduler's trigger for a timing; days and hours are those of the time zone.

    Raises
    ------
    SettingsError
        If a field of a cron line is out of range.
    """
    if timing.every is not None:
        return IntervalTrigger(seconds=int(timing.every.total_seconds()), start_date=start, timezone=UTC)
    minute, hour, day, month, weekday = timing.cron or ("*",) * 5
    zone = ZoneInfo("America/New_York" if timezone == NYSE else timezone)
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, second="0", timezone=zone
        )
    except ValueError as error:
        raise SettingsError(f"cron: {' '.join(timing.cron or ())!r}: {error}") from None


def due(timing: Timing, timezone: str, succeeded: datetime | None, now: datetime) -> datetime:
    """When a job is to run next, given its last success: at once, if a run was missed since or there was none.

    Runs missed while nobody was there are made up for by one.
    """
    if succeeded is None:
        return now
    if timing.every is not None:
        return min(max(succeeded + timing.every, now), now + timing.every)
    following: datetime | None = trigger_of(timing, timezone).get_next_fire_time(
        None, succeeded + timedelta(seconds=1)
    )
    if following is None or following > now:
        return following or now
    return now


@dataclass(slots=True)
class Daemon:
    """Runs the jobs of a settings file until it is told to stop.

    Attributes
    ----------
    config : the settings file; read again on SIGHUP.
    overrides : settings given on the command line.
    clock : the time now, aware.
    """

    config: Path | None
    overrides: Mapping[str, Any]
    load: Callable[..., Settings]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _reload: bool = False
    _scheduler: BlockingScheduler | None = None
    _store: Store | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT.

        Raises
        ------
        SentinelError
            If the settings are wrong, the store cannot be opened, or another daemon works on it.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        signal.signal(signal.SIGHUP, lambda *_: self._stop(reload=True))
        settings = self.load(self.config, **self.overrides)
        while True:
            store = self._store = Store(settings.store, settings.timezone)
            try:
                with store.exclusive():
                    self._serve(settings, store)
            finally:
                store.close()
            if not self._reload:
                return
            self._stopping.clear()
            try:
                settings = self.load(self.config, **self.overrides)
                log.info("settings read again")
            except SettingsError as error:
                log.error("settings not read again, the old ones stay: %s", error)

    def _serve(self, settings: Settings, store: Store) -> None:
        jobs = jobs_of(settings)
        scheduler = self._scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(2, len(jobs) + 1))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        known = store.jobs()
        for job in jobs:
            now = self.clock()
            start = due(job.timing, settings.timezone, _time(known.get(job.name, {}).get("succeeded")), now)
            trigger = trigger_of(job.timing, settings.timezone, start)
            scheduler.add_job(self._run_job, trigger, args=[job], id=job.name, next_run_time=start)
            store.remember_job(job.name, next=_text(start))
            log.info("job %s: next run %s", job.name, _text(start))
        before = [self.clock(), monotonic()]
        scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=int(TICK.total_seconds()), timezone=UTC),
            args=[before],
            id="tick",
        )
        try:
            if not self._stopping.is_set():
                scheduler.start()  # returns when the scheduler is shut down
        finally:
            self._end_children()
        log.info("stopped")

    def _stop(self, *, reload: bool = False) -> None:
        """From a signal handler: end the scheduler's loop; `_serve` does the rest."""
        self._reload = reload and not self._stopping.is_set()
        if not self._stopping.is_set():
            self._stopping.set()
            # Not from the handler itself: it may have interrupted a holder of the scheduler's lock.
            threading.Thread(target=self._shut_down).start()

    def _shut_down(self) -> None:
        if self._scheduler is not None:
            with suppress(SchedulerNotRunningError):
                self._scheduler.shutdown(wait=False)

    def _tick(self, before: list[Any]) -> None:
        """Wake up now and then; tell when the machine slept or its clock was set."""
        if self._stopping.is_set():  # told to stop in the moment of starting
            self._shut_down()
        wall, steady = self.clock(), monotonic()
        jump = (wall - before[0]) - timedelta(seconds=steady - before[1])
        if abs(jump) > JUMP:
            log.warning("the clock jumped by %s; missed runs are made up for", jump)
        before[:] = [wall, steady]

    def _run_job(self, job: Job) -> None:
        store = self._store
        if self._stopping.is_set() or store is None:
            return
        known = store.jobs().get(job.name, {})
        started = self.clock()
        failures = int(known.get("failures") or 0)
        store.remember_job(job.name, started=_text(started))
        problem = self._in_child(job)
        if problem is None:
            return  # abandoned because the daemon stops
        ended = self.clock()
        if problem:
            failures += 1
            log.error("job %s failed (%d in a row): %s", job.name, failures, problem)
            self._retry(job, ended + _pause(failures))
            store.remember_job(job.name, ended=_text(ended), failures=failures, message=problem)
        else:
            log.info("job %s done in %.1f s", job.name, (ended - started).total_seconds())
            succeeded = _text(started)
            store.remember_job(job.name, ended=_text(ended), failures=0, message="", succeeded=succeeded)
        following = self._next_run(job)
        if following is not None:
            store.remember_job(job.name, next=_text(following))

    def _next_run(self, job: Job) -> datetime | None:
        entry = self._scheduler.get_job(job.name) if self._scheduler is not None else None
        following: datetime | None = entry.next_run_time if entry is not None else None
        return following

    def _retry(self, job: Job, at: datetime) -> None:
        """A failed job runs again after its pause: sooner than its time, or later if its time is often."""
        if self._next_run(job) is not None and self._scheduler is not None:
            self._scheduler.modify_job(job.name, next_run_time=at)

    def _in_child(self, job: Job) -> str | None:
        """Run a job's command; why it failed, "" if it did not, ``None`` if the daemon is stopping."""
        settled = (self.clock() - SETTLING).timestamp()
        arguments = [sys.executable, "-m", "sentinel", *job.command, "--settled", str(settled), "-q"]
        if self.config is not None:
            arguments += ["-c", str(self.config)]
        if self.overrides.get("store"):
            arguments += ["--store", str(self.overrides["store"])]
        child = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self._children[job.name] = child
        try:
            _, said = child.communicate(timeout=job.timeout.total_seconds())
        except subprocess.TimeoutExpired:
            _end(child)
            return f"did not end within {job.timeout}; ended"
        finally:
            self._children.pop(job.name, None)
        if self._stopping.is_set() and child.returncode != 0:
            return None
        lines = said.decode(errors="replace").strip().splitlines()
        for line in lines:
            log.warning("job %s: %s", job.name, line)
        if child.returncode == 0:
            return ""
        if child.returncode < 0:
            return f"ended by signal {signal.Signals(-child.returncode).name}"
        return lines[-1] if lines else f"ended with code {child.returncode}"

    def _end_children(self) -> None:
        for child in list(self._children.values()):
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to end, then make it."""
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _pause(failures: int) -> timedelta:
    return min(BACK_OFF * int(2 ** min(failures - 1, 20)), LONGEST_BACK_OFF)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
