from __future__ import annotations

from collections.abc import Callable

import pytest
from sentinel_dashboards.events import read_story
from sentinel_dashboards.series import all_series
from sentinel_dashboards.unjudged import unjudged
from sentinel_dashboards.words import Words

from sentinel.results import Results


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_nothing_can_be_judged_it_says_what_was_seen_and_what_is_needed(
    lang: str, results: Results, changed: Callable[..., Results], render: Callable[[Results], str]
) -> None:
    assert unjudged(9_876, read_story(results), all_series(results.mood), Words(lang)) == []
    silent = changed(effects=results.effects.assign(verdict="not tested", p=float("nan"), q=float("nan")))
    seen, needed, power = unjudged(9_876, read_story(silent), all_series(silent.mood), Words(lang))
    overall = silent.mood[silent.mood["scope"] == "all"]
    assert "9,876" in seen
    assert f"{overall['n_posts'].sum():,}" in seen
    assert all(number in needed for number in ("10", "30", "50"))
    assert "0.27" in power
    assert "“Data”" in seen or "“数据”" in seen
    page = render(silent) if lang == "en" else ""
    assert lang == "zh" or needed in page
    empty = changed(effects=silent.effects, mood=silent.mood.head(0))
    assert unjudged(9_876, read_story(empty), all_series(empty.mood), Words(lang)) == []
