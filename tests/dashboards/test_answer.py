from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from sentinel_dashboards.answer import answer, event_sentence
from sentinel_dashboards.events import read_story
from sentinel_dashboards.words import Words

from sentinel.results import Results

RELEASE = "Qwen3 open weights released"
Tell = Callable[..., str]


@pytest.fixture
def tell(results: Results, changed: Callable[..., Results]) -> Tell:
    """The sentence on Qwen3's release when its row of effects.csv says otherwise."""

    def told(**cells: Any) -> str:
        effects = results.effects.assign(**{name: results.effects.get(name) for name in cells})
        for name, value in cells.items():
            effects[name] = effects[name].astype(object)
            effects.loc[effects["title"] == RELEASE, name] = value
        story = read_story(changed(effects=effects))
        return event_sentence(story.events[2], 5, Words("en"))

    return told


def test_level_interval_number_and_chance(tell: Tell) -> None:
    assert tell() == (
        "On 28–30 April 2025 mood was 0.17 points higher than in the reference weeks (95% interval +0.09 to +0.26; "
        "322 authors). 99 of 100 ordinary dates show a smaller change "
        "(p\u00a0=\u00a00.006; q\u00a0=\u00a00.018 over 5 tests)."
    )


def test_what_rounds_to_nothing_is_neither_higher_nor_lower(tell: Tell) -> None:
    assert tell(effect=-0.004).startswith(
        "On 28–30 April 2025 mood differed by less than 0.01 points from the "
    )


def test_smallest_possible_p_is_told_as_none_of_the_dates(tell: Tell) -> None:
    told = tell(p=1 / 81, k_e=80.0)
    assert "None of the 240 ordinary dates, worth 80 that do not overlap, shows a change as large" in told
    assert "as large (p\u00a0=\u00a00.012; " in told


def test_p_counts_one_date_more_than_were_looked_at(tell: Tell) -> None:
    assert "95 of 100 ordinary dates" in tell(p=0.06, k_e=80.0)  # 3.8 of 80 are larger
    assert "94 of 100 ordinary dates" in tell(p=0.06)


def test_no_visible_change_comes_with_what_could_not_be_seen(tell: Tell) -> None:
    told = tell(
        verdict="no visible change",
        p=0.3,
        smallest_visible=0.17,
        reason="a change below 0.17 could not have been seen",
    )
    assert told.endswith("No visible change; one below 0.17 could not have been seen.")
    assert told.count("could not have been seen") == 1


def test_what_would_stand_out_alone_is_not_called_unchanged(tell: Tell) -> None:
    told = tell(verdict="no visible change", p=0.03, q=0.15, smallest_visible=0.14)
    assert told.endswith(
        "Alone it would count as a change; among 5 tests it cannot be told from chance. "
        "One below 0.14 could not have been seen."
    )
    assert "No visible change" not in told


def test_what_limits_a_result_is_kept(tell: Tell) -> None:
    reason = (
        "cannot be established with 8 tests and this history (without extrapolation q cannot fall below 0.11); "
        "a change below 0.17 could not have been seen"
    )
    told = tell(verdict="no visible change", smallest_visible=0.17, reason=reason)
    assert told.endswith(
        "Cannot be established with 8 tests and this history (without extrapolation q cannot fall below 0.11)."
    )


def test_short_history_has_a_level_but_neither_interval_nor_chance(tell: Tell) -> None:
    told = tell(
        verdict="not tested",
        low=None,
        high=None,
        p=None,
        q=None,
        reason="history too short to judge: 12 ordinary dates",
    )
    assert told == (
        "On 28–30 April 2025 mood was 0.17 points higher than in the reference weeks (322 authors). "
        "History too short to judge: 12 ordinary dates."
    )


def test_a_reason_with_a_semicolon_stays_whole(tell: Tell) -> None:
    told = tell(
        verdict="not tested", effect=None, reason="too few posts (3 authors; 10 needed); time of day unknown"
    )
    assert told == "Too few posts (3 authors; 10 needed)."


def test_posts_without_author_are_posts(tell: Tell) -> None:
    assert "; 322 posts)" in tell(n_nameless=322)
    assert "; 282 authors and 40 posts without author)" in tell(n_nameless=40)


def test_nothing_moved(results: Results, changed: Callable[..., Results]) -> None:
    effects = results.effects.replace({"verdict": {"rose": "no visible change", "fell": "no visible change"}})
    told = answer(read_story(changed(effects=effects)), Words("en"))
    assert told["headline"].startswith("No visible change of mood: after none of the 5 announcements")


def test_nothing_could_be_judged(results: Results, changed: Callable[..., Results]) -> None:
    effects = results.effects.assign(verdict="not tested", effect=None, reason="no data")
    told = answer(read_story(changed(effects=effects)), Words("en"))
    assert told["headline"].startswith("None of the 6 announcements")
    assert [(group["key"], group["n"]) for group in told["groups"]] == [("untested", 6)]


def test_long_lists_are_folded(results: Results) -> None:
    groups = answer(read_story(results), Words("en"))["groups"]
    assert [group["n"] for group in groups] == [2, 3, 1]
    assert not any(group["folded"] for group in groups)


def test_the_answer_names_the_topics_on_which_the_mood_moved(
    results: Results, changed: Callable[..., Results]
) -> None:
    def told(**cells: Any) -> str:
        model = results.effects[results.effects["title"] == RELEASE].head(1)
        of_topics = [
            model.assign(scope=scope, family="opened", window="reaction", effect=effect, q=q, verdict=verdict)
            for scope, effect, q, verdict in (
                ("topic:open_source", 0.31, 0.012, "rose"),
                ("topic:chips", 0.05, 0.6, "no visible change"),
                ("lang:zh", 0.4, 0.01, "rose"),
            )
        ]
        others = results.effects[results.effects["family"] != "opened"]
        effects = pd.concat([others, *(row.assign(**cells) for row in of_topics)], ignore_index=True)
        return str(
            answer(read_story(changed(effects=effects)), Words("en"))["groups"][0]["shown"][0]["where"]
        )

    assert told() == "By topic (2 could be tested): open source +0.31 (q\u00a0=\u00a00.012; 322 authors)."
    assert told(verdict="no visible change") == (
        "By topic no change can be told from chance (2 topics could be tested)."
    )
    assert told(p=float("nan")) == "No topic has enough posts to be tested by itself."
