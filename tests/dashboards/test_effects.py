from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
from sentinel_dashboards.effects import MOST_ROWS, effects
from sentinel_dashboards.events import read_story
from sentinel_dashboards.words import Words

from sentinel.results import Results


def test_effects_are_packed_once_a_cluster(results: Results) -> None:
    made = effects(results, read_story(results), Words("en"))
    columns, texts = made["payload"]["columns"], made["payload"]["texts"]
    assert len(columns["day"]) == 6 * 3 * 4  # clusters, windows, scopes
    assert "SAIC white paper <b>& reply</b> + Quarterly earnings beat expectations" in texts["title"]
    assert [row["number"] for row in made["table"]] == ["1", "2", "3", "4–5", "6", "7"]
    json.dumps(made["payload"], allow_nan=False)


def test_a_lesser_announcement_takes_no_verdict_away(
    results: Results, changed: Callable[..., Results]
) -> None:
    guests = results.effects[results.effects["title"] == "Qwen3 open weights released"].assign(
        title="A lesser one", family="exploratory", verdict="", q=None
    )
    with_guest = changed(effects=pd.concat([guests, results.effects], ignore_index=True))
    row = effects(with_guest, read_story(with_guest), Words("en"))["table"][2]
    assert row["tone"] == "rose"
    assert row["title"] == "A lesser one + Qwen3 open weights released"


def test_a_page_carries_so_many_rows_and_the_primary_ones_first(
    results: Results, changed: Callable[..., Results]
) -> None:
    copies = [results.effects.assign(scope=results.effects["scope"] + f":{n}") for n in range(180)]
    many = changed(effects=pd.concat([*copies, results.effects], ignore_index=True))
    made = effects(many, read_story(many), Words("en"))
    assert len(made["payload"]["columns"]["day"]) == MOST_ROWS
    assert made["dropped"] == 6 * 3 * 4 * 181 - MOST_ROWS
    assert len(made["table"]) == 6


def test_lesser_announcements_can_be_shown(results: Results, changed: Callable[..., Results]) -> None:
    lesser = results.effects.head(12).assign(
        title="A lesser one", cluster="2025-01-20", date="2025-01-20", family="exploratory"
    )
    both = changed(effects=pd.concat([results.effects, lesser], ignore_index=True))
    made = effects(both, read_story(both), Words("en"))
    assert made["lesser"]
    assert [row["number"] for row in made["table"]] == ["1", "2", "3", "4–5", "6", "7"]


def test_one_smallest_change_is_no_range(results: Results, changed: Callable[..., Results]) -> None:
    one = changed(effects=results.effects.assign(smallest_visible=0.351))
    assert "could be seen was 0.35." in effects(one, read_story(one), Words("en"))["answer"]
    assert "between" in effects(results, read_story(results), Words("en"))["answer"]
