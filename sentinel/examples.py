"""Posts behind an effect, chosen by rule: the most engaged, the most typical, and those that disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest
from typing import Any, Final

import pandas as pd

__all__ = ["EXAMPLE_COLUMNS", "choose"]

EXAMPLE_COLUMNS: Final = (
    "cluster", "window", "role", "platform", "community", "post_id", "published", "author", "text", "url",
    "label", "score", "likes",
)  # fmt: skip
ROLES: Final = ("most engaged", "most typical", "dissenting")
_EACH: Final = 3

Post = dict[str, Any]


def choose(posts: Iterable[Post]) -> list[tuple[str, Post]]:
    """Up to three posts a role, none twice; ties go to the earlier post, then the smaller id.

    Parameters
    ----------
    posts : scored posts of the headline mood in one window; ``score`` in [-1, 1], counts may be ``None``.

    Returns
    -------
    list of (role, post)
        Most engaged: most likes, reposts, replies and quotes together. Most typical: score nearest to the mean.
        Dissenting: of the sign opposite to the mean, the strongest first.
    """
    left = sorted(posts, key=lambda post: (post["published"], post["platform"], post["post_id"]))
    if not left:
        return []
    mean = sum(post["score"] for post in left) / len(left)
    sign = 1.0 if mean >= 0 else -1.0
    rules: Sequence[tuple[str, Callable[[Post], float], Callable[[Post], bool]]] = (
        (ROLES[0], lambda post: -_engagement(post), lambda post: _engagement(post) > 0),
        (ROLES[2], lambda post: sign * post["score"], lambda post: sign * post["score"] < 0),
        (ROLES[1], lambda post: abs(post["score"] - mean), lambda post: True),
    )
    chosen: list[tuple[str, Post]] = []
    for role, rank, allowed in rules:
        best = nsmallest(_EACH, filter(allowed, left), key=rank)
        chosen += [(role, post) for post in best]
        taken = {id(post) for post in best}
        left = [post for post in left if id(post) not in taken]
    return sorted(chosen, key=lambda pair: ROLES.index(pair[0]))


def _engagement(post: Post) -> int:
    return sum(post[name] or 0 for name in ("likes", "reposts", "replies", "quotes"))


def table(rows: Iterable[tuple[str, str, str, Post]]) -> pd.DataFrame:
    """Rows (cluster, window, role, post) as a frame of `EXAMPLE_COLUMNS`."""
    records = [
        {"cluster": cluster, "window": window, "role": role, **post} for cluster, window, role, post in rows
    ]
    return pd.DataFrame(records, columns=list(EXAMPLE_COLUMNS))
