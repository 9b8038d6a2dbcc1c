"""How it stands: what the store holds, what waits, which jobs ran and run next, whether the daemon is alive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sentinel.schedule_clock import time_of
from sentinel.schedule_jobs import ALERTS
from sentinel.settings import Settings
from sentinel.store import Store

__all__ = ["problems", "status", "status_lines"]


LATE: Final = 15 * 60  #: seconds
FAILURES: Final = 3  #: in a row


def problems(facts: Mapping[str, Any]) -> list[str]:
    """What somebody should look at, of what `status` gives: nothing if all is well."""
    found = [] if facts["daemon"]["running"] else ["the daemon does not run"]
    for job in facts["jobs"]:
        if not job["configured"]:
            continue
        if job["failures"] >= FAILURES:
            found.append(f"job {job['name']} failed {job['failures']} times in a row: {job['message']}")
        elif job["lag_seconds"] > LATE:
            found.append(f"job {job['name']} is late by {job['lag_seconds'] // 60} min")
    found += [
        f"a message of an alert was not sent: {one['problem']}" for one in facts["messages"] if one["problem"]
    ]
    return found


def status(store: Store, settings: Settings, now: datetime) -> dict[str, Any]:
    """What the store holds and what waits in the folders that the settings watch, as plain values."""
    ledger = store.ledger()
    refused = [entry for entry in ledger if entry["status"] != "read"]
    unsent = store.unsent()
    return {
        "store": store.url,
        "daemon": {"running": store.daemon_runs(), "who": store.daemon()},
        "inputs": len(ledger),
        **{name: sum(entry[name] for entry in ledger) for name in ("rows", "posts", "duplicates", "rejects")},
        "skipped": sum(sum(entry["skipped"].values()) for entry in ledger),
        "untagged": store.count_untagged(),
        "synthetic": "yes" if store.synthetic else "no",
        "newest": store.latest_post("", "", now.strftime("%Y-%m-%dT%H:%M:%SZ")),
        "unsent": len(unsent),
        "waiting": list(_waiting(ledger, settings)),
        "jobs": [_job(known, settings, now) for known in store.jobs().values()],
        "refused": [{name: entry[name] for name in ("name", "status", "message")} for entry in refused],
        "messages": [
            {name: row[name] for name in ("created", "rule", "text", "attempts", "next", "problem")}
            for row in unsent
        ],
    }


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


def _waiting(ledger: Sequence[dict[str, Any]], settings: Settings) -> Iterator[str]:
    """Files of the watched folders that the ledger does not know.

    By name and size; only a file of another name but a known size is read, since it may be a renamed copy.
    """
    from sentinel.source import find_sources

    read = [entry for entry in ledger if entry["status"] != "reading"]
    names = {(entry["name"], entry["size"]) for entry in read}
    sizes, digests = {entry["size"] for entry in read}, {entry["sha256"] for entry in read}
    for entry in settings.collect:
        path = Path(entry.settings.get("path", ""))
        if entry.use == "folder" and path.exists():
            for source in find_sources([path]):
                if (source.name, source.size) in names:
                    continue
                if source.size not in sizes or source.sha256 not in digests:
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
    for entry in facts["refused"]:
        yield f"refused     {entry['name']}: {entry['message'] or 'was not read to its end'}"
    for name in facts["waiting"]:
        yield f"waiting     {name}"
    for entry in facts["jobs"]:
        if entry["configured"] or not settings.collect:
            yield f"job         {entry['name']}: {_told(entry, daemon['running'])}"
    for entry in facts["messages"]:
        tried = f", tried {entry['attempts']} times: {entry['problem']}" if entry["attempts"] else ""
        yield f"unsent      {entry['created']} {entry['text']}{tried}"


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
        times = "once" if entry["failures"] == 1 else f"{entry['failures']} times in a row"
        parts.append(f"failed {times}: {entry['message']}")
    return ", ".join(parts)
