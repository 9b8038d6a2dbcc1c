"""Claims: their file, each kind of test, and what `sentinel claims` says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sentinel.announcements import ANNOUNCEMENT_COLUMNS, read_announcements
from sentinel.claim_posts import ClaimPosts
from sentinel.claim_verdicts import Material
from sentinel.claims import CLAIM_COLUMNS, VERDICTS, judge_claims
from sentinel.claims_file import KINDS, Claim, read_claims
from sentinel.cli import main
from sentinel.effects import EffectOptions
from sentinel.errors import UsageError
from sentinel.price import Quotes, read_quotes
from sentinel.settings import PriceSettings
from sentinel.votes import ordered_posts
from sentinel.weekly import difference_of_means, mean_of, trend_of

FIRST = np.datetime64("2025-01-06")  # a Monday
DAYS = 210


def posts(level: float = 0.2, a_day: int = 12, seed: int = 1, **columns: Any) -> pd.DataFrame:
    """Authors of a pool of 400, whose mood is `level`."""
    rng = np.random.default_rng(seed)
    n = DAYS * a_day
    table = pd.DataFrame(
        {
            "published": np.repeat(np.datetime_as_string(FIRST + np.arange(DAYS)), a_day) + "T12:00:00Z",
            "author": [f"a{name}" for name in rng.integers(0, 400, n)],
            "score": np.clip(level + rng.normal(0, 0.3, n), -1, 1),
            "platform": "x",
            "topics": "",
            "entities": "alibaba",
            "about": 1.0,
        }
    )
    return table.assign(**columns)


def judged(
    claim: dict[str, Any],
    table: pd.DataFrame,
    calendar: pd.DataFrame | None = None,
    phrases: np.ndarray[Any, Any] | None = None,
    quotes: Quotes | None = None,
) -> dict[Any, Any]:
    one = Claim.model_validate({"id": "c", "text": "a sentence", **claim})
    ordered = ordered_posts(table, "UTC")
    held = {} if phrases is None else {"c": phrases}
    chosen = ClaimPosts(ordered, ordered.author_days(), held)
    announcements = read_announcements() if calendar is None else calendar
    found = judge_claims([one], Material(chosen, announcements, EffectOptions(seed=1), quotes))
    assert list(found.columns) == list(CLAIM_COLUMNS)
    row: dict[Any, Any] = found.to_dict("records")[0]
    assert row["verdict"] in VERDICTS
    return row


def announced(*days: int) -> pd.DataFrame:
    table = pd.DataFrame("", index=range(len(days)), columns=list(ANNOUNCEMENT_COLUMNS))
    dates = [str(FIRST + day) for day in days]
    return table.assign(
        date=dates,
        time_utc=[f"{day}T00:00:00Z" for day in dates],
        title=[f"Qwen{n} released" for n in range(len(days))],
        category="model_release",
        importance=3,
        circular=False,
    )


def moved(table: pd.DataFrame, by: float, *days: int) -> pd.DataFrame:
    during = (
        table["published"].str.slice(0, 10).isin([str(FIRST + day + n) for day in days for n in range(3)])
    )
    return table.assign(score=(table["score"] + by * during).clip(-1, 1))


def test_the_claims_that_ship_are_understood() -> None:
    claims = read_claims()
    assert {claim.kind for claim in claims} == set(KINDS)
    assert all(claim.text and claim.text_zh for claim in claims)
    titles = "\n".join(read_announcements()["title"]).casefold()
    for claim in claims:
        assert all(part.casefold() in titles for part in claim.announcements), claim.id


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\ntopik='x'", "claim 1 (a): has no key 'topik'; .* 'topic'?"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='levle'", "claim 1 (a): kind: input should be 'effect', "),
        ("[[claim]]\ntext='b'\nkind='level'", "claim 1: needs the key 'id'"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='effect'", "kind 'effect' needs the key 'announcements' or 'category'"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\ncategory='x'", "key 'category' is for kind effect, price"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='phrase'", "kind 'phrase' needs the key 'phrases'"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='phrase'\nphrases=' '", "a phrase is empty"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='change'", "kind 'change' needs the key 'since'"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='difference'", "needs the key 'versus'"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\nversus={}", "key 'versus' is for kind difference, share"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='share'\nversus={enttiy='x'}", "no key 'enttiy'; .* 'entity'?"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\nsince=2025-02-01\nuntil=2025-01-01", "its end on 2025-01-01"),
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\nsince='soon'", "since: "),
        ("[[claim]]\nid='a'\ntext='b'\nkind='level'\n" * 2, "claim 2 (a): there is another claim of this id"),
        ("[claim]\nid='a'", "expected tables that begin with a line [[claim]]"),
        ("claims=1", "has no key 'claims'; it takes tables that begin with a line [[claim]]"),
        ("[[claim]", "not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_claim_is_said(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        read_claims(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert all(part in message for part in error.split(".*")), message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_claims(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("level", "direction", "verdict"),
    [
        (0.2, "up", "supported"),
        (0.2, "down", "contradicted"),
        (-0.2, "up", "contradicted"),
        (-0.2, "down", "supported"),
        (0.0, "up", "contradicted"),  # so many posts leave out a level worth the sentence
    ],
)
def test_a_level_is_judged_by_its_interval(level: float, direction: str, verdict: str) -> None:
    row = judged({"kind": "level", "direction": direction}, posts(level))
    assert row["verdict"] == verdict
    assert row["low"] < row["effect"] < row["high"]
    assert row["effect"] == pytest.approx(level, abs=0.03)
    assert row["n"] == 30
    assert row["n_posts"] == DAYS * 12


def test_a_level_of_few_posts_is_open() -> None:
    row = judged({"kind": "level", "platform": "weibo"}, posts())
    assert (row["verdict"], row["reason"]) == ("not enough posts", "too few posts (0; 30 needed)")
    row = judged({"kind": "level", "until": date(2025, 1, 20)}, posts())
    assert row["reason"] == "too few weeks with posts (3; 8 needed)"
    assert np.isnan(row["effect"])


def test_the_mood_after_announcements_is_judged_together() -> None:
    calendar, claim = announced(60, 110, 160), {"kind": "effect", "announcements": "qwen", "platform": "X"}
    row = judged(claim, moved(posts(), 0.2, 60, 110, 160), calendar)
    assert (row["verdict"], row["n"]) == ("supported", 3)
    assert row["clusters"] == "; ".join(calendar["date"])
    assert row["p"] <= 0.05
    down = judged(claim, moved(posts(), -0.2, 60, 110, 160), calendar)
    assert (down["verdict"], down["reason"]) == ("contradicted", "it went the other way")
    one = judged({**claim, "announcements": "qwen1"}, moved(posts(), 0.3, 110), calendar)
    assert (one["verdict"], one["n"]) == ("supported", 1)
    early = judged(claim, moved(posts(), 0.2, 110, 160), announced(10, 110, 160))
    assert early["reason"].endswith("2 of 3 announcements could be tested")


def test_announcements_that_are_not_there_are_open() -> None:
    row = judged({"kind": "effect", "announcements": "no such title"}, posts(), announced(60))
    assert row["reason"] == "no announcement of the calendar fits"
    row = judged({"kind": "effect", "announcements": "qwen", "entity": "meta"}, posts(), announced(60))
    assert row["verdict"] == "not enough posts"


def test_a_change_is_measured_against_what_was_before() -> None:
    table = posts()
    later = table["published"] >= "2025-05-01"
    changed = table.assign(score=table["score"] - 0.2 * later)
    row = judged({"kind": "change", "direction": "down", "since": date(2025, 5, 1)}, changed)
    assert row["verdict"] == "supported"
    assert row["effect"] == pytest.approx(-0.2, abs=0.04)
    early = judged({"kind": "change", "since": date(2025, 1, 20)}, table)
    assert early["reason"] == "too few weeks with posts before (2; 8 needed)"
    rare = changed[later | (changed.index % 100 == 0)]
    few = judged({"kind": "change", "direction": "down", "since": date(2025, 5, 1)}, rare)
    assert few["verdict"] == "not enough posts"
    assert few["reason"] == "posts to compare with: too few posts (14; 30 needed)"


def test_a_difference_compares_the_same_weeks() -> None:
    rival = posts(-0.1, seed=2, entities="deepseek", about=0.1, author="")
    table = pd.concat([posts(0.2), rival], ignore_index=True)
    row = judged({"kind": "difference", "versus": {"entity": "deepseek"}}, table)
    assert (row["verdict"], row["unit"]) == ("supported", "mood points")
    assert row["effect"] == pytest.approx(0.3, abs=0.04)
    assert row["reason"] == ""
    few = pd.concat([posts(0.2), rival.iloc[::100]], ignore_index=True)
    lone = judged({"kind": "difference", "versus": {"entity": "deepseek"}}, few)
    assert lone["reason"] == "posts to compare with: too few posts (26; 30 needed)"


def test_posts_without_author_are_told_of() -> None:
    row = judged({"kind": "level"}, posts(0.2, author=""))
    assert row["verdict"] == "supported"
    assert row["reason"] == "2,520 of 2,520 posts name no author; each counts as an author of its own"
    assert judged({"kind": "level"}, posts(0.2))["reason"] == ""


def test_a_share_is_judged_by_its_trend() -> None:
    rng = np.random.default_rng(3)
    table = posts()
    grows = rng.random(len(table)) < np.linspace(0.1, 0.4, len(table))
    row = judged(
        {"kind": "share", "topic": "open_source"}, table.assign(topics=np.where(grows, "open_source", ""))
    )
    assert row["verdict"] == "supported"
    assert row["effect"] == pytest.approx(0.3, abs=0.08)
    alone = judged({"kind": "share", "entity": "alibaba", "versus": {"entity": "meta"}}, table)
    assert alone["reason"] == "posts to compare with: too few posts (0; 30 needed)"


def test_a_platform_that_begins_is_no_trend() -> None:
    late = posts(seed=4, platform="weibo", topics="open_source")
    late = late[late["published"] >= "2025-06-01"]
    table = pd.concat([posts(topics="open_source"), late], ignore_index=True)
    row = judged({"kind": "volume", "topic": "open_source"}, table)
    assert row["effect"] == pytest.approx(0, abs=0.05)
    assert row["n_posts"] == DAYS * 12


def test_a_phrase_that_nobody_uses_contradicts() -> None:
    table = posts()
    silence = np.zeros(len(table), dtype=np.int64)
    about = {"kind": "phrase", "phrases": "relentless", "entity": "alibaba"}
    row = judged(about, table, phrases=silence)
    assert row["verdict"] == "contradicted"
    assert row["reason"] == f"used by 0 of {table['author'].nunique()} authors in 2,520 posts"
    some = np.isin(table["author"], ["a1", "a2", "a3", "a4"]).astype(np.int64)
    assert judged(about, table, phrases=some)["verdict"] == "not enough posts"  # neither nobody nor enough


def test_silence_of_too_few_posts_contradicts_nothing() -> None:
    table = posts()
    silence = np.zeros(len(table), dtype=np.int64)
    about = {"kind": "phrase", "phrases": "relentless", "entity": "alibaba"}
    few = judged(about, table.head(300), phrases=silence[:300])
    assert few["verdict"] == "not enough posts"
    assert "too few speak of the matter (300 posts by" in few["reason"]
    of_whatever = judged({"kind": "phrase", "phrases": "relentless"}, table, phrases=silence)
    assert of_whatever["verdict"] == "not enough posts"
    assert "no topic or entity says where" in of_whatever["reason"]


def test_a_phrase_is_judged_by_the_mood_of_who_uses_it() -> None:
    table = posts()
    often = judged(
        {"kind": "phrase", "phrases": "x"}, table, phrases=(np.arange(len(table)) % 20 == 0).astype(np.int64)
    )
    assert often["verdict"] == "supported"
    assert often["n"] > 60


def test_prices_bear_out_what_is_said_of_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    days, returns = FIRST + np.arange(DAYS), 0.01 * rng.normal(size=DAYS)
    returns[[120, 150, 180]] += 0.08
    close = 50 * np.cumprod(1 + returns)
    path = tmp_path / "price.csv"
    path.write_text("date,close\n" + "".join(f"{d},{c}\n" for d, c in zip(days, close, strict=True)))
    quotes = read_quotes(PriceSettings(path=path))
    claim = {"kind": "price", "category": "model_release"}
    row = judged(claim, posts(), announced(120, 150, 180), quotes=quotes)
    assert (row["verdict"], row["n"], row["unit"]) == ("supported", 3, "return")
    assert row["effect"] == pytest.approx(0.08, abs=0.02)
    early = judged(claim, posts(), announced(20), quotes=quotes)
    assert early["reason"] == "none of 1 announcement has the sessions it needs"
    assert judged(claim, posts(), announced(120))["reason"] == "no prices are given: [price] in the settings"


def weeks(rng: np.random.Generator, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Means of seven days of an AR(1) mood without level or trend."""
    days = np.zeros(7 * n)
    for day in range(1, 7 * n):
        days[day] = 0.5 * days[day - 1] + rng.normal(0, 0.05)
    means: np.ndarray[Any, np.dtype[np.float64]] = days.reshape(n, 7).mean(axis=1)
    return means


@pytest.mark.parametrize("n", [10, 40])
def test_weeks_that_only_wander_bear_nothing_out(n: int) -> None:
    alarms = np.zeros(3)
    for seed in range(300):
        rng = np.random.default_rng([seed, n])
        one, other = weeks(rng, n), weeks(rng, n)
        found = (
            mean_of(one, 1),
            trend_of(one, np.arange(n).astype(np.float64), 1),
            difference_of_means(one, other, 1),
        )
        alarms += [not spread.low <= 0 <= spread.high for spread in found]
    assert (alarms / 300 <= 0.05 + 2.58 * np.sqrt(0.05 * 0.95 / 300)).all(), alarms


def test_the_command_judges_what_is_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ["published,author,text,platform"]
    for day in range(80):
        for n in range(6):
            at = np.datetime_as_string(FIRST + day)
            words = "Alibaba is quietly and\nrelentlessly great" if n < 2 else "Qwen is excellent, I love it"
            lines.append(f'{at}T1{n}:00:00Z,a{(day * 6 + n) % 97},"{words} {day} {n}",x')
    Path("posts.csv").write_text("\n".join(lines))
    Path("claims.toml").write_text(
        "[[claim]]\nid='mood'\ntext='All is well'\nkind='level'\n"
        "[[claim]]\nid='praise'\ntext='Quiet praise'\nkind='phrase'\nphrases=['quiet + relentless', 'other']\n"
    )
    Path("sentinel.toml").write_text('claims = "claims.toml"\n')
    for command in (["collect", "posts.csv"], ["tag"]):
        assert CliRunner().invoke(main, command).exit_code == 0
    result = CliRunner().invoke(main, ["claims", "--out", "claims.csv"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "supported         All is well [mood]"
    assert "80 posts (phrase quiet + relentless or other)" in result.output  # what was looked for
    table = pd.read_csv("claims.csv", keep_default_na=False)
    assert table["id"].tolist() == ["mood", "praise"]
    assert table["n_posts"].tolist()[1] == 80  # copies of one day say it once
    again = CliRunner().invoke(main, ["claims", "--out", "again.csv"])
    assert again.exit_code == 0
    assert Path("again.csv").read_bytes() == Path("claims.csv").read_bytes()
    Path("claims.toml").write_text("[[claim]]\nid='a'\nkind='level'\n")
    wrong = CliRunner().invoke(main, ["claims"])
    assert wrong.exit_code == 2
    assert "claims.toml: claim 1 (a): needs the key 'text'" in wrong.output
