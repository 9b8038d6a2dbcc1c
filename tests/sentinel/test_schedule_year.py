"""A year of the daemon's agenda, in seconds: clock changes, nights off, a machine that sleeps, a clock that is set.

What should have run is written down by plain arithmetic of dates; nothing of it knows the code that is tested.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sentinel.errors import StoreError
from sentinel.schedule_agenda import FIRST_WAIT, LONGEST_BACK_OFF, Agenda
from sentinel.schedule_jobs import Job
from sentinel.timing import Timing, parse_timing

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
START = datetime(2031, 1, 1, 0, 0, tzinfo=UTC)
END = datetime(2032, 1, 1, 0, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def job(name: str, zone: str, **timing: str) -> Job:
    return Job(name, (), parse_timing(**timing) or Timing(), zone=zone)


JOBS = [
    job("quarter", "America/New_York", every="15 min"),
    job("morning in New York", "America/New_York", at="07:00"),
    job("skipped hour", "America/New_York", at="02:30"),
    job("doubled hour", "America/New_York", at="01:30"),
    job("morning in Shanghai", "Asia/Shanghai", at="07:00"),
    job("hourly", "America/New_York", cron="5 * * * *"),
    job("mondays", "America/New_York", cron="0 9 * * 1"),
    job("market hours", "America/New_York", every="30 min", between="mon-fri 09:30 and 16:00"),
]


@dataclass
class Remembered:
    """The store's part, in memory."""

    known: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    broken: bool = False

    def jobs(self) -> Mapping[str, Mapping[str, Any]]:
        empty = {"succeeded": None, "ended": None, "failures": 0}
        return {name: empty | facts for name, facts in self.known.items()}

    def remember_job(self, name: str, **facts: str | int) -> None:
        if self.broken:
            raise StoreError("gone")
        self.known[name] |= facts


def nobody() -> dict[str, list[datetime]]:
    """No runs of any job yet."""
    return defaultdict(list)


def run_until(agenda: Agenda, now: datetime, end: datetime, ran: dict[str, list[datetime]]) -> datetime:
    """Jump from one due time to the next; each run takes no time."""
    while (now := now + timedelta(seconds=agenda.wait(now))) < end:
        for started in agenda.start_due(now):
            ran[started.name].append(now)
            agenda.ended(started.name, now, "")
    return end


def days() -> Iterator[date]:
    for number in range(365):
        yield date(2031, 1, 1) + number * DAY


def at_local(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which a clock shows a time; a skipped one counts as it would have been."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def expected(name: str) -> list[datetime]:
    """When a job should run in the year, after its first run at the very start."""
    if name == "quarter":
        return [START + number * 15 * MINUTE for number in range(365 * 96)]
    if name == "hourly":
        found = [START + number * HOUR + 5 * MINUTE for number in range(365 * 24)]
    elif name == "mondays":
        found = [at_local(day, 9, 0, NEW_YORK) for day in days() if day.isoweekday() == 1]
    elif name == "market hours":
        weekdays = [day for day in days() if day.isoweekday() <= 5]
        opens = [at_local(day, 9, 30, NEW_YORK) for day in weekdays]
        return [moment + number * 30 * MINUTE for moment in opens for number in range(13)]
    else:
        hour, minute, zone = {
            "morning in New York": (7, 0, NEW_YORK),
            "skipped hour": (2, 30, NEW_YORK),
            "doubled hour": (1, 30, NEW_YORK),
            "morning in Shanghai": (7, 0, SHANGHAI),
        }[name]
        found = [at_local(day, hour, minute, zone) for day in [date(2030, 12, 31), *days(), date(2032, 1, 1)]]
    return [START, *(moment for moment in found if START < moment < END)]


@pytest.fixture(scope="module")
def quiet_year() -> dict[str, list[datetime]]:
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    agenda.replace(JOBS, START)
    run_until(agenda, START, END, ran)
    return ran


@pytest.mark.parametrize("name", [entry.name for entry in JOBS])
def test_a_year_runs_each_job_when_it_should(name: str, quiet_year: dict[str, list[datetime]]) -> None:
    assert quiet_year[name] == expected(name)


def test_a_year_in_new_york_has_365_mornings_and_two_clock_changes(
    quiet_year: dict[str, list[datetime]],
) -> None:
    for name, hour in (("morning in New York", 7), ("doubled hour", 1)):
        local = [moment.astimezone(NEW_YORK) for moment in quiet_year[name][1:]]
        assert [moment.date() for moment in local] == list(days())
        assert {moment.hour for moment in local} == {hour}
    assert len({moment.utcoffset() for moment in local}) == 2
    late = [moment.astimezone(NEW_YORK) for moment in quiet_year["skipped hour"][1:]]
    assert [moment.date() for moment in late if moment.hour == 3] == [date(2031, 3, 9)]


def outages(seed_days: range) -> list[tuple[datetime, datetime]]:
    """Times in which nothing runs: from 40 minutes to 3 days."""
    lengths = [40 * MINUTE, 8 * HOUR, 26 * HOUR, 3 * DAY]
    return [
        (
            START + day * DAY + 5 * HOUR + 7 * MINUTE,
            START + day * DAY + 5 * HOUR + 7 * MINUTE + lengths[number % 4],
        )
        for number, day in enumerate(seed_days)
    ]


def with_outages(times: list[datetime], gaps: list[tuple[datetime, datetime]]) -> list[datetime]:
    """Of a list of clock times what is left: each gap's missed runs are made up for by one at its end."""
    left = [moment for moment in times if not any(begin <= moment < end for begin, end in gaps)]
    made_up = [end for begin, end in gaps if any(begin <= moment < end for moment in times)]
    return sorted({*left, *made_up})


def interval_with_outages(every: timedelta, gaps: list[tuple[datetime, datetime]]) -> list[datetime]:
    """Every so often; after a gap that swallowed a run, at once and counted from there if it was a whole one."""
    found, moment, waiting = [], START, list(gaps)
    while moment < END:
        while waiting and waiting[0][1] <= moment:
            waiting.pop(0)
        if waiting and waiting[0][0] <= moment:  # due while nobody was there
            end = waiting.pop(0)[1]
            found.append(end)
            moment = moment + every if end - moment < every else end + every
        else:
            found.append(moment)
            moment += every
    return found


@pytest.mark.parametrize("restart", [False, True], ids=["asleep", "down"])
def test_what_was_missed_is_made_up_for_once(restart: bool) -> None:
    gaps = outages(range(3, 360, 17))
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    agenda.replace(JOBS, START)
    now = START
    for begin, end in gaps:
        run_until(agenda, now, begin, ran)
        if restart:
            agenda = Agenda(memory)
            agenda.replace(JOBS, end)
        now = end
    run_until(agenda, now, END, ran)
    assert ran["quarter"] == interval_with_outages(15 * MINUTE, gaps)
    for entry in JOBS:
        if entry.timing.every is None:
            assert ran[entry.name] == with_outages(expected(entry.name), gaps), entry.name


@pytest.mark.parametrize("back", [40 * MINUTE, 3 * HOUR, 23 * HOUR])
def test_a_clock_that_is_set_back_repeats_nothing(back: timedelta) -> None:
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    agenda.replace(JOBS, START)
    set_back = START + 9 * DAY + 12 * HOUR + 1 * MINUTE  # just after 07:00 in New York
    end = START + 20 * DAY
    run_until(agenda, START, set_back, ran)
    agenda.jumped_back(set_back - back)
    first = agenda.wait(set_back - back)
    run_until(agenda, set_back - back, end, ran)
    assert first <= 15 * 60
    for name in ("morning in New York", "doubled hour", "skipped hour", "mondays", "hourly"):
        assert ran[name] == [moment for moment in expected(name) if moment < end], name
    assert ran["quarter"][-1] > end - 16 * MINUTE


def test_a_clock_that_was_years_ahead_is_forgotten() -> None:
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    ahead = START + 700 * DAY
    agenda.replace(JOBS, ahead)
    run_until(agenda, ahead, ahead + HOUR, ran)
    ran.clear()
    agenda.jumped_back(START)
    run_until(agenda, START, START + 2 * DAY, ran)
    assert [len(ran[name]) for name in ("morning in New York", "hourly")] == [2, 48]
    again = Agenda(memory)  # and so after a restart, whatever the store says
    memory.known["morning in New York"]["succeeded"] = "2039-01-01T00:00:00Z"
    again.replace(JOBS, START)
    ran.clear()
    run_until(again, START, START + 2 * DAY, ran)
    assert len(ran["morning in New York"]) == 2


def test_a_failing_job_backs_off_and_the_others_go_on() -> None:
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    agenda.replace(JOBS[:2], START)
    now = START
    while (now := now + timedelta(seconds=agenda.wait(now))) < START + DAY:
        for started in agenda.start_due(now):
            ran[started.name].append(now)
            agenda.ended(started.name, now, "no" if started.name == "quarter" else "")
    waits = [later - earlier for earlier, later in zip(ran["quarter"], ran["quarter"][1:], strict=False)]
    assert waits[:7] == [min(2**n * MINUTE, LONGEST_BACK_OFF) for n in range(7)]
    assert set(waits[7:]) == {LONGEST_BACK_OFF}
    assert ran["morning in New York"] == [START, START.replace(hour=12)]
    assert memory.known["quarter"]["failures"] == len(ran["quarter"])
    assert "succeeded" not in memory.known["quarter"]


def test_a_restart_does_not_end_a_pause() -> None:
    memory = Remembered()
    memory.known["quarter"] = {"ended": "2031-01-01T00:00:00Z", "failures": 7}
    agenda = Agenda(memory)
    agenda.replace(JOBS[:1], START + MINUTE)
    assert agenda.wait(START + MINUTE) == 59 * 60


def test_a_hung_job_is_not_started_again_and_blocks_nobody() -> None:
    memory, ran = Remembered(), nobody()
    agenda = Agenda(memory)
    agenda.replace(JOBS[:2], START)
    now = START
    while (now := now + timedelta(seconds=agenda.wait(now))) < START + 3 * DAY:
        for started in agenda.start_due(now):
            ran[started.name].append(now)
            if started.name != "quarter":
                agenda.ended(started.name, now, "")
    assert ran["quarter"] == [START]
    assert len(ran["morning in New York"]) == 4
    assert agenda.running == ["quarter"]


def test_settings_read_again_keep_what_did_not_change() -> None:
    memory = Remembered()
    agenda = Agenda(memory)
    agenda.replace(JOBS[:2], START)
    (first, _) = agenda.start_due(START)
    later = START + MINUTE
    agenda.replace(JOBS[1:3], later)  # the first goes while it runs, the third comes
    assert agenda.ended(first.name, later, "") == 0
    assert set(agenda.next_runs()) == {JOBS[1].name, JOBS[2].name}
    assert [entry.name for entry in agenda.start_due(later)] == [JOBS[2].name]  # the second runs still


def test_what_could_not_be_stored_is_stored_later() -> None:
    memory = Remembered()
    agenda = Agenda(memory)
    agenda.replace(JOBS[:1], START)
    memory.broken = True
    agenda.start_due(START)
    agenda.ended("quarter", START + MINUTE, "")
    assert agenda.wait(START + MINUTE) == 14 * 60  # it goes on
    assert not agenda.save()
    memory.broken = False
    assert agenda.save()
    assert memory.known["quarter"]["succeeded"] == "2031-01-01T00:00:00Z"


def test_a_hurried_job_runs_now_unless_it_pauses() -> None:
    agenda = Agenda(Remembered())
    agenda.replace(JOBS[1:2], START)
    name = JOBS[1].name
    agenda.start_due(START)
    agenda.ended(name, START, "")
    agenda.hasten(name, START + MINUTE)
    assert [entry.name for entry in agenda.start_due(START + MINUTE)] == [name]
    agenda.ended(name, START + MINUTE, "no")
    agenda.hasten(name, START + MINUTE)
    assert not agenda.start_due(START + MINUTE)


def test_the_first_report_waits_for_the_first_reading_but_not_for_long() -> None:
    reads = [replace(JOBS[0], name=name, command=("job", "collect", "1")) for name in ("one", "two")]
    report = replace(JOBS[1], name="report", command=("job", "report", "1"))
    agenda = Agenda(Remembered())
    agenda.replace([*reads, report], START)
    assert [job.name for job in agenda.start_due(START)] == ["one", "two"]
    agenda.ended("one", START + MINUTE, "")
    assert not agenda.start_due(START + MINUTE)
    agenda.ended("two", START + 2 * MINUTE, "it failed")
    assert [job.name for job in agenda.start_due(START + 2 * MINUTE)] == ["report"]

    hung = Agenda(Remembered())
    hung.replace([*reads, report], START)
    hung.start_due(START)
    assert hung.wait(START) == FIRST_WAIT.total_seconds()
    assert [job.name for job in hung.start_due(START + FIRST_WAIT)] == ["report"]
