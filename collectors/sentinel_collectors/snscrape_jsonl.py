"""Lines of snscrape and twscrape: one tweet each, in nearly the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["SnscrapeJsonl", "TwscrapeJsonl"]


class SnscrapeJsonl:
    """``snscrape --jsonl``, old (``content``) and new (``rawContent``); of X only."""

    name: ClassVar[str] = "snscrape_jsonl"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.96 * share(first_values(source, _unpack), _is_item)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


class TwscrapeJsonl(SnscrapeJsonl):
    """``twscrape``, which took over snscrape's words and writes ids as text beside them."""

    name: ClassVar[str] = "twscrape_jsonl"

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.98 * share(
            first_values(source, _unpack), lambda value: _is_item(value) and "id_str" in value
        )


def _unpack(value: Any) -> list[Any] | None:
    return None


def _is_item(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = str(value.get("_type", ""))
    if kind:
        return kind.startswith("snscrape.modules.twitter.")
    own = {"rawContent", "renderedContent", "conversationId", "retweetedTweet"} & value.keys()
    return len(own) >= 2 and isinstance(value.get("user"), dict)


def _text(tweet: Mapping[str, Any]) -> str:
    return decode(tweet.get("rawContent") or tweet.get("content") or "")


def _id(tweet: Any, *keys: str) -> str | None:
    return next((found for key in keys if (found := text_id(mapping(tweet).get(key)))), None)


def _post(tweet: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    kind = str(tweet.get("_type", "")).rpartition(".")[2]
    if kind in ("TweetRef", "Tombstone", "User"):
        return Skip(f"not a post: {kind}")
    post_id = _id(tweet, "id_str", "id")
    if post_id is None or not isinstance(tweet.get("rawContent", tweet.get("content")), str):
        raise ValueError("a tweet needs id and rawContent or content")
    user = mapping(tweet.get("user"))
    handle, author_id = user.get("username") or None, _id(user, "id_str", "id")
    original, quoted = tweet.get("retweetedTweet"), _id(tweet.get("quotedTweet"), "id_str", "id")
    reply_to = _id(tweet, "inReplyToTweetIdStr", "inReplyToTweetId")
    text = _text(tweet)
    kind = kind_of(text, isinstance(original, dict), reply_to, quoted)
    if isinstance(original, dict):
        text = _text(original) or text
    day, precision = published(tweet.get("date"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "collected": when(tweet.get("snscrape_retrieved"))[0],
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind,
        "lang": lang(tweet.get("lang")),
        "text": text,
        "url": tweet.get("url") or post_url(handle, post_id),
        "likes": count(tweet.get("likeCount")),
        "reposts": count(tweet.get("retweetCount")),
        "replies": count(tweet.get("replyCount")),
        "quotes": count(tweet.get("quoteCount")),
        "views": count(tweet.get("viewCount")),
        "reply_to": reply_to,
        "conversation": _id(tweet, "conversationIdStr", "conversationId"),
        "repost_of": _id(original, "id_str", "id"),
        "quoted": quoted,
    }
