"""Who may import what, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGINS = {
    "sentinel_collectors": ROOT / "collectors" / "sentinel_collectors",
    "sentinel_models": ROOT / "models" / "sentinel_models",
    "sentinel_dashboards": ROOT / "dashboards" / "sentinel_dashboards",
}
PACKAGES = {"sentinel": ROOT / "sentinel", **PLUGINS}
MODULES = [
    pytest.param(package, path, id=f"{package}/{path.relative_to(folder)}")
    for package, folder in PACKAGES.items()
    for path in sorted(folder.rglob("*.py"))
]
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
    "pd.Timestamp.now", "pd.Timestamp.today", "pd.Timestamp.utcnow",
}  # fmt: skip
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
UNSAFE_CALLS = {
    "eval",
    "exec",
    "yaml.load",
    "yaml.unsafe_load",
    "np.load",
    "numpy.load",
    "pd.read_pickle",
    "os.system",
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """Absolute names of modules that are imported anywhere in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def test_every_package_was_found() -> None:
    assert {package for package, _ in (case.values for case in MODULES)} == set(PACKAGES)


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_imports_point_one_way(package: str, path: Path) -> None:
    assert not tops(path) & set(PLUGINS), (
        "a plug-in is found by entry point, or imported relatively by its own package"
    )


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_relative_imports_stay_in_their_package(package: str, path: Path) -> None:
    depth = len(path.relative_to(PACKAGES[package]).parts)
    levels = [node.level for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    assert max(levels, default=0) <= depth
    if package == "sentinel":
        assert not any(levels), "sentinel imports itself by name"


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_plugins_use_public_names_of_sentinel(package: str, path: Path) -> None:
    names = [name for name in imported(path) if name.split(".")[0] == "sentinel" and package != "sentinel"]
    assert not [name for name in names if any(part.startswith("_") for part in name.split("."))]


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_heavy_parts_have_one_home(package: str, path: Path) -> None:
    here = tops(path)
    if (package, path.parent.name) != ("sentinel", "store"):
        assert "sqlalchemy" not in here
        assert "sqlite3" not in here
    if (package, path.name) not in (("sentinel", "schedule.py"), ("sentinel", "schedule_triggers.py")):
        assert "apscheduler" not in here
    if package != "sentinel_dashboards":
        assert "plotly" not in here


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_only_the_schedule_reads_the_clock(package: str, path: Path) -> None:
    if (package, path.name) == ("sentinel", "schedule_clock.py"):
        return
    assert not [ast.unparse(call) for call in calls(path) if ast.unparse(call.func) in CLOCKS]


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_nothing_unpickles_or_evaluates(package: str, path: Path) -> None:
    assert not tops(path) & UNSAFE_MODULES
    unsafe = [call for call in calls(path) if ast.unparse(call.func) in UNSAFE_CALLS]
    assert not [ast.unparse(call) for call in unsafe if not _loads_plain_arrays(call)]


def _loads_plain_arrays(call: ast.Call) -> bool:
    """Arrays may be loaded where pickles are refused in so many words."""
    refused = [word for word in call.keywords if word.arg == "allow_pickle"]
    return (
        ast.unparse(call.func).endswith(".load")
        and bool(refused)
        and ast.unparse(refused[0].value) == "False"
    )
