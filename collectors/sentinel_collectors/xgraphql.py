"""A tweet as X's own web client receives it (GraphQL, 2022 to 2026), and the post in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sentinel.batcher import Skip

from .answers import mapping
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["graphql_post", "is_graphql_tweet"]

GONE: Final = frozenset({"TweetTombstone", "TweetUnavailable"})
# A user object may be empty; the address of an own photo or video still names its owner.
OWNER: Final = re.compile(r"(?:twitter|x)\.com/(\w{1,15})/status/(\d+)/")


def _unwrapped(tweet: Any) -> Mapping[str, Any]:
    """The tweet itself, out of ``result`` and of the wrapper for limited visibility."""
    found = mapping(tweet)
    for _ in range(4):
        inner = found.get("result", found.get("tweet"))
        if "legacy" in found or not isinstance(inner, dict):
            break
        found = inner
    return found


def is_graphql_tweet(value: Any) -> bool:
    """Whether a value has the form of such a tweet, or of the notice that one is gone."""
    tweet = _unwrapped(value)
    if tweet.get("__typename") in GONE:
        return True
    return isinstance(tweet.get("legacy"), dict) and "full_text" in tweet["legacy"]


def _text(tweet: Mapping[str, Any]) -> str:
    note = mapping(mapping(mapping(tweet.get("note_tweet")).get("note_tweet_results")).get("result"))
    return decode(note.get("text") or mapping(tweet.get("legacy")).get("full_text") or "")


def _id(tweet: Mapping[str, Any]) -> str | None:
    return text_id(tweet.get("rest_id")) or text_id(mapping(tweet.get("legacy")).get("id_str"))


def _author(tweet: Mapping[str, Any], post_id: str | None) -> tuple[str | None, str | None]:
    """Handle and id; the handle has moved over the years."""
    legacy = mapping(tweet.get("legacy"))
    user = mapping(mapping(mapping(tweet.get("core")).get("user_results")).get("result")) or mapping(
        tweet.get("user")
    )
    user = mapping(user.get("user")) or user
    handle = (
        mapping(user.get("core")).get("screen_name")
        or mapping(user.get("legacy")).get("screen_name")
        or user.get("screen_name")
    )
    author_id = (
        text_id(legacy.get("user_id_str")) or text_id(user.get("rest_id")) or text_id(user.get("id_str"))
    )
    for media in mapping(legacy.get("entities")).get("media") or []:
        if handle:
            break
        owner = OWNER.search(str(mapping(media).get("expanded_url")))
        handle = owner[1] if owner and owner[2] == post_id else None
    return handle or None, author_id


def graphql_post(value: Any) -> dict[str, Any] | Skip:
    """The post in a tweet, or why there is none.

    Raises
    ------
    ValueError
        If it is no tweet.
    """
    tweet = _unwrapped(value)
    if tweet.get("__typename") in GONE:
        return Skip("deleted or withheld")
    legacy = tweet.get("legacy")
    post_id = _id(tweet)
    if not isinstance(legacy, dict) or post_id is None:
        raise ValueError("a tweet needs legacy and rest_id")
    handle, author_id = _author(tweet, post_id)
    original = _unwrapped(legacy.get("retweeted_status_result") or tweet.get("retweeted_status_result"))
    quoted = text_id(legacy.get("quoted_status_id_str")) or _id(_unwrapped(tweet.get("quoted_status_result")))
    reply_to = text_id(legacy.get("in_reply_to_status_id_str"))
    text = _text(tweet)
    kind = kind_of(text, bool(original), reply_to, quoted)
    day, precision = published(legacy.get("created_at"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind,
        "lang": lang(legacy.get("lang")),
        "text": _text(original) or text,
        "url": post_url(handle, post_id),
        "likes": count(legacy.get("favorite_count")),
        "reposts": count(legacy.get("retweet_count")),
        "replies": count(legacy.get("reply_count")),
        "quotes": count(legacy.get("quote_count")),
        "views": count(
            mapping(tweet.get("views")).get("count") or mapping(tweet.get("ext_views")).get("count")
        ),
        "reply_to": reply_to,
        "conversation": text_id(legacy.get("conversation_id_str")),
        "repost_of": _id(original),
        "quoted": quoted,
    }
