"""Who wins in a sentence: the mood towards Alibaba's side where a post sets it against a rival.

A bag of words cannot tell "DeepSeek beats Qwen" from "Qwen beats DeepSeek". Posts that name both sides are read clause
by clause: a comparison moves the score towards the side that wins it, and clauses about the rival alone do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .comparisons import CUES, CUES_WITH_RIVAL, OURS, RIVAL, compares, verdict_en, verdict_zh
from .mentions import mentions
from .words import Reading, read

__all__ = ["Sides"]

#: What a comparison adds to the logits of negative, neutral, positive: enough to decide a doubtful score.
_WON: Final = np.array([-3.0, -2.0, 3.0])
_LOST: Final = np.array([3.0, -2.0, -3.0])

_SENTENCES: Final = re.compile(r"(?<=[.!?;。])\s+|[。;\n]+|(?<=[!?])")
_CLAUSES: Final = re.compile(
    r"(?<=[.!?;])\s+|[,。,;\n]+|(?<=[!?])|\s(?:but|while|whereas|although|though)\s", re.IGNORECASE
)
_LIST: Final = 2  # a post with more cashtags is a list, not a comparison


class Sides:
    """Comparisons between Alibaba's side and its rivals."""

    def __init__(self, taxonomy: str | None = None) -> None:
        self._mentions = mentions(taxonomy)

    def push(self, reading: Reading, entities: str | None) -> npt.NDArray[np.float64] | None:
        """What the comparisons of a post add to its logits; ``None`` if it makes none."""
        if entities == "" or reading.plain.count("$") > _LIST:
            return None
        sure = bool(reading.han) or ">" in reading.lower
        if not sure and CUES_WITH_RIVAL.isdisjoint(reading.tokens):
            return None
        named = self._named(reading, entities)
        if not self._mentions.side(named, "alibaba"):
            return None
        if not sure and not self._mentions.side(named, "rival") and CUES.isdisjoint(reading.tokens):
            return None
        verdict = self._verdict(reading)
        return _WON if verdict > 0 else _LOST if verdict < 0 else None

    def focus(self, reading: Reading, entities: str | None) -> Reading | None:
        """The post without the clauses that speak of rivals alone; ``None`` if there are none or nothing else."""
        if (entities is not None and ";" not in entities) or reading.plain.count("$") > _LIST:
            return None
        named = self._named(reading, entities)
        if not (self._mentions.side(named, "alibaba") and self._mentions.side(named, "rival")):
            return None
        clauses = [clause for clause in _CLAUSES.split(reading.plain) if clause.strip()]
        found = [self._mentions.find(clause) for clause in clauses]
        ours = [bool(self._mentions.side(each, "alibaba")) for each in found]
        alone = [
            bool(self._mentions.side(each, "rival")) and not own
            for each, own in zip(found, ours, strict=True)
        ]
        if not any(ours) or not any(alone):
            return None
        return read(
            ", ".join(clause for clause, left_out in zip(clauses, alone, strict=True) if not left_out)
        )

    def explain(self, reading: Reading) -> dict[str, Any]:
        """Names on both sides, which way the comparisons point (-1, 0, 1), and the text that was scored."""
        named = self._mentions.find(reading.plain)
        focus = self.focus(reading, None)
        return {
            "ours": self._mentions.side(named, "alibaba"),
            "rivals": self._mentions.side(named, "rival"),
            "comparison": self._verdict(reading),
            "read as": focus.plain if focus else reading.plain,
        }

    def _named(self, reading: Reading, entities: str | None) -> Sequence[str]:
        if entities is None:
            return list(self._mentions.find(reading.plain))
        return [entity for entity in entities.split(";") if entity in self._mentions.entities]

    def _verdict(self, reading: Reading) -> int:
        """1 if Alibaba's side wins the comparisons of a post, -1 if it loses, 0 if there are none or they cancel."""
        chinese = reading.han > 3
        total = 0
        for sentence in _SENTENCES.split(reading.lower):
            if sentence.strip() and not sentence.rstrip().endswith("?") and compares(sentence, chinese):
                marked = self._marked(sentence)
                if OURS in marked:
                    total += verdict_zh(marked) if chinese else verdict_en(marked)
        return (total > 0) - (total < 0)

    def _marked(self, sentence: str) -> str:
        """A sentence in which a name of ours, or a rival's, is one character."""
        marks = {"alibaba": OURS, "rival": RIVAL}
        pairs = {
            (word, marks[self._mentions.entities[key].side])
            for key, words in self._mentions.find(sentence).items()
            if self._mentions.entities[key].side in marks
            for word in words
        }
        text = sentence
        for word, mark in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
            pattern = r"[\W_]{0,2}".join(map(re.escape, word.split(" ")))
            if word.isascii():  # a whole word, with the number of a version behind it
                pattern = rf"(?<![a-z0-9]){pattern}(?![a-z])(?:[-.][\w.]+)*"
            text = re.sub(pattern, mark, text)
        return re.sub(rf"([{OURS}{RIVAL}])(?:[\s\-/']*\1)+", r"\1", text)
