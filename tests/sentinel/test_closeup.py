from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.closeup import CURVE_COLUMNS, FIRST, LAST, closeups
from sentinel.effects import EffectOptions, estimate_effects
from sentinel.mood import author_days

DAY_0 = -FIRST
START = date(2024, 1, 1)


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def posts(n_days: int = 200, moved: int = 120, by: float = 0.5) -> pd.DataFrame:
    """Twelve authors a day; for three days their mood is another one; on one day nobody writes."""
    rng = np.random.default_rng(4)
    number = np.repeat(np.arange(n_days), 12)
    number = number[number != moved + 6]
    score = rng.normal(0.0, 0.2, len(number)) + by * ((number >= moved) & (number < moved + 3))
    return pd.DataFrame(
        {
            "published": [f"{day(at)}T12:00:00Z" for at in number.tolist()],
            "author": [f"a{at}" for at in rng.integers(0, 900, len(number))],
            "score": np.clip(score, -1, 1),
            "platform": "x",
        }
    )


def calendar(*events: tuple[int, dict[str, Any]]) -> pd.DataFrame:
    neutral = dict.fromkeys(ANNOUNCEMENT_COLUMNS, "") | {"importance": 3, "circular": False}
    rows = [
        neutral | {"date": day(at), "time_utc": f"{day(at)}T09:00:00Z", "title": f"event {at}"} | more
        for at, more in events
    ]
    return pd.DataFrame(rows, columns=list(ANNOUNCEMENT_COLUMNS))


EVENTS = calendar((120, {}), (150, {"time_utc": ""}), (170, {"importance": 1}), (199, {}))


@pytest.fixture(scope="module")
def curves() -> pd.DataFrame:
    return closeups(author_days(posts(), "UTC"), EVENTS)


def around(curves: pd.DataFrame, at: int) -> dict[str, Any]:
    """Columns of one cluster, by offset."""
    own = curves[curves["cluster"] == day(at)]
    return {name: own[name].to_numpy() for name in own.columns}


def test_on_its_last_day_the_curve_is_the_effect(curves: pd.DataFrame) -> None:
    effects = estimate_effects(author_days(posts(), "UTC"), EVENTS)
    rows = effects[(effects["scope"] == "all") & (effects["window"] == "reaction")]
    tested = rows[(rows["family"] == "primary") & rows["effect"].notna()]
    assert len(tested) == 3
    for row in tested.to_dict("records"):
        last = (date.fromisoformat(row["last_day"]) - date.fromisoformat(row["cluster"])).days
        own = curves[(curves["cluster"] == row["cluster"]) & (curves["offset"] == last)]
        assert own["curve"].item() == pytest.approx(row["effect"], abs=1e-4)


def test_lesser_announcements_have_no_panel(curves: pd.DataFrame) -> None:
    assert set(curves["cluster"]) == {day(120), day(150), day(199)}
    assert tuple(curves.columns) == CURVE_COLUMNS
    assert curves.groupby("cluster").size().tolist() == [LAST - FIRST + 1] * 3


def test_a_planted_change_leaves_the_fan_and_ordinary_days_do_not(curves: pd.DataFrame) -> None:
    own = around(curves, 120)
    assert own["curve"][DAY_0 + 2] > own["q95"][DAY_0 + 2] + 0.2
    before = {name: values[:DAY_0] for name, values in own.items()}
    assert ((before["curve"] >= before["q05"]) & (before["curve"] <= before["q95"])).mean() > 0.6
    assert (np.diff([own[name] for name in ("q05", "q25", "q50", "q75", "q95")], axis=0) >= 0).all()


def test_a_day_without_votes_has_no_mood_of_its_own(curves: pd.DataFrame) -> None:
    own = around(curves, 120)
    assert own["n_authors"][DAY_0 + 6] == 0
    assert np.isnan(own["mood"][DAY_0 + 6])
    assert np.isfinite(own["curve"][DAY_0 + 6])


def test_days_after_the_last_post_are_empty(curves: pd.DataFrame) -> None:
    own = around(curves, 199)
    assert (own["n_authors"][DAY_0 + 1 :] == 0).all()
    assert np.isnan(own["curve"][DAY_0 + 4 :]).all()


def test_a_short_history_has_a_curve_and_no_fan() -> None:
    short = closeups(author_days(posts(70, 40), "UTC"), calendar((40, {})))
    assert short["curve"].notna().any()
    assert short["q50"].isna().all()


def test_nothing_to_look_at() -> None:
    empty = author_days(posts().head(0), "UTC")
    assert closeups(empty, EVENTS, EffectOptions()).empty
    assert tuple(closeups(empty, EVENTS).columns) == CURVE_COLUMNS
