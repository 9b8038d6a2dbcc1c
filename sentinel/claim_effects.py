"""Claims about the mood after announcements, against ordinary dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sentinel.claim_verdicts import Material, Row, too_few, undecided, verdict
from sentinel.claims_file import Claim
from sentinel.clusters import find_clusters
from sentinel.counting import counted
from sentinel.pooled import Reaction, against_shifts, reactions
from sentinel.scopes import ALL
from sentinel.scored import Bools
from sentinel.weekly import Spread

__all__ = ["chosen_announcements", "judge_effect"]


def judge_effect(claim: Claim, material: Material) -> Row:
    """One announcement against ordinary dates; several together against their calendar shifted around the history."""
    chosen = chosen_announcements(claim, material.announcements)
    if not chosen.any():
        return undecided("no announcement of the calendar fits")
    rows = material.posts.of(claim)
    importance = material.announcements["importance"].where(~chosen, 3)
    calendar = material.announcements.assign(importance=importance)
    days = replace(material.posts.days, scopes={ALL: material.posts.votes(rows)})
    if not len(days.scopes[ALL].day):
        return undecided(too_few(0, 0))
    clusters = [
        one for one in find_clusters(calendar, days, material.options.exclude_importance) if one.major
    ]
    asked = {at for at, one in enumerate(clusters) if chosen[list(one.members)].any()}
    tested, others = reactions(clusters, days, material.options)
    own = [one for one in tested if one.estimate.cluster in asked]
    obstacles = [one.obstacle for one in others if one.cluster in asked]
    if not own:
        return undecided(
            f"none of {counted(len(asked), 'announcement')} could be tested: "
            f"{obstacles[0] if obstacles else 'not over yet'}"
        )
    found = _together(own)
    facts: Row = {
        "p": found["p"],
        "n_posts": sum(one.estimate.n_posts for one in own),
        "n_authors": sum(one.estimate.n_authors for one in own),
        "n": len(own),
        "clusters": "; ".join(str(days.first_day + one.cluster.first) for one in own),
    }
    obstacle = found["reason"] if np.isnan(found["p"]) else too_few(facts["n_posts"], facts["n_authors"])
    if obstacle:
        return undecided(obstacle, **facts)
    row = verdict(claim, Spread(found["effect"], found["low"], found["high"])) | facts
    if len(own) < len(asked):
        part = f"{len(own)} of {counted(len(asked), 'announcement')} could be tested"
        row["reason"] = f"{row['reason']}; {part}" if row["reason"] else part
    return row


def _together(own: Sequence[Reaction]) -> Row:
    if len(own) > 1:
        return against_shifts(own)
    one = own[0].estimate
    return {"effect": one.effect, "low": one.low, "high": one.high, "p": one.p, "reason": one.obstacle}


def chosen_announcements(claim: Claim, announcements: pd.DataFrame) -> Bools:
    """Announcements that a claim names by a part of their title, or by category, in its period."""
    titles = announcements["title"].str.casefold()
    named = np.zeros(len(announcements), dtype=bool)
    for part in claim.announcements:
        named = named | titles.str.contains(part.casefold(), regex=False).to_numpy(dtype=bool)
    of_kind = announcements["category"].isin([name.lower() for name in claim.category]).to_numpy(dtype=bool)
    if claim.category:
        # A category asks for what is tested anyway; a title is enough to be asked for.
        of_kind = of_kind & (announcements["importance"] >= 3).to_numpy(dtype=bool)
    chosen = named & of_kind if claim.announcements and claim.category else named | of_kind
    if claim.since is not None:
        chosen = chosen & (announcements["date"] >= claim.since.isoformat()).to_numpy(dtype=bool)
    if claim.until is not None:
        chosen = chosen & (announcements["date"] <= claim.until.isoformat()).to_numpy(dtype=bool)
    result: Bools = chosen
    return result
