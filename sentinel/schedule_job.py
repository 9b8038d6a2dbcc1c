"""One job of the daemon, in the process that was started for it."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from threading import Thread
from time import sleep

from sentinel.console import Console
from sentinel.erasure import Target, erase
from sentinel.errors import SourceError, UsageError
from sentinel.main_job import collect, write_report
from sentinel.pipeline import tag, tell_of_tagging_anew
from sentinel.schedule_clock import now as clock_now
from sentinel.schedule_clock import time_of
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.tagging import make_tagger
from sentinel.timing import parse_duration

__all__ = ["confine", "run_job"]


def confine(memory: int, leashed: float | None) -> None:
    """Keep this process within its bounds.

    Parameters
    ----------
    memory : bytes of address space; 0 is no limit.
    leashed : end when standard input ends, whose other end the daemon holds: it died. Seconds for that.
    """
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if leashed is not None:
        Thread(target=_end_with_the_daemon, args=[leashed], daemon=True).start()


def _end_with_the_daemon(grace: float) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(grace)
    os.kill(os.getpid(), signal.SIGKILL)  # it is deaf: a plug-in's doing, or the signal came amid a clean-up


def run_job(
    store: Store,
    settings: Settings,
    kind: str,
    number: int,
    settled: float,
    now: str | None,
    console: Console,
) -> None:
    """The `number`-th ``[[collect]]`` (which tags too) or ``[[report]]``, a look at the alerts, or an end of old posts.

    Raises
    ------
    UsageError
        If the settings have no such entry.
    SourceError
        If it is a live source, and failed.
    """
    from sentinel import alerts

    moment = time_of(now) or clock_now()
    if kind == "alerts":
        alerts.look(store, settings, moment, console)
        return
    if kind == "keep":
        if settings.keep:
            day = (moment - parse_duration(settings.keep)).date()
            erase(store, settings, Target(before=day.isoformat()), (), console)
        return
    entries = settings.collect if kind == "collect" else settings.report
    if not 1 <= number <= len(entries):
        raise UsageError(f"the settings have {len(entries)} [[{kind}]]; there is no number {number}")
    if kind == "report":
        page = settings.report[number - 1]
        only = settings.model_copy(update={"report": (page,)})
        out = Path(page.out)
        results = write_report(store, only, out, 1, "en", console, since_report=out)
        alerts.note_findings(store, settings, results.effects, moment)
        return
    entry = settings.collect[number - 1]
    only = settings.model_copy(update={"collect": (entry,)})
    outcomes = collect(store, only, (), None, console, settled)
    tagger = make_tagger(settings.tag)
    tell_of_tagging_anew(store, tagger, console.warn)  # the log tells why it takes longer
    tag(store, tagger)
    store.mark_patterns(settings.spam_patterns)
    if (
        "path" not in entry.settings and outcomes[0].problem
    ):  # a bad file costs itself; a live source is the job
        raise SourceError(outcomes[0].problem)
