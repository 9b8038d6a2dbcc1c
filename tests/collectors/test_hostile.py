"""Files that are damaged, hostile or something else: a clear message or a reject, and nothing else is lost."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.ports import Batch
from sentinel.source import find_sources

STATUS = {
    "created_at": "Mon Apr 28 21:03:11 +0000 2025",
    "id_str": "1916966000000000001",
    "text": "a post",
    "user": {"id_str": "7", "screen_name": "ada"},
}


CREATED = {"created_at": "2025-04-28T21:03:11Z"}


def read(path: Path) -> list[Batch]:
    batches: list[Batch] = []
    for source in find_sources([path]):
        batches += open_format(recognise(source), source).read()
    return batches


def statuses(n: int) -> list[bytes]:
    return [json.dumps({**STATUS, "id_str": str(10**18 + k)}).encode() + b"\n" for k in range(n)]


def totals(batches: list[Batch]) -> tuple[int, int]:
    return sum(batch.n_posts for batch in batches), sum(len(batch.rejects) for batch in batches)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.json", b"", "is empty"),
        ("blank.csv", b" \n\n \n", "is empty"),
        ("bom.csv", b"\xef\xbb\xbf", "is empty"),
        ("photo.json", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "is a JPEG image"),
        ("zeros.csv", bytes(5000), "nothing but zero bytes"),
        ("noise.csv", bytes(range(256)) * 50, "is binary data"),
        ("model.pkl", b"\x80\x04\x95" + bytes(100), "pickle"),
        ("error.json", b"<!DOCTYPE html><html><body>Sign in</body></html>", "is an HTML page"),
        ("prices.csv", b"Date,Open,Close\n2025-01-01,1.5,2.5\n2025-01-02,1,2\n", "of no known format"),
        ("settings.json", b'{"theme": "dark", "size": 3}', "of no known format"),
        (
            "users.json",
            b'[{"id_str": "7", "name": "Ada", "description": "I like words a lot", "followers_count": 3}]',
            "no known",
        ),
        (
            "users.csv",
            b"id,username,description,followers_count\n91,ada,I like words a lot,3\n",
            "of no known format",
        ),
        (
            "counts.jsonl",
            b'{"start": "2025-04-28T00:00:00Z", "end": "2025-04-29T00:00:00Z", "tweet_count": 3}\n',
            "no known",
        ),
        (
            "likes.js",
            b'window.YTD.like.part0 = [ {"like": {"tweetId": "1", "fullText": "a"}} ]',
            "holds no posts",
        ),
        (
            "days.csv",
            b"Date,Impressions,Likes,Engagements,New follows,Create Post\n2025-04-28,1,2,3,4,5\n",
            "by day",
        ),
        ("ids.txt", b"1916966000000000001\n1916966000000000002\n", "a list of ids, which hold no text"),
        ("notes.txt", b"Dear diary,\ntoday nothing happened.\n", "of no known format"),
    ],
)
def test_what_is_no_export_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(name)


def test_gigantic_line_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first, second = statuses(2)
    path.write_bytes(first + b'{"id_str": "' + b"9" * (40 * 2**20) + b'"}\n' + second)
    batches = read(path)
    assert totals(batches) == (2, 1)
    assert batches[0].rejects[0].reason == "line 2 longer than 16 MiB"
    assert len(batches[0].rejects[0].excerpt) == 200


def test_gigantic_cell_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n91,fine and well\n92," + b"x" * (40 * 2**20) + b"\n93,fine again\n")
    assert totals(read(path)) == (2, 1)


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_by_content_whatever_its_name(tmp_path: Path, packed: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(packed(b"".join(statuses(50))))
    assert totals(read(path)) == (50, 0)


def test_cut_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(
        b"".join(line.replace(b"a post", os.urandom(30).hex().encode()) for line in statuses(5000))
    )
    path.write_bytes(whole[: len(whole) // 2])
    batches = read(path)
    posts, rejects = totals(batches)
    assert 2000 < posts < 3000
    assert rejects == 1
    assert "cut short" in batches[-1].rejects[-1].reason


@pytest.mark.parametrize("indent", [None, 1])
def test_array_with_a_broken_element_loses_that_alone(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "a.json"
    text = json.dumps(
        [{**STATUS, "id_str": str(10**18 + n), "entities": {"urls": [{}, {}]}} for n in range(9)],
        indent=indent,
    )
    path.write_text(text.replace(f'"{10**18 + 4}"', '"an open quote'), encoding="utf-8")
    posts, rejects = totals(read(path))
    assert (posts, rejects) in {(8, 1), (7, 1)}  # the open quote may swallow its neighbour


def test_cut_array_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = json.dumps([{**STATUS, "id_str": str(10**18 + n)} for n in range(9)])
    path.write_text(text[:-30], encoding="utf-8")
    assert totals(read(path)) == (8, 1)


@pytest.mark.parametrize("deep", ['{"a":' * 100_000, "[" * 100_000, "[" * 1000 + "]" * 1000])
def test_deep_nesting_is_a_reject(tmp_path: Path, deep: str) -> None:
    path = tmp_path / "a.jsonl"
    lines = statuses(2)
    path.write_bytes(lines[0] + deep.encode() + b"\n" + lines[1])
    assert totals(read(path)) == (2, 1)


def test_ids_texts_and_types_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    odd = [
        {**STATUS, "id_str": None, "id": 9223372036854775807},
        {**STATUS, "text": "null", "favorite_count": "12", "retweet_count": 1e400},
        {**STATUS, "text": "\ud83d\ude00 and \ud83d alone, \0 and </script><script>"},
        {**STATUS, "text": 5},
        {**STATUS, "user": "ada"},
        {**STATUS, "favorite_count": {"a": 1}, "lang": ["en"], "in_reply_to_status_id_str": 17},
    ]
    path.write_text("\n".join(json.dumps(value) for value in odd), encoding="utf-8")
    batches = read(path)
    posts = batches[0].posts
    assert posts["post_id"][0] == "9223372036854775807"
    assert posts["text"][1:3] == ["null", "\U0001f600 and \ufffd alone,  and </script><script>"]
    assert posts["likes"] == [None, 12, None, None]
    assert posts["reposts"] == [None] * 4
    assert posts["reply_to"][3] == "17"
    assert totals(batches) == (4, 2)


def test_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(statuses(1)[0])
        for _ in range(300):
            file.write(b"x" * 2**20)
    with pytest.raises(SourceError, match="decompression bomb"):
        read(path)


def test_zip_bomb_by_its_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.json", bytes(100 * 2**20))
    with pytest.raises(SourceError, match="decompression bomb"):
        read(path)


def test_archives_are_looked_into_and_nothing_leaves_them(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep/b.jsonl", b"".join(statuses(3)))
        archive.writestr("__MACOSX/b.jsonl", b"junk")
        archive.writestr("../../outside.jsonl", b"".join(statuses(1)))
    link = tarfile.TarInfo("link.jsonl")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive_:
        for name, content in (("a.jsonl", b"".join(statuses(2))), ("in.zip", inner.getvalue())):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive_.addfile(entry, io.BytesIO(content))
        archive_.addfile(link)
    sources = {source.name: source for source in find_sources([path])}
    assert sorted(sources) == [
        "a.tar.gz/a.jsonl",
        "a.tar.gz/in.zip/../../outside.jsonl",
        "a.tar.gz/in.zip/deep/b.jsonl",
        "a.tar.gz/link.jsonl",
    ]
    for name in ("a.tar.gz/in.zip/../../outside.jsonl", "a.tar.gz/link.jsonl"):
        with pytest.raises(SourceError, match="is refused"):
            recognise(sources[name])
    for name, n in (("a.tar.gz/a.jsonl", 2), ("a.tar.gz/in.zip/deep/b.jsonl", 3)):
        source = sources[name]
        assert totals(list(open_format(recognise(source), source).read())) == (n, 0)


def test_damaged_zip_is_one_bad_source(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + b"damage" * 100)
    (tmp_path / "b.jsonl").write_bytes(b"".join(statuses(2)))
    bad, good = find_sources([tmp_path])
    with pytest.raises(SourceError, match=r"a\.zip is a damaged zip file"):
        recognise(bad)
    assert len(bad.sha256) == 64
    assert recognise(good).plugin.name == "x_api_v11"


def test_resumed_reading_gives_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(statuses(10_000)))
    (source,) = find_sources([path])
    reader = open_format(recognise(source), source)
    first, second, third = reader.read()
    assert [batch.n_posts for batch in (first, second, third)] == [4096, 4096, 1808]
    again = list(reader.read(first.cursor))
    assert [batch.posts["post_id"] for batch in again] == [second.posts["post_id"], third.posts["post_id"]]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("x_api_v2", {"data": [{"id": "1", "text": "up", "edit_history_tweet_ids": ["1"]}], "meta": {}}),
        (
            "stocktwits",
            {"messages": [{"id": 1, "body": "up", "user": {"username": "a"}, "symbols": [], **CREATED}]},
        ),
        (
            "x_apify_json",
            {"tweets": [{"type": "tweet", "id": "1", "text": "up", "createdAt": STATUS["created_at"]}]},
        ),
        ("generic_jsonl", {"items": [{"id": "a1", "text": "a post of some words"}]}),
    ],
)
def test_a_hole_in_a_list_of_posts_is_skipped(tmp_path: Path, name: str, page: dict[str, Any]) -> None:
    posts = next(value for value in page.values() if isinstance(value, list))
    posts[:0] = [None, None]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(page))
    (source,) = find_sources([path])
    assert recognise(source).plugin.name == name
    (batch,) = read(path)
    assert (batch.n_posts, batch.rejects, batch.skipped) == (1, [], {"missing item": 2})


def test_pages_with_nothing_but_errors_do_not_hide_the_format(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    page = {"data": [{"id": "1", "text": "a post", "edit_history_tweet_ids": ["1"]}], "meta": {}}
    errors = {"errors": [{"title": "Not Found Error", "type": "about:blank"}]}
    path.write_text("\n".join(map(json.dumps, [errors, errors, page])))
    assert recognise(next(iter(find_sources([path])))).plugin.name == "x_api_v2"
    assert dict(read(path)[0].skipped) == {"error message of the API": 2}


def test_a_chat_of_a_strange_type_is_read(tmp_path: Path) -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1745874191", "from": "ada", "text": "well"}
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"name": "chat", "type": ["?"], "id": 5, "messages": [message]}))
    assert totals(read(path)) == (1, 0)
