"""A few kills at random moments; `make nightly` does 300, and 100 on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "kills.py"


def test_a_killed_run_loses_and_doubles_nothing() -> None:
    command = [sys.executable, str(SCRIPT), "--kills", "6", "--posts", "400"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "run      2 kills" in done.stdout
    assert "inbox    2 kills" in done.stdout
    assert "live     2 kills" in done.stdout
