"""A daemon with a file landing every second: does its memory stay flat, does it keep up, is every row there?

Usage: python benchmarks/soak.py [--minutes 30] [--rows 20] [--seed 1]

Files of posts, some of them known or without a date, land in a watched folder, which the daemon reads every few
seconds; it also writes a report every five minutes, looks at alerts, and writes its metrics. Measured are the memory of
the daemon (its slope after a warm-up), how long a file waits, and, at the end, whether the rows of the ledger are
those written.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from sentinel.store import Store

SLOPE = 10.0  # MiB an hour that the daemon may grow by
LAG = 60.0  # seconds that a file may wait; five of them to be sure that it is complete
WARM_UP = 0.25  # of the time
SETTINGS = """
metrics = "sentinel.prom"
[[collect]]
use = "folder"
path = "inbox/"
every = "3 s"
[[report]]
out = "report/"
every = "5 min"
[[alert]]
when = "rejects above 50 %"
to = "alerts.jsonl"
[[alert]]
when = "mood moves by 3 sigma in 24 h"
to = "alerts.jsonl"
"""
OPINIONS = ("Qwen is great", "Alibaba Cloud is terrible", "Qwen is a model", "the new Qwen is slow")


@dataclass
class Landed:
    """What was put into the folder."""

    times: dict[str, float] = field(default_factory=dict)  #: file name -> when
    read: set[str] = field(default_factory=set)  #: of these, what the ledger has
    rows: int = 0
    posts: set[int] = field(default_factory=set)  #: different ones


@dataclass
class Measured:
    """What was seen of the daemon."""

    at: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  #: MiB
    lag: list[float] = field(default_factory=list)  #: seconds that the oldest unread file has waited


def land(inbox: Path, number: int, rows: int, dice: Random, landed: Landed) -> None:
    """Put a file into the folder in one step."""
    lines = ["platform,post_id,created_at,username,text"]
    for row in range(rows):
        fresh = dice.random() < 0.9
        post = number * rows + row if fresh or not number else dice.randrange(number * rows)
        when = f"2031-{1 + post // 2_000 % 12:02d}-{1 + post // 100 % 28:02d}T{post % 24:02d}:00:00Z"
        when = "" if dice.random() < 0.02 else when
        landed.posts.add(post)
        lines.append(f"x,{10**18 + post},{when},synth_{post % 500},{dice.choice(OPINIONS)} {post}")
    path = inbox / f"{number:05d}.csv"
    part = inbox.parent / "part"
    part.write_text("\n".join(lines) + "\n")
    part.rename(path)
    landed.times[path.name] = time.monotonic()
    landed.rows += rows


def memory_of(pid: int) -> float:
    """Resident memory of a process, MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def unread(store: Store, landed: Landed) -> set[str]:
    """Files that the ledger does not have yet."""
    landed.read |= {entry["name"] for entry in store.in_ledger("name", landed.times.keys() - landed.read)}
    return landed.times.keys() - landed.read


def soak(folder: Path, seconds: float, rows: int, dice: Random) -> tuple[Landed, Measured, str]:
    """Run the daemon for a time, then let it catch up; what it logged at the end."""
    inbox, landed, measured = folder / "inbox", Landed(), Measured()
    inbox.mkdir()
    (folder / "sentinel.toml").write_text(SETTINGS)
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen([sys.executable, "-m", "sentinel", "daemon"], cwd=folder, stderr=log)
    store = Store(f"sqlite:///{folder / 'sentinel.db'}")
    start = time.monotonic()
    try:
        number, checked = 0, start
        while (now := time.monotonic()) - start < seconds or (
            unread(store, landed) and now - start < seconds + 2 * LAG
        ):
            if now - start < seconds:
                land(inbox, number, rows, dice, landed)
                number += 1
            if now - checked >= 5:
                checked = now
                waiting = [now - landed.times[name] for name in unread(store, landed)]
                measured.at.append(now - start)
                measured.memory.append(memory_of(daemon.pid))
                measured.lag.append(max(waiting, default=0.0))
            time.sleep(max(0.0, start + number - time.monotonic()) if now - start < seconds else 1.0)
    finally:
        store.close()
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
    return landed, measured, (folder / "log").read_text()


def judged(folder: Path, landed: Landed, measured: Measured) -> bool:
    """Print what was found; whether all of it is as it should be."""
    store = Store(f"sqlite:///{folder / 'sentinel.db'}")
    ledger = store.ledger()
    store.close()
    rows, posts, duplicates, rejects = (
        sum(entry[name] for entry in ledger) for name in ("rows", "posts", "duplicates", "rejects")
    )
    at, memory = np.array(measured.at), np.array(measured.memory)
    late = at >= WARM_UP * at.max()
    slope = float(np.polyfit(at[late], memory[late], 1)[0]) * 3600
    print(f"{len(landed.times)} files of {landed.rows:,} rows in {at.max() / 60:.1f} minutes")
    print(f"memory of the daemon: {memory[-1]:.0f} MiB, at most {memory.max():.0f}; {slope:+.1f} MiB an hour")
    print(f"a file waited {max(measured.lag):.0f} s at most")
    print(
        f"ledger: {len(ledger)} files, {rows:,} rows = {posts:,} posts + {duplicates:,} known + {rejects:,} rejects"
    )
    whole = (len(ledger), rows, posts) == (len(landed.times), landed.rows, len(landed.posts))
    return whole and posts + duplicates == rows and slope <= SLOPE and max(measured.lag) <= LAG


def main() -> int:
    """One soak."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rows", type=int, default=20, help="of each file")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        landed, measured, log = soak(folder, options.minutes * 60, options.rows, Random(options.seed))
        good = judged(folder, landed, measured)
        if not good or "Traceback" in log or "failed" in log:
            print("the end of the log:\n" + "\n".join(log.splitlines()[-20:]))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
