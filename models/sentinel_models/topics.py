"""What a post is about: several topics, by their words and by a taught judgement together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .cashtags import TICKERS
from .chinese import body
from .comparisons import CUES
from .heads import Heads
from .latin import tokens_of
from .mentions import mentions
from .spam import is_chinese
from .sums import Runs, runs_of
from .taxonomy import digest, load_taxonomy
from .tokens import Batch
from .topic_words import TopicWords
from .weights import quality
from .words import Reading, read

__all__ = ["Topics", "topic_facts"]

FALLBACK: Final = "other"
_DISTILLED: Final = re.compile(
    r"(?:deepseek|claude|opus|gpt|gemini|r1)[\w.\-/ ]{0,16}qwen|qwen[\w.]*-[\w.\-]*(?:claude|opus|gpt|deepseek|gemini)"
    r"|\bdistil"
)
MARKET: Final = "market"
_SURE: Final = 0.4  # logit, a probability of 0.6


def topic_facts(
    readings: Sequence[Reading], found: Sequence[dict[str, list[str]]], columns: Mapping[str, int]
) -> npt.NDArray[np.float64]:
    """What the judgement is told: the topics whose words were found, then marks of what a post does."""
    facts = np.zeros((len(readings), len(columns) + 4))
    for row, (reading, words) in enumerate(zip(readings, found, strict=True)):
        for name, hits in words.items():
            if name in columns:
                facts[row, columns[name]] = 0.5 + min(len(hits), 3) / 2
        if "qwen" in reading.lower or "distil" in reading.lower:  # another's name, but no rival
            facts[row, -4] = float(_DISTILLED.search(reading.lower) is not None)
        facts[row, -3] = float(
            not CUES.isdisjoint(reading.tokens) or "vs" in reading.tokens or ">" in reading.lower
        )
        facts[row, -2] = float("?" in reading.lower)
        facts[row, -1] = float("http" in reading.lower)
    return facts


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
        self._words = TopicWords(load_taxonomy(taxonomy))
        self._heads = Heads("topics")
        self._added = frozenset(self._words.names).difference(self._heads.names)  # by a user: not taught
        self._columns = {name: at for at, name in enumerate(self._heads.names)}
        own = "" if taxonomy is None else f"+{digest(taxonomy)}"
        self.version = self._heads.version + own
        self.quality = quality("topics")

    def tag(self, batch: Columns) -> Columns:
        """Topic ids joined by ";", in the order of the taxonomy; "" if none."""
        texts = batch["text"]
        entities = batch.get("entities")
        topics = [""] * len(texts)
        ours = [
            at for at, text in enumerate(texts) if self._is_ours(text, entities[at] if entities else None)
        ]
        readings = [read(texts[at]) for at in ours]
        found = [self._words.find(reading) for reading in readings]
        chosen: list[list[str]] = [[] for _ in ours]
        for row, column in np.argwhere(
            self._judge(
                readings,
                found,
                tokens_of(batch, [at for at in ours if not is_chinese(read(texts[at]))]),
                self._runs(texts, ours),
            )
        ).tolist():
            chosen[row].append(self._heads.names[column])
        for at, words, named in zip(ours, found, chosen, strict=True):
            if self._added:
                named = sorted({*named, *self._added.intersection(words)}, key=self._words.names.index)
            topics[at] = ";".join(named) or self._fallback(texts[at])
        return {"topics": topics}

    def explain(self, text: str) -> dict[str, Any]:
        """The words that open each topic, and the probability the taught judgement gives."""
        reading = read(text)
        words = self._words.find(reading)
        logits = self._logits([reading], [words], *self._features(reading))[0]
        sure = 1.0 / (1.0 + np.exp(-logits))
        return {
            "words": words,
            "probability": {
                name: round(float(p), 3) for name, p in zip(self._heads.names, sure, strict=True) if p > 0.05
            },
            "threshold": dict(zip(self._heads.names, self._heads.thresholds.round(3).tolist(), strict=True)),
        }

    def _fallback(self, text: str) -> str:
        """A post that names the company by its ticker and says nothing else is talk about the share."""
        ticker = any(token in TICKERS for token in read(text).tokens)
        return MARKET if ticker and MARKET in self._columns else FALLBACK

    def _is_ours(self, text: str, entities: str | None) -> bool:
        if entities is None:
            return bool(self._mentions.side(self._mentions.find(text), "alibaba"))
        return bool(entities) and self._mentions.any_ours(entities)

    @staticmethod
    def _features(reading: Reading) -> tuple[Batch, Runs]:
        """Tokens and runs of one post, of which one is empty."""
        chinese = is_chinese(reading)
        return Batch.of([] if chinese else [reading]), Runs.of([body(reading)] if chinese else [])

    @staticmethod
    def _runs(texts: Sequence[str], ours: Sequence[int]) -> Runs:
        """Runs of characters of the posts at `ours` that are Chinese."""
        wanted = [at for at in ours if is_chinese(read(texts[at]))]
        return runs_of(texts).take(wanted) if wanted else Runs.of([])

    def _judge(
        self, readings: Sequence[Reading], found: Sequence[dict[str, list[str]]], tokens: Batch, runs: Runs
    ) -> npt.NDArray[np.bool_]:
        """Which of the taught topics each post has, shape (n_posts, n_topics)."""
        thresholds = np.log(self._heads.thresholds / (1 - self._heads.thresholds))
        wordless = np.array([not words for words in found], bool)[:, None]  # by its manner alone: be surer
        needed = np.where(wordless, np.maximum(thresholds, _SURE), thresholds)
        judged: npt.NDArray[np.bool_] = self._logits(readings, found, tokens, runs) > needed
        return judged

    def _logits(
        self, readings: Sequence[Reading], found: Sequence[dict[str, list[str]]], tokens: Batch, runs: Runs
    ) -> npt.NDArray[np.float64]:
        """Logits of the taught topics; `tokens` are of the posts that are not Chinese, `runs` of those that are."""
        facts = topic_facts(readings, found, self._columns)
        logits = np.zeros((len(readings), len(self._columns)))
        chinese = np.array([is_chinese(reading) for reading in readings], bool)
        logits[chinese] = self._heads.chinese(runs, facts[chinese])
        logits[~chinese] = self._heads.english(tokens, facts[~chinese])
        return logits
