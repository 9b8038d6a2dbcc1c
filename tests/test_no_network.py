"""The main job opens no connection."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from sentinel.cli import main
from sentinel.sample import write_sample

FILES = ("index.html", "posts.csv", "mood.csv", "effects.csv", "rejects.csv", "manifest.json")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reaches for the network fails."""

    def refuse(*_args: Any, **_keywords: Any) -> NoReturn:
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.usefixtures("offline")
def test_the_whole_pipeline_runs_without_network(tmp_path: Path) -> None:
    sample = write_sample(tmp_path / "sample", n_posts=3000)
    (tmp_path / "sentinel.toml").write_text('announcements = "sample/announcements.csv"\n')
    out = tmp_path / "report"
    arguments = ["run", str(sample / "exports"), "-c", str(tmp_path / "sentinel.toml"), "-o", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert all((out / name).stat().st_size > 0 for name in FILES)


def test_the_fixture_blocks(offline: None) -> None:
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("example.invalid", 80))
