"""The whole `sentinel run` over real X lines, step by step, beside what a user would write instead.

Usage: python benchmarks/throughput.py [--posts 100000] [--rounds 3] [--kinds repeated,varied,sample] [--json FILE]
       [--write docs/performance.md]

Inputs: real statuses of the API v1.1 where ``../shared`` has them (else those of the built-in sample), again and
again with other ids (`repeated`), or with other words, authors and days too (`varied`); and the mixed sample.
Baselines, each in a process of its own and in the same round: (a) `orjson.loads`, VADER a post, a pandas group-by;
(b) VADER alone; (c) the floor: read the bytes, parse the JSON, write the rows. The machine may be busy: what counts
are ratios of one round; CPU seconds are of all processes together.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import os
import resource
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple

import orjson
from real_posts import ROOT, write_repeated, write_varied

BEGIN, END = "<!-- throughput -->", "<!-- /throughput -->"


class Cost(NamedTuple):
    """What a command took."""

    wall: float
    cpu: float
    peak: float  #: MiB, of all its processes together

    @classmethod
    def middle(cls, costs: list[Cost]) -> Cost:
        """The median of each."""
        return cls(*(statistics.median(values) for values in zip(*costs, strict=True)))


def cost_of(command: list[str]) -> Cost:
    """Run a command; its memory is looked at ten times a second."""
    start = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peaks, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peaks.append(resident(child.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    _, status, used = os.wait4(child.pid, 0)
    wall = perf_counter() - start
    ended.set()
    watching.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed with exit code {child.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, max(*peaks, used.ru_maxrss / 1024))


def resident(pid: int) -> float:
    """MiB of a process and its descendants, pages that they share counted once each."""
    total, waiting = 0.0, [pid]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            rollup = (process / "smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            for task in (process / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total / 1024


# -- what runs in processes of its own ----------------------------------------------------------------------


def instead(path: Path) -> None:
    """Baseline (a): parse, score, group."""
    import pandas as pd
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    rows = []
    with path.open("rb") as file:
        for line in file:
            post = orjson.loads(line)
            score = analyzer.polarity_scores(post["text"])["compound"]
            rows.append((post["created_at"], post["user"]["screen_name"], score))
    frame = pd.DataFrame(rows, columns=["published", "author", "score"])
    frame["day"] = pd.to_datetime(frame["published"], format="%a %b %d %H:%M:%S %z %Y").dt.date
    votes = frame.groupby(["day", "author"])["score"].mean()
    print(len(votes.groupby(level=0).mean()))


def vader(path: Path) -> None:
    """Baseline (b): the loop alone; prints the CPU seconds of the loop."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    texts = _texts(path)
    start = process_time()
    for text in texts:
        analyzer.polarity_scores(text)
    print(process_time() - start)


def tagging(path: Path) -> None:
    """Full tagging of the same posts in this process; prints its CPU seconds."""
    from sentinel.tagging import make_tagger

    tagger = make_tagger()
    texts = _texts(path)
    tagger.tag(_columns(texts[:64]))
    start = process_time()
    for at in range(0, len(texts), 4096):
        tagger.tag(_columns(texts[at : at + 4096]))
    print(process_time() - start)


def _texts(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [orjson.loads(line)["text"] for line in file]


def _columns(texts: list[str]) -> dict[str, list[Any]]:
    n = len(texts)
    return {"text": texts, "lang": ["en"] * n, "platform": ["x"] * n, "kind": ["post"] * n}


def floor(path: Path) -> None:
    """Baseline (c): the bytes, the JSON, the rows in SQLite; nothing understood, nothing checked."""
    import sqlite3

    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.db")
        database.execute("CREATE TABLE posts (id TEXT PRIMARY KEY, created TEXT, author TEXT, text TEXT)")
        with path.open("rb") as file, database:
            statuses = map(orjson.loads, file)
            rows = ((s["id_str"], s["created_at"], s["user"]["screen_name"], s["text"]) for s in statuses)
            database.executemany("INSERT OR IGNORE INTO posts VALUES (?, ?, ?, ?)", rows)
        database.close()


def stages(path: Path) -> None:
    """The steps of `run` one after the other in one process; prints JSON: step -> (wall, CPU)."""
    from sentinel.analysis import analyse
    from sentinel.pipeline import collect, report, tag
    from sentinel.settings import Settings
    from sentinel.store import Store
    from sentinel.tagging import make_tagger

    gc.set_threshold(500_000, 50, 100)  # as the command line does
    took: dict[str, tuple[float, float]] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        wall, cpu = perf_counter(), process_time()
        yield
        took[step] = (perf_counter() - wall, process_time() - cpu)

    calendar = path / "announcements.csv" if path.is_dir() else None
    exports = path / "exports" if path.is_dir() else path
    with timed("read"):
        _read(exports)
    with TemporaryDirectory() as folder:
        settings = Settings(store=f"sqlite:///{folder}/stages.db", announcements=calendar)
        store = Store(settings.store, settings.timezone)
        with timed("read and store"):
            for _ in collect(store, [exports]):
                pass
        with timed("clean"):
            store.clean(settings.copy_days, settings.near_copies)
        with timed("models"):
            tagger = make_tagger()
        with timed("tag"):
            tag(store, tagger)
        with timed("patterns"):
            store.mark_patterns(settings.spam_patterns)
        with timed("mood and effects"):
            results = analyse(store, settings, tagger, seed=1)
        with timed("report"):
            report(results, store, Path(folder) / "report", settings)
        store.close()
    print(orjson.dumps(took).decode())


def _read(exports: Path) -> None:
    from sentinel.formats import open_format, recognise
    from sentinel.source import find_sources

    for source in find_sources([exports]):
        for _ in open_format(recognise(source, None), source).read(None):
            pass


PARTS: dict[str, Callable[[Path], None]] = {
    "instead": instead,
    "vader": vader,
    "tagging": tagging,
    "floor": floor,
    "stages": stages,
}


# -- rounds ---------------------------------------------------------------------------------------------------


def part(name: str, path: Path) -> list[str]:
    return [sys.executable, __file__, "--part", name, str(path)]


def printed(name: str, path: Path) -> Any:
    done = subprocess.run(part(name, path), check=True, capture_output=True)
    return orjson.loads(done.stdout)


def whole_run(path: Path, folder: Path) -> Cost:
    """`sentinel run` as a user starts it, into a new store."""
    command = [sys.executable, "-m", "sentinel", "run", "-q", "--fresh", "-o", str(folder / "report")]
    if path.is_dir():
        settings = folder / "sentinel.toml"
        settings.write_text(f'announcements = "{path / "announcements.csv"}"\n')
        command += ["-c", str(settings), str(path / "exports")]
    else:
        command.append(str(path))
    return cost_of(command)


def measured(path: Path, rounds: int, folder: Path) -> dict[str, Any]:
    """Costs of everything over one input."""
    runs, others, steps, loops = [], {"instead": [], "floor": []}, [], []
    for _ in range(rounds):
        runs.append(whole_run(path, folder))
        if path.is_file():
            for name, costs in others.items():
                costs.append(cost_of(part(name, path)))
            loops.append((printed("vader", path), printed("tagging", path)))
        steps.append(printed("stages", path))
    found: dict[str, Any] = {
        "run": Cost.middle(runs)._asdict(),
        "stages": {name: [statistics.median(s[name][i] for s in steps) for i in (0, 1)] for name in steps[0]},
    }
    if path.is_file():
        found |= {name: Cost.middle(costs)._asdict() for name, costs in others.items()}
        found["throughput against (a)"] = statistics.median(
            other.wall / run.wall for other, run in zip(others["instead"], runs, strict=True)
        )
        found["tagging against VADER"] = statistics.median(v / t for v, t in loops)
        found["vader CPU"], found["tagging CPU"] = (statistics.median(x) for x in zip(*loops, strict=True))
    return found


def table(results: dict[str, Any]) -> Iterator[str]:
    """The figures as Markdown."""
    yield (
        "| input | posts | `run` wall / CPU s | peak MiB | (a) wall s | floor (c) wall s | throughput ÷ (a) "
        "| tagging ÷ VADER (b), a core |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, found in results.items():
        run = found["run"]
        cells = [f"{run['wall']:.1f} / {run['cpu']:.1f}", f"{run['peak']:.0f}"]
        if "instead" in found:
            cells += [f"{found[other]['wall']:.1f}" for other in ("instead", "floor")]
            cells += [f"{found[ratio]:.2f}" for ratio in ("throughput against (a)", "tagging against VADER")]
        else:
            cells += ["–"] * 4
        yield f"| {name} | {found['posts']:,} | " + " | ".join(cells) + " |"
    yield ""
    steps = list(next(iter(results.values()))["stages"])
    yield "Steps one after the other in one process, CPU seconds:"
    yield ""
    yield "| input | posts | " + " | ".join(steps) + " |"
    yield "|---|--:|" + "--:|" * len(steps)
    for name, found in results.items():
        values = " | ".join(f"{found['stages'][step][1]:.2f}" for step in steps)
        yield f"| {name} | {found['posts']:,} | {values} |"


def keep(
    results: dict[str, Any], lines: list[str], options: argparse.Namespace, begin: str, end: str
) -> None:
    """Results as JSON, and their table between two marks of a page, where the options name files for them."""
    if options.json:
        options.json.write_bytes(
            orjson.dumps(results, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
    if options.write:
        text = options.write.read_text()
        before, after = text.split(begin)[0], text.split(end)[1]
        options.write.write_text(before + begin + "\n" + "\n".join(lines) + "\n" + end + after)


def main() -> None:
    """All inputs, all rounds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", default="100000", help="sizes, joined by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", default="repeated,varied,sample")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", type=Path, help="file whose table between the two marks is replaced")
    parser.add_argument("--part", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part[0]](Path(options.part[1]))
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once, not at each start
    for package in ("sentinel", "collectors", "models", "dashboards"):
        compileall.compile_dir(ROOT / package, quiet=2)
    results: dict[str, Any] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind in options.kinds.split(","):
            for size in map(int, options.posts.split(",")):
                path = _made(kind, size, folder)
                results[f"{kind} {size:,}"] = {"posts": size} | measured(path, options.rounds, folder)
                print(orjson.dumps({kind: results[f"{kind} {size:,}"]}).decode(), file=sys.stderr)
                if path.is_file():
                    path.unlink()
    lines = list(table(results))
    print("\n".join(lines))
    keep(results, lines, options, BEGIN, END)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:,.0f} MiB")


def _made(kind: str, size: int, folder: Path) -> Path:
    if kind == "sample":
        from sentinel.sample import write_sample

        return write_sample(folder / f"sample-{size}", n_posts=size)
    path = folder / f"{kind}-{size}.jsonl"
    {"repeated": write_repeated, "varied": write_varied}[kind](path, size)
    return path


if __name__ == "__main__":
    main()
