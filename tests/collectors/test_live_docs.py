"""The settings in docs/live.md are understood, and a live source reads into a store as they say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sentinel.pipeline import collect_configured
from sentinel.plugins import installed, make
from sentinel.settings import PluginSettings, load_settings
from sentinel.store import Store

PAGE = (Path(__file__).parents[2] / "docs" / "live.md").read_text(encoding="utf-8")
TOML = PAGE.split("```toml\n")[1].split("```")[0]
ENTRIES: list[dict[str, Any]] = tomllib.loads(TOML)["collect"]


def test_every_live_source_is_documented() -> None:
    live = {plugin.name for plugin in installed("collectors") if plugin.name.startswith("live_")}
    assert {entry["use"] for entry in ENTRIES} == live


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["use"])
def test_documented_settings_are_taken(entry: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "sentinel.toml"
    path.write_text(TOML, encoding="utf-8")
    (settings,) = [found for found in load_settings(path).collect if found.use == entry["use"]]
    assert make("collectors", settings.use, **settings.settings).name == entry["use"]


def test_reads_into_the_store_and_goes_on_there(
    service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("X_BEARER_TOKEN", raising=False)
    status = {"id": "114000000000000001", "created_at": "2026-11-20T08:00:00.000Z", "content": "<p>Qwen</p>"}
    service.replies = [[status], [], []]
    settings = (
        {"use": "live_x", "query": "qwen"},
        {"use": "live_mastodon", "tag": "qwen", "base_url": service.url},
    )
    entries = [PluginSettings.model_validate(entry) for entry in settings]
    store = Store(f"sqlite:///{tmp_path / 'live.db'}", "UTC")
    missing, read = collect_configured(store, entries)
    assert "X_BEARER_TOKEN is not set" in missing.problem
    assert (read.problem, read.rows) == ("", 1)

    assert [outcome.rows for outcome in collect_configured(store, entries)] == [0, 0]
    assert int(service.requests[-1].query["min_id"]) > 113_000_000_000_000_000
    assert [row[0] for part in store.rows(("text",)) for row in part] == ["Qwen"]
    store.close()
