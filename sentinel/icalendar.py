"""Events of an iCalendar file (RFC 5545) as rows of an announcement table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["read_events"]

_FOLD: Final = re.compile(r"\r?\n[ \t]")
_ESCAPE: Final = re.compile(r"\\([\\;,nN])")
_START: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")


def read_events(text: str) -> Iterator[dict[str, str]]:
    """One row an event, with the columns date, timezone, title, category, notes and source.

    A time of day stands behind the date. A floating time (neither UTC nor in a zone) is left out: it could be
    anywhere. Cancelled events are left out; of a recurring event only its first date is read.
    """
    event: dict[str, str] | None = None
    nested = 0  # alarms inside an event have summaries of their own
    for line in _FOLD.sub("", text).splitlines():
        name, parameters, value = _property(line)
        if name == "BEGIN":
            if value.upper() == "VEVENT":
                event, nested = {}, 0
            else:
                nested += 1
        elif name == "END":
            if value.upper() == "VEVENT" and event is not None:
                if event.get("STATUS", "").upper() != "CANCELLED":
                    yield _row(event)
                event = None
            else:
                nested -= 1
        elif event is not None and nested <= 0:
            event.setdefault(name, value)
            event.setdefault(f"{name};TZID", parameters.get("TZID", ""))


def _property(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters and value of a content line; a quoted parameter may hold a colon."""
    head, _, value = line.partition(":")
    while head.count('"') % 2 and value:
        more, _, value = value.partition(":")
        head = f"{head}:{more}"
    name, *parts = head.split(";")
    pairs = (part.partition("=") for part in parts)
    return name.strip().upper(), {key.upper(): text.strip('"') for key, _, text in pairs}, value.strip()


def _row(event: dict[str, str]) -> dict[str, str]:
    zone = event.get("DTSTART;TZID", "")
    return {
        "date": _date(event.get("DTSTART", ""), zone),
        "timezone": zone,
        "title": _plain(event.get("SUMMARY", "")),
        "category": _plain(event.get("CATEGORIES", "").split(",")[0]).replace(" ", "_"),
        "notes": _plain(event.get("DESCRIPTION", "")),
        "source": event.get("URL", ""),
    }


def _date(start: str, zone: str) -> str:
    match = _START.fullmatch(start)
    if match is None:
        return start  # the reader of the row says what is wrong with it
    year, month, day, hour, minute, second, utc = match.groups()
    if hour is None or not (utc or zone):
        return f"{year}-{month}-{day}"
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{utc}"


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)
