"""The built-in sample holds what the report is meant to show."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sentinel.sample import PLANTED, write_sample
from sentinel.sample_noise import AWKWARD
from sentinel.sample_posts import Utterance, utterances
from sentinel.sample_world import ANNOUNCED, FIRST_DAY, N_DAYS


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"), seed=1, n_posts=3000)


@pytest.fixture(scope="module")
def posts() -> list[Utterance]:
    return list(utterances(seed=1, n_posts=20_000))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def stream_lines(folder: Path) -> list[str]:
    with gzip.open(folder / "exports" / "x-stream.jsonl.gz", "rt", encoding="ascii") as file:
        return file.read().split("\n")


def pages(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((folder / "exports" / "x-search").glob("*.json"))]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    assert contents(write_sample(tmp_path, seed=1, n_posts=3000)) == contents(sample)


def test_another_seed_gives_another_sample(sample: Path, tmp_path: Path) -> None:
    assert contents(write_sample(tmp_path, seed=2, n_posts=3000)) != contents(sample)


def test_nothing_of_an_earlier_sample_stays(sample: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, seed=2, n_posts=6000)
    assert contents(write_sample(tmp_path, seed=1, n_posts=3000)) == contents(sample)


def test_every_record_says_that_it_is_synthetic(sample: Path) -> None:
    whole = [json.loads(line) for line in stream_lines(sample) if line.endswith("}")]
    tweets = [tweet for page in pages(sample) for tweet in page.get("data", [])]
    assert all(record["synthetic"] is True for record in whole + tweets)
    for name in ("forums.csv", "weibo.csv"):
        rows = table(sample / "exports" / name)
        assert {row["synthetic"] for row in rows} <= {"true", None}  # None: the row that was cut


def test_there_are_broken_rows(sample: Path) -> None:
    broken = [line for line in stream_lines(sample) if line and not line.endswith("}")]
    assert len(broken) == 2
    assert any("text" not in tweet for tweet in pages(sample)[0]["data"])
    assert pages(sample)[-1]["meta"]["result_count"] == 0
    rows = table(sample / "exports" / "forums.csv")
    assert any(row["created_at"] == "31/02/2031" for row in rows)
    assert any(row["text"] == "" for row in rows)


def test_a_post_of_the_stream_keeps_its_whole_text(sample: Path) -> None:
    whole = [json.loads(line) for line in stream_lines(sample) if line.endswith("}")]
    cut = [status for status in whole if status.get("truncated")]
    assert cut
    assert all(len(status["extended_tweet"]["full_text"]) > 140 for status in cut)


def test_announcements_are_far_apart_and_inside_the_sample(sample: Path) -> None:
    days = [one.day for one in ANNOUNCED]
    assert len(days) == 6
    assert days[0] > 60
    assert days[-1] < 280
    assert min(later - earlier for earlier, later in pairwise(days)) >= 30
    assert sorted(PLANTED.values()) == ["fell", "rose"]
    rows = table(sample / "announcements.csv")
    major = [row for row in rows if row["importance"] == "3"]
    assert [row["title"] for row in major] == [one.title for one in ANNOUNCED]
    assert all(row["time_utc"] and "(synthetic)" in row["title"] for row in major)
    assert {row["source"] for row in rows} == {"synthetic"}
    first = (FIRST_DAY + timedelta(hours=8)).date()
    assert [date.fromisoformat(row["date"]) for row in major] == [first + timedelta(days=day) for day in days]


def test_only_planted_announcements_shift_the_mood() -> None:
    for one in ANNOUNCED:
        shifts = [one.shift(one.day + hours / 24, "market") for hours in range(-48, 24 * 8)]
        assert any(shifts) == (one.title in PLANTED)
        assert not any(shifts[:48])
        assert one.shift(one.day + 1, "rivals") == 0


def test_days_have_enough_authors(posts: list[Utterance]) -> None:
    authors = defaultdict(set)
    for post in posts:
        if post.lang in ("en", "zh"):
            authors[int((post.at - FIRST_DAY.timestamp()) // 86400)].add(post.author)
    assert sorted(authors) == list(range(N_DAYS))
    counts = sorted(len(names) for names in authors.values())
    assert counts[0] >= 25
    assert 45 <= counts[N_DAYS // 2] <= 120


def test_texts_are_mostly_distinct(posts: list[Utterance]) -> None:
    own = [post.text for post in posts if post.kind != "repost"]
    assert len(set(own)) > 0.95 * len(own)


def test_ids_are_unique_and_long(posts: list[Utterance]) -> None:
    assert len({(post.platform, post.post_id) for post in posts}) == len(posts)
    assert {len(post.post_id) for post in posts if post.platform == "x"} == {19}


def test_reposts_replies_and_quotes_name_an_earlier_post(posts: list[Utterance]) -> None:
    kinds = {post.kind for post in posts}
    assert kinds == {"post", "reply", "quote", "repost"}
    for post in posts:
        assert (post.parent is not None) == (post.kind != "post")
        if post.parent is not None:
            assert post.parent.at < post.at


def test_a_source_starts_just_before_an_announcement_and_one_ends(posts: list[Utterance]) -> None:
    days = defaultdict(list)
    for post in posts:
        days[post.platform, post.community].append((post.at - FIRST_DAY.timestamp()) // 86400)
    gap = ANNOUNCED[-1].day - min(days["zhihu", "answer"])
    assert 1 <= gap <= 7
    gap = ANNOUNCED[0].day - max(days["reddit", "localllama"])
    assert 1 <= gap <= 7
    assert max(days["reddit", "stocks"]) == N_DAYS - 1


def test_awkward_texts_are_there(posts: list[Utterance]) -> None:
    assert set(AWKWARD) <= {post.text for post in posts}
