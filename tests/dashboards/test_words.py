from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
import sentinel_collectors
from sentinel_dashboards.words import CATALOGUES, Words, catalogue

from sentinel import reasons
from sentinel.analysis import _options
from sentinel.pipeline import Filters
from sentinel.settings import Settings


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} - {"voices"}


def strings(lang: str) -> dict[str, str]:
    """Strings that every language has: neither singulars nor the patterns of reasons."""
    return {
        k: v for k, v in catalogue(lang).items() if not k.endswith(".one") and not k.startswith("reason:")
    }


def test_languages_have_the_same_strings() -> None:
    assert set(strings("zh")) == set(strings("en"))


def test_strings_take_the_same_values() -> None:
    hovers = {"timeline.hover", "topics.share_hover", "topics.mood_hover"}
    for key in set(strings("en")) - hovers:
        assert fields(strings("zh")[key]) == fields(strings("en")[key]), key


def test_tables_have_as_many_columns() -> None:
    for key, text in strings("en").items():
        if key.endswith("columns"):
            assert text.count("|") == strings("zh")[key].count("|"), key


def test_no_english_is_left_in_chinese() -> None:
    same = {
        key
        for key, text in strings("zh").items()
        if text == strings("en")[key] and re.search("[a-z]{3}", re.sub(r"\{\w+\}", "", text))
    }
    assert all(key.startswith(("platform.", "entity.")) for key in same), same


@pytest.mark.parametrize("lang", CATALOGUES)
def test_every_string_the_templates_ask_for_exists(lang: str) -> None:
    from sentinel_dashboards.page import TEMPLATES

    asked = {
        key
        for path in TEMPLATES.glob("*.j2")
        for key in re.findall(r't\("([a-z0-9_.]+)"[,)]', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 60
    assert asked <= set(catalogue(lang))


def test_singular() -> None:
    assert Words("en")("page.posts", n=1) == "1 post"
    assert Words("en")("page.posts", n=12_345) == "12,345 posts"


def test_languages_by_prefix() -> None:
    assert Words("zh-CN").lang == "zh"
    assert Words("fr").lang == "en"


def test_scopes_are_named() -> None:
    words = Words("en")
    assert words.scope("topic:open_source") == "open source"
    assert words.scope("topic:never_heard_of") == "never heard of"
    assert words.scope("lang:zh") == "Chinese"
    assert words.scope("platform:newnet") == "newnet"
    assert words.family("all") == "Overall"
    assert words.family("topic:open_source") == "Topics"


REASONS = (
    reasons.outside("2031-02-01", "2025-01-06", "2025-11-01", "2030-12-28"),
    reasons.outside("2019-02-01", "2025-01-06", "2025-11-01", "2018-12-28"),
    reasons.outside("2025-01-18", "2025-01-06", "2025-11-01", "2024-12-14"),
    reasons.not_begun(1),
    reasons.no_posts(),
    reasons.gap(["x"], "2025-07-05", "2025-07-05"),
    reasons.gap(["x", "weibo"], "2025-07-05", "2025-07-13"),
    reasons.broken(["x"]),
    reasons.few_authors(3, 0, 10, 3),
    reasons.few_authors(0, 12, 10, 3),
    reasons.few_authors(3, 12, 10, 3),
    reasons.few_before(44, 50, False),
    reasons.few_before(44, 150, True),
    reasons.few_days_before(9, 14),
    reasons.short_history(28, 29),
    reasons.preliminary(2, 3),
    reasons.no_change(0.14, 6, 0.08, 0.05),
    reasons.few_clusters(1, 2),
    "no platform was collected through baseline and window",
    "too few posts about rivals",
    "the effect itself is not tested",
)


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_are_told_in_chinese(reason: str) -> None:
    told = Words("zh").reason(reason)
    left = re.sub(r"\b(x|weibo|q)\b", "", told)
    assert not re.search("[a-z]{2}", left), told


def said_by_collectors() -> set[str]:
    """Literal texts that collectors give to `Skip` and to `Batcher.warn`."""
    said = set()
    for path in Path(sentinel_collectors.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in ("Skip", "warn"):
                    said.add(str(node.args[0].value))
    return said


def test_what_collectors_say_is_told_in_chinese() -> None:
    said = said_by_collectors() | {"erased on request", "time without a zone, taken as Asia/Shanghai"}
    assert len(said) > 30
    for text in said:
        left = re.sub("--include-private|day_first|Asia/Shanghai", "", Words("zh").told(text))
        assert not re.search("[a-z]{2}", left), text
    assert Words("zh").told("a stranger's own reason") == "a stranger's own reason"


def test_unknown_reasons_are_told_as_given() -> None:
    assert Words("zh").reason("something new") == "Something new"
    assert Words("en").reason(None) == ""


def test_numbers_stand_with_their_nouns() -> None:
    en, zh = Words("en"), Words("zh")
    one = {"rows": 1, "posts": 1, "duplicates": 0, "rejects": 0, "skipped": 0}
    assert "1 row = 1 post + 0 duplicates +" in en("quality.adds_up", **one)
    assert "1,204 rows = 1,200 posts + 1 duplicate +" in en(
        "quality.adds_up", **one | {"rows": 1204, "posts": 1200, "duplicates": 1}
    )
    assert en("claims.n.authors", n=1, authors=1) == "1 post, 1 author"
    assert en("event.p_q", p="= 0.02", q="= 0.04", n=1, tests=1).endswith("over 1 test")
    assert en("posts.likes", n=2400) == "2,400 likes"
    assert "1,204" in zh("quality.adds_up", **one | {"rows": 1204})


def test_no_number_stands_before_a_bare_plural() -> None:
    """A string that counts one thing has a singular, ``{n:post|posts}``, or another key that ends in .one."""
    nouns = "posts|rows|authors|announcements|duplicates|tests|likes|rows|rivals|topics|inputs|claims|kinds"
    strings_en = catalogue("en")
    counted = {key for key, text in strings_en.items() if re.search(rf"\{{n\}} (\w+ )?({nouns})\b", text)}
    always_many = {"beside.scorer", "unjudged.size"}
    assert {key for key in counted if f"{key}.one" not in strings_en} == always_many


def test_every_setting_that_a_report_shows_has_a_name() -> None:
    shown = _options(Settings(near_copies=True), 1, Filters())
    for lang in CATALOGUES:
        assert [name for name in shown if not Words(lang).has(f"option.{name}")] == ["windows"]
