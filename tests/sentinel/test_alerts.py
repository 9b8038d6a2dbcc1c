"""Rules over a store: what is raised, when it is sent, that nothing is lost or sent twice, that no secret is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from sqlalchemy import event

from sentinel import alerts
from sentinel.cli import main
from sentinel.console import Console
from sentinel.environment import expanded
from sentinel.errors import SettingsError
from sentinel.ports import Batch, Reject
from sentinel.post import TAG_COLUMNS
from sentinel.settings import PluginSettings, Settings, load_settings
from sentinel.store import Store

NOW = datetime(2031, 6, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUIET = Console(quiet=True)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def add(
    store: Store, moments: list[datetime], scores: list[float], platform: str = "x", name: str = "a"
) -> None:
    """Posts that are tagged already, an author each."""
    n = len(moments)
    known = sum(entry["rows"] for entry in store.ledger())
    columns = {
        "platform": [platform] * n,
        "post_id": [str(known + number) for number in range(n)],
        "published": [text(moment) for moment in moments],
        "precision": ["second"] * n,
        "author": [f"synth_{number % 400}" for number in range(n)],
        "kind": ["post"] * n,
        "text": [f"text {number}" for number in range(n)],
    }
    number = store.begin_input(name, name, "test", 10)
    assert number is not None
    store.add(number, Batch(columns))
    store.end_input(number)
    left = iter(scores)
    for numbers, ranks, posts in store.untagged("t"):
        size = len(posts["text"])
        tags: dict[str, list[Any]] = {column: [None] * size for column in TAG_COLUMNS}
        tags |= {
            "lang": ["en"] * size,
            "about": [1.0] * size,
            "spam": [0.0] * size,
            "label": ["neutral"] * size,
        }
        tags |= {
            "score": [next(left) for _ in range(size)],
            "topics": ["pricing"] * size,
            "entities": [""] * size,
        }
        store.add_tags("t", numbers, ranks, tags)


def ordinary(store: Store, shift: float = 0.0) -> None:
    """Ninety ordinary days of forty authors; in the last 24 hours the mood is another."""
    dice = Random(7)
    mood = [dice.gauss(0, 0.05) for _ in range(91)]
    moments = [NOW - dice.uniform(0, 90) * DAY for _ in range(90 * 40)]
    ages = [(NOW - moment) // DAY for moment in moments]
    scores = [max(-1, min(1, mood[age] + dice.gauss(0, 0.3) + (shift if age == 0 else 0))) for age in ages]
    add(store, moments, scores)


@pytest.fixture
def lite(new_sqlite_url: Callable[[], str]) -> Iterator[Store]:
    opened = Store(new_sqlite_url())
    yield opened
    opened.close()


def settings(folder: Path, *rules: dict[str, Any], **more: Any) -> Settings:
    tables = [{"to": str(folder / "alerts.jsonl"), **rule} for rule in rules]
    return Settings.model_validate({"alert": tables, **more})


def sent(folder: Path, name: str = "alerts.jsonl") -> list[str]:
    path = folder / name
    return [json.loads(line)["text"] for line in path.read_text().splitlines()] if path.exists() else []


FALL = {"when": "mood falls by 3 sigma in 24 h and n_authors >= 20"}


def test_a_fall_is_told_once_and_after_it_was_over_again(store: Store, tmp_path: Path) -> None:
    ordinary(store, -0.4)
    chosen = settings(tmp_path, FALL, FALL | {"when": "mood rises by 3 sigma in 24 h"})
    for hours in range(0, 12, 3):
        alerts.look(store, chosen, NOW + hours * HOUR, QUIET)
    (told,) = sent(tmp_path)
    assert told.startswith("mood of all fell by 0.")
    assert "sigma) in 24 h" in told
    assert not store.unsent()


def test_ordinary_days_raise_nothing(lite: Store, tmp_path: Path) -> None:
    ordinary(lite)
    rules = [FALL, {"when": "mood moves by 3 sigma in 24 h"}, {"when": "volume rises by 4 sigma in 24 h"}]
    alerts.look(lite, settings(tmp_path, *rules), NOW, QUIET)
    assert not sent(tmp_path)


def test_recipients_have_topics_of_their_own(lite: Store, tmp_path: Path) -> None:
    ordinary(lite, -0.4)
    pricing = {
        "when": "mood of topic:pricing falls by 3 sigma in 24 h",
        "to": str(tmp_path / "pricing.jsonl"),
    }
    models = {"when": "mood of topic:models falls by 3 sigma in 24 h", "to": str(tmp_path / "models.jsonl")}
    alerts.look(lite, settings(tmp_path, pricing, models), NOW, QUIET)
    assert len(sent(tmp_path, "pricing.jsonl")) == 1
    assert not sent(tmp_path, "models.jsonl")


def test_moves_are_looked_at_now_and_then_only(lite: Store, tmp_path: Path) -> None:
    ordinary(lite)
    chosen = settings(tmp_path, FALL)
    alerts.look(lite, chosen, NOW, QUIET)
    key = next(iter(lite_states(lite)))
    for minutes in (10, 170):
        alerts.look(lite, chosen, NOW + timedelta(minutes=minutes), QUIET)
        assert lite.rule_state(key)["looked"] == text(NOW)
    alerts.look(lite, chosen, NOW + 3 * HOUR, QUIET)
    assert lite.rule_state(key)["looked"] == text(NOW + 3 * HOUR)


def lite_states(store: Store) -> list[str]:
    import sqlite3

    with sqlite3.connect(store.files[0]) as connection:
        found = [row[0] for row in connection.execute("SELECT key FROM rules")]
    connection.close()
    return found


SILENCE = {"when": "no posts from x for 6 h"}


def test_silence_is_told_once_and_again_when_it_comes_again(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, SILENCE)
    add(store, [NOW - 5 * HOUR, NOW + 30 * DAY], [0.1, 0.1])  # one is dated in the future
    alerts.look(store, chosen, NOW, QUIET)
    assert not sent(tmp_path)
    for hours in (1, 2, 9):
        alerts.look(store, chosen, NOW + hours * HOUR, QUIET)
    assert sent(tmp_path) == [f"no posts from x since {text(NOW - 5 * HOUR)}: silent for 6 h"]
    add(store, [NOW + 9 * HOUR], [0.1], name="b")
    alerts.look(store, chosen, NOW + 10 * HOUR, QUIET)
    alerts.look(store, chosen, NOW + 16 * HOUR, QUIET)
    assert len(sent(tmp_path)) == 2


def test_a_source_that_never_spoke_is_silent_too(lite: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, SILENCE)
    add(lite, [NOW], [0.1], platform="reddit")
    for hours in (0, 5, 6, 7):
        alerts.look(lite, chosen, NOW + hours * HOUR, QUIET)
    assert sent(tmp_path) == ["no posts from x at all: silent for 6 h"]


def test_to_see_that_a_platform_is_silent_no_post_is_gone_through(lite: Store) -> None:
    for platform in ("x", "Weibo", "reddit"):
        add(lite, [NOW + number * HOUR for number in range(2_000)], [0.1] * 2_000, platform, platform)
    looks: list[int] = []

    def count(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_progress_handler(lambda: looks.append(1), 100)  # each 100 steps of SQLite's machine

    event.listen(lite._engine, "checkout", count)
    for platform, community in (("x", ""), ("weibo", ""), ("bluesky", ""), ("bluesky", "ai"), ("", "")):
        found = lite.latest_post(platform, community, text(NOW + 9_999 * HOUR))
        assert found == (None if platform == "bluesky" else text(NOW + 1_999 * HOUR))
    assert lite.platforms() == ["Weibo", "reddit", "x"]
    assert len(looks) < 20


def test_after_a_night_off_silence_waits_for_the_first_read(lite: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, SILENCE, collect=[{"use": "folder", "path": "inbox"}])
    add(lite, [NOW - 3 * DAY], [0.1])
    lite.remember_job("collect 1 folder", ended=text(NOW - 2 * DAY))
    alerts.look(lite, chosen, NOW, QUIET)
    assert not sent(tmp_path)
    lite.remember_job("collect 1 folder", ended=text(NOW + HOUR))
    alerts.look(lite, chosen, NOW + HOUR, QUIET)
    assert len(sent(tmp_path)) == 1


def test_rejects_are_told_once_an_input(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "rejects above 1 %"})
    for name, n in (("good", 1), ("bad", 2)):
        number = store.begin_input(name, f"{name}.csv", "test", 10)
        assert number is not None
        store.add(number, Batch({}, [Reject("row 1", "no date", "x")] * n, {"deleted": 100 - n}))
        store.end_input(number)
    for hours in range(3):
        alerts.look(store, chosen, NOW + hours * HOUR, QUIET)
    assert sent(tmp_path) == ["bad.csv: 2 of 100 rows (2.0 %) could not be read; has its format changed?"]


def test_failures_are_told_once_until_a_success(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "3 failures in a row"})
    for failures in (2, 3, 4):
        store.remember_job("collect 1 folder", failures=failures, message="no answer")
        alerts.look(store, chosen, NOW + failures * HOUR, QUIET)
    assert sent(tmp_path) == ["job collect 1 folder failed 3 times in a row: no answer"]
    store.remember_job("collect 1 folder", failures=0, succeeded=text(NOW + 5 * HOUR))
    alerts.look(store, chosen, NOW + 5 * HOUR, QUIET)
    store.remember_job("collect 1 folder", failures=3)
    alerts.look(store, chosen, NOW + 6 * HOUR, QUIET)
    assert len(sent(tmp_path)) == 2


def effects(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "date": "2031-05-30",
        "title": "Qwen9",
        "cluster": "2031-05-30",
        "window": "reaction",
        "scope": "all",
        "verdict": "fell",
        "effect": -0.2,
        "low": -0.3,
        "high": -0.1,
        "q": 0.01,
    }
    return pd.DataFrame([usual | row for row in rows])


def test_a_finding_is_told_when_a_report_first_has_it(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "finding"}, {"when": "finding of topic:pricing rose"})
    old = {"date": "2030-01-01", "cluster": "2030-01-01"}
    new = {"cluster": "2031-06-01", "scope": "topic:pricing", "verdict": "rose", "effect": 0.2}
    nothing = {"cluster": "2031-04-01", "verdict": "no visible change"}
    for found in ([old, {}, nothing], [old, {}], [old], [old, {}, new]):
        alerts.note_findings(store, chosen, effects(*found), NOW)
        alerts.look(store, chosen, NOW, QUIET)
    first, *others = sent(tmp_path)
    assert first == "2031-05-30 Qwen9: mood of all fell by 0.20 (-0.30 to -0.10; q = 0.010)"
    assert others == ["2031-05-30 Qwen9: mood of topic:pricing rose by 0.20 (-0.30 to -0.10; q = 0.010)"] * 2


def test_what_could_not_be_sent_is_kept_and_sent_later_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").mkdir()  # no file can be written there
    chosen = settings(
        tmp_path, {"when": "3 failures in a row", "to": [str(tmp_path / "alerts.jsonl"), str(tmp_path / "b")]}
    )
    store.remember_job("collect 1 folder", failures=3, message="no answer")
    alerts.look(store, chosen, NOW, QUIET)
    (waiting,) = store.unsent()
    assert (waiting["attempts"], waiting["next"]) == (1, text(NOW + timedelta(minutes=1)))
    assert "Is a directory" in waiting["problem"]
    assert len(sent(tmp_path, "b")) == 1
    (tmp_path / "alerts.jsonl").rmdir()
    alerts.look(store, chosen, NOW + timedelta(seconds=30), QUIET)
    assert not sent(tmp_path)  # it waits a little
    alerts.look(store, chosen, NOW + HOUR, QUIET)
    alerts.look(store, chosen, NOW + 2 * HOUR, QUIET)
    assert len(sent(tmp_path)) == len(sent(tmp_path, "b")) == 1


def test_a_digest_misses_nothing_between_two_pushes(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "1 failures in a row", "at": "08:00", "zone": "UTC"}, SILENCE)
    for number in range(5):
        store.remember_job(f"collect {number} folder", failures=1, message="no answer")
        alerts.look(store, chosen, NOW + number * HOUR, QUIET)
    assert not sent(tmp_path)
    again = NOW.replace(day=2, hour=8)
    alerts.look(store, chosen, again - timedelta(minutes=1), QUIET)
    failing = [line for line in sent(tmp_path) if "failed" in line]
    assert not failing
    for minutes in (0, 10):
        alerts.look(store, chosen, again + timedelta(minutes=minutes), QUIET)
    failing = [line for line in sent(tmp_path) if "failed" in line]
    assert [line.split()[2] for line in failing] == ["0", "1", "2", "3", "4"]


def test_a_digest_by_interval_is_sent_at_most_so_often(lite: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "1 failures in a row", "every": "1 day"})
    for hours in range(0, 60, 6):
        lite.remember_job(f"collect {hours} folder", failures=1, message="no")
        alerts.look(lite, chosen, NOW + hours * HOUR, QUIET)
    times = sorted({row["sent"] for row in all_messages(lite) if row["sent"]})
    assert times == [text(NOW + hours * HOUR) for hours in (0, 24, 48)]
    assert len(sent(tmp_path)) == 9


def all_messages(store: Store) -> list[dict[str, Any]]:
    import sqlite3

    connection = sqlite3.connect(store.files[0])
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute("SELECT * FROM messages")]
    connection.close()
    return rows


def test_a_cool_down_keeps_quiet_and_loses_nothing_that_lasts(lite: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path, {"when": "1 failures in a row", "cool_down": "6 h"})
    lite.remember_job("one", failures=1, message="no")
    alerts.look(lite, chosen, NOW, QUIET)
    lite.remember_job("two", failures=1, message="no")
    alerts.look(lite, chosen, NOW + HOUR, QUIET)
    assert len(sent(tmp_path)) == 1
    alerts.look(lite, chosen, NOW + 6 * HOUR, QUIET)
    assert [line.split()[1] for line in sent(tmp_path)] == ["one", "two"]


def test_a_dry_run_says_what_would_be_raised_and_stores_nothing(lite: Store, tmp_path: Path) -> None:
    ordinary(lite, -0.4)
    hook = expanded("https://hooks.example/T0PSECRET", "to")
    chosen = settings(tmp_path, FALL | {"to": hook}, {"when": "finding"}, SILENCE)
    lines = list(alerts.dry_run(lite, chosen, NOW))
    assert any(line.startswith("  would be raised: mood of all fell by") for line in lines)
    assert not any("T0PSECRET" in line for line in lines)
    assert not lite_states(lite)
    assert not lite.unsent()


def test_a_dry_run_tells_of_slips(lite: Store, tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    to = [str(tmp_path / "alerts"), "htps://hooks.example/T0PSECRET", str(tmp_path / "alerts" / "a.jsonl")]
    chosen = settings(tmp_path, {"when": "2 failures in a row of colect", "to": to})
    chosen = chosen.model_copy(
        update={"collect": (PluginSettings.model_validate({"use": "folder", "path": "inbox/"}),)}
    )
    warnings = [line for line in alerts.dry_run(lite, chosen, NOW) if "warning" in line]
    assert len(warnings) == 3
    assert "no job is called 'colect'; there are collect 1 folder" in warnings[0]
    assert "is a folder; name a file in it" in warnings[1]
    assert warnings[2].startswith("  warning: htps://…")


@pytest.mark.parametrize(
    ("when", "doubt"),
    [
        ("mood of topic:markt falls by 3 sigma in 24 h", r"no topic 'markt' \(did you mean 'market'\?\)"),
        ("finding of entity:qwenn", r"no entity 'qwenn' \(did you mean 'qwen'\?\)"),
        ("volume of platform:xx rises by 200 % in 24 h", r"no post of the store is from 'xx' \(.*'x'"),
        (
            "no posts from wiebo/super for 6 h",
            r"no post of the store is from 'wiebo'; there are posts from x",
        ),
        ("mood of topic:other falls by 3 sigma in 24 h", ""),
        ("mood of entity:qwen falls by 3 sigma in 24 h", ""),
        ("no posts from x for 6 h", ""),
        ("mood falls by 3 sigma in 24 h", ""),
        ("finding", ""),
    ],
)
def test_a_dry_run_doubts_names_that_nothing_has(lite: Store, tmp_path: Path, when: str, doubt: str) -> None:
    ordinary(lite, 0.0)
    warnings = [
        line for line in alerts.dry_run(lite, settings(tmp_path, {"when": when}), NOW) if "  warning" in line
    ]
    assert len(warnings) == bool(doubt), warnings
    assert all(re.search(doubt, line) for line in warnings)


SECRETS = ("T0PSECRET", "P4SSWORD", "L1TERAL")
SETTINGS = """
metrics = "sentinel.prom"
[smtp]
host = "127.0.0.1"
port = 1
from = "a@example.invalid"
user = "me"
password = "${MAIL_PASSWORD}"
[[collect]]
use = "folder"
path = "missing/"
[[alert]]
when = "1 failures in a row"
to = ["http://127.0.0.1:1/${HOOK_TOKEN}", "http://u:L1TERAL@127.0.0.1:1/L1TERAL?k=L1TERAL", "mailto:me@example.invalid"]
"""


def test_no_secret_is_told_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grep: in what commands say, in the database, in the metrics, in the log of the daemon and its children."""
    monkeypatch.setenv("HOOK_TOKEN", "T0PSECRET")
    monkeypatch.setenv("MAIL_PASSWORD", "P4SSWORD")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sentinel.toml").write_text(SETTINGS)
    opened = Store("sqlite:///sentinel.db")
    opened.remember_job("collect 1 folder", failures=1, message="no answer")
    opened.close()
    command = [sys.executable, "-m", "sentinel", "daemon", "--log-format", "json", "-v"]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert daemon.stderr is not None
    said = []
    for line in daemon.stderr:
        said.append(line.decode())
        if b"job alerts done" in line:
            break
    metrics, end = tmp_path / "sentinel.prom", time.monotonic() + 20
    while time.monotonic() < end and not (metrics.exists() and "sentinel_unsent 3" in metrics.read_text()):
        time.sleep(0.05)  # they are written after the job's end
    daemon.terminate()
    said.append(daemon.communicate(timeout=40)[1].decode())
    assert not [entry for entry in "".join(said).splitlines() if not entry.startswith("{")]
    for arguments in (
        ["job", "alerts", "1", "-v"],
        ["status"],
        ["status", "--json"],
        ["daemon", "--dry-run"],
    ):
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        said.append(done.output)
    refused = "a message was not sent, and is tried again: http://127.0.0.1:1/…: Connection refused"
    assert refused in "".join(said)
    assert "tried 1 time: mailto:me@example.invalid: Connection refused" in said[-3]
    told = "\n".join(said).encode() + b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.name != "sentinel.toml" and path.is_file()
    )
    assert b"sentinel_unsent 3" in told
    assert [secret for secret in SECRETS if secret.encode() in told] == []


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            '[[alert]]\nwhen = "mood drops"\nto = "a"',
            r"\[\[alert\]\].*'mood drops' is no rule; understood are",
        ),
        ('[[alert]]\nwhen = "finding"\nto = []', "at least one destination"),
        ('[[alert]]\nwhen = "finding"\nto = "https:///L1TERAL"', "names no host"),
        ('[[alert]]\nwhen = "finding"\nto = "a"\ncool_down = "soon"', "'soon' is no duration"),
        ('[[alert]]\nwhen = "finding"\nto = "a"\nevery = "1 day"\nat = "07:00"', "given together"),
        ('[[alert]]\nwhen = "finding"\nto = "${HOOK_MISSING}"', "HOOK_MISSING is not set"),
        (
            '[smtp]\nhost = "h"\nfrom = "a"\npassword = "L1TERAL"',
            r"\[smtp\] password: expected the name of an env",
        ),
        ('[smtp]\nhsot = "h"\nfrom = "a"', "no key 'hsot'.*Did you mean 'host'"),
    ],
)
def test_wrong_settings_are_named_without_what_could_be_secret(
    tmp_path: Path, table: str, message: str
) -> None:
    path = tmp_path / "sentinel.toml"
    path.write_text(table)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(path)
    assert "L1TERAL" not in str(caught.value)
