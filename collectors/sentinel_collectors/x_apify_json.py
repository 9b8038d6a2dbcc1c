"""Tweets as scrapers on Apify and twitterapi.io give them: an array, lines, or pages of ``tweets``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["XApifyJson"]


class XApifyJson:
    """Items with ``createdAt``, ``likeCount`` and an ``author`` that has a ``userName``."""

    name: ClassVar[str] = "x_apify_json"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        values = [value for value in first_values(source, _unpack) if not _is_filler(mapping(value))]
        return 0.93 * share(values, _is_tweet)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    page = mapping(value)
    tweets = page.get("tweets", mapping(page.get("data")).get("tweets"))
    return tweets if isinstance(tweets, list) else None


def _is_tweet(value: Any) -> bool:
    if not isinstance(value, dict) or "_type" in value:
        return False
    named = (
        "userName" in mapping(value.get("author")) or "twitterUrl" in value or value.get("type") == "tweet"
    )
    return named and isinstance(value.get("fullText", value.get("text")), str) and "createdAt" in value


def _is_filler(value: Mapping[str, Any]) -> bool:
    return bool(value.get("noResults") or value.get("demo") or value.get("type") == "mock_tweet")


def _text(tweet: Mapping[str, Any]) -> str:
    return decode(tweet.get("fullText") or tweet.get("text") or "")


def _id(value: Any) -> str | None:
    return text_id(mapping(value).get("id"))


def _post(tweet: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if _is_filler(tweet):
        return Skip("filler of the scraper")
    post_id = _id(tweet)
    if post_id is None and not tweet.get("text"):
        return Skip("row without id and text")
    if post_id is None or not isinstance(tweet.get("fullText", tweet.get("text")), str):
        raise ValueError("a tweet needs id and text")
    author = mapping(tweet.get("author"))
    handle, author_id = author.get("userName") or None, _id(author)
    original = mapping(tweet.get("retweeted_tweet") or tweet.get("retweet") or tweet.get("retweetedTweet"))
    quote = mapping(tweet.get("quoted_tweet") or tweet.get("quote") or tweet.get("quotedTweet"))
    quoted = text_id(tweet.get("quoteId")) or _id(quote)
    reply_to = text_id(tweet.get("inReplyToId"))
    text = _text(tweet)
    repost = bool(original) or tweet.get("isRetweet") is True
    day, precision = published(tweet.get("createdAt"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind_of(text, repost, reply_to, quoted),
        "lang": lang(tweet.get("lang")),
        "text": _text(original) or text,
        "url": tweet.get("url") or tweet.get("twitterUrl") or post_url(handle, post_id),
        "likes": count(tweet.get("likeCount")),
        "reposts": count(tweet.get("retweetCount")),
        "replies": count(tweet.get("replyCount")),
        "quotes": count(tweet.get("quoteCount")),
        "views": count(tweet.get("viewCount")),
        "reply_to": reply_to,
        "conversation": text_id(tweet.get("conversationId")),
        "repost_of": _id(original),
        "quoted": quoted,
    }
