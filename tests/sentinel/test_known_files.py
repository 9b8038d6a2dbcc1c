from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentinel.known_files import KnownFiles
from sentinel.pipeline import Outcome, collect, collect_configured
from sentinel.settings import PluginSettings
from sentinel.source import find_sources
from sentinel.store import Store


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def export(*numbers: int) -> str:
    rows = [f"x,{10**18 + n},2031-03-01T00:00:00Z,synth_{n},Qwen is great {n}" for n in numbers]
    return "\n".join(["platform,post_id,created_at,username,text", *rows, ""])


def watched(inbox: Path) -> PluginSettings:
    return PluginSettings.model_validate({"use": "folder", "path": str(inbox)})


def look(store: Store, inbox: Path, **more: Any) -> list[Outcome]:
    return list(collect_configured(store, [watched(inbox)], **more))


def names(outcomes: list[Outcome]) -> list[str]:
    return [outcome.name for outcome in outcomes]


@pytest.fixture
def closed(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on no file of the folder can be opened: its disk fails."""
    usual = Path.open

    def fail(path: Path, *given: Any, **named: Any) -> Any:
        if inbox in path.parents:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return usual(path, *given, **named)

    return lambda: monkeypatch.setattr(Path, "open", fail)


def test_what_was_read_is_not_opened_again(store: Store, inbox: Path, closed: Callable[[], None]) -> None:
    (inbox / "sub").mkdir()
    (inbox / "a.csv").write_text(export(1))
    (inbox / "sub" / "b.csv").write_text(export(2))
    (inbox / "photo.jpg").write_bytes(bytes(range(256)))
    assert len(look(store, inbox)) == 3
    closed()
    assert look(store, inbox) == []
    assert store.totals()["posts"] == 2


def test_a_file_of_the_same_size_and_date_but_other_bytes_is_read(store: Store, inbox: Path) -> None:
    path = inbox / "a.csv"
    path.write_text(export(1))
    os.utime(path, (1000, 1000))
    look(store, inbox)
    path.write_text(export(2))
    os.utime(path, (1000, 1000))
    assert names(look(store, inbox)) == ["a.csv"]
    assert store.totals()["posts"] == 2


def test_a_copy_is_looked_at_once(store: Store, inbox: Path) -> None:
    (inbox / "b.csv").write_text(export(1))
    look(store, inbox)
    (inbox / "a.csv").write_text(export(1))
    (again,) = look(store, inbox)
    assert (again.name, again.known) == ("a.csv", True)
    assert look(store, inbox) == []
    assert [entry["name"] for entry in store.ledger()] == ["a.csv"]


def test_what_could_not_be_opened_is_tried_again(
    store: Store, inbox: Path, closed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "a.csv").write_text(export(1))
    closed()
    for _ in range(2):
        (failed,) = look(store, inbox)
        assert "Input/output error" in failed.problem
    monkeypatch.undo()
    (read,) = look(store, inbox)
    assert (read.problem, read.rows) == ("", 1)


def test_an_archive_is_known_when_all_in_it_was_read(store: Store, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "all.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", export(number))
    for failing, there in (("all.zip/1.csv", 3), ("", 3), ("", 0)):
        known = KnownFiles(store, "folder", inbox, {})
        found = list(find_sources([inbox], known=known.among))
        assert len(found) == there
        for source in found:
            known.note(source, source.name != failing)
        known.end(0)


def test_an_export_of_several_files_is_read_again_when_one_of_them_is_new(store: Store, inbox: Path) -> None:
    data = inbox / "data"
    data.mkdir()
    tweet = '{"tweet": {"id_str": "%d", "full_text": "Qwen", "created_at": "Sat Mar 01 00:00:00 +0000 2031"}}'
    (data / "account.js").write_text(
        'window.YTD.account.part0 = [{"account": {"accountId": "1", "username": "a"}}]'
    )
    (data / "tweets.js").write_text(f"window.YTD.tweets.part0 = [{tweet % (10**18 + 1)}]")
    (first,) = look(store, inbox)
    assert (first.format, first.problem) == ("x_account_archive", "")
    assert look(store, inbox) == []
    (data / "tweets-part1.js").write_text(f"window.YTD.tweets.part1 = [{tweet % (10**18 + 2)}]")
    (second,) = look(store, inbox)
    assert (second.rows, store.totals()["posts"]) == (2, 2)
    assert look(store, inbox) == []


def test_other_settings_look_at_each_file_again(store: Store, inbox: Path) -> None:
    (inbox / "a.csv").write_text(export(1))
    for options in ({}, {"timezone": "Asia/Shanghai"}):
        for expected in (1, 0):
            known = KnownFiles(store, "folder", inbox, options)
            assert len(list(collect(store, [inbox], known=known))) == expected
    look(store, inbox)
    assert len(list(collect(store, [inbox]))) == 1  # a path of a command line is always looked at


def test_files_that_wait_are_counted(store: Store, inbox: Path) -> None:
    label = f"folder {inbox}"
    for number in range(3):
        path = inbox / f"{number}.csv"
        path.write_text(export(number))
        os.utime(path, (1000 + number, 1000 + number))
    assert store.waiting([label]) == 0
    outcomes = collect_configured(store, [watched(inbox)], settled=1001)
    next(outcomes)
    assert store.waiting([label]) == 3
    assert [outcome.waiting for outcome in outcomes] == [False, True]
    assert store.waiting([label, "folder elsewhere"]) == 1


def test_a_name_that_is_no_text_is_remembered(store: Store, inbox: Path, closed: Callable[[], None]) -> None:
    try:
        (inbox / os.fsdecode(b"caf\xe9.csv")).write_text(export(1))
    except OSError:
        pytest.skip("this file system takes names of text only")
    assert len(look(store, inbox)) == 1
    closed()
    assert look(store, inbox) == []


def test_many_files_are_remembered_while_they_are_read(store: Store, inbox: Path) -> None:
    """A job that is killed after a thousand files begins behind most of them."""
    for number in range(450):
        (inbox / f"{number:03d}.jpg").write_bytes(b"\xff\xd8" + number.to_bytes(2, "big") + bytes(50))
    outcomes = collect_configured(store, [watched(inbox)])
    for _ in range(430):
        next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert len(look(store, inbox)) == 50
