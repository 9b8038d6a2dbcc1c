from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sentinel.errors import StoreError, UsageError
from sentinel.locks import exclusive
from sentinel.schedule import checked_jobs, due, jobs_of
from sentinel.settings import PluginSettings, ReportSettings, Settings
from sentinel.timing import Timing, parse_timing

NOON = datetime(2031, 3, 10, 12, 0, tzinfo=UTC)  # a Monday
HOURLY = parse_timing(every="1 h") or Timing()
DAILY = parse_timing(at="07:00") or Timing()


def test_a_job_that_never_ran_is_due_at_once() -> None:
    assert due(HOURLY, "UTC", None, NOON) == NOON
    assert due(DAILY, "UTC", None, NOON) == NOON


def test_an_interval_goes_on_from_the_last_success() -> None:
    assert due(HOURLY, "UTC", NOON - timedelta(minutes=20), NOON) == NOON + timedelta(minutes=40)
    assert due(HOURLY, "UTC", NOON - timedelta(days=3), NOON) == NOON


def test_a_clock_set_back_does_not_stop_an_interval_for_long() -> None:
    assert due(HOURLY, "UTC", NOON + timedelta(days=30), NOON) == NOON + timedelta(hours=1)


def test_a_missed_day_is_made_up_for_once_and_a_day_done_is_not() -> None:
    assert due(DAILY, "UTC", NOON - timedelta(days=4), NOON) == NOON
    assert due(DAILY, "UTC", NOON.replace(hour=7), NOON) == NOON.replace(day=11, hour=7)


def test_jobs_are_those_of_the_settings() -> None:
    settings = Settings(
        collect=(
            PluginSettings.model_validate(
                {"use": "folder", "path": "inbox/", "every": "5 min", "timeout": "2 min"}
            ),
        ),
        report=(ReportSettings(),),
    )
    collect, report = jobs_of(settings)
    assert (collect.name, collect.command, collect.timeout) == (
        "collect 1 folder",
        ("job", "collect", "1"),
        timedelta(minutes=2),
    )
    assert report.timing == DAILY
    with pytest.raises(UsageError, match="nothing to do"):
        jobs_of(Settings())


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"collect": (PluginSettings(use="foldr"),)}, "'foldr'; installed: folder, .*Did you mean 'folder'"),
        ({"report": (ReportSettings(use="announcement"),)}, "Did you mean 'announcements'"),
        ({"tag": (PluginSettings(use="linaer"),), "report": (ReportSettings(),)}, "Did you mean 'linear'"),
    ],
)
def test_a_plug_in_that_is_not_installed_is_refused_before_any_job(settings: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        checked_jobs(Settings(**settings))


def test_a_lock_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "s.lock"
    with exclusive(path), pytest.raises(StoreError, match=f"process {os.getpid()}"), exclusive(path):
        pass
    with exclusive(path):
        pass


SETTINGS = """
[[collect]]
use = "folder"
path = "inbox/"
every = "1 s"
[[collect]]
use = "folder"
path = "missing/"
every = "1 s"
"""


def _status(folder: Path) -> dict[str, dict[str, object]]:
    command = [sys.executable, "-m", "sentinel", "status", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return {job["name"]: job for job in json.loads(done.stdout)["jobs"]}


def _wait_for(folder: Path, name: str, key: str) -> dict[str, object]:
    for _ in range(300):
        time.sleep(0.2)
        if (folder / "sentinel.db").exists():
            job = _status(folder).get(name, {})
            if job.get(key):
                return job
    raise AssertionError(f"{name} has no {key}")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.csv").write_text(
        "platform,post_id,created_at,username,text\nx,1900000000000000001,2031-01-01T00:00:00Z,synth,Qwen is great\n"
    )
    (tmp_path / "sentinel.toml").write_text(SETTINGS)
    child = subprocess.Popen(
        [sys.executable, "-m", "sentinel", "daemon", "-c", "sentinel.toml"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    yield child
    if child.poll() is None:
        child.kill()
    child.communicate()


def test_a_daemon_works_survives_a_failing_job_and_ends_when_told(
    tmp_path: Path, running: subprocess.Popen[bytes]
) -> None:
    _wait_for(tmp_path, "collect 1 folder", "succeeded")
    broken = _wait_for(tmp_path, "collect 2 folder", "failures")
    assert "no such file or folder" in str(broken["message"])
    second = subprocess.run(
        [sys.executable, "-m", "sentinel", "daemon"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"process {running.pid}" in second.stderr.decode()
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=40)
    assert running.returncode == 0
    assert b"Traceback" not in said
