"""The small world behind the built-in sample: a latent mood, announcements and sources.

The mood that a day shares is an AR(1) series with a weekday pattern; two announcements shift it for three
days, the others change only what people talk about and how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from typing import Final

__all__ = [
    "ANNOUNCED",
    "FIRST_DAY",
    "N_DAYS",
    "SOURCES",
    "TOPICS",
    "Announced",
    "Origin",
    "latent_moods",
    "volumes",
]

FIRST_DAY: Final = datetime(2030, 12, 31, 16, tzinfo=UTC)  # midnight of 2031-01-01 in Shanghai
N_DAYS: Final = 300

AR_COEFFICIENT: Final = 0.4
DAILY_SWING: Final = 0.035  # standard deviation of the latent mood, on the scale of scores
BASE_MOOD: Final = 0.04
WEEKDAY_MOOD: Final = (0.00, 0.01, 0.01, 0.00, 0.02, -0.02, -0.02)
WEEKDAY_VOLUME: Final = (1.05, 1.1, 1.1, 1.1, 1.05, 0.8, 0.75)
EFFECT_HOURS: Final = 78.0  # an effect fades in a straight line


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement of importance 3, which may or may not move the mood."""

    day: int
    hour: float  #: in Shanghai
    title: str
    category: str
    sign: str
    effect: float = 0.0  #: shift of mood at its peak; 0 for none
    burst: float = 0.0  #: extra volume on the day, as a share of the usual one

    @property
    def moment(self) -> float:
        """Days since the start of the sample."""
        return self.day + self.hour / 24

    def shift(self, moment: float, topic: str) -> float:
        """Shift of mood at `moment`, stronger in the announcement's own topic; rivals are not touched."""
        hours = (moment - self.moment) * 24
        if self.effect == 0 or not 0 <= hours < EFFECT_HOURS or topic == "rivals":
            return 0.0
        return self.effect * (1 - hours / EFFECT_HOURS) * (1.35 if topic == self.category else 0.9)


ANNOUNCED: Final = (
    Announced(
        70, 10.0, "Alibaba Cloud summit, new prices (synthetic)", "cloud_infrastructure", "positive", burst=2
    ),
    Announced(
        108, 9.0, "Qwen7 with open weights (synthetic)", "open_source", "positive", effect=0.60, burst=1
    ),
    Announced(145, 20.5, "Results of the March quarter (synthetic)", "earnings", "unclear"),
    Announced(183, 15.0, "New AI investment plan (synthetic)", "capex_investment", "positive", burst=2.5),
    Announced(
        222,
        8.5,
        "Qwen app down for two days (synthetic)",
        "consumer_app",
        "negative",
        effect=-0.54,
        burst=0.5,
    ),
    Announced(262, 11.0, "Change in the group's management (synthetic)", "leadership_org", "unclear"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where posts come from; some start or stop during the sample."""

    platform: str
    community: str | None
    share: float  #: of the day's volume
    chinese: float  #: share of its authors who write Chinese
    first: int = 0
    last: int = N_DAYS - 1
    mood: float = 0.0  #: how much sunnier than others


SOURCES: Final = (
    Origin("x", None, 0.66, 0.2),
    Origin(
        "reddit", "localllama", 0.10, 0.0, last=66, mood=0.15
    ),  # ends between a baseline and its announcement
    Origin("reddit", "stocks", 0.06, 0.0, mood=-0.08),
    Origin("weibo", None, 0.18, 1.0, mood=0.05),
    Origin("zhihu", "answer", 0.12, 1.0, first=257, mood=0.30),  # starts in the gap before an announcement
    Origin("hackernews", "comment", 0.05, 0.0, mood=-0.12),
)

TOPICS: Final = {
    "model_release": 20,
    "open_source": 12,
    "cloud_infrastructure": 12,
    "consumer_app": 14,
    "chips": 6,
    "earnings": 6,
    "market": 10,
    "capex_investment": 5,
    "ecommerce_ai": 7,
    "regulation_geopolitics": 4,
    "leadership_org": 4,
    "rivals": 9,
}
"""What people talk about on an ordinary day, as weights."""


def latent_moods(rng: Random) -> list[float]:
    """The mood that all authors of a day share, without announcements."""
    moods = []
    state = rng.gauss(0, DAILY_SWING)
    for day in range(N_DAYS):
        moods.append(BASE_MOOD + state + WEEKDAY_MOOD[_weekday(day)])
        state = AR_COEFFICIENT * state + rng.gauss(0, DAILY_SWING * (1 - AR_COEFFICIENT**2) ** 0.5)
    return moods


def volumes(rng: Random, n_posts: int) -> list[float]:
    """Posts a day were all sources open: weekdays, busy and quiet spells, bursts at announcements and by chance."""
    bursts = [(one.day, one.burst) for one in ANNOUNCED if one.burst]
    bursts += [(rng.randrange(N_DAYS), 1.5) for _ in range(3)]
    weights = []
    state = 0.0
    for day in range(N_DAYS):
        state = 0.6 * state + rng.gauss(0, 0.12)
        extra = sum(burst * 0.6 ** (day - start) for start, burst in bursts if day >= start)
        weights.append(WEEKDAY_VOLUME[_weekday(day)] * exp(state) * (1 + extra))
    open_shares = [sum(one.share for one in SOURCES if one.first <= day <= one.last) for day in range(N_DAYS)]
    total = sum(weight * share for weight, share in zip(weights, open_shares, strict=True))
    return [n_posts * weight / total for weight in weights]


def _weekday(day: int) -> int:
    """0 for Monday, in Shanghai."""
    return (FIRST_DAY + timedelta(days=day, hours=8)).weekday()
