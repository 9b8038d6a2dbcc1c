"""The daemon: collects and reports on schedule, each job in a process of its own.

A job that fails, hangs or dies costs itself: it is tried again later, and the others go on. What was to run while
the daemon was down runs once when it is back. APScheduler works out times and runs the jobs; what must outlive the
process (when a job last succeeded) is in the store.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Any, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.schedulers.blocking import BlockingScheduler

from sentinel.errors import SentinelError, SettingsError, StoreError
from sentinel.schedule_agenda import Agenda, due
from sentinel.schedule_children import SETTINGS_TEXT, Children
from sentinel.schedule_clock import now as clock_now
from sentinel.schedule_clock import written
from sentinel.schedule_jobs import ALERTS, Job, check_plugins, jobs_of
from sentinel.schedule_notify import notify, watchdog_seconds
from sentinel.schedule_triggers import check, warnings
from sentinel.settings import Settings, load_settings, settings_text
from sentinel.store import Store

__all__ = ["Daemon", "Job", "due", "jobs_of"]

TICK: Final = 30.0  # seconds of the longest sleep, so that a changed clock is noticed
JUMP: Final = timedelta(seconds=90)  # wall clock against monotonic clock: the machine slept, or was set
SETTLING: Final = timedelta(seconds=5)  # a file that changed more lately may still be being written
THREADS: Final = 200  # each waits for one process
CACHE: Final = 1  # MiB of the database that a connection keeps; each thread may have one
LONGEST_VARIABLE: Final = 100_000  # bytes; Linux takes 128 KiB. With longer settings jobs read the file
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)  # "at once", however the clock is set meanwhile

log = logging.getLogger("sentinel.daemon")


class _Loop(BlockingScheduler):  # type: ignore[misc]  # APScheduler has no annotations
    """APScheduler with a step of ours before each of its rounds, and sleeps that a changed clock cannot lengthen."""

    def __init__(self, step: Callable[[], float | None]) -> None:
        super().__init__(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._step = step

    def _main_loop(self) -> None:
        while self.state != STATE_STOPPED:
            seconds = self._step()
            if seconds is None:
                return
            self._process_jobs()
            self._event.wait(seconds)
            self._event.clear()


@dataclass(slots=True)
class Daemon:
    """Runs the jobs of a settings file until it is told to stop.

    Attributes
    ----------
    config : the settings file; read again on SIGHUP.
    overrides : settings given on the command line.
    clock : the time now, aware.
    steady : seconds that passed, whatever the clock is set to.
    """

    config: Path | None
    overrides: Mapping[str, Any]
    clock: Callable[[], datetime] = clock_now
    steady: Callable[[], float] = monotonic
    children: Children = field(default_factory=Children)
    _settings: Settings | None = None
    _text: str | None = None  # of the settings; jobs get it, for the file may have been changed since
    _stopping: bool = False
    _reload: bool = False
    _loop: _Loop | None = None
    _agenda: Agenda | None = None
    _store: Store | None = None
    _held: Callable[[], bool] = lambda: True
    _before: tuple[datetime, float] | None = None
    _failure: SentinelError | None = None
    _n_started: int = 0
    _changed: bool = True  # something that the metrics show

    def run(self) -> None:
        """Work until SIGTERM or SIGINT.

        Raises
        ------
        SentinelError
            If the settings are wrong, the store cannot be opened, or another daemon works on it.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told)
        self._text = settings_text(self.config)
        self._settings = load_settings(self.config, self._text, **self.overrides)
        checked_jobs(self._settings)
        while not self._stopping:
            settings = self._settings
            store = self._store = Store(settings.store, settings.timezone, cache_mib=CACHE)
            try:
                with store.exclusive() as held:
                    self._held = held
                    self._serve(settings, store)
            finally:
                store.close()
            if self._failure is not None:
                raise self._failure
        log.info("stopped")

    def _serve(self, settings: Settings, store: Store) -> None:
        """Until told to stop, or until the settings name another store."""
        self.children.resume()
        self._agenda = agenda = Agenda(store)
        jobs, now = jobs_of(settings), self.clock()
        agenda.replace(jobs, now)
        self._say_plans(jobs, now)
        store.remember_daemon(f"process {os.getpid()} since {written(now)}")
        self._before = None
        self._loop = _Loop(self._step)
        notify(READY=1, MAINPID=os.getpid())
        try:
            self._loop.start()
        finally:
            notify(STOPPING=1)
            self.children.end_all()
            with suppress(SchedulerNotRunningError):
                self._loop.shutdown(wait=True)
            agenda.save()

    def _told(self, number: int, _frame: object) -> None:
        """A signal. The loop may hold its own lock just now: another thread wakes it up."""
        if number == signal.SIGHUP:
            self._reload = True
        else:
            self._stopping = True
        threading.Thread(target=self._wake, daemon=True).start()

    def _wake(self) -> None:
        if self._loop is not None:
            with suppress(AttributeError):  # not begun to sleep
                self._loop.wakeup()

    def _step(self) -> float | None:
        """What is to be done now; seconds to sleep after it, ``None`` to end."""
        agenda = self._agenda
        if self._stopping or agenda is None or self._loop is None:
            return None
        if self._reload and self._read_again():
            return None
        now = self.clock()
        self._mind_the_clock(agenda, now)
        agenda.save()
        if not self._still_alone():
            return None
        for job in agenda.start_due(now):
            self._n_started += 1  # an id of its own: APScheduler frees that of a run only after its end
            name = f"{job.name} #{self._n_started}"
            self._loop.add_job(self._run_job, "date", run_date=LONG_AGO, args=[job], id=name)
        running = ", ".join(agenda.running) or "nothing"
        notify(WATCHDOG=1, STATUS=f"running: {running}")
        if self._changed:
            self._changed = False
            self._write_metrics()
        return min(agenda.wait(now), TICK, watchdog_seconds() / 3)

    def _mind_the_clock(self, agenda: Agenda, now: datetime) -> None:
        """Notice that the machine slept or that its clock was set."""
        steady = self.steady()
        if self._before is not None:
            jump = (now - self._before[0]) - timedelta(seconds=steady - self._before[1])
            if jump > JUMP:
                log.warning(
                    "the clock went forward by %s, or the machine slept; missed runs are made up for", jump
                )
            elif jump < -JUMP:
                log.warning("the clock was set back by %s", -jump)
                agenda.jumped_back(now)
        self._before = (now, steady)

    def _still_alone(self) -> bool:
        """Whether the lock is ours still; a database that was restarted has forgotten it."""
        try:
            if self._held():
                return True
        except StoreError as error:
            log.warning("the store does not answer: %s", error)
            return True  # nobody else can work on it either; tried again at the next step
        self._failure = StoreError("another daemon has taken over this store; stopped")
        self._stopping = True
        return False

    def _read_again(self) -> bool:
        """Take up changed settings; whether the loop has to begin anew, since the store is another one."""
        self._reload = False
        notify(RELOADING=1)
        old, now = self._settings, self.clock()
        text = settings_text(self.config)
        try:
            settings = load_settings(self.config, text, **self.overrides)
            jobs = checked_jobs(settings)
            if old is None or old.store != settings.store:
                _try_out(settings)
        except SettingsError as error:
            log.error("settings not read again, the old ones stay: %s", error)
        except SentinelError as error:
            log.error("settings not taken up, the old ones stay: %s", error)
        else:
            self._settings, self._text = settings, text
            log.info("settings read again")
            if old is None or (old.store, old.timezone) != (settings.store, settings.timezone):
                return True
            if self._agenda is not None:
                self._agenda.replace(jobs, now)
                self._say_plans(jobs, now)
        notify(READY=1)
        return False

    def _say_plans(self, jobs: list[Job], now: datetime) -> None:
        planned = self._agenda.next_runs() if self._agenda is not None else {}
        for job in jobs:
            moment = planned.get(job.name)
            log.info(
                "job %s: next run %s", job.name, written(moment) if moment else "when this one has ended"
            )
            for warning in warnings(job.timing, job.zone, now):
                log.warning("job %s: %s", job.name, warning)

    def _run_job(self, job: Job) -> None:
        """In a thread of its own: run a job and note how it ended."""
        agenda = self._agenda
        if agenda is None:
            return
        start = self.steady()
        try:
            problem = self._in_child(job)
        except Exception as error:  # whatever it is, the job counts as ended
            problem = f"could not be started: {error}"
        failures = agenda.ended(job.name, self.clock(), problem)
        if problem:
            log.error("job %s failed (%d in a row): %s", job.name, failures, problem)
        elif problem is not None:
            log.info("job %s done in %.1f s", job.name, self.steady() - start)
        if job.name != ALERTS and problem is not None:
            agenda.hasten(ALERTS, self.clock())
        self._changed = True
        self._wake()

    def _in_child(self, job: Job) -> str | None:
        """Run a job's command; why it failed, "" if it did not, ``None`` if the daemon is stopping."""
        now = self.clock()
        arguments = [sys.executable, "-m", "sentinel", *job.command, "-q"]
        arguments += ["--leashed", str(self.children.grace)]
        arguments += ["--settled", str((now - SETTLING).timestamp()), "--now", written(now)]
        if job.memory:
            arguments += ["--memory", str(job.memory)]
        if self.config is not None:
            arguments += ["-c", str(self.config)]
        if self.overrides.get("store"):
            arguments += ["--store", str(self.overrides["store"])]
        fits = self._text is not None and len(self._text.encode()) < LONGEST_VARIABLE
        given = {SETTINGS_TEXT: self._text or ""} if fits else {}
        ended = self.children.run(arguments, job.timeout, given)
        if ended is None:
            return None
        for line, _ in groupby(ended.said):
            if line != ended.problem:  # which is told by itself
                log.warning("job %s: %s", job.name, line)
        return ended.problem

    def _write_metrics(self) -> None:
        """The file for Prometheus, if the settings name one."""
        settings, store = self._settings, self._store
        if settings is None or settings.metrics is None or store is None:
            return
        from sentinel.export import write_bytes
        from sentinel.schedule_metrics import metrics

        try:
            write_bytes(settings.metrics, metrics(store, settings, self.clock()).encode())
        except Exception as error:  # figures are no reason to stop
            log.warning("the metrics are not written: %s: %s", type(error).__name__, error)


def _try_out(settings: Settings) -> None:
    """Open the store of these settings, and see that no other daemon works on it.

    Raises
    ------
    StoreError
        If it cannot be used.
    """
    store = Store(settings.store, settings.timezone)
    try:
        with store.exclusive():
            pass
    finally:
        store.close()


def checked_jobs(settings: Settings) -> list[Job]:
    """The jobs of these settings, each of which will come, by plug-ins that are installed.

    Raises
    ------
    UsageError
        If there are none, or a timing never comes.
    UnknownPluginError
        If a plug-in is not installed.
    """
    jobs = jobs_of(settings)
    check_plugins(settings)
    for job in jobs:
        check(job.timing)
    return jobs
