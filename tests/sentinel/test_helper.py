"""A second process changes nothing but the time it takes, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from queue import Queue
from subprocess import Popen
from threading import Thread
from time import monotonic, sleep
from typing import Any

import orjson
import pytest

from sentinel import helper as module
from sentinel import helper_process
from sentinel import posts_ahead as ahead_module
from sentinel.console import Console
from sentinel.errors import PluginError
from sentinel.helper import PROCESSES, Helper, Stopped
from sentinel.main_job import run
from sentinel.pipeline import Along, Outcome, collect, tag
from sentinel.settings import Settings
from sentinel.source import Source
from sentinel.store import Store
from sentinel.tagging import make_tagger

ZONE = "Asia/Shanghai"
N = 9_000  # three batches


def status(number: int) -> dict[str, Any]:
    text = f"Qwen is {'great' if number % 3 else 'slow'} today, {number % 50} \U0001f600 \u901a\u4e49"
    return {
        "id_str": str(10**18 + number),
        "created_at": f"Thu Apr {1 + number % 28:02d} 11:{number % 60:02d}:07 +0000 2027",
        "text": text,
        "user": {"id_str": str(number % 70), "screen_name": f"synth_{number % 70}"},
        "favorite_count": number % 4,
    }


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    lines = [orjson.dumps(status(number % (N - 20))) for number in range(N)]
    lines[5] = b'{"id_str": "broken'
    lines[6] = b'{"limit": {"track": 3}}'
    path.write_bytes(b"\n".join(lines))
    return path


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are worth a second process too."""
    monkeypatch.setattr(module, "_LARGE", 0)
    monkeypatch.setattr(module, "_has_cores", lambda: True)
    monkeypatch.setattr(ahead_module, "_MANY", 0)


def collected(path: Path, export: Path, helper: Helper | None) -> tuple[list[Outcome], Any]:
    store = Store(f"sqlite:///{path}", ZONE)
    try:
        outcomes = list(collect(store, [export], helper=helper))
        names = ("post_id", "published", "author", "text", "likes", "url", "platform", "day")
        rows = [tuple(row) for part in store.rows(names) for row in part]
        return outcomes, (rows, store.ledger(), list(store.rejected()))
    finally:
        store.close()


@pytest.mark.usefixtures("eager")
def test_what_is_stored_is_the_same(tmp_path: Path, export: Path) -> None:
    expected = collected(tmp_path / "one.db", export, None)
    with Helper(ZONE) as helper:
        met = []
        helper.meanwhile = lambda: met.append(helper._process)
        assert collected(tmp_path / "two.db", export, helper) == expected
    assert len(met) == 3
    assert met[0] is not None
    assert met[0].poll() is not None


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_killed_process_costs_nothing(tmp_path: Path, export: Path, after: int) -> None:
    expected = collected(tmp_path / "one.db", export, None)
    with Helper(ZONE) as helper:
        helper.expect(Source.of_file(export), "x_api_v11", {})
        met = []

        def kill() -> None:
            met.append(1)
            if len(met) == after:
                _kill(helper)

        helper.meanwhile = kill
        if not after:
            _kill(helper)
        assert collected(tmp_path / "two.db", export, helper) == expected


@pytest.mark.usefixtures("eager")
def test_a_process_that_hangs_is_not_waited_for_for_ever(
    tmp_path: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = collected(tmp_path / "one.db", export, None)
    monkeypatch.setattr(module, "_PATIENCE", 0.3)
    with Helper(ZONE) as helper:
        stopped: list[Popen[bytes]] = []

        def stop() -> None:
            if not stopped and helper._process is not None:
                stopped.append(helper._process)
                os.kill(helper._process.pid, signal.SIGSTOP)

        helper.expect(Source.of_file(export), "x_api_v11", {})
        stop()
        assert collected(tmp_path / "two.db", export, helper) == expected
        assert stopped[0].poll() == -signal.SIGKILL
        assert helper._process is None


def test_a_process_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_process, "_PULSE", 0.01)
    waiting: Queue[bytes] = Queue(2)
    Thread(target=helper_process._beat, args=(waiting,), daemon=True).start()
    assert waiting.get(timeout=10) == b'{"beat":true}'
    monkeypatch.setattr(helper_process, "_PULSE", 3600)


@pytest.mark.usefixtures("eager")
def test_beats_are_no_answers(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from sentinel import helper_process as it; it._PULSE = 0.001; it._AHEAD = 1; it.main()"

    def started(command: list[str], **given: Any) -> Popen[bytes]:
        return Popen([*command[:2], "-c", code], **given)

    monkeypatch.setattr("sentinel.helper.Popen", started)
    with Helper(ZONE) as helper:
        assert sum(batch.rows for batch, _ in helper.read(Source.of_file(export), "x_api_v11", {})) == N


def _kill(helper: Helper) -> None:
    assert helper._process is not None
    helper._process.kill()
    helper._process.wait()


@pytest.mark.usefixtures("eager")
def test_what_cannot_be_handed_over_is_read_here(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,date\n1,hello there Qwen,2027-04-01\n")
    with Helper(ZONE) as helper:
        with pytest.raises(Stopped):
            list(helper.read(Source.of_file(path), "no such format", {}))
        with pytest.raises(Stopped):  # JSON has no such values
            list(helper.read(Source.of_file(path), "generic_csv", {"x": object()}))
        (outcome,) = collect(Store("sqlite://"), [path], helper=helper)
        assert (outcome.rows, outcome.problem) == (1, "")


@pytest.mark.usefixtures("eager")
def test_a_file_is_read_from_its_beginning_each_time(export: Path) -> None:
    source = Source.of_file(export)
    with Helper(ZONE) as helper:
        first = next(helper.read(source, "x_api_v11", {}))
        assert next(helper.read(source, "x_api_v11", {})) == first
        assert sum(batch.rows for batch, _ in helper.read(source, "x_api_v11", {})) == N


@pytest.mark.usefixtures("eager")
def test_the_digest_of_one_file_is_not_that_of_an_export_of_several(tmp_path: Path) -> None:
    tweet = (
        '{"tweet": {"id_str": "1%018d", "full_text": "Qwen", "created_at": "Sat Mar 01 00:00:00 +0000 2031"}}'
    )
    path = tmp_path / "tweets.js"
    path.write_text(f"window.YTD.tweets.part0 = [{tweet % 1}]")
    (tmp_path / "account.js").write_text('window.YTD.account.part0 = [{"account": {"accountId": "1"}}]')
    (tmp_path / "tweets-part1.js").write_text(f"window.YTD.tweets.part1 = [{tweet % 2}]")
    expected = collected(tmp_path / "one.db", path, None)
    with Helper(ZONE) as helper:
        helper.expect_first([path], None)
        assert collected(tmp_path / "two.db", path, helper) == expected


@pytest.mark.usefixtures("eager")
def test_what_is_read_before_a_digest_is_taken_is_not_used(tmp_path: Path, export: Path) -> None:
    """Else the bytes that a file has when it is its turn would be taken for those that were read."""
    other = tmp_path / "other.csv"
    other.write_text("id,text,date\n1,hello there Qwen,2027-04-01\n")
    with Helper(ZONE) as helper:
        helper.expect_first([export], None)
        assert helper._process is not None
        helper.know(Source.of_file(other))
        assert helper._process is None
        helper.expect_first([export], None)
        export.write_bytes(export.read_bytes() + b"\n")
        helper.know(Source.of_file(export))
        assert helper._process is None
        helper.expect_first([export], None)
        source = Source.of_file(export)
        helper.know(source)
        assert helper._process is not None
        assert "sha256" in vars(source)


def test_one_process_if_that_is_wanted(monkeypatch: pytest.MonkeyPatch, export: Path) -> None:
    monkeypatch.setattr(module, "_LARGE", 0)
    monkeypatch.setenv(PROCESSES, "1")
    helper = Helper(ZONE)
    assert not helper.expect(Source.of_file(export), "x_api_v11", {})
    assert helper._process is None


def test_small_files_start_nothing(export: Path) -> None:
    helper = Helper(ZONE)
    assert not helper.expect(Source.of_file(export), "x_api_v11", {})
    assert helper._process is None


@pytest.mark.usefixtures("eager")
def test_posts_are_tagged_along(tmp_path: Path, export: Path) -> None:
    store, tagger = Store(f"sqlite:///{tmp_path}/s.db", ZONE), make_tagger()
    with Helper(ZONE) as helper:
        helper.meanwhile = along = Along(store, tagger)
        list(collect(store, [export], helper=helper))
    assert along.done == store.size
    assert store.count_untagged(tagger.key) == 0
    store.close()


class _Broken:
    key, name, reads = "broken", "broken", ("text",)

    def tag(self, posts: Any) -> Any:
        raise PluginError("this model always fails")


@pytest.mark.usefixtures("eager")
def test_a_model_that_fails_costs_no_reading(tmp_path: Path, export: Path) -> None:
    broken: Any = _Broken()
    store = Store(f"sqlite:///{tmp_path}/s.db", ZONE)
    with Helper(ZONE) as helper:
        helper.meanwhile = along = Along(store, broken)
        (outcome,) = collect(store, [export], helper=helper)
    assert (outcome.problem, outcome.rows, along.done) == ("", N, 0)
    with pytest.raises(PluginError, match="always fails"):
        tag(store, broken)
    store.close()


SCRIPT = """
import sys
from pathlib import Path
from sentinel import helper
from sentinel.source import Source
helper._LARGE = 0
helper._has_cores = lambda: True
h = helper.Helper("UTC")
next(h.read(Source.of_file(Path(sys.argv[1])), "x_api_v11", {}))
print(h._process.pid, flush=True)
sys.stdin.read()
"""


def test_it_outlives_nobody(export: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(export)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        os.kill(number, 0)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until = monotonic() + 20
    while _runs(number) and monotonic() < until:
        sleep(0.02)
    assert not _runs(number)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
        return not Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except OSError:
        return False


def ran(out: Path, export: Path) -> dict[str, bytes]:
    run(Settings(), [export], out, True, None, 1, "en", Console(quiet=True))
    return {path.name: path.read_bytes() for path in out.iterdir() if not path.name.startswith("fresh.db")}


def test_a_whole_run_gives_the_same_files(
    tmp_path: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = ran(tmp_path / "one", export)
    monkeypatch.setattr(module, "_LARGE", 0)
    monkeypatch.setattr(module, "_has_cores", lambda: True)
    monkeypatch.setattr(ahead_module, "_MANY", 0)
    assert ran(tmp_path / "two", export) == alone
    monkeypatch.setattr(Helper, "written", _gone)
    assert ran(tmp_path / "three", export) == alone


def _gone(self: Helper) -> int:
    self.dismiss()
    raise Stopped
