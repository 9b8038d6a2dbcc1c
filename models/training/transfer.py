"""Texts that a teacher has judged: what the experts learn from beside the labels that people gave.

Transformers, taught on the labelled texts (``teacher.py``), say how likely each label is for texts nobody labelled:
posts on AI, posts on shares, short pieces cut out of the labelled texts, which tell what a few words weigh, and words
by themselves. Their judgements are kept in ``labels/teacher_en.npz``, so that training needs neither it nor torch.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from training.corpora import EXPERTS, POLAR, beginning, examples, held_in, key, read_posts

__all__ = ["JUDGED", "Judged", "judged", "mark", "transfer"]

#: The judgements: ``marks`` of the texts in order, ``shares`` (n, 3) of 255 a label.
JUDGED: Final = Path(__file__).with_name("labels") / "teacher_en.npz"

#: Files of posts without labels, by the expert that they help.
_POSTS: Final = {
    "ai": (
        *("x_deepseek_tweets_2025", "hackernews_ai", "reddit_ai_titles_2025_2026", "reddit_localllama_2024"),
        *("social_daily_2026", "x_ai_lists_2026", "x_ai_assistants_2025-05"),
    ),
    "headlines": ("stocktwits_2026", "stocknet-baba"),
    "stocks": ("stocktwits_2026",),
}
#: Kinds of labelled texts that others' experts learn from, too, as the teacher sees them for that expert.
_LENT: Final = {"stance": ("stocks",), "tone": ("tweets",), "stocks": ("headlines",)}
#: Experts that learn from judgements of their own labelled texts; how many pieces are cut out of each.
_PIECES: Final = {"tweets": 0, "headlines": 6, "stocks": 5, "ai": 6}
_LENGTH: Final = 400
#: Words that so many texts hold are judged by themselves, too: by which expert, in which sentence.
_LEAST: Final = 2
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_ALONE: Final = (("ai", "{}"), ("ai", "it was {}"))
#: What such a text weighs; another weighs one.
_WEIGHT: Final = 0.3


class Asked(NamedTuple):
    """A text that the teacher judges."""

    expert: str
    text: str
    origin: str  #: beginning of the text it is cut from
    weight: float = 1.0


def transfer(folder: Path, forbidden: Iterable[str]) -> Iterator[Asked]:
    """Everything that the teacher judges.

    Nothing that only measures; no held-in text with three classes. Among the posts without labels are 56 texts that are
    held in of sets without a neutral class: these set no temperature and make no figure.
    """
    inner = {
        beginning(key(example.text))
        for names in EXPERTS["en"].values()
        for example in examples(folder, "en", names, forbidden)
        if held_in(folder, example.text)
    }
    seen = inner.union(forbidden)
    given: set[tuple[str, str]] = set()
    whole_texts: set[str] = set()
    for kind, text, whole in _candidates(folder, forbidden):
        start = beginning(key(text))
        if start and start not in seen and (kind, text) not in given:
            given.add((kind, text))
            if whole is text:
                whole_texts.add(text)
            yield Asked(kind, text, start if whole is text else beginning(key(whole)))
    for kind, text in _words(whole_texts):
        start = beginning(key(text))
        if start not in seen and (kind, text) not in given:
            yield Asked(kind, text, start, _WEIGHT)


def _candidates(folder: Path, forbidden: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for kind, sets in (*EXPERTS["en"].items(), *POLAR["en"].items()):
        for example in examples(folder, "en", sets, forbidden):
            if held_in(folder, example.text):
                continue
            for expert in (*((kind,) if kind in _PIECES else ()), *_LENT.get(kind, ())):
                yield expert, example.text, example.text
            for piece in _pieces(example.text, _PIECES.get(kind, 0)):
                yield kind, piece, example.text
    for kind, text in _posts(folder):
        yield kind, text, text


def _words(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Expert and text of common words by themselves, and in a plain sentence."""
    counts = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    for word in sorted(word for word, n in counts.items() if n >= _LEAST and len(word) > 2):
        for kind, pattern in _ALONE:
            yield kind, pattern.format(word)


def _posts(folder: Path) -> Iterator[tuple[str, str]]:
    """Expert and text of the English posts without labels."""
    for kind, names in _POSTS.items():
        for name in names:
            for _, text in read_posts(folder / "posts", name).values():
                if not any("\u4e00" <= c <= "\u9fff" for c in text):
                    yield kind, text[:_LENGTH]


def _pieces(text: str, times: int) -> Iterator[str]:
    """Runs of two to nine words, drawn by the text itself."""
    words = text.split()
    if len(words) < 4:
        return
    generator = np.random.default_rng(zlib.crc32(text.encode()))
    for _ in range(times):
        size = int(generator.integers(2, min(10, len(words))))
        at = int(generator.integers(0, len(words) - size + 1))
        yield " ".join(words[at : at + size])


def mark(kind: str, text: str) -> int:
    """The number by which a judgement is found."""
    return int.from_bytes(hashlib.sha256(f"{kind}\0{text}".encode()).digest()[:8], "big")


@cache
def _judgements() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float64]]:
    with np.load(JUDGED, allow_pickle=False) as file:
        return file["marks"], file["shares"] / 255.0


class Judged(NamedTuple):
    """What the teacher says of the texts of an expert."""

    texts: list[str]
    shares: npt.NDArray[np.float64]  #: probabilities, shape (n, 3)
    origins: list[str]  #: beginnings of the texts they are cut from
    weights: npt.NDArray[np.float64]  #: of each text, beside others of a teacher


def judged(folder: Path, forbidden: Iterable[str]) -> dict[str, Judged]:
    """Judgements by expert; a text without one is left out."""
    marks, shares = _judgements()
    found: dict[str, list[tuple[Asked, int]]] = {}
    for asked in transfer(folder, forbidden):
        number = np.uint64(mark(asked.expert, asked.text))
        at = int(np.searchsorted(marks, number))
        if at < len(marks) and marks[at] == number:
            found.setdefault(asked.expert, []).append((asked, at))
    made = {}
    for kind, rows in found.items():
        three = shares[[at for _, at in rows]]
        three /= three.sum(axis=1, keepdims=True)
        texts, origins = [asked.text for asked, _ in rows], [asked.origin for asked, _ in rows]
        made[kind] = Judged(texts, three, origins, np.array([asked.weight for asked, _ in rows]))
    return made
