"""`run --engine dask` beside `run` of one process, on the same posts; a worker may be killed on the way.

Usage: python benchmarks/lake.py [--posts 100000] [--workers 2] [--kill read|shuffle|none] [--kinds repeated,varied]

The inputs are files of `FILE` real statuses with ids of their own, so that every worker has some to read. Fails if a
file of the two reports differs. Times are of a machine that may be busy; what counts is that the bytes are equal.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from real_posts import write_repeated, write_varied
from throughput import cost_of

from sentinel.cli import main

FILE = 25_000  #: posts a file
SAME = ("posts.csv", "mood.csv", "effects.csv", "rejects.csv", "clusters.csv", "claims.csv", "index.html")
WRITERS = {"repeated": write_repeated, "varied": write_varied}


def write_exports(folder: Path, kind: str, n: int) -> None:
    """`n` posts in files of `FILE`, the last one shorter."""
    folder.mkdir()
    whole = folder / "all"
    WRITERS[kind](whole, n)
    with whole.open("rb") as lines:
        for number in range(-(-n // FILE)):
            with (folder / f"{number:04d}.jsonl").open("wb") as file:
                for _ in range(FILE):
                    file.write(lines.readline())
    whole.unlink()


def on_cluster(exports: Path, lake: Path, out: Path, n_workers: int, when: str) -> list[int]:
    """The report by way of Dask; ids of the workers that were killed."""
    from distributed import Client, LocalCluster

    options: dict[str, Any] = {"dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}
    killed: list[int] = []
    ended = threading.Event()
    with LocalCluster(n_workers=n_workers, **options) as made, Client(made) as client:  # type: ignore[no-untyped-call]
        pids = sorted(client.run(os.getpid).values())

        def kill() -> None:
            n_files = len(list(exports.iterdir()))
            at_work = {"read": n_files // 2, "shuffle": n_files}[when]
            while not ended.wait(0.05):
                if len(list(lake.glob("read/*.json"))) >= max(at_work, 1):
                    if when == "shuffle" and ended.wait(2):
                        return
                    killed.append(pids[0])
                    os.kill(pids[0], signal.SIGKILL)
                    return

        killer = threading.Thread(target=kill)
        if when != "none":
            killer.start()
        address = client.scheduler.address
        words = [
            "run",
            str(exports),
            "--engine",
            "dask",
            "--scheduler",
            address,
            "--lake",
            str(lake),
            "-o",
            str(out),
        ]
        code = main.main([*words, "-q"], standalone_mode=False)
        ended.set()
        if when != "none":
            killer.join()
    if code:
        raise SystemExit(f"run --engine dask ended with exit code {code}")
    return killed


def compare(folder: Path, kind: str, n: int, n_workers: int, when: str) -> bool:
    """Both ways over the same exports; whether their files are equal."""
    exports = folder / kind
    write_exports(exports, kind, n)
    command = [
        str(Path(sys.executable).with_name("sentinel")),
        "run",
        str(exports),
        "-q",
        "-o",
        str(folder / "one"),
    ]
    cost = cost_of([*command, "--store", f"sqlite:///{folder / 'posts.db'}"])
    print(
        f"{kind}, {n:,} posts, one process: {cost.wall:.1f} s, CPU {cost.cpu:.1f} s, {cost.peak:.0f} MiB",
        flush=True,
    )
    start, used = perf_counter(), os.times()
    killed = on_cluster(exports, folder / "lake", folder / "two", n_workers, when)
    cpu = sum(os.times()[:4]) - sum(used[:4])
    what = f"one killed ({when})" if killed else "none killed"
    print(f"  {n_workers} workers, {what}: {perf_counter() - start:.1f} s, CPU {cpu:.1f} s", flush=True)
    if when != "none" and not killed:
        raise SystemExit(f"no worker was there to be killed at {when!r}")
    differ = [
        name for name in SAME if (folder / "one" / name).read_bytes() != (folder / "two" / name).read_bytes()
    ]
    print(f"  {len(SAME)} files compared, differing: {', '.join(differ) or 'none'}", flush=True)
    return not differ


def run() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill", choices=("read", "shuffle", "none"), default="shuffle")
    parser.add_argument("--kinds", default="repeated")
    wanted = parser.parse_args()
    same = True
    for kind in wanted.kinds.split(","):
        with TemporaryDirectory() as folder:
            same &= compare(Path(folder), kind, wanted.posts, wanted.workers, wanted.kill)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(run())
