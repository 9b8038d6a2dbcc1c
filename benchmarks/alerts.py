"""How often the default rules of alerts cry wolf in a year without news, and how soon they see a real change.

Usage: python benchmarks/alerts.py [--seeds 50] [--climates BCEGH] [--worlds 100] [--jobs 2]

Worlds are those of method.md, section 8, with the posts of a day spread over its hours. The rules are looked at as
often as the daemon does, with what they remember from look to look; only the store is left out. False alarms are those
of a year in which nothing happens, the mean over the seeds. A change of the mood starts at a random moment in a world
of 100 authors a day, and stays; it counts as seen if a rule of the right direction is raised within a day, or three.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

# before numpy is imported: each process is to use one core
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
from many_looks import Sums, looks, sums_of

from sentinel.alert_baseline import HISTORY, Moved
from sentinel.alert_rules import DEFAULT_RULES, Move, parse_rule
from sentinel.alert_watch import MOVED, seen_move
from sentinel.alerts import CoolDown, looks_again
from sentinel.schedule_clock import written
from sentinel.votes import AuthorDays

ALLOWED = 12.0  # alarms in a year without news
WARM_UP = 120  # days
HOUR = timedelta(hours=1)
DAY = 24  # hours
LENGTHS = (1, 3)  # days that the default rules look at
ORIGIN = np.datetime64("2031-01-01")


def _worlds() -> ModuleType:
    path = Path(__file__).parents[1] / "tests" / "sentinel" / "worlds.py"
    spec = spec_from_file_location("worlds", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["worlds"] = module
    spec.loader.exec_module(module)
    return module


WORLDS = _worlds()


@dataclass(frozen=True)
class Stream:
    """Posts, with their times in hours."""

    time: Any
    author: Any
    score: Any
    _by_hour: dict[float, AuthorDays] = field(default_factory=dict)
    _sums: dict[float, Sums] = field(default_factory=dict)

    def days(self, now: float) -> tuple[AuthorDays, np.datetime64]:
        """As `recent_days`, without the detour over texts; and the last day."""
        whole = self._days_ending_at(now % DAY)
        today, votes = int(now // DAY), whole.scopes["all"]
        rows = slice(*np.searchsorted(votes.day, [today - HISTORY.days + 1, today + 1]))
        first, last = (int(votes.day[rows][at]) for at in (0, -1))
        seen = slice(first, last + 1)
        recent = replace(
            votes,
            day=votes.day[rows] - first,
            author=votes.author[rows],
            stratum=votes.stratum[rows],
            n_posts=votes.n_posts[rows],
            total=votes.total[rows],
            n_bare=votes.n_bare[rows],
            posts_a_day=votes.posts_a_day[seen],
        )
        days = replace(
            whole,
            first_day=ORIGIN + first,
            n_days=last + 1 - first,
            collected=whole.collected[:, seen],
            voices=whole.voices[:, seen],
            scopes={"all": recent},
        )
        return days, ORIGIN + today

    def moved(self, asked: Iterable[tuple[int, float]]) -> dict[tuple[int, float], Moved]:
        """What is seen in so many days at an hour."""
        groups: dict[tuple[int, float], list[int]] = {}
        for length, hour in sorted(asked):
            groups.setdefault((length, hour % DAY), []).append(int(hour // DAY))
        found = {}
        for (length, hour), todays in groups.items():
            sums = self._sums.get(hour) or sums_of(self._days_ending_at(hour), LENGTHS)
            self._sums[hour] = sums
            seen = looks(sums, todays, length, lambda today, hour=hour: self.days(today * DAY + hour))
            found |= {(length, today * DAY + hour): one for today, one in zip(todays, seen, strict=True)}
        return found

    def _days_ending_at(self, hour: float) -> AuthorDays:
        """All days, each of which ends at this hour: a look back is a slice of them."""
        if hour not in self._by_hour:
            day = np.ceil((self.time - hour) / DAY).astype(np.int64)
            order = np.lexsort((self.score, self.author, day))
            world = WORLDS.World(
                int(day.max()) + 1,
                0,
                day[order],
                self.author[order],
                np.zeros(len(order), dtype=np.int64),
                self.score[order],
            )
            self._by_hour[hour] = world.author_days()
        return self._by_hour[hour]


def stream(climate: Any, n_days: int, seed: int, effect: float = 0.0, onset: float = 0.0) -> Stream:
    """A world whose mood moves by `effect` at `onset` and stays there."""
    rng = np.random.default_rng([seed, 4])
    world = WORLDS.make_world(climate, n_days, rng)
    time = world.day * DAY + rng.uniform(0, DAY, len(world.day))
    return Stream(time, world.author, np.clip(world.score + effect * (time >= onset), -1.0, 1.0))


@dataclass
class Remembered:
    """What a rule remembers from look to look."""

    rule: Move
    state: dict[str, Any] = field(default_factory=dict)

    def look(self, now: datetime, moved: Moved) -> bool:
        """Whether it is raised now."""
        seen = seen_move(self.rule, moved, MOVED in self.state.get("told", ()))
        memory = CoolDown(self.state, max(timedelta(days=1), self.rule.span))
        new = memory.new(seen, now)
        self.state = memory.after(seen, new, now)
        return bool(new)


def _length(rule: Move) -> int:
    return max(1, rule.span // timedelta(days=1))


def due_hours(rule: Move, start: float, end: float) -> list[float]:
    """At which the daemon looks at a rule."""
    state: dict[str, Any] = {}
    hours = []
    for hour in np.arange(start, end + 0.001):
        if looks_again(rule, state, _moment(hour)):
            state["looked"] = written(_moment(hour))
            hours.append(float(hour))
    return hours


def _moment(hour: float) -> datetime:
    return datetime(2031, 1, 1, tzinfo=UTC) + float(hour) * HOUR


def alarms(posts: Stream, start: float, end: float) -> Iterator[tuple[float, Move]]:
    """Hours at which default rules are raised, and which."""
    rules = [Remembered(rule) for rule in map(parse_rule, DEFAULT_RULES) if isinstance(rule, Move)]
    due = {one.rule: set(due_hours(one.rule, start, end)) for one in rules}
    asked = {(_length(rule), hour) for rule, hours in due.items() for hour in hours}
    moved = posts.moved(asked)
    for hour in np.arange(start, end + 0.001):
        for one in rules:
            if hour in due[one.rule] and one.look(_moment(hour), moved[_length(one.rule), hour]):
                yield float(hour), one.rule


def false_alarms(climate: Any, seed: int, n_days: int = 365) -> int:
    """In so many days without news."""
    posts = stream(climate, WARM_UP + n_days, seed)
    return len(list(alarms(posts, WARM_UP * DAY, (WARM_UP + n_days) * DAY)))


def seen_within(effect: float, days: int, authors: float, seed: int) -> bool:
    """Whether a change is raised within so many days."""
    rng = np.random.default_rng([seed, 5])
    onset = float(WARM_UP + rng.integers(20, 60)) * DAY + float(rng.uniform(0, DAY))
    way = 1 if seed % 2 else -1
    posts = stream(WORLDS.Climate(authors=authors), WARM_UP + 70, seed, way * effect, onset)
    start = np.floor(onset) - 2 * DAY
    return any(hour > onset and rule.way == way for hour, rule in alarms(posts, start, onset + days * DAY))


def main() -> int:
    """Both measures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=50, help="years of each climate")
    parser.add_argument("--climates", default="BCEGH")
    parser.add_argument("--worlds", type=int, default=100, help="of each change")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    wrong = False
    with ProcessPoolExecutor(options.jobs) as pool:
        for effect, days, wanted in ((0.30, 1, 0.9), (0.15, 3, 0.5)):
            found = list(pool.map(partial(seen_within, effect, days, 100.0), range(options.worlds)))
            share = float(np.mean(found)) if found else 1.0
            wrong |= share < wanted
            print(
                f"change of {effect:.2f}, raised within {days} days: {share:.2f} of {len(found)} worlds",
                flush=True,
            )
        for letter in options.climates:
            counts = list(pool.map(partial(false_alarms, WORLDS.CLIMATES[letter]), range(options.seeds)))
            mean = float(np.mean(counts)) if counts else 0.0
            wrong |= mean > ALLOWED
            print(
                f"climate {letter}: {mean:.1f} alarms a year without news ({len(counts)} years)", flush=True
            )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
