"""A few weeks of the default rules of alerts; `make nightly` tries fifty years (benchmarks/alerts.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    path = Path(__file__).parents[1] / "benchmarks" / "alerts.py"
    spec = spec_from_file_location("benchmark_of_alerts", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["benchmark_of_alerts"] = module  # dataclasses look their module up
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(path.parent)  # where it finds its own parts
        spec.loader.exec_module(module)
        yield module


def test_six_weeks_without_news_are_quiet(benchmark: ModuleType) -> None:
    assert benchmark.false_alarms(benchmark.WORLDS.CLIMATES["B"], 1, 42) <= 4  # at 12 a year 1.4 are expected


def test_a_large_change_is_seen_within_a_day(benchmark: ModuleType) -> None:
    assert sum(benchmark.seen_within(0.30, 1, 100.0, seed) for seed in range(4)) >= 3
