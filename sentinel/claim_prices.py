"""Claims about the price after announcements, against ordinary sessions."""

from __future__ import annotations

import numpy as np

from sentinel.claim_effects import chosen_announcements
from sentinel.claim_verdicts import Material, Row, undecided, verdict
from sentinel.claims_file import Claim
from sentinel.counting import counted
from sentinel.market_model import AFTER, judge_reaction, pooled_reaction
from sentinel.price import trade_days
from sentinel.weekly import Spread

__all__ = ["judge_price"]


def judge_price(claim: Claim, material: Material) -> Row:
    """The mean abnormal return of the sessions after announcements; those of one session count once."""
    quotes = material.quotes
    if quotes is None:
        return undecided("no prices are given: [price] in the settings")
    chosen = chosen_announcements(claim, material.announcements)
    if not chosen.any():
        return undecided("no announcement of the calendar fits")
    traded = trade_days(material.announcements[chosen], material.posts.days.timezone, quotes.exchange)
    known = quotes.prices.days
    within = traded[(traded >= known[0]) & (traded <= known[-1])]
    at = np.unique(np.searchsorted(known, within)).astype(np.int64)
    at = at[at + AFTER < len(known)]
    car = np.array(
        [
            quotes.model.sums(one, AFTER + 1)[0] if np.isfinite(quotes.model.alpha[one]) else np.nan
            for one in at
        ]
    )
    tested = at[np.isfinite(car)] if len(at) else at
    if not len(tested):
        return undecided(f"none of {counted(int(chosen.sum()), 'announcement')} has the sessions it needs")
    if len(tested) > 1:
        mean, judgement = pooled_reaction(quotes.model, tested)
    else:
        mean, judgement = judge_reaction(quotes.model, int(tested[0]), AFTER + 1)
    critical = float(judgement.critical[0])
    facts: Row = {
        "n": len(tested),
        "p": float(judgement.p[0]),
        "clusters": "; ".join(str(known[one]) for one in tested),
    }
    if np.isnan(critical):
        return undecided("history too short to judge: too few sessions", **facts)
    return verdict(claim, Spread(mean, mean - critical, mean + critical)) | facts
