"""X API v1.1 statuses: an array, search answers, one object, or lines, from REST and from streams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, text_id

__all__ = ["XApiV11"]

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

# Only X writes times so, always in UTC; where there is no id_str, it tells its posts from those of Weibo and Xueqiu.
OWN_TIME: Final = re.compile(r"\w{3} \w{3} \d\d \d\d:\d\d:\d\d \+0000 \d{4}")


class XApiV11:
    """Statuses as the v1.1 API gives them."""

    name: ClassVar[str] = "x_api_v11"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        values = first_values(source, _statuses)
        return 0.95 * share([value for value in values if not CONTROL & mapping(value).keys()], is_status)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _statuses), _post, cursor)


def _statuses(value: Any) -> list[Any] | None:
    """Statuses of an answer: of a search, a look-up by ids, or a collection."""
    answer = mapping(value)
    if "user" in answer and "statuses" not in answer and "objects" not in answer:  # a status, most often
        return None
    if isinstance(answer.get("statuses"), list):
        return list(answer["statuses"])
    keyed = answer.get("id") if "user" not in answer else None
    keyed = keyed if isinstance(keyed, dict) else mapping(answer.get("objects")).get("tweets")
    return list(keyed.values()) if isinstance(keyed, dict) else None


def is_status(value: Any) -> bool:
    """Whether a value has the form of a v1.1 status."""
    if not isinstance(value, dict) or not isinstance(value.get("user"), dict):
        return False
    text = value.get("full_text", value.get("text"))
    if not isinstance(text, str) or "mid" in value or "_type" in value:
        return False
    return "id_str" in value or (
        "id" in value and OWN_TIME.fullmatch(str(value.get("created_at"))) is not None
    )


def _post(status: Any, batcher: Batcher) -> Mapping[str, Any] | Skip:
    if status is None:
        return Skip("deleted or withheld")
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


def status_post(status: Mapping[str, Any]) -> dict[str, Any]:
    """The post in a status. A repost has the original's whole text, and its own author and time."""
    stated = status.get
    post_id = text_id(stated("id_str") or stated("id"))
    if post_id is None:
        raise ValueError("the status has no id")
    user = status["user"]
    handle = user.get("screen_name") or None
    author_id = text_id(user.get("id_str") or user.get("id"))
    original = stated("retweeted_status")
    reply_to = text_id(stated("in_reply_to_status_id_str") or stated("in_reply_to_status_id"))
    quoted = text_id(stated("quoted_status_id_str") or stated("quoted_status_id"))
    text = _whole_text(status)
    kind = kind_of(text, isinstance(original, dict), reply_to, quoted)
    repost_of = None
    if isinstance(original, dict):
        text = _whole_text(original) or text
        repost_of = text_id(original.get("id_str") or original.get("id"))
    day, precision = published(stated("created_at"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "author": handle or author_id,
        "author_id": author_id,
        "kind": kind,
        "lang": lang(stated("lang")),
        "text": text,
        "url": post_url(handle, post_id),
        "likes": count(stated("favorite_count")),
        "reposts": count(stated("retweet_count")),
        "replies": count(stated("reply_count")),
        "quotes": count(stated("quote_count")),
        "reply_to": reply_to,
        "conversation": text_id(stated("conversation_id_str")),
        "repost_of": repost_of,
        "quoted": quoted,
    }
