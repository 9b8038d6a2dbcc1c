"""The product on real posts: each important announcement has a result, or the reason why not, on the page."""

from __future__ import annotations

import csv
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentinel.cli import main

EXPORTS = ("reddit_localllama_2024.csv.gz", "weibo_hot_topics_2022_2026.csv.gz")


@pytest.fixture(scope="module")
def report(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "out"
    paths = [str(shared / "data" / "posts" / name) for name in EXPORTS]
    result = CliRunner().invoke(
        main, ["run", *paths, "-o", str(out), "--fresh", "-q"], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return out


def test_every_important_announcement_has_a_result_or_a_reason_on_the_page(report: Path) -> None:
    with (report / "effects.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if (row["scope"], row["window"]) == ("all", "reaction")]
    with (report / "mood.csv").open(encoding="utf-8", newline="") as stream:
        days = sorted({row["day"] for row in csv.DictReader(stream)})
    important = [row for row in rows if row["family"] == "primary" and days[0] <= row["day"] <= days[-1]]
    page = unescape((report / "index.html").read_text(encoding="utf-8"))
    assert len(important) > 40
    assert any(row["title"].startswith("Qwen3 series released") for row in important)
    for row in important:
        assert row["verdict"] in ("rose", "fell", "no visible change", "not tested")
        assert row["reason"] if row["verdict"] == "not tested" else row["p"] and row["smallest_visible"], row
        assert row["title"] in page
