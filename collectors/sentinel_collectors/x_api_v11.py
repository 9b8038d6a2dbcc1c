"""X API v1.1 statuses: an array, search answers, one object, or lines, from REST and from streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.records import json_values
from sentinel.source import Source

from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["XApiV11", "is_status", "status_post"]

# Messages that a stream sends between posts.
CONTROL: Final = frozenset(
    {
        "delete",
        "disconnect",
        "event",
        "friends",
        "friends_str",
        "limit",
        "scrub_geo",
        "status_withheld",
        "user_withheld",
        "warning",
    }
)


class XApiV11:
    """Statuses as the v1.1 API gives them."""

    name: ClassVar[str] = "x_api_v11"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        values = []
        for value in peek(source).dicts:
            values += _statuses(value) or ([] if CONTROL & value.keys() else [value])
        if not values:
            return 0.0
        return 0.95 * sum(map(is_status, values)) / len(values)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(self._rows(), _post, cursor)

    def _rows(self) -> Iterator[Row]:
        for position, value in json_values(self._source, peek(self._source).shape):
            statuses = _statuses(value) if isinstance(value, dict) else []
            if statuses:
                for n, status in enumerate(statuses, 1):
                    yield f"{position} item {n}", status
            elif not _is_empty_answer(value):
                yield position, value


def _statuses(value: Mapping[str, Any]) -> list[Any]:
    statuses = value.get("statuses")
    return statuses if isinstance(statuses, list) else []


def _is_empty_answer(value: Any) -> bool:
    return isinstance(value, dict) and value.get("statuses") == [] and "id" not in value


def is_status(value: Any) -> bool:
    """Whether a value has the form of a v1.1 status."""
    if not isinstance(value, dict) or not isinstance(value.get("user"), dict):
        return False
    text = value.get("full_text", value.get("text"))
    if not isinstance(text, str) or "mid" in value or "_type" in value:
        return False
    return "id_str" in value or ("id" in value and "screen_name" in value["user"])


def _post(status: Any, batcher: Batcher) -> Mapping[str, Any] | Skip:
    if not is_status(status):
        control = CONTROL & status.keys()
        if control:
            return Skip(f"control message: {min(control)}")
        raise ValueError("neither a status (id_str, user, text) nor a control message of the stream")
    return status_post(status)


def _whole_text(status: Mapping[str, Any]) -> str:
    extended = status.get("extended_tweet")
    whole = extended.get("full_text") if isinstance(extended, dict) else None
    text = whole or status.get("full_text") or status.get("text") or ""
    return decode(text)


def _id(value: Mapping[str, Any], key: str) -> str | None:
    """An id under ``<key>_str``, or the number under `key`."""
    return text_id(value.get(f"{key}_str") or value.get(key))


def status_post(status: Mapping[str, Any]) -> dict[str, Any]:
    """The post in a status. A repost has the original's whole text, and its own author and time."""
    post_id = _id(status, "id")
    if post_id is None:
        raise ValueError("the status has no id")
    user = status["user"]
    handle = user.get("screen_name") or None
    author_id = _id(user, "id")
    original = status.get("retweeted_status")
    reply_to = _id(status, "in_reply_to_status_id")
    quoted = _id(status, "quoted_status_id")
    text = _whole_text(status)
    kind = kind_of(text, isinstance(original, dict), reply_to, quoted)
    if isinstance(original, dict):
        text = _whole_text(original) or text
    else:
        original = None
    day, precision = published(status.get("created_at"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind,
        "lang": lang(status.get("lang")),
        "text": text,
        "url": post_url(handle, post_id),
        "likes": count(status.get("favorite_count")),
        "reposts": count(status.get("retweet_count")),
        "replies": count(status.get("reply_count")),
        "quotes": count(status.get("quote_count")),
        "reply_to": reply_to,
        "conversation": text_id(status.get("conversation_id_str")),
        "repost_of": _id(original, "id") if original else None,
        "quoted": quoted,
    }
