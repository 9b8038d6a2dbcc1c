"""Real export files give exactly the records that their owners checked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sentinel.formats import open_format, recognise
from sentinel.source import find_sources

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "exports"
# Formats of the samples that one of our collectors reads under another name.
ALSO = {"x_account_archive": {"x_account_archive"}, "x_api_v2": {"x_api_v2", "twarc2_jsonl"}}
COUNTS = ("likes", "reposts", "replies", "quotes", "views")
SAME = {
    "author_handle": "author",
    "author_id": "author_id",
    "url": "url",
    "reply_to_id": "reply_to",
    "conversation_id": "conversation",
    "repost_of_id": "repost_of",
    "quoted_id": "quoted",
}
NO_LANGUAGE = {"und", "qme", "qst", "qht", "qam", "zxx", "art"}


def _cases() -> list[Any]:
    cases = []
    for expected in sorted(SAMPLES.glob("*/expected.json")):
        for name in json.loads(expected.read_text(encoding="utf-8"))["files"]:
            cases.append(pytest.param(expected.parent.name, name, id=f"{expected.parent.name}/{name}"))
    return cases


def read(path: Path) -> tuple[str, list[dict[str, Any]], int]:
    """The format's name, the posts, and the number of rejects."""
    (source,) = find_sources([path])
    recognised = recognise(source)
    settings = {"include_private": True} if "include_private" in recognised.plugin.settings else {}
    posts: list[dict[str, Any]] = []
    rejects = 0
    for batch in open_format(recognised, source, **settings).read():
        rejects += len(batch.rejects)
        posts += [dict(zip(batch.posts, row, strict=True)) for row in zip(*batch.posts.values(), strict=True)]
    return recognised.plugin.name, posts, rejects


@pytest.mark.parametrize(("folder", "name"), _cases())
def test_counts_and_checked_records(shared: Path, folder: str, name: str) -> None:
    expected = json.loads((SAMPLES / folder / "expected.json").read_text(encoding="utf-8"))
    file = expected["files"][name]
    taken_for, posts, rejects = read(SAMPLES / folder / name)
    assert taken_for in ALSO.get(folder, {folder})
    by_id = {post["post_id"]: post for post in posts}
    # boosts of an outbox are posts of ours, but not in the count
    counted = [post for post in by_id.values() if folder != "mastodon_outbox" or post["kind"] != "repost"]
    assert len(counted) == file["posts"]
    assert rejects == (file.get("checks") or {}).get("unparseable_lines", 0)
    for record in file["records"]:
        if isinstance(record, str):
            assert record in by_id
        else:
            _compare(record, by_id[record["post_id"]])


def _compare(record: dict[str, Any], post: dict[str, Any]) -> None:
    assert post["published"] == record["created_at"]
    prefixes = tuple(record[key] for key in ("text_prefix", "original_text_prefix") if key in record)
    assert post["text"].startswith(prefixes)
    if "text_length" in record:
        assert len(post["text"]) == record["text_length"]
    for theirs, ours in SAME.items():
        if theirs in record:
            assert post[ours] == record[theirs], theirs
    for key in COUNTS:
        if key in record:
            assert post[key] == int(record[key]), key
    if "lang" in record:
        assert post["lang"] == (None if record["lang"] in NO_LANGUAGE else record["lang"])
    if "is_repost" in record:
        assert (post["kind"] == "repost") == record["is_repost"]
    if "declared_sentiment" in record:
        declared = {"Bullish": "positive", "Bearish": "negative", None: None}
        assert post["declared"] == declared[record["declared_sentiment"]]
