"""Messages of StockTwits, with the mood that their authors declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import decode
from .xposts import text_id

__all__ = ["Stocktwits", "StocktwitsFirehose"]

MOODS: Final = {"bullish": "positive", "bearish": "negative"}
NOTE: Final = re.compile(r"note[:/](?:stocktwits:)?(\d+)$")
PERSON: Final = re.compile(r"person:stocktwits:(\d+)$")


class Stocktwits:
    """Answers of the API, pages of ``messages`` or messages alone."""

    name: ClassVar[str] = "stocktwits"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), _is_message)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), _post, cursor)


class StocktwitsFirehose:
    """Lines of the old firehose, in the words of activity streams."""

    name: ClassVar[str] = "stocktwits_firehose"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.96 * share(first_values(source, lambda value: None), _is_activity)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, lambda value: None), _activity_post, cursor)


def _unpack(value: Any) -> list[Any] | None:
    messages = mapping(value).get("messages")
    return messages if isinstance(messages, list) and "type" not in value else None


def _is_message(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("body"), str) or "created_at" not in value:
        return False
    return "username" in mapping(value.get("user")) and bool({"symbols", "entities", "source"} & value.keys())


def _is_activity(value: Any) -> bool:
    return (
        isinstance(value, dict) and "stocktwits" in str(value.get("id")) and {"verb", "actor"} <= value.keys()
    )


def _declared(value: Mapping[str, Any]) -> str | None:
    sentiment = mapping(value.get("entities")).get("sentiment")
    stated = mapping(sentiment).get("basic", sentiment)
    return MOODS.get(stated.lower()) if isinstance(stated, str) else None


def _post(message: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    post_id = text_id(message.get("id"))
    if post_id is None or not isinstance(message.get("body"), str):
        raise ValueError("a message needs id and body")
    user = mapping(message.get("user"))
    author, author_id = user.get("username") or None, text_id(user.get("id"))
    conversation = mapping(message.get("conversation"))
    reply_to = text_id(conversation.get("in_reply_to_message_id"))
    found = when(message.get("created_at"))
    return {
        "platform": "stocktwits",
        "post_id": post_id,
        "published": found[0],
        "precision": found[1],
        "author": author or author_id,
        "author_id": author_id,
        "kind": "reply" if reply_to else "post",
        "text": decode(message["body"]),
        "url": f"https://stocktwits.com/{author}/message/{post_id}" if author else None,
        "likes": count(mapping(message.get("likes")).get("total")),
        "reposts": count(mapping(message.get("reshares")).get("reshared_count")),
        "replies": count(conversation.get("replies")),
        "reply_to": reply_to,
        "conversation": text_id(conversation.get("parent_message_id")),
        "declared": _declared(message),
    }


def _note_id(value: Any) -> str | None:
    found = NOTE.search(str(mapping(value).get("id", "")))
    return found[1] if found else None


def _activity_post(activity: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
    if activity.get("verb") != "post":
        return Skip(f"not a post: {activity.get('verb')} activity")
    post_id = _note_id(activity) or _note_id(activity.get("object"))
    if post_id is None or not isinstance(activity.get("body"), str):
        raise ValueError("a post needs an id note/<number> and a body")
    actor, item = mapping(activity.get("actor")), mapping(activity.get("object"))
    person = PERSON.search(str(actor.get("id", "")))
    author = actor.get("preferredUsername") or None
    reply_to = _note_id(activity.get("inReplyTo"))
    found = when(item.get("postedTime") or activity.get("postedTime"))
    return {
        "platform": "stocktwits",
        "post_id": post_id,
        "published": found[0],
        "precision": found[1],
        "author": author or (person[1] if person else None),
        "author_id": person[1] if person else None,
        "kind": "reply" if reply_to else "post",
        "text": decode(activity["body"]),
        "url": item.get("link") or activity.get("link"),
        "reply_to": reply_to,
        "declared": _declared(activity),
    }
