"""The jobs that settings ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sentinel.errors import UsageError
from sentinel.plugins import FOLDER, find
from sentinel.settings import PluginSettings, Settings, parse_size
from sentinel.timing import Timing, parse_duration, parse_timing

__all__ = ["ALERTS", "Job", "check_plugins", "jobs_of"]

COLLECT_EVERY: Final = "15 min"
REPORT_AT: Final = "07:00"
ALERTS_EVERY: Final = "10 min"
KEEP_AT: Final = "03:30"
TIMEOUT: Final = "1 h"
ALERTS: Final = "alerts"  #: name of the job that looks at the rules and sends what waits


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do on schedule."""

    name: str  #: such as "collect 1 folder"; what it is known by in the store
    command: tuple[str, ...]  #: arguments of the command line that does it
    timing: Timing
    timeout: timedelta = timedelta(hours=1)
    memory: int = 0  #: bytes of address space that it may use; 0 is no limit
    zone: str = "UTC"  #: whose clock a timing without a zone means

    @property
    def kind(self) -> str:
        """Such as "collect"."""
        return self.command[1] if len(self.command) > 1 else ""


def jobs_of(settings: Settings) -> list[Job]:
    """The jobs of these settings, in their order.

    Raises
    ------
    UsageError
        If there are none.
    """
    found = [*_entries(settings)]
    if not found:
        raise UsageError(
            "nothing to do: the settings have no [[collect]] and no [[report]]; see 'sentinel init'"
        )
    if settings.keep:
        timing = parse_timing(at=KEEP_AT) or Timing()
        found.append(Job("keep", ("job", "keep", "1"), timing, zone=settings.timezone))
    if settings.alert:
        timing = parse_timing(every=ALERTS_EVERY) or Timing()
        found.append(Job(ALERTS, ("job", "alerts", "1"), timing, zone=settings.timezone))
    return found


def _entries(settings: Settings) -> Iterator[Job]:
    kinds: Sequence[tuple[str, Sequence[PluginSettings], Mapping[str, str]]] = (
        ("collect", settings.collect, {"every": COLLECT_EVERY}),
        ("report", settings.report, {"at": REPORT_AT}),
    )
    for kind, entries, default in kinds:
        for number, entry in enumerate(entries, 1):
            timing = entry.timing or parse_timing(**default, between=entry.between, zone=entry.zone)
            if timing is not None:
                yield Job(
                    f"{kind} {number} {entry.use}",
                    ("job", kind, str(number)),
                    timing,
                    parse_duration(entry.timeout or TIMEOUT),
                    parse_size(entry.memory) if entry.memory else 0,
                    settings.timezone,
                )


def check_plugins(settings: Settings) -> None:
    """Refuse settings that name a plug-in which is not installed.

    Raises
    ------
    UnknownPluginError
        If there is one; names those that are.
    """
    for entry in settings.collect:
        if entry.use != FOLDER:
            find("collectors", entry.use, also=(FOLDER,))
    for kind, entries in (("models", settings.tag), ("dashboards", settings.report)):
        for entry in entries:
            find(kind, entry.use)
