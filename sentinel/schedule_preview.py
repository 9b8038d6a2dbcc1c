"""What the daemon would do: the next runs of each job, doubtful times, and the alerts that would be raised now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sentinel import alerts
from sentinel.schedule_agenda import due
from sentinel.schedule_clock import now as clock_now
from sentinel.schedule_clock import time_of
from sentinel.schedule_jobs import Job, check_plugins, jobs_of
from sentinel.schedule_triggers import check, preview, warnings, zone_of
from sentinel.settings import Settings
from sentinel.source import matches
from sentinel.store import Store

__all__ = ["dry_run", "next_runs"]


def dry_run(store: Store, settings: Settings, now: datetime | None = None) -> Iterator[str]:
    """A line for each run, warning and alert.

    Raises
    ------
    UsageError
        If the settings name no job, or a timing never comes.
    UnknownPluginError
        If they name a plug-in that is not installed.
    """
    now = now or clock_now()
    known = store.jobs()
    jobs = jobs_of(settings)
    _try_plugins(settings)
    for job in jobs:
        check(job.timing)
        succeeded = time_of(known.get(job.name, {}).get("succeeded"))
        runs = next_runs(job, due(job.timing, job.zone, succeeded, now))
        yield f"{job.name}: next {', '.join(runs)} ({zone_of(job.timing, job.zone).key})"
        for warning in (*_missing(job, settings), *warnings(job.timing, job.zone, now)):
            yield f"  warning: {warning}"
    yield from alerts.dry_run(store, settings, now)


def _try_plugins(settings: Settings) -> None:
    """Make what the settings name, so that a setting that it does not take is told now."""
    from sentinel.pipeline import check_options, dashboards_of
    from sentinel.plugins import FOLDER, find, make
    from sentinel.tagging import make_tagger

    check_plugins(settings)
    for entry in settings.collect:
        options = {name: value for name, value in entry.settings.items() if name != "path"}
        if entry.use == FOLDER or hasattr(find("collectors", entry.use).load(), "sniff"):
            check_options(options, f"[[collect]] use = {entry.use!r}: ")
    make_tagger(settings.tag)
    for name, options in dashboards_of(settings).items():
        make("dashboards", name, **options)


def _missing(job: Job, settings: Settings) -> Iterator[str]:
    """That there is nothing where a job is to read."""
    if job.kind != "collect":
        return
    entry = settings.collect[int(job.command[2]) - 1]
    path = entry.settings.get("path")
    if path and not matches(Path(path)):
        yield f"{path}: no such file or folder; this job fails until it is there, and other jobs go on"


def next_runs(job: Job, first: datetime) -> list[str]:
    """The next three runs on the job's own clock."""
    zone = zone_of(job.timing, job.zone)
    return [
        moment.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
        for moment in preview(job.timing, job.zone, first)
    ]
