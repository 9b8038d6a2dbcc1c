"""Everything that is registered, so that no plug-in vanishes or appears unseen; change it with pyproject.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sentinel.plugins import GROUPS, Plugin, installed

ROOT = Path(__file__).parents[1]
EXPECTED: dict[str, list[str]] = json.loads((ROOT / "tests" / "registry.json").read_text())
OURS = [plugin for kind in GROUPS for plugin in installed(kind) if plugin.origin.startswith("mood-sentinel ")]


def test_the_registry_is_as_expected() -> None:
    registered = {kind: [plugin.name for plugin in OURS if plugin.kind == kind] for kind in GROUPS}
    assert registered == EXPECTED


@pytest.mark.parametrize("plugin", OURS, ids=lambda plugin: f"{plugin.kind}/{plugin.name}")
def test_a_plugin_goes_by_the_name_it_is_registered_under(plugin: Plugin) -> None:
    assert plugin.load().name == plugin.name
