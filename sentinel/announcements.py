"""The calendar of announcements: the one that ships with sentinel, or a user's CSV or ICS file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sentinel.dates import day_first, either_order, pointed, when
from sentinel.errors import UsageError
from sentinel.icalendar import read_events
from sentinel.small_tables import read_text, rows_of_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ANNOUNCEMENT_COLUMNS", "check_announcements", "read_announcements"]

ANNOUNCEMENT_COLUMNS: Final = (
    "date",  # as dated by its source, "2025-04-29"
    "time_utc",  # "2025-04-28T20:15:11Z"; "" if the time of day is unknown
    "timezone",  # in which `date` is a date; "" if not given
    "title",
    "category",
    "entity",
    "expected_sign",  # positive, negative, unclear
    "importance",  # 1, 2 or 3; 3 where a file does not say
    "source",
    "confidence",
    "notes",
    "circular",  # True if dated by the very posts that a test would be made on
    "note",  # the user's own, shown beside its effect
)

_SIGNS: Final = {
    **dict.fromkeys(("positive", "+", "+1", "1", "up", "good"), "positive"),
    **dict.fromkeys(("negative", "-", "-1", "down", "bad"), "negative"),
    **dict.fromkeys(("", "unclear", "unknown", "mixed", "neutral", "0", "?"), "unclear"),
}
_TRUTH: Final = {
    **dict.fromkeys(("yes", "true", "1", "y"), True),
    **dict.fromkeys(("", "no", "false", "0", "n"), False),
}
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Z|UTC)?", re.IGNORECASE)
_MIDNIGHT: Final = re.compile(r"0?0:00(:00(\.0+)?)?")

Row = Mapping[str, str]


def read_announcements(path: Path | None = None) -> pd.DataFrame:
    """Announcements as a table of `ANNOUNCEMENT_COLUMNS`, sorted by date, time and title.

    Parameters
    ----------
    path : a CSV with at least the columns ``date`` and ``title`` (commas, semicolons, tabs or bars; UTF-8 or
        UTF-16), or an iCalendar file (``.ics``). ``None`` is the calendar that ships with sentinel. Dates may be
        written in any way that `sentinel.dates` reads. Rows that repeat a date and a title are read once.

    Raises
    ------
    UsageError
        If the file or one of its rows cannot be read; names the row (the header is row 1) and the column.
    """
    import pandas as pd  # which takes its time, and to check a calendar does without

    table = pd.DataFrame(_announcements(path), columns=list(ANNOUNCEMENT_COLUMNS))
    table = table.drop_duplicates(["date", "title"]).sort_values(["date", "time_utc", "title"], kind="stable")
    types = dict.fromkeys(ANNOUNCEMENT_COLUMNS, "str") | {"importance": "int64", "circular": "bool"}
    return table.astype(types).reset_index(drop=True)


def check_announcements(path: Path | None = None) -> None:
    """Raise what `read_announcements` would raise."""
    _announcements(path)


def _announcements(path: Path | None) -> list[dict[str, Any]]:
    """Each row of a calendar, in its order."""
    rows: Iterable[tuple[str, Row]]
    if path is None:
        text = files("sentinel").joinpath("data/announcements.csv").read_text(encoding="utf-8")
        rows = _csv_rows(text, "announcements.csv")
    else:
        text = read_text(path)
        rows = _csv_rows(text, str(path))
        if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
            rows = ((f"{path}, event {n}", row) for n, row in enumerate(read_events(text), 1))
    found = list(rows)
    order = day_first(row["date"] for _, row in found)
    return [_announcement(row, place, order) for place, row in found]


def _csv_rows(text: str, name: str) -> Iterator[tuple[str, Row]]:
    """Each row as a mapping of lower-case column names, and where it stands."""
    separator, rows = rows_of_text(text, name)
    header: list[str] = []
    for number, cells in rows:
        if not header:
            header = [cell.lower() for cell in cells]
            _check_header(header, name)
            continue
        if any(cells[len(header) :]):
            raise UsageError(
                f"{name}, row {number}: {len(cells)} cells under {len(header)} columns; "
                f"put double quotes around a text that holds {separator!r}"
            )
        yield f"{name}, row {number}", dict(zip(header, cells, strict=False))
    if not header:
        raise UsageError(f"{name}: empty; expected a CSV with the columns date and title")


def _check_header(header: list[str], name: str) -> None:
    for needed in ("date", "title"):
        if needed not in header:
            raise UsageError(
                f"{name}: no column {needed!r}; expected at least date and title, found {', '.join(header)}"
            )
    for column in header:
        if column and header.count(column) > 1:
            raise UsageError(f"{name}: column {column!r} stands there twice")


def _announcement(row: Row, place: str, days_first: bool | None) -> dict[str, Any]:
    zone = _zone(row.get("timezone", ""), place)
    day, clock = _date(row["date"], zone, days_first, place)
    title = row.get("title", "")
    if not title:
        raise UsageError(f"{place}: title is empty")
    return {
        "date": day.isoformat(),
        "time_utc": _time_utc(day, clock, row.get("time_utc", ""), zone, place),
        "timezone": row.get("timezone", ""),
        "title": title,
        "category": row.get("category", "").lower(),
        "entity": row.get("entity", ""),
        "expected_sign": _choice(row, "expected_sign", _SIGNS, place),
        "importance": _importance(row.get("importance", ""), place),
        "source": row.get("source", ""),
        "confidence": row.get("confidence", ""),
        "notes": row.get("notes", ""),
        "circular": _choice(row, "circular", _TRUTH, place),
        "note": row.get("note", ""),
    }


def _choice(row: Row, column: str, known: Mapping[str, Any], place: str) -> Any:
    value = _whole(row.get(column, "").lower())
    if value not in known:
        names = ", ".join(dict.fromkeys(str(name) for name in known if len(name) > 1))
        raise UsageError(f"{place}: {column} {row[column]!r} is not one of {names}")
    return known[value]


def _whole(value: str) -> str:
    """A number as it was before a program saved its column, which has empty cells, as decimals."""
    return value.removesuffix(".0")


def _importance(value: str, place: str) -> int:
    value = _whole(value)
    if value not in ("", "1", "2", "3"):
        raise UsageError(f"{place}: importance {value!r} is not 1, 2 or 3 (3 is the highest)")
    return int(value or 3)


def _zone(name: str, place: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise UsageError(f"{place}: timezone {name!r} is no IANA zone such as 'Asia/Shanghai'") from None


def _date(value: str, zone: ZoneInfo | None, days_first: bool | None, place: str) -> tuple[date, str]:
    """The date, and what stands behind it (a time of day, or nothing)."""
    match = _DATE.match(value)
    rest = value[match.end() :] if match else ""
    if match is None or (rest and rest[0] not in "T ,"):
        return _otherwise(value, zone, days_first, place)
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day), _known_clock(rest.lstrip("T ,"))
    except ValueError:
        raise UsageError(f"{place}: date {value!r} is not in the calendar") from None


def _known_clock(clock: str) -> str:
    """A column of dates that a program saved as times says midnight in every row: no time of day is known."""
    return "" if _MIDNIGHT.fullmatch(clock) else clock


def _otherwise(value: str, zone: ZoneInfo | None, days_first: bool | None, place: str) -> tuple[date, str]:
    """A date such as 28.04.2025, Apr 28, 2025, or 28/04/2025 if a row of the file tells day from month."""
    if days_first is None and either_order(value) and not pointed(value):
        raise UsageError(
            f"{place}: no row tells day from month in dates such as {value!r}; write them as YYYY-MM-DD"
        )
    stated, precision = when(value, zone or UTC, days_first)
    if stated is None:
        raise UsageError(f"{place}: date {value!r} is not written as YYYY-MM-DD")
    if precision == "day":
        return date.fromisoformat(stated), ""
    local = datetime.fromisoformat(stated).astimezone(zone or UTC)
    return local.date(), _known_clock(local.strftime("%H:%M:%S")) and local.strftime("%H:%M:%S%z")


def _time_utc(day: date, clock: str, given: str, zone: ZoneInfo | None, place: str) -> str:
    """The instant as ISO 8601 text, "" if unknown.

    `given` is a whole time or only a time of day in UTC; `clock`, behind the date, is local to `zone` (UTC if
    there is none) unless it carries an offset of its own.
    """
    try:
        if _CLOCK.fullmatch(given):
            moment = _of_local_date(day, given, zone)
        elif given:
            moment = datetime.fromisoformat(given)
        elif clock:
            moment = datetime.fromisoformat(f"{day.isoformat()}T{clock}")
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone or UTC)
        else:
            return ""
    except ValueError:
        raise UsageError(
            f"{place}: time_utc {given or clock!r} is not a time such as '2025-04-28T20:15:11Z' or '20:15'"
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    moment = moment.astimezone(UTC)
    if abs(moment.date() - day) > timedelta(days=1):
        raise UsageError(f"{place}: time_utc {given!r} is more than a day away from the date {day}")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_local_date(day: date, clock: str, zone: ZoneInfo | None) -> datetime:
    """The instant of a time of day in UTC that falls on `day` in `zone`."""
    match = _CLOCK.fullmatch(clock)
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    that_day = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    around = (that_day + timedelta(days=shift) for shift in (0, -1, 1))
    return next((at for at in around if at.astimezone(zone or UTC).date() == day), that_day)
