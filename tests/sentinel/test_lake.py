"""The same posts on a Dask cluster and in one process: the same report."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import orjson
import pytest

from sentinel.cli import main
from sentinel.console import Console
from sentinel.errors import UsageError
from sentinel.main_job import run
from sentinel.settings import Settings, load_settings
from sentinel.store import sqlite_url

pytest.importorskip("distributed", reason="needs mood-sentinel[dask]")
pq = pytest.importorskip("pyarrow.parquet")

from sentinel.lake.engine import backfill, cluster  # noqa: E402
from sentinel.lake.files import Folder, as_url  # noqa: E402
from sentinel.lake.job import run_on_cluster  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # Dask's own
SAME = ("posts.csv", "mood.csv", "effects.csv", "rejects.csv", "clusters.csv", "claims.csv", "index.html")
TEXTS = (
    "Qwen is great, I love it $BABA",
    "Alibaba Cloud is down again, terrible",
    "Qwen beats DeepSeek",
    "阿里云 通义千问 真的很好用",
    "so so http://t.co/1 $BABA",
)


def status(dice: Random, number: int) -> dict[str, Any]:
    day, author = dice.randrange(1, 29), dice.randrange(15)
    found: dict[str, Any] = {
        "id_str": str(10**15 + number),
        "text": dice.choice(TEXTS) + dice.choice(["", " now", " today", f" {number % 7}", " indeed"]),
        "created_at": f"Mon Apr {day:02d} {number % 24:02d}:{number % 60:02d}:00 +0000 2025",
        "user": {"id_str": str(author), "screen_name": f"someone{author}"},
        "favorite_count": dice.randrange(9),
        "lang": "en",
    }
    if dice.random() < 0.2:
        found["in_reply_to_status_id_str"] = str(10**15 + dice.randrange(300))
    if dice.random() < 0.2:
        found["text"] = "RT @someone: Qwen is gr…"
        found["retweeted_status"] = status(dice, dice.randrange(300)) | {"text": "Qwen is gr…"}
    if dice.random() < 0.3:
        del found["favorite_count"]  # a poorer record
    return found


def robots() -> list[dict[str, Any]]:
    """Posts that others show to be spam: a template, adverts and a doubtful text among them, several at once."""

    def robot(number: int, author: str, day: int, text: str, second: int = 9) -> dict[str, Any]:
        return {
            "id_str": str(10**15 + 1000 + number),
            "text": text,
            "created_at": f"Tue Apr {day:02d} 06:{number % 60:02d}:{second:02d} +0000 2025",
            "user": {"id_str": author, "screen_name": author},
        }

    advert = "Join our VIP room for free alerts before the next 500% gainer, link in bio"
    return [
        *(
            robot(at, "levels", 8, f"${'ABCDEFGHIJ'[at]} moved {at}.5% now, see the levels we watch")
            for at in range(10)
        ),
        *(robot(20 + at, "gainer", 2 + 3 * at, f"{advert} {'abcdefgh'[at]}") for at in range(8)),
        robot(30, "gainer", 27, "$BABA $JD $PDD setups for the week, cloud growth chips http://t.co/x"),
        *(
            robot(100, f"program{at}", 9, "Three things to know before the report of $BABA")
            | {"id_str": str(at)}
            for at in range(10**15 + 2000, 10**15 + 2006)
        ),
    ]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files that share posts; one holds a broken line, one comes twice under another name."""
    folder = tmp_path_factory.mktemp("exports")
    dice = Random(7)
    for name in ("b.jsonl", "a.jsonl", "c.jsonl"):
        lines = [orjson.dumps(status(dice, dice.randrange(300))) for _ in range(200)]
        if name == "b.jsonl":
            lines[10] = b'{"id_str": "1", "text": '
        (folder / name).write_bytes(b"\n".join(lines) + b"\n")
    for name, part in zip(
        ("a.jsonl", "b.jsonl", "c.jsonl"), (robots()[at::3] for at in range(3)), strict=True
    ):
        with (folder / name).open("ab") as stream:
            stream.writelines(orjson.dumps(one) + b"\n" for one in part)
    (folder / "z.jsonl").write_bytes((folder / "a.jsonl").read_bytes())
    return folder


@pytest.fixture(scope="module")
def expected(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of one process."""
    out = tmp_path_factory.mktemp("expected")
    settings = load_settings(None, store=sqlite_url(out / "posts.db"))
    run(settings, [exports], out, False, None, 1, "en", Console(quiet=True))
    return out


def same_report(one: Path, two: Path) -> None:
    for name in SAME:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    mine, other = (orjson.loads((out / "manifest.json").read_bytes()) for out in (one, two))
    for name in ("inputs", "counts", "models", "settings"):
        assert mine[name] == other[name]


@contextmanager
def workers(n: int, *, processes: bool) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    options: dict[str, Any] = {
        "dashboard_address": "127.0.0.1:0",
        "threads_per_worker": 1,
        "processes": processes,
    }
    with LocalCluster(n_workers=n, **options) as made, Client(made) as client:  # type: ignore[no-untyped-call]
        yield client


def test_a_cluster_gives_the_same_report_and_a_second_run_reads_nothing_again(
    exports: Path, expected: Path, tmp_path: Path
) -> None:
    with workers(2, processes=False) as client:
        address = client.scheduler.address
        for out in ("first", "second"):
            run_on_cluster(
                Settings(),
                [exports],
                str(tmp_path / "lake"),
                tmp_path / out,
                Console(quiet=True),
                scheduler=address,
            )
            same_report(expected, tmp_path / out)
    posts = (expected / "posts.csv").read_text()
    for reason in (
        "posted this text 10 times",
        "8 of 8 other posts of the author",
        "6 authors posted this text",
    ):
        assert reason in posts
    days = sorted(path.name for path in (tmp_path / "lake" / "tagged").iterdir())
    assert days[0].startswith("day=2025-04-")
    assert len(days) > 20
    table = pq.read_table(tmp_path / "lake" / "author_days.parquet").to_pandas()
    mood = (expected / "mood.csv").read_text().splitlines()
    shown = next(line for line in mood if line.startswith("2025-04-10,all,")).split(",")
    authors = table[(table["day"] == "2025-04-10") & (table["scope"] == "all")]
    assert authors["n_posts"].sum() == int(shown[2])
    assert len(authors) == int(shown[3])
    assert authors["score"].mean() == pytest.approx(float(shown[5]), abs=1e-6)
    assert set(authors["author"].str[:5]) == {"anon-"}


def test_a_lost_worker_changes_nothing(exports: Path, expected: Path, tmp_path: Path) -> None:
    lake, out = tmp_path / "lake", tmp_path / "out"
    with workers(2, processes=True) as client:
        pids = client.run(os.getpid)
        killed: list[int] = []

        def kill() -> None:
            for _ in range(3000):  # until the first input was read: there is then much to lose
                if list(lake.glob("read/*.json")):
                    assert not (lake / "tagged").exists()
                    killed.append(sorted(pids.values())[0])
                    os.kill(killed[0], signal.SIGKILL)
                    return
                sleep(0.01)

        killer = threading.Thread(target=kill)
        killer.start()
        run_on_cluster(
            Settings(), [exports], str(lake), out, Console(quiet=True), scheduler=client.scheduler.address
        )
        killer.join()
    assert killed
    same_report(expected, out)


def test_later_exports_join_what_the_lake_holds(exports: Path, expected: Path, tmp_path: Path) -> None:
    with workers(1, processes=False) as client:
        lake = (tmp_path / "lake").as_uri()
        settings = Settings(copy_days=3)
        first = backfill(client, [str(exports / "c.jsonl")], lake, settings)
        both = backfill(client, [str(exports / "a.jsonl"), str(exports / "b.jsonl")], lake, settings)
        at_once = backfill(client, [str(exports)], (tmp_path / "other").as_uri(), settings)
    assert first.cells.n_posts < both.cells.n_posts
    assert both.cells.counts() == at_once.cells.counts()
    assert both.days == at_once.days
    one, two = (
        {path.parent.name: pq.read_table(path).to_pylist() for path in (tmp_path / name).glob("tagged/*/*")}
        for name in ("lake", "other")
    )
    assert one == two


def test_paths_and_urls() -> None:
    assert as_url(Path("s3://bucket/a/b.jsonl")) == "s3://bucket/a/b.jsonl"
    assert as_url(Path("file:///tmp/x")) == "file:///tmp/x"
    assert as_url("exports/a.jsonl") == "exports/a.jsonl"
    with pytest.raises(UsageError, match="nowhere"):
        Folder("nowhere://bucket/lake").names()


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    lake = Folder(str(tmp_path / "lake"))
    with pytest.raises(TypeError), lake.writing("read", "x.json") as stream:
        stream.write("no bytes")
    assert lake.names("read") == []
    with lake.writing("read", "x.json") as stream:
        stream.write(b"{}")
    assert lake.names("read") == ["x.json"]


def test_wrong_use_is_said(tmp_path: Path) -> None:
    from click.testing import CliRunner

    for arguments, message in (
        (["run", "x.csv", "--scheduler", "tcp://x:1"], "need --engine dask"),
        (["run", "x.csv", "--engine", "dask", "--fresh"], "no store"),
        (["backfill", "--store", "sqlite:///x.db"], "no store"),
    ):
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 2, done.output
        assert message in done.output


def test_what_only_a_store_does_is_refused(tmp_path: Path) -> None:
    settings = Settings(near_copies=True)
    with pytest.raises(UsageError, match="near_copies"):
        run_on_cluster(settings, ["x.csv"], str(tmp_path / "lake"), tmp_path, Console(quiet=True))
    with pytest.raises(UsageError, match="nothing to read"):
        run_on_cluster(Settings(), [], str(tmp_path / "lake"), tmp_path, Console(quiet=True))


def test_a_scheduler_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError, match="scheduler"), cluster("tcp://127.0.0.1:1", timeout="1s"):
        pass
