from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from sentinel.lines import Broken
from sentinel.records import json_values, loads, partial, shape_of
from sentinel.source import Source

POSTS = [{"id": n, "text": f"post {n}", "tags": [{"a": 1}, {"b": 2}]} for n in range(5)]


def values(tmp_path: Path, text: str | bytes, shape: str | None = None) -> list[tuple[str, Any]]:
    path = tmp_path / "a.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(json_values(Source.of_file(path), shape or shape_of(str(text)) or "lines"))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ('{"a": 1}\n{"a": 2}\n', "lines"),
        ('broken {\n{"a": 2}\n', "lines"),
        ('[info] starting\n{"a": 2}\n', "lines"),
        ('[{"a": 1},\n{"a": 2}]', "array"),
        ("window.YTD.tweets.part0 = [ {} ]", "array"),
        ('{\n  "a": 1\n}', "document"),
        ('window.__THAR_CONFIG = {\n "a" : 1}', "document"),
        ("id,text\n1,x\n", None),
    ],
)
def test_shape(text: str, shape: str | None) -> None:
    assert shape_of(text) == shape


def test_what_is_no_json_is_told_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"^not JSON: Unterminated string starting at character 9$"):
        loads('{"text": "cut')


def test_the_same_posts_in_every_shape(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, POSTS))
    assert [value for _, value in values(tmp_path, lines)] == POSTS
    assert [value for _, value in values(tmp_path, json.dumps(POSTS))] == POSTS
    assert [value for _, value in values(tmp_path, json.dumps(POSTS, indent=2))] == POSTS
    assert [
        value for _, value in values(tmp_path, "\n".join(json.dumps(post, indent=2) for post in POSTS))
    ] == POSTS
    assert values(tmp_path, json.dumps({"posts": POSTS}, indent=2)) == [("document", {"posts": POSTS})]


def test_positions_and_broken_lines(tmp_path: Path) -> None:
    found = values(tmp_path, '{"a": 1}\n\n{"a": \n{"a": 3}\n{"a"', "lines")
    assert [position for position, _ in found] == ["line 1", "line 3", "line 4", "line 5"]
    assert [type(value) for _, value in found] == [dict, Broken, dict, Broken]
    assert found[3][1].reason.startswith("the file ends inside this line")


def test_a_damaged_document_loses_what_is_damaged(tmp_path: Path) -> None:
    text = json.dumps({"name": "chat", "posts": POSTS, "after": True}, indent=1).replace(
        '"post 2"', '"post 2'
    )
    found = [value for _, value in values(tmp_path, text, "document")]
    posts = [post for value in found if isinstance(value, dict) for post in value.get("posts", [])]
    assert all(
        value.get("name") == "chat" for value in found if isinstance(value, dict) and value.get("posts")
    )
    whole = [post for post in posts if not isinstance(post, Broken)]
    assert [post["id"] for post in whole] in ([0, 1, 3, 4], [0, 1, 4])
    assert sum(isinstance(post, Broken) for post in posts) == 1


def test_a_large_document_comes_in_pieces(tmp_path: Path) -> None:
    long = [{"id": n, "text": "x" * 1000} for n in range(20_000)]
    text = json.dumps({"name": "chat", "chats": {"list": [{"id": 7, "posts": long}]}, "users": [{"id": 1}]})
    pieces = [value for _, value in values(tmp_path, text, "document")]
    assert len(pieces) > 5
    seen = []
    for piece in pieces:
        for chat in piece.get("chats", {}).get("list", []):
            assert piece["name"] == "chat"
            seen += [(chat["id"], post["id"]) for post in chat.get("posts", [])]
    assert seen == [(7, n) for n in range(20_000)]
    assert [piece["users"] for piece in pieces if "users" in piece] == [[{"id": 1}]]


@pytest.mark.parametrize("indent", [None, 1])
def test_cut_compressed_array_says_so(tmp_path: Path, indent: int | None) -> None:
    packed = gzip.compress(
        json.dumps([{"id": str(hash(n)) * 9} for n in range(9999)], indent=indent).encode()
    )
    found = values(tmp_path, packed[:-500], "array")
    assert len(found) > 9000
    assert "cut short" in found[-1][1].reason


def test_loads_takes_what_exports_hold() -> None:
    assert loads(b'{"a": NaN}')["a"] != 0
    assert loads('"\\ud83d\\ude00 \\ud83d"') == "\U0001f600 \ufffd"
    assert loads('"a\tb"') == "a\tb"
    assert loads(b'{"id": 9223372036854775807}') == {"id": 9223372036854775807}


@pytest.mark.parametrize("text", ["", "{", '{"a": 1} x', "[" * 100_000, '{"a": %s}' % ("9" * 5000), "\xff"])
def test_loads_says_what_is_wrong(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|integer"):
        loads(text)


def test_partial() -> None:
    assert partial('{"a": [1, 2, {"b": "x, y", "c') == {"a": [1, 2, {"b": "x, y"}]}
    assert partial('{"a": 1}') == {"a": 1}
    assert partial("no json") is None


def test_partial_of_hostile_text_ends() -> None:
    assert partial('[{"a": 1, "b": "' + '\\"' * 200_000) == [{"a": 1}]
    assert partial('{"a": 1, "b": ' + "[" * 100_000)["a"] == 1


@pytest.mark.parametrize("before", ["", '{"id": 9, "text": "fine", "tags": []},'])
def test_each_damaged_element_in_a_row_is_one(tmp_path: Path, before: str) -> None:
    damaged = [
        '{"id": 1, "text":, "tags": [{"a": 1}, {"b": 2}]}',
        '{"id": 2, "text" "x", "tags": [{"a": 1}, {"b": 2}]}',
    ]
    text = f"[{before}{', '.join(damaged)}, {json.dumps(POSTS[3])}]"
    found = [value for _, value in values(tmp_path, text, "array")][bool(before) :]
    assert [isinstance(value, Broken) for value in found] == [True, True, False]
    assert found[-1] == POSTS[3]
