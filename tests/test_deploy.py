"""The files under docs/deploy: what systemd says of the unit, and the basics of container and crontab."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sentinel.timing import parse_timing

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
UNIT = (DEPLOY / "mood-sentinel.service").read_text()


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    unit = tmp_path / "mood-sentinel.service"
    unit.write_text(UNIT.replace("/opt/mood-sentinel/bin/sentinel", sys.executable))  # one that is here
    done = subprocess.run(
        [program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    about_it = [line for line in done.stderr.splitlines() if "mood-sentinel" in line]
    assert (about_it, done.returncode) == ([], 0)


def test_the_unit_has_a_watchdog_and_is_confined() -> None:
    lines = UNIT.splitlines()
    wanted = [
        "Type=notify",
        "WatchdogSec=3min",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "User=sentinel",
    ]
    assert [line for line in wanted if line not in lines] == []
    stop = re.search(r"^TimeoutStopSec=(\d+)s$", UNIT, flags=re.MULTILINE)
    assert stop is not None
    assert int(stop[1]) > 20  # what a job is given to end


def test_the_container_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    words = [word for word, _ in steps]
    assert set(words) <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"
    }  # fmt: skip
    assert all(
        ":" in rest.split()[0] and not rest.split()[0].endswith(":latest")
        for word, rest in steps
        if word == "FROM"
    )
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert dict(steps)["USER"] not in ("root", "0")
    for word, rest in steps:
        if word in ("ENTRYPOINT", "CMD"):
            assert rest.startswith("["), "the shell would not hand SIGTERM on"
        assert "curl" not in rest
        assert "--no-cache-dir" in rest or "pip install" not in rest


def test_the_lines_for_cron_are_such() -> None:
    lines = [line for line in (DEPLOY / "crontab").read_text().splitlines() if line[:1] in "*0123456789"]
    assert len(lines) == 2
    for line in lines:
        assert parse_timing(cron=" ".join(line.split()[:5])) is not None
        assert "%" not in line  # cron takes it for a line break
