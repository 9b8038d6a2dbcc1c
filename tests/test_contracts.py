"""Every installed plug-in, ours and others', against every check of its kind."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sentinel.conformance import Check, checks_of, examine, title
from sentinel.conformance_material import Material, Subject
from sentinel.plugins import GROUPS, Plugin, installed
from sentinel.source import Source, find_sources

EXPORTS = Path(__file__).parent / "exports"
SUFFIX = ".expected.json"
#: What live sources need to be made; nothing is read from them.
SETTINGS: dict[str, dict[str, Any]] = {
    "live_bluesky": {"query": "qwen", "handle": "somebody.invalid"},
    "live_hackernews": {"query": "qwen"},
    "live_mastodon": {"tag": "qwen"},
    "live_reddit": {"query": "qwen"},
    "live_rss": {"url": "https://example.invalid/feed"},
    "live_x": {"query": "qwen"},
}
#: Held against the same checks by a test of its own, which makes what it needs.
ELSEWHERE = {"transformers": "tests/models/test_transformer.py"}


@cache
def exports() -> dict[str, list[Source]]:
    """Our tiny exports by format; those that need settings to be read are left to their own tests."""
    found: dict[str, list[Source]] = {}
    for path in sorted(EXPORTS.rglob(f"*{SUFFIX}")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if not expected.get("settings"):
            sources = find_sources([path.with_name(path.name.removesuffix(SUFFIX))])
            found.setdefault(expected["format"], []).extend(sources)
    return found


@cache
def subject(plugin: Plugin, material: Material) -> Subject:
    """One instance serves all checks."""
    own = exports().get(plugin.name, []) if plugin.kind == "collectors" else []
    return Subject.of(plugin, material, SETTINGS.get(plugin.name), own)


def cases() -> list[Any]:
    nothing = Material(Path())  # which checks there are does not depend on it
    return [
        pytest.param(plugin, check, id=f"{plugin.name}-{title(check)}".replace(" ", "_"))
        for kind in GROUPS
        for plugin in installed(kind)
        if plugin.name not in ELSEWHERE
        for check in checks_of(Subject.of(plugin, nothing))
    ]


@pytest.mark.parametrize(("plugin", "check"), cases())
def test_a_plugin_keeps_its_contract(plugin: Plugin, check: Check, material: Material) -> None:
    verdict = examine(check, subject(plugin, material))
    if verdict.not_applicable:
        pytest.skip(verdict.not_applicable)
    assert not verdict.problems


def test_every_part_of_the_sample_has_one_format(material: Material) -> None:
    for source in material.sample:
        claims = {name: factory.sniff(source) for name, factory in material.formats.items()}
        assert max(claims.values()) >= 0.5, source.name
        assert list(claims.values()).count(max(claims.values())) == 1, f"{source.name}: {claims}"
