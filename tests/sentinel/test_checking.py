from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from sentinel.cli import main
from sentinel.errors import StoreError, UsageError
from sentinel.ports import Batch, Reject
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store


def post(number: int, **given: Any) -> dict[str, Any]:
    return {
        "platform": "x",
        "post_id": str(number),
        "published": f"2031-03-01T{number % 24:02d}:00:00Z",
        "precision": "second",
        "author": f"synth_{number}",
        "kind": "post",
        "text": f"text {'abcd'[number % 4]}",
    } | given


def fill(store: Store) -> None:
    number = store.begin_input("s1", "a.jsonl", "test", 10)
    assert number is not None
    posts = [post(i) for i in range(8)]
    store.add(
        number, Batch(columns_of(posts), rejects=[Reject("line 9", "bad", "x")], skipped={"deleted": 2})
    )
    store.end_input(number)
    store.clean()
    for numbers, ranks, _ in store.untagged("test 1"):
        tags: dict[str, list[Any]] = {name: [None] * len(numbers) for name in TAG_COLUMNS}
        tags |= {"label": ["positive"] * len(numbers), "score": [0.5] * len(numbers)}
        store.add_tags("test 1", numbers, ranks, tags)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    url = new_url()
    store = Store(url)
    fill(store)
    store.close()
    return url


def problems(url: str) -> list[str]:
    store = Store(url)
    try:
        return list(store.problems())
    finally:
        store.close()


def spoil(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Foreign keys are not looked at.
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_sound_store_has_no_problems(url: str) -> None:
    assert problems(url) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM posts WHERE post_id = '7'", "1 tag belongs to no post"),
        ("UPDATE posts SET input = 77 WHERE post_id = '3'", "1 post belongs to no input"),
        ("DELETE FROM rejects", "input a.jsonl: 1 reject was counted, 0 found"),
        ("UPDATE inputs SET rows = 9", "9 rows cannot hold 8 posts + 1 reject + 2 skipped"),
        ("UPDATE posts SET day = day + 1 WHERE post_id = '3'", "1 post is counted on another day"),
        (
            "UPDATE posts SET copy_of = '99' WHERE post_id = '7'",
            "1 post is marked as copy of a post that is not",
        ),
        ("UPDATE tags SET label = 'glad' WHERE post = 1", "1 post has tags that no model gives"),
        ("UPDATE tags SET score = 3 WHERE post = 1", "1 post has tags that no model gives"),
        ("UPDATE tags SET about = -1 WHERE post = 1", "1 post has tags that no model gives"),
    ],
)
def test_what_does_not_hold_together_is_told_with_what_to_do(url: str, statement: str, said: str) -> None:
    spoil(url, statement)
    found = [line for line in problems(url) if not line.startswith("1 row of the table")]
    if not found and url.startswith(
        "sqlite"
    ):  # SQLite's own check found it, and the rest would follow from that
        found = problems(url)
        said = "1 row of the table (tags|posts) belongs to nothing"
    assert len(found) == 1, found

    assert said in found[0] or re.search(said, found[0])
    assert "; " in found[0], "says what to do"


def test_a_check_of_a_file_too_damaged_to_open_does_not_advise_a_check(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(f"sqlite:///{path}").close()
    damaged = bytearray(path.read_bytes())
    damaged[4096:20480] = bytes(16384)
    path.write_bytes(damaged)
    for command, advised in (("check", False), ("status", True)):
        done = CliRunner().invoke(main, [command, "--store", f"sqlite:///{path}"])
        assert done.exit_code == 1
        said = " ".join(done.output.split())
        assert "it is damaged" in said
        assert "'sentinel backup'" in said
        assert ("'sentinel check'" in said) == advised


def test_a_damaged_file_is_told_of(new_sqlite_url: Callable[[], str]) -> None:
    url = new_sqlite_url()
    store = Store(url)
    fill(store)
    store.close()
    path = Path(url.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posts_by_time'").fetchone()
    connection.close()
    damaged = bytearray(path.read_bytes())
    damaged[(page - 1) * 4096 + 200 : page * 4096] = bytes(4096 - 200)
    path.write_bytes(damaged)
    found = problems(url)
    assert found
    assert all("the file is damaged" in line and "'sentinel backup'" in line for line in found)


# -- copies -----------------------------------------------------------------------------------------------------


def test_a_copy_is_whole_while_somebody_writes(new_sqlite_url: Callable[[], str], tmp_path: Path) -> None:
    url = new_sqlite_url()
    store, stop = Store(url), threading.Event()
    fill(store)

    def write() -> None:
        writer = Store(url)
        number = writer.begin_input("s2", "b.jsonl", "test", 10)
        assert number is not None
        for i in range(1000):
            writer.add(number, Batch(columns_of([post(1000 + 50 * i + j) for j in range(50)])))
            if stop.is_set():
                break
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sizes = [store.backup(tmp_path / f"copy{i}.db") for i in range(4)]
    finally:
        stop.set()
        thread.join()
    store.close()
    for i, size in enumerate(sizes):
        path = tmp_path / f"copy{i}.db"
        assert path.stat().st_size == size
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        copy = Store(f"sqlite:///{path}")
        assert list(copy.problems()) == []
        entry = copy.ledger()[-1]
        assert entry["posts"] % 50 == 0 or entry["name"] == "a.jsonl"
        copy.close()
    assert not list(tmp_path.glob(".*"))


def test_a_copy_overwrites_nothing_and_leaves_no_half(
    new_sqlite_url: Callable[[], str], tmp_path: Path
) -> None:
    store = Store(new_sqlite_url())
    (tmp_path / "there.db").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        store.backup(tmp_path / "there.db")
    with pytest.raises(UsageError, match="there is no folder"):
        store.backup(tmp_path / "none" / "a.db")
    assert (tmp_path / "there.db").read_text() == "mine"
    store.close()


def test_a_folder_without_rights_is_named_not_the_store(
    new_sqlite_url: Callable[[], str], tmp_path: Path
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write anywhere")
    store = Store(new_sqlite_url())
    with pytest.raises(StoreError, match=r"a\.db cannot be written"):
        store.backup(locked / "a.db")
    store.close()


def test_a_server_is_copied_by_its_own_tool(new_postgres_url: Callable[[], str], tmp_path: Path) -> None:
    store = Store(new_postgres_url())
    with pytest.raises(
        UsageError, match=r"pg_dump --format=custom --file=.*a\.db 'postgresql://postgres@/test_"
    ):
        store.backup(tmp_path / "a.db")
    store.close()


# -- the commands -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    post = {"created_at": "2031-03-01T00:00:00Z", "author": "synth_1"}
    lines = [post | {"id": str(i), "text": f"Qwen is great, number {i}"} for i in range(5)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
        result = CliRunner().invoke(main, ["run", "a.jsonl"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def here(made: Path, here: Path) -> Path:
    shutil.copytree(made, here, dirs_exist_ok=True)
    return here


def sentinel(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_all_is_well(here: Path) -> None:
    result = sentinel("check")
    assert result.exit_code == 0, result.output
    assert "5 posts of 1 input; every row is accounted for" in result.output
    assert "report: as its manifest says" in result.output


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "posts.csv",
            lambda old: old[:-40],
            "report/posts.csv: is not the file that the manifest names: changed",
        ),
        ("posts.csv", lambda old: old.rsplit(b"\n", 2)[0] + b"\n", "it has 4 rows instead of 5"),
        ("mood.csv", lambda old: None, "report/mood.csv: cannot be read (No such file or directory)"),
        ("manifest.json", lambda old: None, "report: has no manifest.json, which is written last"),
        ("manifest.json", lambda old: b"{", "report/manifest.json: cannot be read as the manifest"),
        ("manifest.json", lambda old: old.replace(b'"posts": 5', b'"posts": 6'), "counts 6 posts"),
        (".posts.csv.1.part", lambda old: b"half", "left by a program that was killed"),
    ],
)
def test_a_report_that_is_not_what_it_says_is_told_of(
    here: Path, name: str, change: Callable[[bytes], bytes | None], said: str
) -> None:
    path = here / "report" / name
    changed = change(path.read_bytes() if path.exists() else b"")
    path.unlink(missing_ok=True)
    if changed is not None:
        path.write_bytes(changed)
    result = sentinel("check")
    assert result.exit_code == 1
    assert said in result.output
    assert "anew with 'sentinel report'" in result.output
    assert "found" in result.output.splitlines()[-1]


def test_a_store_with_problems_ends_with_code_1(here: Path) -> None:
    connection = sqlite3.connect("sentinel.db")
    connection.execute("UPDATE inputs SET rows = 1")
    connection.commit()
    connection.close()
    result = sentinel("check", "-q")
    assert result.exit_code == 1
    assert "store sqlite:///sentinel.db: input a.jsonl: 1 row cannot hold" in result.output
    assert "1 problem was found" in result.output


def test_what_is_no_report_is_refused(here: Path) -> None:
    result = sentinel("check", "-o", "none")
    assert result.exit_code == 2
    assert "none: no report" in result.output


def test_a_backup_can_be_gone_back_to(here: Path) -> None:
    result = sentinel("backup", "copy.db")
    assert result.exit_code == 0, result.output
    assert json.loads(sentinel("status", "--json", "--store", "sqlite:///copy.db").output)["posts"] == 5
    assert sentinel("backup", "copy.db").exit_code == 2
