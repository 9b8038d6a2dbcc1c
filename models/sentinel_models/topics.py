"""What a post is about: several topics, by their words and by a taught judgement together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .cashtags import TICKER
from .classes import ANGLE, QUESTION
from .comparison_words import CUES
from .cues import Cues
from .finds import Finds, Found
from .heads import Heads
from .joined import Joined
from .marks import HTTP, MARKS
from .mentions import mentions, names_in
from .ngrams import Indices
from .posts import FIRST, Posts, posts_of
from .spam import are_chinese
from .sums import runs_of
from .taxonomy import digest, load_taxonomy
from .topic_words import TopicWords
from .weights import quality
from .words import Reading

__all__ = ["Topics", "topic_facts"]

FALLBACK: Final = "other"
_DISTILLED: Final = re.compile(
    r"(?:deepseek|claude|opus|gpt|gemini|r1)[\w.\-/ ]{0,16}qwen|qwen[\w.]*-[\w.\-]*(?:claude|opus|gpt|deepseek|gemini)"
    r"|\bdistil"
)
MARKET: Final = "market"
_SURE: Final = 0.4  # logit, a probability of 0.6


def topic_facts(
    readings: Sequence[Reading], found: Sequence[Found], columns: Mapping[str, int]
) -> npt.NDArray[np.float64]:
    """What the judgement is told: the topics whose words were found, then marks of what a post does."""
    posts = Posts.of_folded(Joined.of([reading.plain for reading in readings]))
    rows = np.arange(len(readings))
    return _facts(posts, rows, Finds(list(found), rows), columns)


def _facts(posts: Posts, rows: Indices, found: Finds, columns: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """The same of the posts at `rows`, in which `found` was found."""
    told = np.zeros((len(found.every), len(columns) + 4))
    for row, words in enumerate(found.every):
        for name, hits in words.items():
            if name in columns:
                told[row, columns[name]] = 0.5 + min(len(hits), 3) / 2
    facts = told[found.numbers]
    flags = posts.marked[rows]
    distilled = (flags & _QWEN != 0) & _others().sift(posts)[rows] | (flags & _DISTIL != 0)
    for row in np.flatnonzero(distilled).tolist():  # another's name, but no rival
        facts[row, -4] = float(_DISTILLED.search(posts.lower[int(rows[row])]) is not None)
    kinds = posts.kinds[rows]
    facts[:, -3] = flags & _COMPARING != 0
    for row in np.flatnonzero(kinds & ANGLE).tolist():
        if ">" in posts.lower[int(rows[row])]:
            facts[row, -3] = 1.0
    facts[:, -2] = kinds & QUESTION != 0
    facts[:, -1] = flags & HTTP != 0
    return facts


@cache
def _others() -> Cues:
    """A sieve for the other names of `_DISTILLED`."""
    return Cues(["deepseek", "claude", "opus", "gpt", "gemini", "r1"], "topics: others")


_QWEN: Final = MARKS.holding("qwen", "qwen")
_DISTIL: Final = MARKS.holding("distilled", "distil")
_COMPARING: Final = MARKS.listed("comparing", lambda: CUES | {"vs"})


class Topics:
    """Tags `topics`: ids of the taxonomy, or "other" for a post that names Alibaba and none of them.

    A post that names nothing of Alibaba's has no topics. Topics of the shipped taxonomy are judged by a logistic
    regression to which their words are told; topics that a user adds, by their words alone.

    Parameters
    ----------
    taxonomy : a TOML file whose tables are added to the shipped ones; see ``taxonomy.toml``.
    """

    name: ClassVar[str] = "topics"
    columns: ClassVar[tuple[str, ...]] = ("topics",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)
        self._words = TopicWords(load_taxonomy(taxonomy), "" if taxonomy else "topics")
        self._heads = Heads("topics")
        self._added = frozenset(self._words.names).difference(self._heads.names)  # by a user: not taught
        self.ids = {"topics": (*self._words.names, FALLBACK)}
        self._columns = {name: at for at, name in enumerate(self._heads.names)}
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = self._heads.version + own
        self.quality = quality("topics") if taxonomy is None else {}  # nobody measured it with other words
        self.tag(FIRST)

    def tag(self, batch: Columns) -> Columns:
        """Topic ids joined by ";", in the order of the taxonomy; "" if none."""
        posts = posts_of(batch["text"])
        entities = batch.get("entities") or self._entities(posts)
        named_ours = {named: self._mentions.any_ours(named) for named in set(entities)}
        ours = np.flatnonzero(np.fromiter(map(named_ours.__getitem__, entities), bool, len(posts)))
        topics = np.full(len(posts), "", object)
        if len(ours):
            found = self._words.find_all(posts, ours)
            chosen = self._judge(posts, ours, found)
            topics[ours] = self._joined(chosen, found, posts.marked[ours] & TICKER != 0)
        return {"topics": topics.tolist()}

    def _joined(
        self, chosen: npt.NDArray[np.bool_], found: Finds, tickers: npt.NDArray[np.bool_]
    ) -> list[str]:
        """Ids of the topics of each post, by those that the judgement chose."""
        order = {name: at for at, name in enumerate(self._words.names)}
        alike: dict[tuple[int, frozenset[str]], str] = {}
        codes = chosen @ (1 << np.arange(len(self._heads.names)))
        added = [self._added.intersection(words) for words in found.every]
        joined = []
        for code, number, ticker in zip(
            codes.tolist(), found.numbers.tolist(), tickers.tolist(), strict=True
        ):
            key = code, added[number]
            if key not in alike:
                named = {name for at, name in enumerate(self._heads.names) if code >> at & 1}
                alike[key] = ";".join(sorted(named | added[number], key=order.__getitem__))
            joined.append(alike[key] or self._fallback(ticker))
        return joined

    def explain(self, text: str) -> dict[str, Any]:
        """The words that open each topic, and the probability the taught judgement gives."""
        posts = Posts.of([text])
        words = self._words.find(posts.reading(0))
        logits = self._logits(posts, np.array([0]), Finds([words], np.array([0])))[0]
        sure = 1.0 / (1.0 + np.exp(-logits))
        return {
            "words": {name: list(dict.fromkeys(found)) for name, found in words.items()},
            "probability": {
                name: round(float(p), 3) for name, p in zip(self._heads.names, sure, strict=True) if p > 0.05
            },
            "threshold": dict(zip(self._heads.names, self._heads.thresholds.round(3).tolist(), strict=True)),
        }

    def _fallback(self, ticker: bool) -> str:
        """A post that names the company by its ticker and says nothing else is talk about the share."""
        return MARKET if ticker and MARKET in self._columns else FALLBACK

    def _entities(self, posts: Posts) -> list[str]:
        """What ``entities`` tags, where it has not run."""
        named = names_in(self._mentions, posts)
        entities: list[str] = named.spread([";".join(found) for found in named.every]).tolist()
        return entities

    def _judge(self, posts: Posts, rows: Indices, found: Finds) -> npt.NDArray[np.bool_]:
        """Which of the taught topics each post has, shape (n_posts, n_topics)."""
        thresholds = np.log(self._heads.thresholds / (1 - self._heads.thresholds))
        wordless = found.spread([not words for words in found.every], bool)[
            :, None
        ]  # by its manner alone: be surer
        needed = np.where(wordless, np.maximum(thresholds, _SURE), thresholds)
        judged: npt.NDArray[np.bool_] = self._logits(posts, rows, found) > needed
        return judged

    def _logits(self, posts: Posts, rows: Indices, found: Finds) -> npt.NDArray[np.float64]:
        """Logits of the taught topics for the posts at `rows`."""
        facts = _facts(posts, rows, found, self._columns)
        logits = np.zeros((len(rows), len(self._columns)))
        chinese = are_chinese(posts)[rows]
        if chinese.any():
            logits[chinese] = self._heads.chinese(runs_of(posts), rows[chinese], facts[chinese])
        if not chinese.all():
            logits[~chinese] = self._heads.english(posts.batch, rows[~chinese], facts[~chinese])
        return logits
