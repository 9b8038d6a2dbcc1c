"""One author, one vote a day; which posts speak for which scope."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sentinel_models.taxonomy import load_taxonomy

from sentinel.errors import UsageError
from sentinel.mood import MOOD_COLUMNS, author_days, daily_mood
from sentinel.scopes import RIVALS


def table(*rows: dict[str, object]) -> pd.DataFrame:
    neutral = {"published": "2025-01-01T12:00:00Z", "author": "a", "score": 0.5}
    return pd.DataFrame([neutral | row for row in rows])


def mood(posts: pd.DataFrame, scope: str = "all", timezone: str = "UTC") -> pd.DataFrame:
    found = daily_mood(author_days(posts, timezone))
    return found[found["scope"] == scope].reset_index(drop=True)


def test_an_author_has_one_vote_whatever_the_number_of_posts() -> None:
    posts = table(*[{"author": "loud", "score": 1.0}] * 9, {"author": "quiet", "score": 0.0})
    day = mood(posts).iloc[0]
    assert (day["n_posts"], day["n_authors"], day["mood"]) == (10, 2, 0.5)


def test_an_author_who_posts_in_two_communities_still_has_one_vote() -> None:
    posts = table(
        {"author": "loud", "score": 1.0, "community": "x"},
        {"author": "loud", "score": 1.0, "community": "y"},
        {"author": "quiet", "score": 0.0, "community": "x"},
    )
    day = mood(posts).iloc[0]
    assert (day["n_authors"], day["mood"]) == (2, 0.5)


def test_the_same_handle_on_two_platforms_is_two_authors() -> None:
    posts = table({"platform": "x"}, {"platform": "reddit"})
    assert mood(posts)["n_authors"].iloc[0] == 2


def test_posts_without_author_are_authors_of_their_own() -> None:
    posts = table({"author": None}, {"author": ""}, {"author": np.nan}, {"author": "a"})
    assert mood(posts)["n_authors"].iloc[0] == 4


def test_unscored_is_in_no_mean_but_lowers_the_coverage() -> None:
    posts = table({"score": None}, {"score": 0.4, "author": "b"}, {"score": 0.9, "label": "unscored"})
    day = mood(posts).iloc[0]
    assert (day["n_posts"], day["mood"], day["coverage"]) == (1, 0.4, pytest.approx(1 / 3, abs=1e-6))


def test_a_day_without_posts_has_no_row_and_one_without_scores_no_mood() -> None:
    posts = table({}, {"published": "2025-01-03T00:00:00Z", "score": None})
    found = mood(posts)
    assert found["day"].tolist() == ["2025-01-01", "2025-01-03"]
    assert found["n_posts"].tolist() == [1, 0]
    assert np.isnan(found["mood"].iloc[1])


def test_the_headline_mood_leaves_out_what_is_marked() -> None:
    posts = table(
        {"author": "kept"},
        {"author": "b", "about": 0.4},
        {"author": "c", "spam": 0.6},
        {"author": "d", "kind": "repost"},
        {"author": "e", "copy_of": "x:1"},
        {"author": "f", "kind": "headline"},
        {"author": "g", "kind": "comment", "about": 0.5, "spam": 0.49},
        {"author": "h", "copy_of": "nan"},
        {"author": "i", "copy_of": "None"},
    )
    assert mood(posts)["n_authors"].iloc[0] == 4
    assert mood(posts, "unfiltered")["n_authors"].iloc[0] == 9
    assert mood(posts, "kind:headline")["n_authors"].iloc[0] == 1


def test_scopes_by_topic_entity_language_and_platform() -> None:
    posts = table(
        {"topics": "chips;earnings", "entities": "qwen", "lang": "en", "platform": "X"},
        {"topics": "earnings", "entities": "", "lang": "zh", "platform": "weibo", "author": "b"},
    )
    found = daily_mood(author_days(posts, "UTC"))
    assert found.groupby("scope", sort=False)["n_posts"].sum().to_dict() == {
        "all": 2,
        "unfiltered": 2,
        "topic:chips": 1,
        "topic:earnings": 2,
        "entity:qwen": 1,
        "lang:en": 1,
        "lang:zh": 1,
        "platform:weibo": 1,
        "platform:x": 1,
    }


def test_rivals_need_not_be_about_alibaba() -> None:
    posts = table(
        {"entities": "rivals", "about": 0.1},
        {"entities": "rivals;qwen", "about": 0.1, "author": "b"},
        {"entities": "rivals", "about": 0.1, "author": "c", "spam": 0.9},
    )
    assert mood(posts, "entity:rivals")["n_authors"].iloc[0] == 2
    assert mood(posts, "entity:qwen").empty


def test_the_mood_day_follows_the_zone_but_bare_dates_do_not() -> None:
    posts = table({"published": "2025-01-01T20:00:00Z"}, {"published": "2025-01-01", "author": "b"})
    assert mood(posts, timezone="Asia/Shanghai")["day"].tolist() == ["2025-01-01", "2025-01-02"]
    stamped = table({"published": "2025-01-01T23:00:00Z", "precision": "day"})
    assert mood(stamped, timezone="Asia/Shanghai")["day"].tolist() == ["2025-01-01"]


def test_undated_posts_are_in_no_series() -> None:
    posts = table({"published": None}, {"published": "2025-01"}, {"precision": "none"}, {"author": "b"})
    assert mood(posts)["n_posts"].tolist() == [1]
    nothing = daily_mood(author_days(table({"published": None}), "UTC"))
    assert list(nothing.columns) == list(MOOD_COLUMNS)
    assert nothing.empty


def test_numbers_may_be_texts_as_a_csv_brings_them() -> None:
    posts = table({"score": "0.25", "about": "", "spam": " 0.1 "}, {"score": "", "about": "0.9", "spam": ""})
    assert mood(posts)["mood"].tolist() == [0.25]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"score": "good"}, "row 2: score 'good' is not a number from -1 to 1, or empty if unscored"),
        ({"score": 4.0}, "row 2: score .*4.0.* is not a number from -1 to 1"),
        ({"score": "nan"}, "row 2: score 'nan'"),
        ({"score": float("inf")}, "row 2: score"),
        ({"about": "1.2"}, "row 2: about '1.2' is not a number from 0 to 1"),
        ({"published": "yesterday"}, "posts, row 2: published 'yesterday' is not a time"),
    ],
)
def test_what_cannot_be_read_is_named(row: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        author_days(table({}, row), "UTC")


@pytest.mark.parametrize("name", ["published", "author", "score"])
def test_needed_columns_are_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"no column '{name}'"):
        author_days(table({}).drop(columns=name), "UTC")


def test_smoothing_draws_thin_days_to_the_weeks_before_and_bands_have_width() -> None:
    rng = np.random.default_rng(0)
    rows = [
        {
            "published": f"2025-01-{day + 1:02d}",
            "author": f"{day}-{n}",
            "score": float(rng.uniform(-0.5, 0.5)),
        }
        for day in range(30)
        for n in range(20)
    ]
    thin = {"published": "2025-01-31", "author": "only", "score": 1.0}
    last = mood(table(*rows, thin)).iloc[-1]
    assert last["mood"] == 1.0
    assert abs(last["smoothed"]) < 0.5
    assert last["low"] < last["smoothed"] < last["high"]


def test_rivals_are_those_of_the_taxonomy() -> None:
    entities = load_taxonomy().entities
    assert {name for name, entity in entities.items() if entity.side == "rival"} == RIVALS - {"rivals"}
