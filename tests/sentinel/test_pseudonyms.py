from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentinel.cli import main
from sentinel.ports import Batch
from sentinel.post import columns_of
from sentinel.pseudonyms import _X_POST, Pseudonyms
from sentinel.store import Store


def test_a_name_has_one_pseudonym_a_platform_and_a_key() -> None:
    own, other = Pseudonyms("a"), Pseudonyms("b")
    assert own.of("x", "synth_1") == Pseudonyms("a").of("x", "synth_1")
    made = {
        own.of("x", "synth_1"),
        own.of("x", "synth_2"),
        own.of("weibo", "synth_1"),
        other.of("x", "synth_1"),
    }
    assert len(made) == 4
    assert own.of("x", None) is None
    assert own.of("x", "") == ""
    assert own.of("x", "\ud800") != own.of("x", "\ud801")


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    posts = [
        {
            "platform": platform,
            "post_id": str(number),
            "published": "2031-03-01T00:00:00Z",
            "precision": "second",
            "author": "Synth_Name",
            "author_id": "77",
            "kind": "post",
            "text": "@Synth_Name said it",
            "url": link,
        }
        for number, (platform, link) in enumerate(
            [
                ("x", "https://x.com/synth_name/status/1916966000000000001"),
                ("x", "https://twitter.com/synth_name/statuses/19?s=20"),
                ("x", "https://x.com/i/web/status/19"),
                ("mastodon", "https://social.example/@Synth_Name/1"),
                ("x", None),
            ]
        )
    ]
    url = new_url()
    store = Store(url)
    number = store.begin_input("s1", "a", "test", 1)
    assert number is not None
    store.add(number, Batch(columns_of(posts)))
    store.close()
    return url


def given(url: str, *names: str, plain: bool = False) -> Iterator[tuple[object, ...]]:
    store = Store(url, pseudonyms=Pseudonyms("a"))
    for part in store.rows(names, plain=plain):
        yield from map(tuple, part)
    store.close()


def test_rows_leave_the_store_without_names(url: str) -> None:
    of = Pseudonyms("a").of
    assert list(given(url, "url", "author_id", "post_id", "author")) == [
        ("https://social.example/@Synth_Name/1", of("mastodon", "77"), "3", of("mastodon", "Synth_Name")),
        ("https://x.com/i/web/status/1916966000000000001", of("x", "77"), "0", of("x", "Synth_Name")),
        ("https://twitter.com/i/web/statuses/19?s=20", of("x", "77"), "1", of("x", "Synth_Name")),
        ("https://x.com/i/web/status/19", of("x", "77"), "2", of("x", "Synth_Name")),
        (None, of("x", "77"), "4", of("x", "Synth_Name")),
    ]
    assert set(given(url, "text")) == {("@Synth_Name said it",)}


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/a/status/1",
        "https://x.com/a/status/1/photo/1",
        "https://x.com/a/status/1?s=20",
        "https://x.com/a/status/\N{SUPERSCRIPT TWO}",
        "https://x.com/a/status/\N{ARABIC-INDIC DIGIT ONE}",
        "https://x.com/a/status/",
        "https://x.com//status/1",
        "https://x.com/a/b/status/1",
        "https://x.com/a?b/status/1",
        "https://x.com/a#b/status/1",
        "https://x.com/status/1",
        "https://x.com/a/status/1/status/2",
        "https://x.com/a/status/https://x.com/b/status/1",
        "see https://x.com/a/status/1",
        "HTTPS://X.com/a/status/1",
        "https://twitter.com/a/status/1",
        "https://x.com/\n/status/1",
        "1",
        "",
    ],
)
def test_links_are_written_as_the_pattern_says(link: str) -> None:
    (row,) = Pseudonyms("a").rows([(link, "x")], ["url"])
    assert row == (_X_POST.sub(r"\1i/web\2", link),)


def test_rows_can_be_had_by_name(url: str) -> None:
    assert {row[0] for row in given(url, "author", plain=True)} == {"Synth_Name"}


STATUSES = [
    {
        "id_str": str(1_916_966_000_000_000_000 + number),
        "created_at": "Mon Apr 28 21:03:11 +0000 2025",
        "full_text": f"Qwen3 is a great model, number {number}",
        "user": {"id_str": str(number % 3), "screen_name": f"synth_{number % 3}"},
    }
    for number in range(9)
]


@pytest.fixture
def here(here: Path) -> Path:
    (here / "posts.json").write_text(json.dumps(STATUSES))
    return here


def succeed(*arguments: str) -> None:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def authors(path: Path) -> set[str]:
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["author"] for row in csv.DictReader(stream)}


def test_no_file_of_a_run_holds_a_name_unless_it_is_asked_for(here: Path) -> None:
    succeed("run", "posts.json")
    for path in (here / "report").iterdir():
        assert b"synth_" not in path.read_bytes(), path.name
    of = Pseudonyms().of
    assert authors(here / "report" / "posts.csv") == {of("x", f"synth_{n}") for n in range(3)}
    succeed("export", "--raw")
    assert authors(here / "export" / "posts.csv") == {"synth_0", "synth_1", "synth_2"}
    (here / "sentinel.toml").write_text('authors = "plain"\n')
    succeed("export", "-o", "plain")
    assert authors(here / "plain" / "posts.csv") == {"synth_0", "synth_1", "synth_2"}


def test_a_key_of_ones_own_changes_the_names_and_not_the_numbers_of_authors(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    succeed("run", "posts.json", "-o", "first")
    monkeypatch.setenv("SENTINEL_TEST_KEY", "mine")
    (here / "sentinel.toml").write_text('pseudonym_key = "${SENTINEL_TEST_KEY}"\n')
    succeed("report", "-o", "second")
    of = Pseudonyms("mine").of
    assert authors(here / "second" / "posts.csv") == {of("x", f"synth_{n}") for n in range(3)}
    assert "mine" not in (here / "second" / "manifest.json").read_text()
    assert (here / "first" / "mood.csv").read_bytes() == (here / "second" / "mood.csv").read_bytes()
