"""The daemon's figures as a text file for Prometheus (node_exporter's textfile collector)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sentinel.known_files import folder_label
from sentinel.schedule_clock import time_of
from sentinel.settings import Settings
from sentinel.status import job_facts
from sentinel.store import Store

__all__ = ["metrics"]

_COUNTS: Final = {
    "inputs": "inputs in the ledger",
    "rows": "rows read",
    "posts": "posts stored",
    "duplicates": "rows that held a known post",
    "rejects": "rows that could not be read",
    "skipped": "control lines and the like",
    "untagged": "posts not yet judged",
    "unsent": "messages of alerts that wait",
}


def metrics(store: Store, settings: Settings, now: datetime) -> str:
    """Gauges, in a fixed order.

    Made by queries whose answers are numbers: the daemon would else hold, each time, all that was ever read.
    """
    facts = store.totals() | {"untagged": store.count_untagged(), "unsent": store.count_unsent()}
    folders = [folder_label(entry.use, entry.settings.get("path", "")) for entry in settings.collect]
    jobs = [entry for entry in job_facts(store, settings, now) if entry["configured"]]
    lines = [line for name, meaning in _COUNTS.items() for line in _gauge(name, meaning, [("", facts[name])])]
    lines += _gauge(
        "inbox_waiting",
        "files that waited in watched folders when their jobs looked last",
        [("", store.waiting(folders))],
    )
    lines += _gauge("refused", "inputs that could not be read", [("", facts["refused"])])
    for name, key, meaning in (
        ("job_last_success_timestamp_seconds", "succeeded", "when a job last succeeded"),
        ("job_next_run_timestamp_seconds", "next", "when a job runs next"),
    ):
        lines += _gauge(name, meaning, [(_label(job), _seconds(job[key])) for job in jobs if job[key]])
    lines += _gauge(
        "job_failures_in_a_row", "failures of a job", [(_label(job), job["failures"]) for job in jobs]
    )
    lines += _gauge("written_timestamp_seconds", "when this file was written", [("", int(now.timestamp()))])
    return "\n".join([*lines, ""])


def _gauge(name: str, meaning: str, values: Iterable[tuple[str, int]]) -> list[str]:
    full = f"sentinel_{name}"
    return [
        f"# HELP {full} {meaning}",
        f"# TYPE {full} gauge",
        *(f"{full}{label} {value}" for label, value in values),
    ]


def _label(job: Mapping[str, Any]) -> str:
    name = str(job["name"]).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{job="{name}"}}'


def _seconds(text: str) -> int:
    moment = time_of(text)
    return int(moment.timestamp()) if moment is not None else 0
