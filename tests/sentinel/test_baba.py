"""The product on real tweets about $BABA, 2014-16, with its own models and its own calendar."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentinel.cli import main

TWEETS = "data/posts/stocknet-baba/baba-tweets-2014-2016.jsonl.gz"
PRICES = "data/posts/stocknet-baba/BABA-price.csv"


@pytest.fixture(scope="module")
def reactions(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Reactions of scope all to what was announced within the days of the tweets."""
    folder = tmp_path_factory.mktemp("baba")
    settings = folder / "sentinel.toml"
    settings.write_text(f'timezone = "NYSE"\n[price]\npath = "{shared / PRICES}"\n')
    run = ["run", str(shared / TWEETS), "-c", str(settings), "-o", str(folder / "out"), "-q"]
    result = CliRunner().invoke(main, run, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with (folder / "out" / "effects.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        row
        for row in rows
        if (row["scope"], row["window"]) == ("all", "reaction") and "2014-06-26" <= row["day"] <= "2016-03-31"
    ]


def of(rows: list[dict[str, str]], date: str, title: str) -> dict[str, str]:
    (found,) = [row for row in rows if row["date"] == date and title in row["title"]]
    return found


def test_singles_day_of_2014_lies_in_a_gap(reactions: list[dict[str, str]]) -> None:
    row = of(reactions, "2014-11-11", "Singles' Day")
    assert row["verdict"] == "not tested"
    assert row["reason"].startswith("no data was collected from 2014-11-11")


def test_the_ipo_has_no_baseline(reactions: list[dict[str, str]]) -> None:
    row = of(reactions, "2014-09-19", "First NYSE trading day")
    assert row["verdict"] == "not tested"
    assert row["reason"].startswith("too few posts in the baseline (")
    assert int(row["n_authors"]) > 100


def test_the_end_of_january_2015_is_one_cluster(reactions: list[dict[str, str]]) -> None:
    days = {"2015-01-27", "2015-01-28", "2015-01-29", "2015-01-30"}
    rows = [row for row in reactions if row["date"] in days]
    assert {row["date"] for row in rows} == days
    (cluster,) = {row["cluster"] for row in rows}
    assert all(row["effect"] == rows[0]["effect"] for row in rows)
    assert [row["date"] for row in reactions if row["cluster"] == cluster] == [row["date"] for row in rows]


def test_every_important_announcement_has_a_result_or_a_reason(reactions: list[dict[str, str]]) -> None:
    important = [row for row in reactions if row["importance"] == "3"]
    assert len(important) >= 12
    for row in important:
        assert row["verdict"] in ("rose", "fell", "no visible change", "not tested")
        assert row["reason"] if row["verdict"] == "not tested" else row["p"] and row["smallest_visible"], row
