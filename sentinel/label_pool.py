"""Which posts are worth a person's time: those the models are unsure of, no two alike."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from math import log
from typing import Any, Final

import numpy as np

from sentinel.label_spread import spread

__all__ = ["Candidate", "choose"]

_POOL: Final = 20  # candidates looked at for each post that is asked for
_LEAST_POOL: Final = 400
_MOST_POOL: Final = 4_000  # unless more are asked for: comparing all with all takes its time
_UNSCORED: Final = 0.3  # what a post without a label is worth: most of them cannot be judged by anybody
_LABELS: Final = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post to be judged, with what the models said."""

    platform: str
    post_id: str
    published: str | None
    text: str
    tags: Mapping[str, Any]
    doubt: float  #: how unsure the models are, 0 to about 2


def doubt(tags: Mapping[str, Any]) -> float:
    """How unsure the models are of a post: of its label as far as it counts, of about and of spam."""
    about, spam = float(tags["about"] or 0.0), float(tags["spam"] or 0.0)
    three = [tags[f"p_{label}"] for label in _LABELS]
    label = _UNSCORED if None in three else -sum(p * log(p) for p in three if p > 0) / log(3)
    counts = max(about * (1 - spam), 0.2)
    return label * counts + 0.5 * (1 - abs(2 * about - 1)) + 0.5 * (1 - abs(2 * spam - 1))


def choose(posts: Iterable[Mapping[str, Any]], n: int, seed: int = 1) -> list[Candidate]:
    """The `n` posts to ask about, the most useful first; the same for the same posts and seed.

    Parameters
    ----------
    posts : rows with platform, post_id, published, text, copy_key and tags; read once.
    """
    size = max(min(max(_POOL * n, _LEAST_POOL), _MOST_POOL), 2 * n)
    pool = heapq.nlargest(size, _ranked(posts, seed), key=lambda ranked: ranked[:2])
    one_each = {post["copy_key"] or post["post_id"]: (rank, post) for rank, _, post in reversed(pool)}
    ranked = sorted(one_each.values(), key=lambda pair: (-pair[0], pair[1]["platform"], pair[1]["post_id"]))
    order = spread([post["text"] for _, post in ranked], np.array([rank for rank, _ in ranked]), n)
    return [
        Candidate(post["platform"], post["post_id"], post["published"], post["text"], post, doubt(post))
        for _, post in (ranked[at] for at in order)
    ]


def _ranked(posts: Iterable[Mapping[str, Any]], seed: int) -> Iterable[tuple[float, str, Mapping[str, Any]]]:
    """Posts with their doubt, shaken a little by the seed, and a name that settles ties."""
    for post in posts:
        name = f"{post['platform']}\n{post['post_id']}"
        digest = blake2b(f"{seed}\n{name}".encode("utf-8", "replace"), digest_size=8).digest()
        yield doubt(post) * (0.9 + 0.2 * int.from_bytes(digest, "big") / 2**64), name, post
