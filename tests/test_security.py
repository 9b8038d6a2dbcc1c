"""What docs/security.md promises, where it can be held to it."""

from __future__ import annotations

import ast
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sentinel.cli import main

ROOT = Path(__file__).parents[1]
FOLDERS = ("sentinel", "collectors", "models", "dashboards", "benchmarks")
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
#: Modules that run what they read, or open what they are told.
MODULES = {
    *("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle"),
    *("yaml", "ruamel", "telnetlib", "ftplib", "xmlrpc", "code", "codeop"),
}
CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "subprocess.getoutput"),
    *("subprocess.getstatusoutput", "tempfile.mktemp", "pd.read_pickle", "pandas.read_pickle"),
    *("ssl._create_unverified_context", "torch.load"),
}


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).split(".")[0])
    return names


def test_the_sources_were_found() -> None:
    assert len(SOURCES) > 150


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_runs_what_it_reads(path: Path) -> None:
    assert not imported(path) & MODULES
    for call in calls(path):
        name = ast.unparse(call.func)
        assert name not in CALLS, ast.unparse(call)
        words = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert words.get("shell", "False") == "False", ast.unparse(call)
        assert words.get("verify", "True") != "False", ast.unparse(call)
        assert words.get("allow_pickle", "False") == "False", ast.unparse(call)
        assert words.get("trust_remote_code", "False") == "False", ast.unparse(call)


def sentinel(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY outside SYSTEM "file:///etc/passwd">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 99}">' for old, new in zip("abcdef", "bcdefg", strict=True))
    + ']><rss version="2.0"><channel><title>t</title><item><guid>1</guid><title>&g; &outside; Qwen</title>'
    "<pubDate>Mon, 28 Apr 2025 21:03:11 GMT</pubDate></item></channel></rss>"
)


def test_entities_of_a_feed_are_not_expanded(here: Path) -> None:
    (here / "bomb.xml").write_text(BOMB)
    result = sentinel("collect", "bomb.xml", "--use", "rss_atom")
    assert "bomb.xml declares entities of its own, which no feed needs; refused" in result.output
    assert json.loads(sentinel("status", "--json").output)["posts"] == 0


def test_only_their_owner_reads_the_store_and_its_copies_whatever_the_umask(here: Path) -> None:
    (here / "a.jsonl").write_text(
        json.dumps({"id": "1", "created_at": "2031-03-01T00:00:00Z", "text": "Qwen is great"}) + "\n"
    )
    before = os.umask(0o000)
    try:
        assert sentinel("collect", "a.jsonl").exit_code == 0
        assert sentinel("run", "a.jsonl", "--fresh", "-o", "fresh").exit_code == 0
        assert sentinel("backup", "copy.db").exit_code == 0
    finally:
        os.umask(before)
    private = [path for path in here.rglob("*.db*") if path.is_file()]
    assert {path.name for path in private} >= {"sentinel.db", "fresh.db", "copy.db"}
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_password_in_the_settings_is_never_shown(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTINEL_TEST_PASSWORD", "hunter2hunter2")
    (here / "sentinel.toml").write_text(
        'store = "postgresql://me:${SENTINEL_TEST_PASSWORD}@127.0.0.1:1/none"\n'
        '[[alert]]\nwhen = "no posts from x for 6 h"\nto = "https://127.0.0.1:1/${SENTINEL_TEST_PASSWORD}"\n'
    )
    for command in ("status", "report", "check", "run", "export", "daemon", "tag"):
        result = sentinel(command)
        assert result.exit_code != 0, command
        assert result.output
        assert "hunter2" not in result.output, command
