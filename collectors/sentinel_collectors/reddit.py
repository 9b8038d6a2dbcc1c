"""Submissions and comments of Reddit, as its API and all dumps of it write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sentinel.batcher import Batcher, Skip
from sentinel.dates import epoch, when

from .counts import count
from .markup import decode
from .xposts import text_id

__all__ = ["is_thing", "thing_post"]

GONE: Final = frozenset({"[deleted]", "[removed]", "[deleted by user]"})
SITE: Final = "https://www.reddit.com"


def is_thing(value: Any) -> bool:
    """Whether a value is a submission or a comment."""
    if not isinstance(value, dict) or "id" not in value or not {"created_utc", "retrieved_on"} & value.keys():
        return False
    return isinstance(value.get("body", value.get("title")), str) and bool(
        {"subreddit", "link_id"} & value.keys()
    )


def _name(value: Mapping[str, Any], comment: bool) -> str:
    name = value.get("name")
    if isinstance(name, str) and name.startswith(("t1_", "t3_")):
        return name
    post_id = text_id(value.get("id"))
    if post_id is None:
        raise ValueError("a post needs an id")
    return post_id if post_id.startswith(("t1_", "t3_")) else f"{'t1' if comment else 't3'}_{post_id}"


def _parent(value: Any, prefix: str) -> str | None:
    """Old dumps write the parent without its kind, or as a number."""
    parent = text_id(value)
    return parent if parent is None or parent[:3] in ("t1_", "t3_") else f"{prefix}{parent}"


def thing_post(value: Mapping[str, Any], batcher: Batcher) -> dict[str, Any] | Skip:
    """The post in a submission or comment; a deleted one keeps its mark as text, or its title.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if value.get("promoted") is True:
        return Skip("advertisement")
    comment = isinstance(value.get("body"), str)
    if not comment and not isinstance(value.get("title"), str):
        raise ValueError("neither a comment (body) nor a submission (title)")
    body = decode(value["body"] if comment else value.get("selftext") or "")
    title = "" if comment else decode(value["title"])
    if body in GONE:
        batcher.warn("deleted by its author or a moderator; only its mark is left")
        body = "" if title else body  # which nobody wrote; the title somebody did
    name = _name(value, comment)
    author = value.get("author")
    found = epoch(value.get("created_utc"))
    if found[0] is None:
        found = when(value.get("created_utc"))
    permalink = value.get("permalink")
    return {
        "platform": "reddit",
        "community": str(value["subreddit"]).lower() if value.get("subreddit") else None,
        "post_id": name,
        "published": found[0],
        "precision": found[1],
        "collected": epoch(value.get("retrieved_on") or value.get("retrieved_utc"))[0],
        "author": None if author in GONE else author,
        "author_id": value.get("author_fullname"),
        "kind": "comment" if comment else "post" if body else "title",
        "text": f"{title}\n\n{body}" if title and body else title or body,
        "url": f"{SITE}{permalink}"
        if isinstance(permalink, str) and permalink.startswith("/")
        else permalink,
        "likes": count(value.get("score", value.get("ups"))),
        "replies": count(value.get("num_comments")),
        "reply_to": _parent(value.get("parent_id"), "t1_") if comment else None,
        "conversation": _parent(value.get("link_id"), "t3_") if comment else name,
        "repost_of": _parent(value.get("crosspost_parent"), "t3_"),
    }
