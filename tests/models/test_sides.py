"""Comparisons and statements of a batch: what is known of all posts together changes nothing of what one says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sentinel_models.mentions import mentions
from sentinel_models.posts import Posts
from sentinel_models.sides import Sides

LISTS = ("known_texts.tsv", "plain_texts.tsv", "social_texts.tsv", "unseen_texts.tsv")


def texts() -> list[str]:
    """The sentences of all lists, by themselves and within hashtags."""
    found: dict[str, None] = {}
    for name in LISTS:
        lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
        found |= dict.fromkeys(max(line.split("\t"), key=len) for line in lines if line[:2] != "# ")
    return [*found, *(text.replace(" ", " #") for text in found)]


def test_posts_are_judged_together_as_each_by_itself() -> None:
    sides, posts = Sides(), Posts.of(texts())
    named = [None] * len(posts)
    judged = sides.judged(posts, named, np.arange(len(posts)))
    pushes = dict(zip(judged.moved.tolist(), judged.pushes.tolist(), strict=True))
    assert len(pushes) > len(posts) / 4
    for at in range(len(posts)):
        focus, push = sides.judge(posts.reading(at), None)
        assert (at, pushes.get(at)) == (at, None if push is None else push.tolist())
        assert judged.focused.get(at) == focus


def test_it_is_the_same_whether_somebody_has_looked_for_names_or_not() -> None:
    sides, finder = Sides(), mentions()
    posts = Posts.of([*texts(), "worthless DeepSeek", "Claude a triumph", "豆包真香"])
    rows = np.arange(len(posts))
    looked = sides.judged(posts, [";".join(finder.find(text)) for text in posts.plain], rows)
    nobody = sides.judged(posts, [None] * len(posts), rows)
    assert looked.moved.tolist() == nobody.moved.tolist()
    assert looked.pushes.tolist() == nobody.pushes.tolist()
    assert looked.focused == nobody.focused
