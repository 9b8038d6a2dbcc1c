"""Kills the main job and the daemon's job again and again, and asks whether a post was lost or doubled.

Usage: python benchmarks/kills.py [--kills 300] [--posts 8000] [--seed 1] [--postgres] [--alone]

Each round begins with an empty store. The command runs in a process of its own, which ends with SIGKILL at a random
time of a random one of its phases (starting, reading, tagging, report), or, one time in four, just before or just
after a random commit; after some kills it is left to finish.
The files that are then written must be those of a run that nobody disturbed, byte for byte, and no others.

The second process, which large exports and reports are worth, is started for small ones here too, unless --alone is
given, and must be gone within seconds after the first one was killed.

run    `sentinel run` over the exports of a sample.
inbox  `sentinel job collect 1` over a watched folder into which the exports arrive one after the other; one that is
       there already also grows, and another comes a second time under another name. Then `sentinel report`.
live   `sentinel job collect 1` from a service on this machine, then `sentinel report`. Where it goes on after a kill
       it may meet posts again, which are counted as duplicates: the manifest is not compared.

With --postgres the stores are databases of a server that is started for it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

# before numpy is imported: a process with threads cannot be forked safely
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from board import serving
from last_moment import PHASES, Watched
from second_process import SecondProcesses
from server import postgres

import sentinel.analysis  # noqa: F401 - imported once, so that a process is at work when it is killed
from sentinel.cli import main as command
from sentinel.plugins import GROUPS, installed
from sentinel.sample import write_sample

COMPARED = ("posts.csv", "mood.csv", "effects.csv", "rejects.csv", "manifest.json")
COLLECT = ["job", "collect", "1", "-q"]
REPORT = ["report", "-o", "report", "-q"]
KILLS_A_ROUND = 5
AT_COMMITS = 0.25  # of the kills
NEVER = 600.0  # seconds

WATCHED = Watched()
SECOND = SecondProcesses()

Arrival = Callable[[Path], object]  #: puts something into a folder


@dataclass(frozen=True)
class Scenario:
    """Steps of a round: what arrives before each, and the command that follows."""

    name: str
    steps: list[tuple[Arrival, list[str]]]
    compared: tuple[str, ...] = COMPARED


@dataclass(frozen=True)
class Death:
    """When a child dies: so many seconds after it entered a phase, or at a commit."""

    phase: str = PHASES[0]
    seconds: float = NEVER
    commit: int = 0
    after: bool = False  #: it, not before


def attempt(arguments: list[str], folder: Path, death: Death) -> tuple[bool, dict[str, float]]:
    """Whether the command came to its end, it may die before, and how many seconds each phase took.

    Raises
    ------
    SystemExit
        If it fails by itself.
    """
    WATCHED.begin()
    child = os.fork()
    if child == 0:
        WATCHED.attach(death.commit, death.after)
        _become(arguments, folder)
    entered: dict[str, float] = {}
    while (waited := os.waitpid(child, os.WNOHANG))[0] == 0:
        now = time.monotonic()
        entered.setdefault(WATCHED.phase, now)
        if now >= entered.get(death.phase, now) + death.seconds:
            SECOND.look()
            os.kill(child, signal.SIGKILL)
            waited = os.waitpid(child, 0)
            break
        time.sleep(0.001)
    code = os.waitstatus_to_exitcode(waited[1])
    if code > 0:
        raise SystemExit(f"sentinel {' '.join(arguments)}:\n{(folder / 'said').read_text()}")
    if code:
        WATCHED.note_kill()
        SECOND.must_end()
    ends = [*list(entered.values())[1:], time.monotonic()]
    return code == 0, {phase: end - entered[phase] for phase, end in zip(entered, ends, strict=True)}


def _become(arguments: list[str], folder: Path) -> None:
    """Be the command; what it says goes to a file."""
    code = 1
    try:
        os.chdir(folder)
        said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        command(arguments, standalone_mode=False)
        code = 0
    except BaseException:  # nothing of the parent may go on in this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class Took:
    """What a step takes when nobody disturbs it."""

    seconds: dict[str, float]  #: of each phase
    commits: int


def undisturbed(scenario: Scenario, folder: Path, store: list[str]) -> list[Took]:
    """What each step takes."""
    took = []
    for arrive, arguments in scenario.steps:
        arrive(folder)
        _, seconds = attempt(arguments + store, folder, Death())
        took.append(Took(seconds, WATCHED.commits))
    return took


def disturbed(
    scenario: Scenario, folder: Path, store: list[str], took: list[Took], dice: Random, most: int
) -> int:
    """Number of times that it was killed, `most` at most."""
    killed = 0
    for (arrive, arguments), usual in zip(scenario.steps, took, strict=True):
        arrive(folder)
        for _ in range(-(-KILLS_A_ROUND // len(scenario.steps))):
            if killed < most:
                killed += not attempt(arguments + store, folder, _death(usual, dice))[0]
        attempt(arguments + store, folder, Death())
    return killed


def _death(usual: Took, dice: Random) -> Death:
    if usual.commits and dice.random() < AT_COMMITS:
        return Death(commit=dice.randint(1, usual.commits), after=dice.random() < 0.5)
    # Each phase as often as any other: a short one would else hardly be met.
    phase = dice.choice(list(usual.seconds))
    return Death(phase, dice.uniform(0, usual.seconds[phase]))


def rounds(
    scenario: Scenario, kills: int, dice: Random, folder: Path, new_store: Callable[[], list[str]]
) -> int:
    """Number of rounds that ended otherwise than the undisturbed run."""
    calm = folder / f"{scenario.name}-calm"
    calm.mkdir()
    took = undisturbed(scenario, calm, new_store())
    if (
        "exports" in scenario.steps[0][1]
        and b"10 times that day" not in (calm / "report" / "posts.csv").read_bytes()
    ):
        raise SystemExit(
            "the robots among the posts were not marked, so that it cannot be seen whether they stay so"
        )
    done = wrong = n_rounds = 0
    while done < kills:
        n_rounds += 1
        here = folder / f"{scenario.name}-{n_rounds}"
        here.mkdir()
        done += disturbed(scenario, here, new_store(), took, dice, kills - done)
        differing = list(differences(scenario, calm, here))
        wrong += bool(differing)
        if differing:
            print(f"{scenario.name}, round {n_rounds}: {', '.join(differing)} differ", flush=True)
        shutil.rmtree(here)
    print(f"{scenario.name:<6}{done:>4} kills in {n_rounds} rounds; {wrong} rounds differ", flush=True)
    return wrong


def differences(scenario: Scenario, one: Path, other: Path) -> Iterator[str]:
    """Names of output files that differ, and of others that are left."""
    names = [{path.name for path in (folder / "report").iterdir()} for folder in (one, other)]
    yield from sorted(names[0] ^ names[1])
    for name in scenario.compared:
        if (one / "report" / name).read_bytes() != (other / "report" / name).read_bytes():
            yield name


def add_robots(path: Path) -> None:
    """An author who posts a template all day, on some days, so that spam that shows in patterns is marked too."""
    rows = ["id,author,text,source,created_at,synthetic"]
    for at in range(60):
        text = f"${'ABCDEFGHIJ'[at % 10]} moved {at}.5% now and here are the levels we watch"
        time = f"2030-11-{1 + at // 10:02d}T08:{at % 60:02d}:09Z"
        rows.append(f"ro{10**12 + at},synth_levels,{text},x,{time},true")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def run_scenario(sample: Path) -> Scenario:
    """The main job on exports that lie there."""

    def arrive(folder: Path) -> None:
        (folder / "sentinel.toml").write_text(f"announcements = '{sample / 'announcements.csv'}'\n")
        shutil.copytree(sample / "exports", folder / "exports", dirs_exist_ok=True)

    return Scenario("run", [(arrive, ["run", "exports", "-o", "report", "-q"])])


def inbox_scenario(sample: Path) -> Scenario:
    """The daemon's job on a folder that fills."""
    exports = sorted(path for path in (sample / "exports").rglob("*") if path.is_file())
    growing = sample / "exports" / "weibo.csv"

    def all_but_one(folder: Path) -> None:
        watched = "[[collect]]\nuse = 'folder'\npath = 'inbox/'\nevery = '1 min'\n"
        (folder / "sentinel.toml").write_text(f"announcements = '{sample / 'announcements.csv'}'\n{watched}")
        (folder / "inbox").mkdir()
        for path in exports:
            if path != growing:
                shutil.copy(path, folder / "inbox")

    def grown(part: float) -> Arrival:
        content = growing.read_bytes()
        whole_lines = content[: content.rfind(b"\n", 0, int(len(content) * part)) + 1]
        return lambda folder: (folder / "inbox" / "growing.csv").write_bytes(whole_lines)

    def again(folder: Path) -> None:
        shutil.copy(exports[0], folder / "inbox" / "a second time.csv")

    steps = [(arrive, COLLECT) for arrive in (all_but_one, grown(0.4), grown(1), again)]
    return Scenario("inbox", [*steps, (_nothing, REPORT)])


def live_scenario(sample: Path, address: str) -> Scenario:
    """The daemon's job on a service."""

    def arrive(folder: Path) -> None:
        source = f"use = 'live_hackernews'\nquery = 'qwen'\nbase_url = '{address}'\npage_size = 40\n"
        (folder / "sentinel.toml").write_text(
            f"announcements = '{sample / 'announcements.csv'}'\n[[collect]]\n{source}every = '1 h'\n"
        )

    return Scenario("live", [(arrive, COLLECT), (_nothing, REPORT)], COMPARED[:-1])


def _nothing(_folder: Path) -> None:
    """Nothing arrives."""


def main() -> int:
    """All scenarios; each gets a part of the kills."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--postgres", action="store_true", help="stores on a PostgreSQL server")
    parser.add_argument("--posts", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="no second process for small inputs")
    options = parser.parse_args()
    if not options.alone:
        SECOND.for_anything()
    for kind in GROUPS:
        for plugin in installed(kind):
            plugin.load()
    dice = Random(f"kills {options.seed}")
    some = options.kills // 3
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        address = stack.enter_context(serving(dice, options.posts // 5))
        new_url = stack.enter_context(postgres()) if options.postgres else None
        sample = write_sample(folder / "sample", options.seed, options.posts)
        add_robots(sample / "exports" / "robots.csv")
        scenarios = [run_scenario(sample), inbox_scenario(sample), live_scenario(sample, address)]
        wrong = 0
        for scenario, kills in zip(scenarios, (options.kills - 2 * some, some, some), strict=True):
            wrong += rounds(scenario, kills, dice, folder, lambda: ["--store", new_url()] if new_url else [])
    print(WATCHED.tally())
    print(SECOND.tally())
    return int(wrong > 0 or SECOND.n_left > 0)


if __name__ == "__main__":
    sys.exit(main())
