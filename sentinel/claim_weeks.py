"""Claims about weeks: a level, a change of level, a difference between posts, a trend."""

from __future__ import annotations

from typing import Final

import numpy as np

from sentinel.claim_posts import ClaimPosts
from sentinel.claim_verdicts import MIN_AUTHORS, Material, Row, too_few, undecided, verdict
from sentinel.claims_file import Claim
from sentinel.scored import Bools, Ints
from sentinel.weekly import MIN_WEEKS, Weeks, difference_of_means, mean_of, trend_of, week_of, weeks_of

__all__ = ["judge_change", "judge_difference", "judge_level", "judge_share", "judge_volume"]

STEADY: Final = 0.8  #: share of the weeks in which a platform has to post to be in a trend


def judge_level(claim: Claim, material: Material) -> Row:
    """The mean of weekly mood against 0."""
    weeks, facts = _weeks(claim, material)
    mood = weeks.mood[weeks.heard]
    facts["n"] = len(mood)
    obstacle = too_few(facts["n_posts"], facts["n_authors"]) or _few_weeks(len(mood))
    if obstacle:
        return undecided(obstacle, **facts)
    return verdict(claim, mean_of(mood, material.options.seed)) | facts


def judge_change(claim: Claim, material: Material) -> Row:
    """The mean of weekly mood against that of an earlier period."""
    weeks, facts = _weeks(claim, material)
    earlier = material.posts.inside(claim.against_since, claim.against_until)
    # What is compared is not part of what it is compared with.
    earlier &= ~material.posts.inside(claim.since, None)
    rows = material.posts.of(claim)
    before = weeks_of(material.posts.votes(rows), material.posts.days, earlier)
    mood, usual = weeks.mood[weeks.heard], before.mood[before.heard]
    facts["n"] = len(mood)
    obstacle = too_few(facts["n_posts"], facts["n_authors"]) or _few_weeks(len(mood))
    obstacle = obstacle or _few_beside(material.posts, rows, earlier)
    if not obstacle and len(usual) < MIN_WEEKS:
        obstacle = f"too few weeks with posts before ({len(usual)}; {MIN_WEEKS} needed)"
    if obstacle:
        return undecided(obstacle, **facts)
    return verdict(claim, difference_of_means(mood, usual, material.options.seed)) | facts


def judge_difference(claim: Claim, material: Material) -> Row:
    """The weekly mood less that of other posts of the same weeks."""
    assert claim.versus is not None
    weeks, facts = _weeks(claim, material)
    inside = material.posts.inside(claim.since, claim.until)
    rows = material.posts.chosen(claim.versus)
    other = weeks_of(material.posts.votes(rows), material.posts.days, inside)
    both = weeks.heard & other.heard
    facts["n"] = int(both.sum())
    obstacle = too_few(facts["n_posts"], facts["n_authors"])
    obstacle = obstacle or _few_beside(material.posts, rows, inside) or _few_weeks(facts["n"])
    if obstacle:
        return undecided(obstacle, **facts)
    return verdict(claim, mean_of((weeks.mood - other.mood)[both], material.options.seed)) | facts


def judge_share(claim: Claim, material: Material) -> Row:
    """The trend of the share among all posts of the same platforms and languages, or against those of `versus`."""
    posts = material.posts
    inside = posts.inside(claim.since, claim.until)
    own = posts.of(claim)
    wider = claim.model_copy(update={"topic": (), "entity": ()})
    all_of_them = own | posts.chosen(claim.versus) if claim.versus else posts.chosen(wider)
    steady = _steady(all_of_them, inside, posts)
    n_own, n_authors = posts.people(own & steady, inside)
    part = weeks_of(posts.votes(own & steady), posts.days, inside).posts
    whole = weeks_of(posts.votes(all_of_them & steady), posts.days, inside).posts
    counted = whole >= MIN_AUTHORS
    facts: Row = {"n_posts": n_own, "n_authors": n_authors, "n": int(counted.sum())}
    obstacle = too_few(n_own, n_authors) or _few_weeks(facts["n"])
    if not obstacle and claim.versus:
        missing = too_few(*posts.people(posts.chosen(claim.versus) & steady, inside))
        obstacle = f"posts to compare with: {missing}" if missing else ""
    if obstacle:
        return undecided(obstacle, **facts)
    when = np.flatnonzero(counted).astype(np.float64)
    return verdict(claim, trend_of(part[counted] / whole[counted], when, material.options.seed)) | facts


def judge_volume(claim: Claim, material: Material) -> Row:
    """The trend of the number of posts a week, as the logarithm of the last over the first."""
    posts = material.posts
    inside = posts.inside(claim.since, claim.until)
    own = posts.of(claim)
    own &= _steady(own, inside, posts)
    n_posts, n_authors = posts.people(own, inside)
    weekly = weeks_of(posts.votes(own), posts.days, inside).posts
    whole_weeks = _whole_weeks(inside, posts)
    facts: Row = {"n_posts": n_posts, "n_authors": n_authors, "n": len(whole_weeks)}
    obstacle = too_few(n_posts, n_authors) or _few_weeks(len(whole_weeks))
    if obstacle:
        return undecided(obstacle, **facts)
    level = np.log1p(weekly[whole_weeks])
    return verdict(claim, trend_of(level, whole_weeks.astype(np.float64), material.options.seed)) | facts


def _weeks(claim: Claim, material: Material) -> tuple[Weeks, Row]:
    posts = material.posts
    rows, inside = posts.of(claim), posts.inside(claim.since, claim.until)
    weeks = weeks_of(posts.votes(rows), posts.days, inside)
    n_posts, n_authors = posts.people(posts.scored(rows), inside)
    return weeks, {"n_posts": n_posts, "n_authors": n_authors}


def _few_beside(posts: ClaimPosts, rows: Bools, inside: Bools) -> str:
    """What the other side of a comparison lacks; "" if nothing."""
    missing = too_few(*posts.people(posts.scored(rows), inside))
    return f"posts to compare with: {missing}" if missing else ""


def _few_weeks(n: int) -> str:
    return f"too few weeks with posts ({n}; {MIN_WEEKS} needed)" if n < MIN_WEEKS else ""


def _whole_weeks(inside: Bools, posts: ClaimPosts) -> Ints:
    """Weeks all of whose days are in the period."""
    counts = np.bincount(week_of(posts.days), inside)
    found: Ints = np.flatnonzero(counts == 7)
    return found


def _steady(rows: Bools, inside: Bools, posts: ClaimPosts) -> Bools:
    """Posts of platforms that were collected in most weeks of the period: one that begins would look like a trend."""
    days = posts.days
    week = week_of(days)
    weeks = np.unique(week[inside])
    kept = np.zeros(len(rows), dtype=bool)
    for place, name in enumerate(days.platforms):
        active = np.unique(week[inside & (days.collected[place] > 0)])
        if len(weeks) and len(active) >= STEADY * len(weeks):
            kept |= posts.ordered.table.platform.rows(name)
    return rows & kept
