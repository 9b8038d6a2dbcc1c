"""Tiny exports with the records that they hold beside them; a bug report becomes a test by adding a file."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sentinel.formats import open_format, recognise
from sentinel.source import find_sources

EXPORTS = Path(__file__).parents[1] / "exports"
SUFFIX = ".expected.json"


@pytest.mark.parametrize(
    "expected", sorted(EXPORTS.rglob(f"*{SUFFIX}")), ids=lambda path: path.relative_to(EXPORTS).as_posix()
)
def test_export(expected: Path) -> None:
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    (source,) = find_sources([expected.with_name(expected.name.removesuffix(SUFFIX))])
    recognised = recognise(source)
    assert recognised.plugin.name == wanted["format"]

    posts: list[dict[str, Any]] = []
    skipped: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    rejects = []
    for batch in open_format(recognised, source, **wanted.get("settings", {})).read():
        assert batch.rows == batch.n_posts + len(batch.rejects) + sum(batch.skipped.values())
        posts += [dict(zip(batch.posts, row, strict=True)) for row in zip(*batch.posts.values(), strict=True)]
        rejects += batch.rejects
        skipped.update(batch.skipped)
        warnings.update(batch.warnings)

    shown = [{key: post[key] for key in want} for post, want in zip(posts, wanted["posts"], strict=False)]
    assert shown == wanted["posts"]
    assert len(posts) == len(wanted["posts"])
    assert len(rejects) == wanted["rejects"], rejects
    assert dict(skipped) == wanted["skipped"]
    assert "warnings" not in wanted or dict(warnings) == wanted["warnings"]
