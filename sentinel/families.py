"""Which tests belong together, what they must share among them, and which words their results may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sentinel.clusters import REACTION, Cluster
from sentinel.estimate import Estimate
from sentinel.placebo import LEVEL
from sentinel.scopes import ALL, HEADLINES, UNFILTERED
from sentinel.scored import Floats

__all__ = ["EXPLORATORY", "PRIMARY", "Standing", "benjamini_hochberg", "standings"]

PRIMARY: Final = "primary"  #: scope all, window reaction, announcements of importance 3
OPENED: Final = "opened"  #: the scopes of a cluster with a primary finding
EXPLORATORY: Final = "exploratory"  #: all else: p, but neither q nor a verdict
_NEVER_OPENED: Final = (ALL, UNFILTERED, HEADLINES)


@dataclass(frozen=True, slots=True)
class Standing:
    """An estimate within its family."""

    family: str
    q: float = np.nan
    smallest_q: float = np.nan  #: what q could have been at best, were its p the smallest possible
    extrapolated: bool = False  #: q rests on a p beyond the largest placebo
    tests: int = 0  #: in the family
    verdict: str = ""


def standings(estimates: Sequence[Estimate], clusters: Sequence[Cluster]) -> list[Standing]:
    """Family, q and verdict of each estimate.

    Benjamini and Hochberg's q within the primary family, in which a cluster counts once; then within the scopes
    of each cluster that was found to move. Estimates that are untested or preliminary do not count.
    """
    found = [Standing(EXPLORATORY)] * len(estimates)
    reactions = [
        (row, one)
        for row, one in enumerate(estimates)
        if one.window == REACTION.name and clusters[one.cluster].major
    ]
    primary = [(row, one) for row, one in reactions if one.scope == ALL]
    _judge_family(PRIMARY, primary, found)
    for row, finding in primary:
        if found[row].q <= LEVEL:
            own = [(at, one) for at, one in reactions if one.cluster == finding.cluster]
            opened = [(at, one) for at, one in own if one.scope not in _NEVER_OPENED]
            _judge_family(OPENED, opened, found)
    return found


def benjamini_hochberg(p: Floats) -> Floats:
    """q-values of p-values, shape (n,): the smallest false discovery rate at which each is a finding."""
    n = len(p)
    order = np.argsort(p, kind="stable")[::-1]
    scaled = p[order] * n / np.arange(n, 0, -1)
    q = np.empty(n)
    q[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return q


def _judge_family(name: str, family: Sequence[tuple[int, Estimate]], found: list[Standing]) -> None:
    """Fill in the standing of the estimates at their places in `found`.

    Where so many tests share so short a history that even the smallest p could not be a finding, p beyond the
    largest placebo is extrapolated.
    """
    for row, _ in family:
        found[row] = Standing(name, verdict="not tested")
    tested = [(row, one) for row, one in family if not one.obstacle and not one.preliminary]
    p = np.array([one.p for _, one in tested])
    q = benjamini_hochberg(p)
    q_beyond = benjamini_hochberg(
        np.array([one.p if np.isnan(one.beyond) else one.beyond for _, one in tested])
    )
    for place, (row, one) in enumerate(tested):
        least = p.copy()
        least[place] = 1 / (one.independent + 1)
        smallest_q = float(benjamini_hochberg(least)[place])
        extrapolated = smallest_q > LEVEL and not np.isnan(one.beyond)
        final = max(float(q_beyond[place]), one.p) if extrapolated else float(q[place])
        found[row] = Standing(name, final, smallest_q, extrapolated, len(tested), _verdict(one, final))


def _verdict(estimate: Estimate, q: float) -> str:
    if q > LEVEL:
        return "no visible change"
    return "rose" if estimate.effect > 0 else "fell"
