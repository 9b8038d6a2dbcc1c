"""What a command loads: nothing heavy that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "plotly",
    "vaderSentiment",
    "apscheduler",
    "dask",
    "distributed",
    "pyarrow",
}
SCRIPT = """
import sys
from sentinel.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*{name.split(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def test_help_loads_next_to_nothing() -> None:
    assert not loaded("--help") & {*HEAVY, "sqlalchemy", "pydantic", "rich"}


def test_status_loads_no_numbers(tmp_path: Path) -> None:
    from sentinel.store import Store

    url = f"sqlite:///{tmp_path}/s.db"
    Store(url).close()
    assert not loaded("status", "--store", url) & HEAVY


def test_effects_of_a_table_load_no_database(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("published,author,score\n2025-01-01T00:00:00Z,a,0.5\n")
    (tmp_path / "dates.csv").write_text("date,title\n2025-01-01,a\n")
    paths = {f"--{name}": str(tmp_path / f"{name}.csv") for name in ("posts", "out")}
    paths["--announcements"] = str(tmp_path / "dates.csv")
    found = loaded("effects", *(part for pair in paths.items() for part in pair), "-q")
    assert "pandas" in found
    assert not found & {"scipy", "sklearn", "plotly", "sqlalchemy"}
    assert (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("module", ["sentinel.main_job", "sentinel.analysis"])
def test_one_process_pays_nothing_for_a_cluster(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"dask", "distributed", "fsspec", "sentinel.lake"}


def test_models_and_settings_are_ready_before_pandas_is_loaded() -> None:
    script = "import sys\nfrom sentinel.main_job import _prepared\nfrom sentinel.settings import Settings\n"
    script += "_prepared(Settings())\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"pandas", "plotly", "jinja2"}
