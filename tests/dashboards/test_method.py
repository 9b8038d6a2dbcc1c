from __future__ import annotations

from collections.abc import Callable

from sentinel_dashboards.method import method
from sentinel_dashboards.words import Words

from sentinel.results import Results


def test_windows_and_options_are_listed(results: Results) -> None:
    settings = dict(method(results, Words("en"))["settings"])
    assert settings["reference weeks"] == "day −35 to day −8"
    assert settings["reaction"] == "day 0 to day +2"
    assert settings["posts since"] == "not set"
    assert settings["time zone that ends a day"] == "Asia/Shanghai"


def test_breaks_read_as_sentences(results: Results, changed: Callable[..., Results]) -> None:
    breaks = [{"date": "2025-05-01", "source": "x", "reason": "new query"}]
    made = method(changed(options={"breaks": breaks}), Words("en"))
    assert made["settings"] == [["changes in what was collected", "2025-05-01, x, new query"]]


def test_models_say_what_is_not_measured(results: Results) -> None:
    models = method(results, Words("en"))["models"]
    assert models[0] == ["linear", "1.0", "English: macro F1 0.71, n 1,000"]
    assert models[2] == ["topics", "1.0", "not measured"]
