"""Worlds without announcements, or with one whose effect is known: the generator of method.md, section 8."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.signal import lfilter

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.clusters import REACTION, Cluster
from sentinel.estimate import Estimate
from sentinel.index import mood_index
from sentinel.scope_effects import scope_trials
from sentinel.scored import Floats, Ints
from sentinel.votes import AuthorDays, Stratum, Votes

FIRST_DAY: Final = np.datetime64("2024-01-01", "D")
AUTHOR_SD: Final = 0.3
POST_SD: Final = 0.3


@dataclass(frozen=True)
class Climate:
    """How mood and volume behave when nothing is announced."""

    phi: float = 0.5  # persistence of the latent mood
    tau: float = 0.06  # its standard deviation
    authors: float = 30.0  # a day
    weekday: float = 0.04  # amplitude of the weekday pattern
    bursts: bool = True  # volume varies, halves at weekends, and jumps now and then
    burst_at_event: bool = False
    shocks: float = 0.0  # sd of unlisted news, which have heavy tails and fade within days
    drift: float = 0.0  # sd of a random walk, a day
    newcomer: bool = False  # a source whose mean is +0.3 starts in the week before the event, and stays


CLIMATES: Final = {
    "A": Climate(phi=0.0, weekday=0.0, bursts=False),
    "B": Climate(),
    "C": Climate(phi=0.8),
    "D": Climate(burst_at_event=True),
    "E": Climate(shocks=0.1),
    "F": Climate(phi=0.3, authors=5.0),
    "G": Climate(drift=0.01),
    "H": Climate(authors=300.0),
    "I": Climate(newcomer=True),
}


@dataclass(frozen=True)
class World:
    """Posts as arrays, sorted by day, author and source; the day of the event, which may have no effect."""

    n_days: int
    event: int
    day: Ints
    author: Ints
    source: Ints  # 0, or 1 for the newcomer
    score: Floats

    def shifted(self, effect: float, days: int) -> World:
        """The same world with `effect` on every post of the event's first `days` days."""
        during = (self.day >= self.event) & (self.day < self.event + days)
        return replace(self, score=np.clip(self.score + effect * during, -1.0, 1.0))

    def posts(self) -> pd.DataFrame:
        """As a table of scored posts, at noon of their days."""
        noon = np.datetime64("2024-01-01T12:00:00") + self.day.astype("timedelta64[D]")
        return pd.DataFrame(
            {
                "published": np.char.add(np.datetime_as_string(noon), "Z"),
                "author": np.char.add("a", self.author.astype(str)),
                "platform": np.where(self.source == 0, "x", "reddit"),
                "score": self.score,
            }
        )

    def author_days(self) -> AuthorDays:
        """What `sentinel.votes.author_days` makes of the posts in scope "all", without the detour over texts."""
        new = np.ones(len(self.day), dtype=bool)
        new[1:] = (np.diff(self.day) != 0) | (np.diff(self.author) != 0) | (np.diff(self.source) != 0)
        starts = np.flatnonzero(new)
        sources = int(self.source.max()) + 1
        collected = np.zeros((sources, self.n_days), dtype=np.int64)
        np.add.at(collected, (self.source, self.day), 1)
        votes = Votes(
            day=self.day[starts],
            author=self.author[starts],
            stratum=self.source[starts],
            n_posts=np.diff(starts, append=len(self.day)),
            total=np.add.reduceat(self.score, starts),
            n_bare=np.zeros(len(starts), dtype=np.int64),
            posts_a_day=collected.sum(axis=0),
            n_named=int(self.author.max()) + 1,
        )
        platforms = ("x", "reddit")[:sources]
        strata = tuple(Stratum(name, "", "", "post", "") for name in platforms)
        voices = np.zeros((sources, self.n_days), dtype=np.int64)
        np.add.at(voices, (votes.stratum, votes.day), 1)
        none = np.zeros(0, dtype=np.int64)
        nobody = Votes(none, none, none, none, np.zeros(0), none, collected.sum(axis=0) * 0, votes.n_named)
        return AuthorDays(
            "UTC", FIRST_DAY, self.n_days, strata, platforms, collected, voices, {"all": votes}, nobody
        )


def make_world(climate: Climate, n_days: int, rng: np.random.Generator) -> World:
    """A world of a climate; its event falls on any day that leaves room for baseline and window."""
    event = int(rng.integers(45, n_days - 8))
    mood = _mood(climate, n_days, rng)
    n = rng.poisson(_volume(climate, n_days, event, rng))
    day, author, source = _authors(n, np.zeros(n_days, dtype=np.int64), 0, climate.authors, rng)
    if climate.newcomer:
        start = event - int(rng.integers(0, 8))
        n = rng.poisson(climate.authors, n_days) * (np.arange(n_days) >= start)
        more = _authors(n, np.ones(n_days, dtype=np.int64), int(author.max()) + 1, climate.authors, rng)
        day, author, source = (np.concatenate(pair) for pair in zip((day, author, source), more, strict=True))
    character = rng.normal(0, AUTHOR_SD, int(author.max()) + 1)
    times = rng.geometric(0.5, len(day))
    day, author, source = (np.repeat(column, times) for column in (day, author, source))
    score = mood[day] + character[author] + 0.3 * source + rng.normal(0, POST_SD, len(day))
    score = np.clip(score, -1.0, 1.0)
    order = np.lexsort((score, source, author, day))
    return World(n_days, event, day[order], author[order], source[order], score[order])


def announcement(event: int, title: str = "event") -> pd.DataFrame:
    """A calendar of one announcement at noon of a day."""
    return calendar([event], [title])


def calendar(days: list[int], titles: list[str] | None = None, category: str = "") -> pd.DataFrame:
    """Announcements of importance 3 at noon of their days."""
    dates = [str(FIRST_DAY + day) for day in days]
    table = pd.DataFrame("", index=range(len(days)), columns=list(ANNOUNCEMENT_COLUMNS))
    return table.assign(
        date=dates,
        time_utc=[f"{date}T12:00:00Z" for date in dates],
        title=titles or [f"event {number}" for number in range(len(days))],
        category=category,
        importance=3,
        circular=False,
    )


def _mood(climate: Climate, n_days: int, rng: np.random.Generator) -> Floats:
    innovation = climate.tau * np.sqrt(1 - climate.phi**2)
    mood = _autoregression(rng.normal(0, innovation, n_days), climate.phi, rng.normal(0, climate.tau))
    mood += np.tile(rng.uniform(-climate.weekday, climate.weekday, 7), n_days // 7 + 1)[:n_days]
    if climate.shocks:
        news = (rng.random(n_days) < 0.03) * rng.standard_t(4, n_days) * climate.shocks / np.sqrt(2)
        mood += _autoregression(news, 0.5, 0.0)
    return mood + np.cumsum(rng.normal(0, climate.drift, n_days))


def _volume(climate: Climate, n_days: int, event: int, rng: np.random.Generator) -> Floats:
    """Expected authors a day."""
    if not climate.bursts:
        return np.full(n_days, climate.authors)
    level = np.exp(_autoregression(rng.normal(0, 0.2, n_days), 0.7, 0.0))
    level *= np.where(np.arange(n_days) % 7 >= 5, 0.5, 1.0)
    bursts = (rng.random(n_days) < 0.02) * rng.uniform(3, 10, n_days)
    if climate.burst_at_event:
        bursts[event] = rng.uniform(3, 10)
    return climate.authors * level * (1 + _autoregression(bursts, 0.6, 0.0))


def _authors(
    n: npt.NDArray[np.int64], source: Ints, first: int, usual: float, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Author-days: each day's authors are drawn from a pool of fifty times the usual number."""
    day = np.repeat(np.arange(len(n)), n)
    return day, first + rng.integers(0, int(50 * usual), len(day)), source[day]


def _autoregression(innovations: Floats, phi: float, start: float) -> Floats:
    values, _ = lfilter([1.0], [1.0, -phi], innovations, zi=[phi * start])
    result: Floats = values
    return result


def reaction(world: World) -> Estimate:
    """The estimate of the event's reaction, as `estimate_effects` has it, without the table around it."""
    days = world.author_days()
    event = Cluster(world.event, world.event, world.event, time_known=True, major=True, members=(0,))
    index = mood_index(days.scopes["all"], days)
    trials = scope_trials("all", index, [event], days, (), (REACTION,)).trials
    return trials[0].estimates()[0]
