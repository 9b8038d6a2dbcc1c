"""Claims that people use a phrase: how many, and in what mood."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import stdtrit

from sentinel.claim_posts import ClaimPosts
from sentinel.claim_verdicts import CONTRADICTED, MIN_AUTHORS, Material, Row, undecided, verdict
from sentinel.claims_file import Claim
from sentinel.placebo import LEVEL
from sentinel.scored import Bools, Floats
from sentinel.weekly import Spread

__all__ = ["judge_phrase"]

SEARCHED: Final = 1000  #: posts in which a phrase that hardly anybody uses is missing rather than overseen
HARDLY: Final = 3  #: authors below which a phrase is hardly anybody's


def judge_phrase(claim: Claim, material: Material) -> Row:
    """The mean mood of the authors who use it; where hardly anybody does, that contradicts the claim."""
    posts = material.posts
    inside = posts.inside(claim.since, claim.until)
    rows = posts.of(claim)
    n_posts, n_authors = posts.people(rows, inside)
    searched, _ = posts.people(posts.chosen(claim), inside)
    facts: Row = {"n_posts": n_posts, "n_authors": n_authors, "n": n_authors}
    share = f"{n_authors} authors among {searched} posts use the phrase"
    if n_authors < HARDLY and searched >= SEARCHED:
        return {"verdict": CONTRADICTED, "reason": share, **facts}
    scores = _by_author(posts, rows, inside)
    facts["n"] = len(scores)
    if len(scores) < MIN_AUTHORS:
        return undecided(f"too few authors ({len(scores)}; {MIN_AUTHORS} needed); {share}", **facts)
    half = float(stdtrit(len(scores) - 1, 1 - LEVEL / 2) * scores.std(ddof=1) / np.sqrt(len(scores)))
    mean = float(scores.mean())
    row = verdict(claim, Spread(mean, mean - half, mean + half)) | facts
    row["reason"] = f"{row['reason']}; {share}" if row["reason"] else share
    return row


def _by_author(posts: ClaimPosts, rows: Bools, inside: Bools) -> Floats:
    """Mean score of each author."""
    every = posts.ordered.rows
    at = rows[posts.ordered.at] & inside[every.day] & every.scored
    _, author = np.unique(every.author[at], return_inverse=True)
    sums = np.bincount(author, every.score[at]) / every.unit
    means: Floats = sums / np.maximum(np.bincount(author, every.n[at]), 1)
    return means
