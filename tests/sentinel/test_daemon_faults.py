"""What befalls the daemon and its jobs; the rows of the table in docs/daemon.md."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sentinel.cli import main
from sentinel.schedule_children import Children

ROWS = "platform,post_id,created_at,username,text\nx,1,2031-01-01T00:00:00Z,synth,Qwen is great\n"
#: Collectors of a stranger, each with a fault.
FAULTY = """
import os, signal, time

def _works(what):
    with open(what, "w") as stream:
        stream.write(str(os.getpid()))
    time.sleep(600)

class _Live:
    def read(self, cursor=None):
        self.fail()
        yield from ()

class Hangs(_Live):
    name = "hangs"
    def fail(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _works("deaf")

class Sleeps(_Live):
    name = "sleeps"
    def fail(self):
        _works("sleeper")

class Crashes(_Live):
    name = "crashes"
    def fail(self):
        os.abort()

class Eats(_Live):
    name = "eats"
    def fail(self):
        kept = []
        while True:
            kept.append(bytearray(64 << 20))

class Raves(_Live):
    name = "raves"
    def fail(self):
        import sys
        for _ in range(200_000):
            print("x" * 1000, file=sys.stderr)
        raise ValueError("enough")

class Muses:
    name, version, columns = "muses", "1", ("topics",)
    def tag(self, batch):
        _works("muser")

class Draws:
    name = "draws"
    def render(self, results):
        _works("drawer")
"""
#: A daemon that is less patient.
DAEMON = """
import logging, sys
from pathlib import Path
from sentinel.schedule import Daemon
from sentinel.schedule_children import Children
logging.basicConfig(level=logging.INFO)
Daemon(Path("sentinel.toml"), {}, children=Children(grace=1.0)).run()
"""
INBOX = "[[collect]]\nuse = 'folder'\npath = 'inbox/'\nevery = '2 s'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.csv").write_text(ROWS)
    old = time.time() - 60
    os.utime(tmp_path / "inbox" / "a.csv", (old, old))
    plugins = tmp_path / "plugins"
    (plugins / "faulty-1.dist-info").mkdir(parents=True)
    (plugins / "faulty.py").write_text(FAULTY)
    (plugins / "faulty-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: faulty\nVersion: 1\n"
    )
    names = ("Hangs", "Sleeps", "Crashes", "Eats", "Raves")
    entries = "".join(f"{name.lower()} = faulty:{name}\n" for name in names)
    (plugins / "faulty-1.dist-info" / "entry_points.txt").write_text(
        f"[sentinel.collectors]\n{entries}[sentinel.models]\nmuses = faulty:Muses\n"
        "[sentinel.dashboards]\ndraws = faulty:Draws\n"
    )
    return tmp_path


def settings(folder: Path, text: str) -> None:
    (folder / "sentinel.toml").write_text(text)


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(folder / "plugins")}


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts daemons, and ends those that are left."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(**more: str) -> subprocess.Popen[bytes]:
        log = (folder / "log").open("ab")
        with log:
            child = subprocess.Popen(
                [sys.executable, "-c", DAEMON], cwd=folder, stderr=log, env=environment(folder) | more
            )
        started.append(child)
        return child

    yield begin
    for child in started:
        if child.poll() is None:
            child.kill()
        child.wait()


def said(folder: Path) -> str:
    path = folder / "log"
    return path.read_text() if path.exists() else ""


def status(folder: Path) -> tuple[int, dict[str, Any]]:
    """Code and facts of ``sentinel status --check --json``."""
    arguments = ["status", "--check", "--json", "-q", "-c", str(folder / "sentinel.toml")]
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, json.loads(done.stdout)


def jobs(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    return {job["name"].split()[-1]: job for job in status(folder)[1]["jobs"]}


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def test_bad_jobs_cost_themselves_and_nobody_else(
    folder: Path, start: Start, read_only: Callable[[Path], None]
) -> None:
    bad = ("hangs", "crashes", "eats", "raves")
    tables = "".join(
        f"[[collect]]\nuse = '{name}'\nevery = '1 h'\ntimeout = '{3 if name == 'hangs' else 60} s'\nmemory = '1 GB'\n"
        for name in bad
    )
    settings(folder, tables + INBOX + "[[report]]\nout = 'report/'\n")
    (folder / "report").mkdir()
    read_only(folder / "report")
    daemon = start()
    wait_for(lambda: said(folder).count("failed (1 in a row)") > len(bad), "the fifth failure")
    wait_for(lambda: "job collect 5 folder done" in said(folder), "the good job's end")
    found = jobs(folder)
    assert found["hangs"]["message"] == "did not end within 0:00:03; ended"
    assert found["crashes"]["message"] == "ended by signal SIGABRT"
    assert "memory" in found["eats"]["message"].lower()
    assert "ValueError: enough" in found["raves"]["message"]
    assert all(found[name]["failures"] == 1 for name in bad)
    assert "cannot be written" in found["announcements"]["message"]
    assert found["folder"]["succeeded"]
    assert len(said(folder)) < 200_000  # of what a child raves only the end is kept
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0


@pytest.mark.parametrize("after", [0.0, 0.5, "sleeper", "muser", "drawer"], ids=str)
def test_told_to_end_it_ends_in_any_phase(folder: Path, start: Start, after: float | str) -> None:
    """While it starts, and while a job collects, tags, or draws a report."""
    slow = {
        "muser": "[[tag]]\nuse = 'muses'\n",
        "drawer": "[[report]]\nuse = 'draws'\nout = 'report/'\nevery = '1 h'\n",
    }
    settings(folder, INBOX + slow.get(str(after), "[[collect]]\nuse = 'sleeps'\n"))
    daemon = start()
    if isinstance(after, float):
        wait_for(lambda: (folder / "sentinel.db.lock").exists(), "its lock")
        time.sleep(after)
    else:
        wait_for(lambda: (folder / after).exists(), "its child")
    begun = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0
    assert time.monotonic() - begun < 10
    assert "Traceback" not in said(folder)
    assert "failed" not in said(folder)
    for name in ("sleeper", "muser", "drawer"):
        text = (folder / name).read_text() if (folder / name).exists() else ""
        assert not text or not alive(int(text))
    assert all(job["failures"] == 0 for job in jobs(folder).values())  # abandoned, not failed
    assert not (folder / "report").exists()


def test_a_child_that_will_not_end_is_ended(folder: Path, start: Start) -> None:
    settings(folder, "[[collect]]\nuse = 'hangs'\n")
    daemon = start()
    wait_for(lambda: (folder / "deaf").exists(), "its child")
    daemon.send_signal(signal.SIGTERM)
    daemon.send_signal(signal.SIGTERM)  # an impatient user
    assert daemon.wait(20) == 0


@pytest.mark.parametrize(("use", "name"), [("sleeps", "sleeper"), ("hangs", "deaf")])
def test_children_of_a_daemon_that_was_killed_end_too(
    folder: Path, start: Start, use: str, name: str
) -> None:
    settings(folder, f"[[collect]]\nuse = '{use}'\n")
    daemon = start()
    path = folder / name
    wait_for(lambda: path.exists() and path.read_text(), "its child")
    daemon.kill()
    daemon.wait()
    pid = int(path.read_text())
    wait_for(lambda: not alive(pid), "the end of its child", 20.0)
    code, facts = status(folder)
    assert code == 1
    assert facts["daemon"]["running"] is False
    assert f"process {daemon.pid}" in facts["daemon"]["who"]


def test_settings_are_read_again_and_wrong_ones_are_not_taken_up(folder: Path, start: Start) -> None:
    settings(folder, INBOX)
    daemon = start()
    wait_for(lambda: "job collect 1 folder done" in said(folder), "the first run")
    settings(folder, "stroe = 1\n" + INBOX)
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: "the old ones stay" in said(folder), "the complaint")
    runs = said(folder).count("job collect 1 folder done")
    wait_for(
        lambda: said(folder).count("job collect 1 folder done") > runs + 1, "a run with the old settings"
    )
    assert "failed" not in said(folder)
    (folder / "no.db").write_bytes(b"no database" * 1000)
    settings(folder, "store = 'sqlite:///no.db'\n" + INBOX)
    daemon.send_signal(signal.SIGHUP)
    wait_for(
        lambda: "settings not taken up, the old ones stay: store sqlite:///no.db" in said(folder), "another"
    )
    settings(folder, INBOX + "[[collect]]\nuse = 'sleeps'\n")
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: (folder / "sleeper").exists(), "the new job")
    settings(folder, "[[collect]]\nuse = 'sleeps'\n")
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: said(folder).count("settings read again") == 2, "the second reading")
    time.sleep(0.5)
    runs = said(folder).count("job collect 1 folder done")
    time.sleep(2.5)
    assert said(folder).count("job collect 1 folder done") <= runs + 1  # one may have been at work
    code, facts = status(folder)
    assert (code, facts["daemon"]["running"]) == (0, True)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0


@pytest.mark.parametrize(
    ("command", "shown"), [("status", "(none yet)"), ("daemon --dry-run", "collect 1 folder: next")]
)
def test_who_only_looks_makes_no_store(folder: Path, command: str, shown: str) -> None:
    settings(folder, INBOX)
    line = [sys.executable, "-m", "sentinel", *command.split()]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True)
    assert shown in done.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["inbox", "plugins", "sentinel.toml"]


def test_a_dry_run_says_where_there_is_nothing_to_read(folder: Path) -> None:
    settings(folder, INBOX)
    line = [sys.executable, "-m", "sentinel", "daemon", "--dry-run"]
    assert (
        "warning" not in subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stdout
    )
    (folder / "inbox").rename(folder / "outbox")
    said = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert "  warning: inbox: no such file or folder; this job fails until it is there" in said


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[[report]]\nmdoe = 'file'\n", "no setting 'mdoe'"),
        (
            "[[collect]]\nuse = 'folder'\npath = '.'\nplatfrom = 'x'\n",
            "[[collect]] use = 'folder': no installed",
        ),
        ("[[tag]]\nuse = 'linear'\nweigths = 'x'\n", "no setting 'weigths'"),
    ],
)
def test_a_dry_run_tries_what_plug_ins_are_set_to(folder: Path, wrong: str, told: str) -> None:
    settings(folder, INBOX + wrong)
    line = [sys.executable, "-m", "sentinel", "daemon", "--dry-run"]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_corrupt_database_ends_the_daemon_with_a_clear_line(folder: Path, start: Start) -> None:
    settings(folder, INBOX)
    (folder / "sentinel.db").write_bytes(b"no database" * 1000)
    daemon = start()
    assert daemon.wait(30) == 1
    assert "not a database" in said(folder)
    assert (folder / "sentinel.db").read_bytes() == b"no database" * 1000


def test_a_child_and_what_it_started_end_together(tmp_path: Path) -> None:
    script = f"sleep 600 & echo $! > {tmp_path / 'pid'}; wait"
    ended = Children(grace=0.5).run(["/bin/sh", "-c", script], timedelta(seconds=0.5))
    assert ended is not None
    assert ended.problem == "did not end within 0:00:00.500000; ended"
    pid = int((tmp_path / "pid").read_text())
    wait_for(lambda: not alive(pid), "the end of the grandchild", 5.0)


def test_nothing_is_started_once_all_is_ended() -> None:
    children = Children()
    children.end_all()
    assert children.run(["/bin/true"], timedelta(seconds=5)) is None
    children.resume()
    ended = children.run(["/bin/sh", "-c", "echo why >&2; exit 3"], timedelta(seconds=5))
    assert ended is not None
    assert (ended.code, ended.problem) == (3, "why")


def test_the_daemon_looks_for_cycles_as_often_as_python_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Commands look seldom; a process that lives for months would keep half a day's garbage."""
    seen = []
    monkeypatch.setattr("sentinel.schedule.Daemon.run", lambda _: seen.append(gc.get_threshold()))
    before = gc.get_threshold()
    try:
        assert CliRunner().invoke(main, ["daemon", "--store", f"sqlite:///{tmp_path}/s.db"]).exit_code == 0
    finally:
        gc.set_threshold(*before)
    bare = subprocess.run(
        [sys.executable, "-c", "import gc; print(gc.get_threshold())"], stdout=-1, text=True
    )
    assert [str(found) for found in seen] == [bare.stdout.strip()]
