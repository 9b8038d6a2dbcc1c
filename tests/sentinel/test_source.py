from __future__ import annotations

import os
from pathlib import Path

import pytest

from sentinel.errors import SourceError, UsageError
from sentinel.source import Source, Unit, find_sources, heal


def test_heal() -> None:
    assert heal("plain") == "plain"
    assert heal("\ud83d\ude00") == "\U0001f600"
    assert heal("a\udc00b\0c") == "a\ufffdbc"


def test_missing_path_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        list(find_sources([tmp_path / "nothing.json"]))


def test_folder_is_walked_in_order_without_hidden_files_and_links_out(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("b.csv", "sub/a.csv", ".hidden", ".git/c.csv"):
        (folder / name).write_text("id,text\n")
    outside = tmp_path / "secret.csv"
    outside.write_text("id,text\n")
    (folder / "link.csv").symlink_to(outside)
    (folder / "within.csv").symlink_to(folder / "b.csv")
    assert [source.name for source in find_sources([folder])] == ["b.csv", "sub/a.csv", "within.csv"]


def test_pattern(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.json"):
        (tmp_path / name).write_text("x")
    assert [source.name for source in find_sources([tmp_path / "*.csv"])] == ["a.csv", "b.csv"]


def pair(names: object) -> list[Unit]:
    members = frozenset(name for name in names if name.endswith((".main", ".side")))  # type: ignore[attr-defined]
    if not any(name.endswith(".main") for name in members):
        return []
    folder = min(members).rpartition("/")[0]
    photos = frozenset(name for name in names if name.endswith(".jpg"))  # type: ignore[attr-defined]
    return [Unit(f"{folder}/" if folder else "", members, photos)]


def test_export_of_several_files_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("mine/a.main", "mine/a.side", "mine/b.jpg", "other.csv"):
        (tmp_path / name).write_text(name)
    whole, other = find_sources([tmp_path], units=pair)
    assert (whole.name, other.name) == ("mine", "other.csv")
    assert list(whole.members()) == ["a.main", "a.side"]
    assert whole.head == b""
    with pytest.raises(SourceError, match="not one file"):
        whole.open()
    (alone,) = find_sources([tmp_path / "mine" / "a.main"], units=pair)
    assert list(alone.members()) == ["a.main", "a.side"]
    assert alone.sha256 == whole.sha256
    assert alone.size == whole.size == len("mine/a.main") + len("mine/a.side")


def test_heads_of_a_folder_are_not_kept(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"id,text\n{name},x\n")
    found: list[Source] = []
    for source in find_sources([tmp_path]):
        source.found["table"] = source.head
        assert all(not earlier.found for earlier in found)
        found.append(source)
    assert [source.head[:13] for source in found] == [b"id,text\na.csv", b"id,text\nb.csv"]


def test_unreadable_file_is_a_bad_source(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n")
    source = Source.of_file(path)
    path.unlink()
    with pytest.raises(SourceError, match=r"a\.csv cannot be opened: No such file"):
        source.open()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_pipes_in_a_folder_are_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(find_sources([tmp_path])) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_that_is_named_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (source,) = find_sources([tmp_path / "pipe"])
    for look in (source.open, lambda: source.head):
        with pytest.raises(SourceError, match="pipe is a pipe or a device, not a file; save what it gives"):
            look()
    assert source.sha256
