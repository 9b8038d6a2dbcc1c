"""How it stands: what the store holds, what waits, which jobs ran and run next, whether the daemon is alive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sentinel.counting import counted, times
from sentinel.plugins import FOLDER
from sentinel.schedule_clock import time_of
from sentinel.schedule_jobs import ALERTS
from sentinel.settings import Settings
from sentinel.store import Store

if TYPE_CHECKING:
    from sentinel.source import Source

__all__ = ["job_facts", "problems", "status", "status_lines"]


LATE: Final = 15 * 60  #: seconds
FAILURES: Final = 3  #: in a row
SHOWN: Final = 20  #: files of a kind that are named


def problems(facts: Mapping[str, Any]) -> list[str]:
    """What somebody should look at, of what `status` gives: nothing if all is well."""
    found = [] if facts["daemon"]["running"] else ["the daemon does not run"]
    for job in facts["jobs"]:
        if not job["configured"]:
            continue
        if job["failures"] >= FAILURES:
            found.append(f"job {job['name']} failed {times(job['failures'])}: {job['message']}")
        elif job["lag_seconds"] > LATE:
            found.append(f"job {job['name']} is late by {job['lag_seconds'] // 60} min")
    found += [
        f"a message of an alert was not sent: {one['problem']}" for one in facts["messages"] if one["problem"]
    ]
    return found


def status(store: Store, settings: Settings, now: datetime) -> dict[str, Any]:
    """What the store holds and what waits in the folders that the settings watch, as plain values."""
    unsent = store.unsent()
    totals = store.totals()
    del totals["refused"]
    return {
        "store": store.url,
        "daemon": {"running": store.daemon_runs(), "who": store.daemon()},
        **totals,
        "untagged": store.count_untagged(),
        "synthetic": "yes" if store.synthetic else "no",
        "newest": store.latest_post("", "", now.strftime("%Y-%m-%dT%H:%M:%SZ")),
        "unsent": len(unsent),
        "waiting": list(_waiting(store, settings)),
        "jobs": job_facts(store, settings, now),
        "refused": store.refused(),
        "messages": [
            {name: row[name] for name in ("created", "rule", "text", "attempts", "next", "problem")}
            for row in unsent
        ],
    }


def job_facts(store: Store, settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """Every job that the store knows."""
    return [_job(known, settings, now) for known in store.jobs().values()]


def _job(known: Mapping[str, Any], settings: Settings, now: datetime) -> dict[str, Any]:
    """A job as the store knows it, with its lag: seconds since it should have run, 0 if it is on time."""
    following = time_of(known["next"])
    started, ended = known["started"], known["ended"]
    runs = bool(started) and (not ended or started > ended)
    late = (now - following).total_seconds() if following is not None and not runs else 0.0
    return {
        **known,
        "configured": known["name"] in _configured(settings),
        "running_since": started if runs else None,
        "lag_seconds": max(0, round(late)),
    }


def _configured(settings: Settings) -> set[str]:
    names = {f"collect {number} {entry.use}" for number, entry in enumerate(settings.collect, 1)}
    names |= {f"report {number} {entry.use}" for number, entry in enumerate(settings.report, 1)}
    return names | ({ALERTS} if settings.alert else set())


def _waiting(store: Store, settings: Settings) -> Iterator[str]:
    """Files of the watched folders that were not read.

    Of those that their job does not know, what the ledger has under this name and size was read by another way; only a
    file of another name but a known size is read here, since it may be a renamed copy.
    """
    from sentinel.known_files import KnownFiles
    from sentinel.source import find_sources

    for entry in settings.collect:
        options = dict(entry.settings)
        path = Path(options.pop("path", ""))
        if entry.use == FOLDER and path.exists():
            known = KnownFiles(store, entry.use, entry.settings["path"], options)
            for some in _parts(find_sources([path], known=known.among)):
                yield from _unread(store, some)


def _parts(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """A few hundred at a time."""
    left = iter(sources)
    while some := list(islice(left, 500)):
        yield some


def _unread(store: Store, sources: Sequence[Source]) -> Iterator[str]:
    """Names of those of whose bytes the ledger knows nothing."""
    named = store.in_ledger("name", {source.name for source in sources})
    names = {(row["name"], row["size"]) for row in named}
    left = [source for source in sources if (source.name, source.size) not in names]
    sizes = {row["size"] for row in store.in_ledger("size", {source.size for source in left})}
    digests = {source.sha256 for source in left if source.size in sizes}
    read = {row["sha256"] for row in store.in_ledger("sha256", digests)}
    for source in left:
        if source.size not in sizes or source.sha256 not in read:
            yield source.name


def status_lines(facts: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """The same for people; times on the clock of the settings."""
    daemon = facts["daemon"]
    yield f"{'daemon':<12}{_daemon(daemon)}"
    for name, value in facts.items():
        if isinstance(value, int):
            yield f"{name:<12}{value:,}"
        elif isinstance(value, str):
            yield f"{name:<12}{value}"
    yield from _first(
        "refused",
        [f"{one['name']}: {one['message'] or 'was not read to its end'}" for one in facts["refused"]],
    )
    yield from _first("waiting", facts["waiting"])
    for entry in facts["jobs"]:
        if entry["configured"] or not settings.collect:
            yield f"job         {entry['name']}: {_told(entry, daemon['running'])}"
    for entry in facts["messages"]:
        tried = (
            f", tried {counted(entry['attempts'], 'time')}: {entry['problem']}" if entry["attempts"] else ""
        )
        yield f"unsent      {entry['created']} {entry['text']}{tried}"


def _first(what: str, told: Sequence[str]) -> Iterator[str]:
    """So many lines that the ones above are not lost."""
    yield from (f"{what:<12}{line}" for line in told[:SHOWN])
    if len(told) > SHOWN:
        yield f"{what:<12}and {len(told) - SHOWN:,} more; 'sentinel status --json' names all"


def _daemon(daemon: Mapping[str, Any]) -> str:
    if daemon["running"]:
        return f"runs ({daemon['who']})" if daemon["who"] else "runs"
    return f"does not run (last: {daemon['who']})" if daemon["who"] else "does not run"


def _told(entry: Mapping[str, Any], runs: bool) -> str:
    parts = [f"last success {entry['succeeded'] or 'never'}"]
    if entry["running_since"] and runs:
        parts.append(f"running since {entry['running_since']}")
    else:
        parts.append(f"next {entry['next'] or '?'}")
    if entry["lag_seconds"] >= 60 and not (entry["running_since"] and runs):
        parts.append(f"late by {entry['lag_seconds'] // 60} min")
    if entry["failures"]:
        parts.append(f"failed {times(entry['failures'])}: {entry['message']}")
    return ", ".join(parts)
