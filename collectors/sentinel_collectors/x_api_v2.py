"""X API v2 answers: pages with ``includes``, single posts, stream messages; also as twarc2 writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.lines import Broken
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, mapping, share
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["Twarc2Jsonl", "XApiV2"]

# Fields that no other network's answers have; `id` and `text` are everybody's.
TELLING: Final = frozenset(
    {"author_id", "edit_history_tweet_ids", "conversation_id", "public_metrics", "referenced_tweets"}
)
# All that a post may have; what has more is another network's.
FIELD_NAMES: Final = (
    "article attachments author author_id card_uri community_id context_annotations conversation_id created_at "
    "display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user in_reply_to_user_id lang "
    "media_metadata non_public_metrics note_tweet organic_metrics possibly_sensitive promoted_metrics public_metrics "
    "referenced_tweets reply_settings scopes source suggested_source_links synthetic text withheld"
)
FIELDS: Final = frozenset(FIELD_NAMES.split())


class _Tweet(NamedTuple):
    """A post with what its page says about users and other posts."""

    tweet: Mapping[str, Any]
    users: Mapping[str, Mapping[str, Any]]
    tweets: Mapping[str, Mapping[str, Any]]
    collected: str | None


class XApiV2:
    """Answers of the v2 API, saved as they came: one document, an array or lines of pages."""

    name: ClassVar[str] = "x_api_v2"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(_answers(source), _is_answer)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


class Twarc2Jsonl(XApiV2):
    """What ``twarc2`` writes: pages, flattened posts or stream messages, a line each, mixed freely."""

    name: ClassVar[str] = "twarc2_jsonl"

    @classmethod
    def sniff(cls, source: Source) -> float:
        answers = _answers(source)
        return 0.98 * share(answers, _is_answer) if any("__twarc" in value for value in answers) else 0.0


def _answers(source: Source) -> list[dict[str, Any]]:
    """The first answers, without those that say nothing but what went wrong."""
    return [value for value in peek(source).dicts if not value.keys() <= {"errors", "__twarc"}]


def _is_tweet(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return False
    return str(value.get("id", "")).isdecimal() and "user" not in value


def _is_answer(value: Mapping[str, Any]) -> bool:
    data = value.get("data")
    data = [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, dict)]
    if data:
        return _is_tweet(data[0]) and (data[0].keys() <= FIELDS or "dm_conversation_id" in data[0])
    if "meta" in value and "data" not in value:
        meta = value["meta"]
        return isinstance(meta, dict) and meta.get("result_count") == 0
    return _is_tweet(value) and len(TELLING & value.keys()) >= 2 - ("edit_history_tweet_ids" in value)


def _unpack(value: Any) -> list[Any]:
    """Posts of a page, each with what the page says about users and other posts."""
    data, collected = value.get("data"), _collected(value)
    if isinstance(data, list):
        users, tweets = _includes(value)
        return [item if isinstance(item, Broken) else _Tweet(item, users, tweets, collected) for item in data]
    if isinstance(data, dict):
        return [_Tweet(data, *_includes(value), collected)]
    if "meta" in value and "text" not in value and "errors" not in value:
        return []  # a page without results
    return [_Tweet(value, *_inline(value), collected)]


def _collected(value: Mapping[str, Any]) -> str | None:
    return when(mapping(value.get("__twarc")).get("retrieved_at"))[0]


def _by_id(values: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(values, list):
        return {}
    return {str(value["id"]): value for value in values if isinstance(value, dict) and "id" in value}


def _includes(page: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    includes = mapping(page.get("includes"))
    return _by_id(includes.get("users")), _by_id(includes.get("tweets"))


def _inline(tweet: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """Users and posts that ``twarc2 flatten`` writes inside of the post."""
    author = tweet.get("author")
    return _by_id([author] if isinstance(author, dict) else []), _by_id(tweet.get("referenced_tweets"))


def _text(tweet: Mapping[str, Any]) -> str:
    return decode(mapping(tweet.get("note_tweet")).get("text") or tweet.get("text") or "")


def _referenced(tweet: Mapping[str, Any]) -> dict[str, str | None]:
    references = tweet.get("referenced_tweets") or []
    return {item["type"]: text_id(item["id"]) for item in references if isinstance(item, dict)}


def _post(row: _Tweet, batcher: Batcher) -> Mapping[str, Any] | Skip:
    tweet = row.tweet
    if "dm_conversation_id" in tweet:
        return Skip("direct message, which is never read")
    post_id = text_id(tweet.get("id"))
    if post_id is None or not isinstance(tweet.get("text"), str):
        if "errors" in tweet or "title" in tweet:
            return Skip("error message of the API")
        if "tweet_count" in tweet or "action" in tweet or "username" in tweet or "delete" in tweet:
            return Skip("not a post: a count, a user or a compliance event")
        raise ValueError("a post needs an id and a text")
    author_id = text_id(tweet.get("author_id"))
    user = row.users.get(author_id or "", {})
    handle = user.get("username") or None
    references = _referenced(tweet)
    repost_of, reply_to, quoted = (references.get(kind) for kind in ("retweeted", "replied_to", "quoted"))
    text = _text(tweet)
    kind = kind_of(text, "retweeted" in references, reply_to, quoted)
    original = row.tweets.get(repost_of) if repost_of else None
    if original is not None and isinstance(original.get("text"), str):
        text = _text(original)
    day, precision = published(tweet.get("created_at"), post_id)
    metrics = tweet.get("public_metrics") or {}
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "collected": row.collected,
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind,
        "lang": lang(tweet.get("lang")),
        "text": text,
        "url": post_url(handle, post_id),
        "likes": count(metrics.get("like_count")),
        "reposts": count(metrics.get("retweet_count")),
        "replies": count(metrics.get("reply_count")),
        "quotes": count(metrics.get("quote_count")),
        "views": count(metrics.get("impression_count")),
        "reply_to": reply_to,
        "conversation": text_id(tweet.get("conversation_id")),
        "repost_of": repost_of,
        "quoted": quoted,
        "synthetic": True if tweet.get("synthetic") is True else None,
    }
