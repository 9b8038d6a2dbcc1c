"""Which posts a claim speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b

import numpy as np

from sentinel.claims_file import Choice, Claim
from sentinel.scopes import RIVALS, carrying, headline_posts, rival_posts
from sentinel.scored import Bools, Ints, ScoredPosts
from sentinel.votes import AuthorDays, OrderedPosts, Votes

__all__ = ["ClaimPosts", "PhraseMarks", "phrase_counts"]


@dataclass(frozen=True)
class ClaimPosts:
    """All posts, and those of each claim."""

    ordered: OrderedPosts
    days: AuthorDays
    phrases: Mapping[str, Ints]  #: claim id -> different phrases of the claim that each post holds

    @cached_property
    def headline(self) -> Bools:
        """Posts that speak for the headline mood."""
        return headline_posts(self.ordered.table)

    def chosen(self, choice: Choice) -> Bools:
        """Posts of the headline mood that fit a choice; of rivals, those that need not be about Alibaba."""
        table = self.ordered.table
        rows = self.headline.copy()
        if choice.entity:
            parts = [
                rival_posts(table, name) if name in RIVALS else self.headline & carrying(table.entities, name)
                for name in choice.entity
            ]
            rows = np.logical_or.reduce(parts)
        if choice.topic:
            rows &= np.logical_or.reduce([carrying(table.topics, name) for name in choice.topic])
        for names, column in ((choice.platform, table.platform), (choice.lang, table.lang)):
            if names:
                rows &= np.logical_or.reduce([column.rows(name.lower()) for name in names])
        return rows

    def of(self, claim: Claim) -> Bools:
        """Posts of a claim, phrases included."""
        rows = self.chosen(claim)
        if claim.phrases:
            rows &= self.phrases[claim.id] >= claim.min_phrases
        return rows

    def scored(self, rows: Bools) -> Bools:
        """Those of `rows` that have a score."""
        return rows & ~np.isnan(self.ordered.table.score)

    def votes(self, rows: Bools) -> Votes:
        """The scored ones among `rows` as author-days."""
        return self.ordered.votes(rows)

    def inside(self, since: date | None, until: date | None) -> Bools:
        """Days of a period: shape (T,)."""
        dates = self.days.first_day + np.arange(self.days.n_days)
        inside = np.ones(self.days.n_days, dtype=bool)
        if since is not None:
            inside &= dates >= np.datetime64(since, "D")
        if until is not None:
            inside &= dates <= np.datetime64(until, "D")
        return inside

    def people(self, rows: Bools, inside: Bools) -> tuple[int, int]:
        """Posts among `rows` in a period, and who wrote them; a post without author counts as one."""
        at = rows[self.ordered.at] & inside[self.ordered.rows.day]
        return int(self.ordered.rows.n[at].sum()), len(np.unique(self.ordered.rows.author[at]))

    def nameless(self, rows: Bools, inside: Bools) -> int:
        """Posts among `rows` in a period whose export names no author."""
        at = rows[self.ordered.at] & inside[self.ordered.rows.day]
        return int(self.ordered.rows.n[at & (self.ordered.rows.author >= self.ordered.n_named)].sum())


class PhraseMarks:
    """Looks for the phrases of claims: a mark says how many different ones of each claim a text holds.

    A phrase is found in whatever case, at the beginning of a word: "margin" is in "margins", "lead" not in "mislead".
    One that is written "a + b" is held by texts that hold both.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        wanted = {claim.id: claim.phrases for claim in claims if claim.phrases}
        phrases = sorted({phrase for own in wanted.values() for phrase in own if phrase.split()})
        self.words: Sequence[str] = sorted({phrase.split()[0].lower() for phrase in phrases})
        self.key = blake2b(repr(sorted(wanted.items())).encode(), digest_size=8).hexdigest()
        self._patterns = {name: [_patterns(phrase) for phrase in own] for name, own in sorted(wanted.items())}

    def of(self, text: str) -> str:
        """Such as ``first=2;third=1``."""
        held = {name: _held(patterns, text) for name, patterns in self._patterns.items()}
        return ";".join(f"{name}={n}" for name, n in held.items() if n)


def phrase_counts(table: ScoredPosts, claims: Iterable[Claim]) -> dict[str, Ints]:
    """For each claim with phrases, how many different ones of them each row of the table holds."""
    marks = [dict(mark.rsplit("=", 1) for mark in name.split(";") if mark) for name in table.marks.names]
    return {
        claim.id: np.array([int(mark.get(claim.id, 0)) for mark in marks], np.int64)[table.marks.codes]
        for claim in claims
        if claim.phrases
    }


def _patterns(phrase: str) -> list[re.Pattern[str]]:
    return [_pattern(part) for part in re.split(r"\s\+\s", phrase) if part.strip()]


def _pattern(part: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in part.split())
    begin = r"(?<![A-Za-z0-9])" if part.strip()[0].isascii() else ""
    return re.compile(begin + words, re.IGNORECASE)


def _held(phrases: Sequence[Sequence[re.Pattern[str]]], text: str) -> int:
    return sum(all(pattern.search(text) for pattern in patterns) for patterns in phrases)
