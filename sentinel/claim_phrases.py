"""Claims that people use a phrase: how many, and in what mood."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import stdtrit

from sentinel.claim_posts import ClaimPosts
from sentinel.claim_verdicts import CONTRADICTED, Material, Row, too_few, undecided, verdict
from sentinel.claims_file import Claim
from sentinel.counting import counted
from sentinel.placebo import LEVEL
from sentinel.scored import Bools, Floats
from sentinel.weekly import Spread

__all__ = ["judge_phrase"]

#: Posts on the matter, and their authors, in which a phrase that hardly anybody uses is missing rather than overseen.
SEARCHED: Final = 1000
SEARCHED_AUTHORS: Final = 100
HARDLY: Final = 3  #: authors below which a phrase is hardly anybody's


def judge_phrase(claim: Claim, material: Material) -> Row:
    """The mean mood of the authors who use it; where hardly anybody does in many posts on the matter, contradicted."""
    posts = material.posts
    inside = posts.inside(claim.since, claim.until)
    rows = posts.of(claim)
    n_posts, n_authors = posts.people(rows, inside)
    searched, people = posts.people(posts.chosen(claim), inside)
    facts: Row = {"n_posts": n_posts, "n_authors": n_authors, "n": n_authors}
    share = f"used by {n_authors:,} of {counted(people, 'author')} in {counted(searched, 'post')}"
    scores = _by_author(posts, rows, inside)
    few = too_few(n_posts, len(scores))
    if few and n_authors < HARDLY:
        missing = _too_few_searched(claim, searched, people)
        return (
            {"verdict": CONTRADICTED, "reason": share, **facts}
            if not missing
            else undecided(missing, **facts)
        )
    facts["n"] = len(scores)
    if few:
        return undecided(f"{few}; {share}", **facts)
    half = float(stdtrit(len(scores) - 1, 1 - LEVEL / 2) * scores.std(ddof=1) / np.sqrt(len(scores)))
    mean = float(scores.mean())
    row = verdict(claim, Spread(mean, mean - half, mean + half)) | facts
    row["reason"] = f"{row['reason']}; {share}" if row["reason"] else share
    return row


def _too_few_searched(claim: Claim, posts: int, authors: int) -> str:
    """Why silence says nothing; "" if enough people speak of the matter and could have used the phrase."""
    if not claim.topic and not claim.entity:
        return "hardly anybody uses the phrase, and no topic or entity says where it would be expected"
    if posts < SEARCHED or authors < SEARCHED_AUTHORS:
        return (
            f"hardly anybody uses the phrase, but too few speak of the matter ({counted(posts, 'post')} by "
            f"{counted(authors, 'author')}; "
            f"{SEARCHED:,} posts by {SEARCHED_AUTHORS} needed)"
        )
    return ""


def _by_author(posts: ClaimPosts, rows: Bools, inside: Bools) -> Floats:
    """Mean score of each author."""
    every = posts.ordered.rows
    at = rows[posts.ordered.at] & inside[every.day] & every.scored
    _, author = np.unique(every.author[at], return_inverse=True)
    sums = np.bincount(author, every.score[at]) / every.unit
    means: Floats = sums / np.maximum(np.bincount(author, every.n[at]), 1)
    return means
