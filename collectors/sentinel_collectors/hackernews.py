"""Items of Hacker News, whatever way they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentinel.dates import When

from .counts import count
from .ids import written
from .markup import plain

__all__ = ["item_post"]


def item_url(post_id: str) -> str:
    """Address of an item."""
    return f"https://news.ycombinator.com/item?id={post_id}"


def _id(value: Any) -> str | None:
    return written(value) or None if value not in (None, "") else None


def item_post(
    item: Mapping[str, Any],
    post_id: Any,
    found: When,
    text: str | None,
    author: str | None,
    parent: Any = None,
    story: Any = None,
    comment: bool = False,
) -> dict[str, Any]:
    """A post out of an item: a comment is its text, anything else its title and what is written under it.

    Parameters
    ----------
    item : gives title, points and number of answers, under any of their names.
    text : as HTML.

    Raises
    ------
    ValueError
        If it has no id.
    """
    found_id = _id(post_id)
    if found_id is None:
        raise ValueError("an item needs an id")
    title = "" if comment else plain(str(item.get("title") or ""))
    body = plain(text) if text else ""
    points = item.get("points", item.get("score"))
    return {
        "platform": "hackernews",
        "post_id": found_id,
        "published": found[0],
        "precision": found[1],
        "author": author or None,
        "kind": "comment" if comment else "post" if body else "title",
        "text": f"{title}\n\n{body}" if title and body else title or body,
        "url": item_url(found_id),
        "likes": count(points) if points != "" else None,
        "replies": count(item.get("num_comments", item.get("descendants"))),
        "reply_to": _id(parent),
        "conversation": _id(story),
    }
