"""How often chance alone gives as large a change: the same sum at dates on which nothing was announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sentinel import reasons
from sentinel.scored import Bools, Floats, Ints

__all__ = ["LEVEL", "MIN_INDEPENDENT", "Judgement", "judge", "nearby", "too_few"]

# The level as a whole number, so that "p <= .05" and "0 not in the interval" never differ by rounding.
_ONE_IN: Final = 20
LEVEL: Final = 1 / _ONE_IN  #: of p, of q, and of one less the coverage of intervals
MIN_INDEPENDENT: Final = 19  #: independent placebos below which p <= .05 is impossible
POWER: Final = 0.84  #: standard normal quantile of 80 % power
TAIL: Final = 0.1  #: share of the placebos that the extrapolated tail is fitted to
NEAR_DAYS: Final = 365
NEAR_MIN: Final = 60


@dataclass(frozen=True, slots=True)
class Judgement:
    """E events against their placebo dates."""

    placebos: Ints  #: (E,): dates
    independent: Floats  #: (E,): K_e, dates that do not overlap
    p: Floats  #: (E,): two-sided; NaN if there are too few placebos
    critical: Floats  #: (E,): q, in units of Z: ``D +- q sqrt(V)`` holds 0 exactly if p > .05; else NaN
    visible: Floats  #: (E,): smallest effect seen with 80 % power, in units of Z; else NaN
    beyond: Floats  #: (E,): p of an event past its largest placebo, extrapolated; else NaN

    def interval(self, effect: float, se: float, event: int = 0) -> dict[str, float]:
        """Where the effect of an event lies, and its p."""
        # (Z -+ q) sqrt(V), not D -+ q sqrt(V): so rounding cannot carry a bound across 0 against p
        z, q = effect / se, float(self.critical[event])
        return {"low": se * (z - q), "high": se * (z + q), "p": float(self.p[event])}


def nearby(admissible: Bools, dates: Ints, events: Ints) -> Bools:
    """Placebos within a year of the event, where there are enough of them; else all: shape (E, K).

    The sparse past must not calibrate the dense present.
    """
    near = admissible & (np.abs(dates - events[:, None]) <= NEAR_DAYS)
    enough = near.sum(axis=1) >= NEAR_MIN
    chosen: Bools = np.where(enough[:, None], near, admissible)
    return chosen


def too_few(placebos: int, length: int, apart: int = 1) -> str:
    """Why placebos of a window of `length` days, one every `apart` days, are too few to judge by; "" if not."""
    lacking = MIN_INDEPENDENT * length - placebos
    return reasons.short_history(placebos, lacking * apart) if lacking > 0 else ""


def judge(z: Floats, admissible: Bools, z_event: Floats, length: int) -> Judgement:
    """p, interval and smallest visible effect from the placebos' own distribution.

    Parameters
    ----------
    z : shape (K,). Z at all dates.
    admissible : shape (E, K). Which of them are placebos of which event.
    z_event : shape (E,).
    length : days of the window. Placebos overlap, so that K dates count as ``K_e = K / length``.

    Notes
    -----
    ``p = (1 + K_e share) / (1 + K_e) = (length + ahead) / (length + K)``, where `ahead` counts the placebos
    with ``|Z| >= |Z_event|``.
    """
    size, size_event = np.where(np.isfinite(z), np.abs(z), 0.0), np.abs(z_event)
    k = admissible.sum(axis=1)
    ahead = (admissible & (size >= size_event[:, None])).sum(axis=1)
    allowed = (length + k) // _ONE_IN - length  # the most that may be ahead where p <= .05
    testable = k >= MIN_INDEPENDENT * length
    order = np.argsort(-size, kind="stable")
    largest_first, ranked = size[order], admissible[:, order]
    rank = np.cumsum(ranked, axis=1)
    place = rank == np.maximum(allowed, 0)[:, None] + 1
    critical = np.where(testable, largest_first[np.argmax(place, axis=1)], np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        rms = np.sqrt(np.where(admissible, size**2, 0.0).sum(axis=1) / k)
    p = np.where(testable, (length + ahead) / (length + k), np.nan)
    tail = _tail(largest_first, ranked & (rank <= np.ceil(TAIL * k)[:, None]), size_event, k / length)
    return Judgement(
        placebos=k,
        independent=k / length,
        p=p,
        critical=critical,
        visible=critical + POWER * rms,
        beyond=np.where(testable & (ahead == 0), np.minimum(p, tail), np.nan),
    )


def _tail(size: Floats, top: Bools, event: Floats, independent: Floats) -> Floats:
    """Chance of an ordinary |Z| as large as the event's, from the placebos above the tenth largest: shape (E,).

    They exceed their threshold u by an exponential amount of unknown mean. With m independent ones of sum S, one
    more exceeds it by x with probability ``(1 + x / S)^-m``: a generalised Pareto tail, the heavier the fewer
    placebos there are. In worlds without effect, p below .001 comes in less than one of 1000 tests.
    """
    n = np.maximum(top.sum(axis=1), 1)
    threshold = np.where(top, size, np.inf).min(axis=1, initial=np.inf)
    m = TAIL * independent
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        excess = np.where(top, size - threshold[:, None], 0.0).sum(axis=1) / n
        tail: Floats = TAIL * (1 + (event - threshold) / (m * excess)) ** -m
    return tail
