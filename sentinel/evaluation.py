"""How good the models are on labelled posts: figures with intervals, by language and source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from zlib import crc32

import numpy as np

from sentinel.clean import normal_text
from sentinel.labelled import CLASSES, Labelled
from sentinel.post import Columns
from sentinel.quality import (
    Floats,
    Labels,
    adjusted,
    class_f1,
    confusion,
    count_interval,
    f1_of_counts,
    interval,
    mood_error,
    recall_of_counts,
    topic_counts,
)
from sentinel.reliability import reliability
from sentinel.tagging import Tagger

__all__ = ["cluster", "evaluate", "tagged"]

_BATCH: Final = 4096
# Characters of a normal text by which near-copies are known; of Chinese fewer say as much.
_PREFIX: Final = 60
_PREFIX_ZH: Final = 25
_REPOST: Final = re.compile(r"^(rt\s+)+")


def cluster(text: str) -> int:
    """A number that texts which begin alike share, so that copies stay on one side of a division."""
    normal = _REPOST.sub("", normal_text(text))
    length = _PREFIX if normal[:_PREFIX].isascii() else _PREFIX_ZH
    return crc32(normal[:length].encode("utf-8", "replace"))


def tagged(posts: Sequence[Labelled], tagger: Tagger) -> Columns:
    """Tags of the posts, from their texts alone."""
    columns: Columns = {}
    for at in range(0, len(posts), _BATCH):
        texts = [post.text for post in posts[at : at + _BATCH]]
        for name, values in tagger.tag({"text": texts, "lang": [None] * len(texts)}).items():
            columns.setdefault(name, []).extend(values)
    return columns


def evaluate(
    posts: Sequence[Labelled], tagger: Tagger, *, adjust: bool = True, seed: int = 1
) -> dict[str, Any]:
    """Figures of `tagger` on `posts`: in all, by language, and by source within a language.

    Parameters
    ----------
    adjust : put the mean score right by the other half's labels, see `sentinel.quality.adjusted`.

    Returns
    -------
    dict
        ``models`` and ``groups``; a figure is a dict of ``figure``, ``low`` and ``high``. ``texts`` counts copies
        once: intervals take each post for one more witness, which a copy is not.
    """
    tags = tagged(posts, tagger)
    posts = _with_our_topics(posts, tags)
    langs = [post.lang or lang for post, lang in zip(posts, tags["lang"], strict=True)]
    sources = [post.source for post in posts]
    groups = []
    for lang, source, at in _groups(langs, sources):
        some = [posts[row] for row in at]
        columns = {name: [values[row] for row in at] for name, values in tags.items()}
        figures = _sentiment(some, columns, adjust, seed) | _others(some, columns, seed)
        if figures:
            texts = len({cluster(post.text) for post in some})
            groups.append({"lang": lang, "source": source, "posts": len(at), "texts": texts, **figures})
    return {"models": [f"{model.name} {model.version}" for model in tagger.models], "groups": groups}


def _with_our_topics(posts: Sequence[Labelled], tags: Columns) -> list[Labelled]:
    """Posts without the topics of sources that have ids of their own: those say nothing about ours."""
    known = {topic for joined in tags["topics"] for topic in joined.split(";")}
    ids: dict[str, set[str]] = {}
    for post in posts:
        ids.setdefault(post.source, set()).update(post.topics or ())
    ours = {source for source, named in ids.items() if 2 * len(named & known) >= len(named)}
    return [post if post.source in ours else replace(post, topics=None) for post in posts]


def _groups(
    langs: Sequence[str], sources: Sequence[str]
) -> Iterator[tuple[str | None, str | None, list[int]]]:
    """Language, source (``None``: all of them) and rows; a group that is the same as the one above it only once."""
    yield None, None, list(range(len(langs)))
    for lang in sorted(set(langs)):
        of_lang = [row for row, value in enumerate(langs) if value == lang]
        if len(of_lang) < len(langs) or len(set(sources)) == 1:
            yield lang, None, of_lang
        for source in sorted({sources[row] for row in of_lang}):
            rows = [row for row in of_lang if sources[row] == source]
            if len(rows) < len(of_lang) or len(of_lang) == len(langs) != len(rows):
                yield lang, source, rows


def _sentiment(posts: Sequence[Labelled], tags: Columns, adjust: bool, seed: int) -> dict[str, Any]:
    """Figures of the label, over the posts that measure it."""
    at = [row for row, post in enumerate(posts) if post.counts]
    if not at:
        return {}
    truth = np.array([CLASSES.index(str(posts[row].label)) for row in at])
    guess = np.array(
        [CLASSES.index(tags["label"][row]) if tags["label"][row] in CLASSES else -1 for row in at]
    )
    three = np.array([[tags[f"p_{name}"][row] or 0.0 for name in CLASSES] for row in at])
    known = guess >= 0
    table = confusion(truth, guess)
    scores = np.array([np.nan if tags["score"][row] is None else tags["score"][row] for row in at])
    half = np.array([cluster(posts[row].text) % 2 == 0 for row in at])
    found: dict[str, Any] = {
        "n": len(at),
        "scored": round(float(known.mean()), 4),
        "macro_f1": _shown(f1_of_counts(table), count_interval(table, f1_of_counts, seed=seed)),
        "macro_recall": _shown(recall_of_counts(table), count_interval(table, recall_of_counts, seed=seed)),
        "calibration_error": None,
        "confusion": {
            name: dict(zip((*CLASSES, "unscored"), row, strict=True))
            for name, row in zip(CLASSES, table.tolist(), strict=True)
        },
    }
    if known.any():
        held = reliability(truth[known], three[known], seed=seed)
        found["calibration_error"] = round(held.error, 4)
        found["calibration_error_debiased"] = _shown(held.debiased, (held.low, held.high))
        found["calibration_error_by_chance"] = round(held.by_chance, 4)
    return found | _mood(truth, scores, half, adjust, seed)


def _mood(truth: Labels, scores: Floats, half: Any, adjust: bool, seed: int) -> dict[str, Any]:
    """The error of the mood; by default of the adjusted one, with that of the other beside it."""
    if np.isnan(scores).all():
        return {"mood_error": None}
    raw = round(mood_error(truth, scores, seed=seed), 4)
    bias = round(float(np.nanmean(scores) - (truth - 1).mean()), 4)
    found: dict[str, Any] = {"bias": bias, "mood_error_as_tagged": raw}
    if adjust:
        found["mood_error_adjusted"] = round(mood_error(truth, adjusted(scores, truth, half), seed=seed), 4)
    return {"mood_error": found.get("mood_error_adjusted", raw), **found}


def _others(posts: Sequence[Labelled], tags: Columns, seed: int) -> dict[str, Any]:
    """Figures of about, spam and topics, where the posts say what these should be."""
    about, spam = [], []
    for post, p_about, p_spam in zip(posts, tags["about"], tags["spam"], strict=True):
        if post.about is not None:
            about.append((not post.about, float(p_about) < 0.5))
        if post.spam is not None:
            spam.append((post.spam, float(p_spam) >= 0.5))
    found: dict[str, Any] = {}
    for name, pairs in (("not_about_f1", about), ("spam_f1", spam)):
        wanted = sum(true for true, _ in pairs)
        if wanted:
            found[name] = _f1(np.array(pairs, np.int64), seed) | {"n": len(pairs), "wanted": wanted}
    return found | _topics(posts, tags, seed)


def _f1(pairs: Labels, seed: int) -> dict[str, Any]:
    def figure(rows: Labels) -> float:
        return class_f1(pairs[rows, 0], pairs[rows, 1], 1)

    return _shown(figure(np.arange(len(pairs))), interval(figure, len(pairs), seed=seed))


def _topics(posts: Sequence[Labelled], tags: Columns, seed: int) -> dict[str, Any]:
    """Micro-F1 of topics over posts about Alibaba."""
    at = [
        row
        for row, post in enumerate(posts)
        if post.topics is not None and post.about is not False and not post.disputed
    ]
    guess = [set(filter(None, tags["topics"][row].split(";"))) for row in at]
    truth = [set(posts[row].topics or ()) for row in at]
    if not any(truth):
        return {}
    counts = topic_counts(truth, [set(posts[row].topics_any) for row in at], guess)

    def figure(rows: Labels) -> float:
        right, wrong, missed = counts[rows].sum(axis=0).tolist()
        return float(2 * right / max(2 * right + wrong + missed, 1))

    shown = _shown(figure(np.arange(len(counts))), interval(figure, len(counts), seed=seed))
    return {"topics_micro_f1": shown | {"n": len(at), "wanted": int(counts[:, [0, 2]].sum())}}


def _shown(figure: Any, ends: tuple[float, float]) -> dict[str, Any]:
    return {"figure": round(float(figure), 4), "low": round(ends[0], 4), "high": round(ends[1], 4)}
