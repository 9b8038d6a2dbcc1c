"""From posts and a calendar to rows of effects.csv: results, and the reasons where there are none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.effects import EffectOptions, estimate_effects
from sentinel.errors import UsageError
from sentinel.gaps import find_gaps
from sentinel.mood import author_days
from sentinel.settings import Break

START = date(2024, 1, 1)


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def steady(n_days: int = 250, authors: int = 12, seed: int = 2, **columns: Any) -> pd.DataFrame:
    """So many authors on each day, one post each; their mood never changes but by chance."""
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(n_days), authors)
    return pd.DataFrame(
        {
            "published": [f"{day(at)}T12:00:00Z" for at in number.tolist()],
            "author": [f"{columns.get('platform', 'x')}{at}" for at in rng.integers(0, 2000, len(number))],
            "score": np.clip(rng.normal(0.1, 0.3, len(number)), -1, 1),
            "platform": "x",
            "number": number,
        }
    ).assign(**columns)


def calendar(*days: int | tuple[int, dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for entry in days:
        number, other = entry if isinstance(entry, tuple) else (entry, {})
        neutral = dict.fromkeys(ANNOUNCEMENT_COLUMNS, "") | {"importance": 3, "circular": False}
        timed = {"date": day(number), "time_utc": f"{day(number)}T09:00:00Z", "title": f"event {number}"}
        rows.append(neutral | timed | other)
    return pd.DataFrame(rows, columns=list(ANNOUNCEMENT_COLUMNS))


def effects(posts: pd.DataFrame, announcements: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return estimate_effects(author_days(posts, "UTC"), announcements, EffectOptions(**options))


def only(table: pd.DataFrame, scope: str = "all", window: str = "reaction", **where: object) -> Any:
    chosen = table[(table["scope"] == scope) & (table["window"] == window)]
    for column, value in where.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_a_planted_effect_is_found_and_the_quiet_announcement_is_not() -> None:
    posts = steady(400)
    posts.loc[posts["number"].between(200, 202), "score"] += 0.4
    table = effects(posts.assign(score=posts["score"].clip(-1, 1)), calendar(200, 300))
    moved, quiet = only(table, title="event 200"), only(table, title="event 300")
    assert (moved["verdict"], moved["family"]) == ("rose", "primary")
    assert moved["low"] < 0.4 < moved["high"]
    assert moved["q"] <= 0.05
    assert quiet["verdict"] == "no visible change"
    assert f"a change below {quiet['smallest_visible']:.2f} could not have been seen" in quiet["reason"]


def test_scopes_open_only_under_a_finding_and_the_rest_stays_without_a_word() -> None:
    posts = steady(400, topics="chips", lang="en")
    posts.loc[posts["number"].between(200, 202), "score"] -= 0.4
    table = effects(posts.assign(score=posts["score"].clip(-1, 1)), calendar(200, 300))
    opened = table[table["family"] == "opened"]
    assert set(opened["title"]) == {"event 200"}
    assert sorted(opened["scope"]) == ["lang:en", "platform:x", "topic:chips"]
    assert set(opened["verdict"]) == {"fell"}
    exploratory = table[table["family"] == "exploratory"]
    assert set(exploratory["verdict"]) == {""}
    assert exploratory["q"].isna().all()
    assert exploratory["p"].notna().any()


def test_a_gap_in_the_collection_is_not_judged() -> None:
    posts = steady()
    posts = posts[~posts["number"].between(150, 155)]
    row = only(effects(posts, calendar(148)))
    assert row["verdict"] == "not tested"
    assert row["reason"] == f"no data was collected on {day(150)} (x)"
    assert np.isnan(row["effect"])
    assert find_gaps(author_days(posts, "UTC")).to_numpy().tolist() == [["x", day(150), day(155)]]


def test_a_table_without_platforms_has_gaps_without_a_name() -> None:
    posts = steady().drop(columns="platform")
    row = only(effects(posts[~posts["number"].between(150, 155)], calendar(148)))
    assert row["reason"] == f"no data was collected on {day(150)}"


def test_silence_of_a_topic_is_no_gap() -> None:
    posts = steady(topics="chips")
    posts.loc[posts["number"].between(150, 160), "topics"] = ""
    table = effects(posts, calendar(150))
    assert only(table)["verdict"] == "no visible change"
    assert only(table, "topic:chips")["reason"] == "too few posts (0 authors; 10 needed)"


def test_three_silent_days_are_no_gap() -> None:
    posts = steady()
    posts = posts[~posts["number"].between(150, 152)]
    assert find_gaps(author_days(posts, "UTC")).empty
    assert only(effects(posts, calendar(150)))["reason"].startswith("too few posts (0 authors")


@pytest.mark.parametrize(
    ("announced", "reason"),
    [
        (20, "too little history before it: its baseline begins on 2023-12-17, the posts on 2024-01-01"),
        (-3, "announced on 2023-12-29, before the first post (2024-01-01)"),
        (400, "announced on 2025-02-04, after the last post (2024-09-06)"),
    ],
)
def test_announcements_that_the_posts_do_not_reach(announced: int, reason: str) -> None:
    table = effects(steady(), calendar(announced))
    row = only(table)
    assert len(table) == 1
    assert (row["verdict"], row["reason"]) == ("not tested", reason)


def test_a_window_that_is_not_over_is_preliminary_and_counts_in_no_family() -> None:
    table = effects(steady(), calendar(150, 248))
    row = only(table, title="event 248")
    assert row["preliminary"]
    assert row["reason"].startswith("preliminary, 2 of 3 days")
    assert row["verdict"] == "not tested"
    assert 0 < row["p"] <= 1
    assert np.isnan(row["q"])
    assert only(table, title="event 150")["q"] == only(table, title="event 150")["p"]
    later = only(table, window="persistence", title="event 248")
    assert later["reason"] == "the window begins 2 days after the last post"


def test_announcements_with_common_days_are_one_cluster() -> None:
    table = effects(steady(), calendar(150, 152, 200))
    first, second = only(table, title="event 150"), only(table, title="event 152")
    assert first["cluster"] == second["cluster"] == day(150)
    assert (first["first_day"], first["last_day"]) == (day(150), day(154))
    assert first["p"] == second["p"]
    assert "inseparable from 'event 152'" in first["reason"]
    alone = only(table, title="event 200")
    assert alone["cluster"] == day(200)
    least, most = sorted([first["p"], alone["p"]])  # two tests, not three
    assert sorted([first["q"], alone["q"]]) == pytest.approx([min(2 * least, most), most])


def test_a_lesser_announcement_in_the_window_of_another_shares_its_numbers_without_a_verdict() -> None:
    table = effects(steady(), calendar(150, (151, {"importance": 1}), (180, {"importance": 2})))
    host, guest = only(table, title="event 150"), only(table, title="event 151")
    assert (guest["cluster"], guest["p"]) == (host["cluster"], host["p"])
    assert (guest["family"], guest["verdict"]) == ("exploratory", "")
    assert (host["family"], host["last_day"]) == ("primary", day(152))
    alone = only(table, title="event 180")
    assert (alone["family"], alone["verdict"], alone["cluster"]) == ("exploratory", "", day(180))
    assert 0 < alone["p"] <= 1


def test_days_of_another_announcement_are_left_out_of_a_lesser_ones_window() -> None:
    table = effects(steady(), calendar(152, (151, {"importance": 1})))
    row = only(table, title="event 151")
    assert row["last_day"] == day(153)
    assert row["n_posts"] == 12  # of the first day only


def test_an_unknown_time_of_day_opens_the_window_a_day_early() -> None:
    table = effects(steady(), calendar((150, {"time_utc": ""})))
    row = only(table)
    assert (row["first_day"], row["last_day"]) == (day(149), day(152))
    assert not row["time_known"]
    assert "time of day unknown" in row["reason"]
    before = only(table, window="anticipation")
    assert (before["first_day"], before["last_day"]) == (day(143), day(148))
    assert only(table, window="persistence")["first_day"] == day(153)


def test_many_bare_dates_open_the_window_a_day_early() -> None:
    posts = steady()
    bare = posts.index % 4 == 0
    posts.loc[bare, "published"] = posts.loc[bare, "published"].str.slice(0, 10)
    row = only(effects(posts, calendar(150)))
    assert row["first_day"] == day(149)
    assert row["time_known"]
    assert "many posts show only their date" in row["reason"]
    fewer = only(effects(posts.drop(posts.index[bare & (posts.index % 8 == 0)]), calendar(150)))
    assert fewer["first_day"] == day(150)


def test_where_authors_are_not_named_thirty_posts_are_needed() -> None:
    nameless = steady(authors=9, author=None)
    row = only(effects(nameless, calendar(150)))
    assert row["reason"] == "too few posts (27 posts without author; 30 needed)"
    enough = only(effects(steady(authors=10, author=None), calendar(150)))
    assert (enough["verdict"], enough["n_nameless"]) == ("no visible change", 30)
    mixed = steady(authors=4)
    mixed.loc[mixed.index % 3 == 0, "author"] = None
    row = only(effects(mixed, calendar(150)))
    assert row["reason"] == (
        "too few posts (8 authors and 4 posts without author; 10 authors needed, 3 such posts count as one)"
    )


def test_a_thin_baseline_is_named() -> None:
    posts = steady(authors=12)
    posts = posts[~posts["number"].between(115, 142) | (posts["number"] % 3 == 0)]
    reason = only(effects(posts, calendar(150)))["reason"]
    assert reason.startswith("too few posts in the baseline (on 9 days of 28; 14 needed)")
    assert "other announcements" not in reason
    posts["author"] = "x" + (posts["number"] % 5).astype(str) + (posts.index % 9).astype(str)
    assert "in the baseline" in only(effects(posts, calendar(150)))["reason"]


def test_a_short_history_gives_an_effect_but_no_p() -> None:
    row = only(effects(steady(80), calendar(60)))
    assert np.isfinite([row["effect"], row["se"]]).all()
    assert np.isnan([row["p"], row["low"], row["high"]]).all()
    assert "history too short to judge" in row["reason"]
    assert row["verdict"] == "not tested"


def test_many_tests_on_a_short_history_are_said_to_establish_nothing() -> None:
    table = effects(steady(200), calendar(*range(50, 190, 20)))
    reasons = table.loc[table["family"] == "primary", "reason"]
    assert reasons.str.contains("cannot be established with 7 tests and this history").all()


def test_a_source_that_starts_with_the_announcement_adds_nothing() -> None:
    new = steady(seed=1, platform="reddit")
    new = new[new["number"] >= 148].assign(score=lambda posts: (posts["score"] + 0.5).clip(-1, 1))
    row = only(effects(pd.concat([steady(), new]), calendar(150)))
    assert row["verdict"] == "no visible change"
    assert (row["strata"], row["strata_used"], row["strata_left_out"]) == (1, "x/post", "reddit/post")
    assert abs(row["effect"]) < 0.15
    later = only(effects(pd.concat([steady(), new]), calendar(200)))
    assert later["strata"] == 2


def test_placebos_hold_the_sources_of_the_event() -> None:
    new = steady(seed=1, platform="reddit", authors=30)
    posts = pd.concat([steady(), new[new["number"] >= 100]])
    both = only(effects(posts, calendar(200)))
    alone = only(effects(posts, calendar(200)), "platform:x")
    assert both["placebos"] < alone["placebos"] - 60


def test_no_window_crosses_a_break_of_its_source() -> None:
    change = Break(date=START + timedelta(days=140), source="x", reason="other keywords")
    table = effects(steady(), calendar(150, 200), breaks=(change,))
    row = only(table, title="event 150")
    assert row["reason"] == "a break in what was collected from x lies between baseline and window"
    assert only(table, title="event 200")["verdict"] == "no visible change"
    elsewhere = Break(date=change.date, source="x/other", reason="r")
    assert only(effects(steady(), calendar(150), breaks=(elsewhere,)))["verdict"] == "no visible change"


def test_only_named_importance_is_kept_out_of_other_tests() -> None:
    announcements = calendar(150, (160, {"importance": 2}))
    at_3 = only(effects(steady(), announcements), title="event 150")
    at_2 = only(effects(steady(), announcements, exclude_importance=2), title="event 150")
    assert at_2["placebos"] < at_3["placebos"]
    assert (
        only(effects(steady(), announcements, exclude_importance=2), title="event 160")["family"] == "primary"
    )


def test_small_scopes_have_no_rows_but_the_whole_always_has() -> None:
    posts = steady(topics="")
    posts.loc[:40, "topics"] = "rare"
    assert "topic:rare" not in set(effects(posts, calendar(150))["scope"])
    few = effects(posts.head(5), calendar(150))
    assert len(few) == 1


def test_posts_without_dates_test_nothing() -> None:
    table = effects(steady().assign(published=None), calendar(150))
    row = only(table)
    assert (row["verdict"], row["reason"], row["day"]) == ("not tested", "no post has a date", day(150))


def test_no_announcements_no_rows() -> None:
    assert effects(steady(), calendar()).empty


def test_scores_that_are_all_alike_show_no_change() -> None:
    row = only(effects(steady(score=0.0), calendar(150)))
    assert (row["effect"], row["p"], row["verdict"]) == (0.0, 1.0, "no visible change")


def test_the_zone_of_options_and_author_days_must_agree() -> None:
    with pytest.raises(UsageError, match="author-days are in 'UTC'"):
        effects(steady(), calendar(150), timezone="Asia/Shanghai")
    assert EffectOptions().windows == {
        "baseline": (-35, -8),
        "reaction": (0, 2),
        "anticipation": (-7, -1),
        "persistence": (3, 9),
    }


def test_the_day_before_an_announcement_of_unknown_time_stays_in_baselines() -> None:
    unknown = {"time_utc": ""}
    crowd = [(150 - 8 - 4 * step, unknown) for step in range(7)]  # windows of four days, end to end
    posts = steady()
    row = only(effects(posts, calendar(150, *crowd)), title="event 150")
    assert row["reason"].startswith(
        "too few posts in the baseline (on 9 days of 28; 14 needed), other announcements take the rest"
    )
    assert row["n_authors_baseline"] > 50


def test_among_too_many_tests_a_huge_change_is_found_by_extrapolation() -> None:
    posts = steady(300)
    posts.loc[posts["number"].between(150, 152), "score"] += 0.6
    table = effects(posts.assign(score=posts["score"].clip(-1, 1)), calendar(*range(60, 290, 15)))
    primary = table[table["family"] == "primary"]
    assert (primary["smallest_q"] > 0.05).all()
    moved = only(table, title="event 150")
    assert (moved["verdict"], moved["extrapolated"]) == ("rose", True)
    assert moved["p_extrapolated"] < moved["p"] <= moved["q"] <= 0.05
    assert "q rests on an extrapolated p" in moved["reason"]
    others = primary[primary["title"] != "event 150"]
    assert set(others["verdict"]) == {"no visible change"}
    assert others["reason"].str.contains("cannot be established with 16 tests and this history").all()


def test_where_p_can_be_small_enough_nothing_is_extrapolated() -> None:
    posts = steady(400)
    posts.loc[posts["number"].between(200, 202), "score"] += 0.6
    moved = only(
        effects(posts.assign(score=posts["score"].clip(-1, 1)), calendar(200, 300)), title="event 200"
    )
    assert moved["p_extrapolated"] < moved["p"]
    assert not moved["extrapolated"]
    assert moved["q"] == pytest.approx(2 * moved["p"], rel=1e-5)
