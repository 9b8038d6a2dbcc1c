"""Answers of Mastodon's API and its relatives': timelines, searches, single statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.ports import Batch
from sentinel.source import Source

from .answers import answer_rows, first_values, mapping, share
from .counts import count
from .markup import plain
from .xposts import text_id

__all__ = ["MastodonApi"]

PRIVATE: Final = frozenset({"private", "direct", "limited", "mutuals_only"})


class MastodonApi:
    """Statuses.

    Parameters
    ----------
    include_private : whether to read posts for followers only and direct messages too.
    """

    name: ClassVar[str] = "mastodon_api"

    def __init__(self, source: Source, include_private: bool = False) -> None:
        self._source = source
        self._include_private = include_private

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.95 * share(first_values(source, _unpack), _is_status)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(answer_rows(self._source, _unpack), self._post, cursor)

    def _post(self, status: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
        if status.get("visibility") in PRIVATE and not self._include_private:
            return Skip("private or direct; --include-private reads it")
        post_id = text_id(status.get("id"))
        if post_id is None or not isinstance(status.get("content"), str):
            raise ValueError("a status needs id and content")
        account = mapping(status.get("account"))
        original = mapping(status.get("reblog"))
        quote = mapping(status.get("quote"))
        quoted = text_id(mapping(quote.get("quoted_status")).get("id") or quote.get("id"))
        reply_to = text_id(status.get("in_reply_to_id"))
        found = when(status.get("created_at"))
        return {
            "platform": "mastodon",
            "post_id": post_id,
            "published": found[0],
            "precision": found[1],
            "author": account.get("acct") or account.get("username") or text_id(account.get("id")),
            "author_id": text_id(account.get("id")),
            "kind": "repost" if original else "reply" if reply_to else "quote" if quoted else "post",
            "lang": str(status["language"]).lower() if status.get("language") else None,
            "text": plain(original.get("content") or status["content"]),
            "url": status.get("url") or status.get("uri"),
            "likes": count(status.get("favourites_count")),
            "reposts": count(status.get("reblogs_count")),
            "replies": count(status.get("replies_count")),
            "quotes": count(status.get("quotes_count")),
            "reply_to": reply_to,
            "repost_of": text_id(original.get("id")),
            "quoted": quoted,
        }


def _unpack(value: Any) -> list[Any] | None:
    """Statuses of a search, or those around one (its context)."""
    answer = mapping(value)
    if isinstance(answer.get("statuses"), list):
        return list(answer["statuses"])
    if isinstance(answer.get("ancestors"), list) and isinstance(answer.get("descendants"), list):
        return [*answer["ancestors"], *answer["descendants"]]
    return None


def _is_status(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("content"), str) or "created_at" not in value:
        return False
    return (
        bool({"spoiler_text", "reblogs_count", "favourites_count", "reblog"} & value.keys()) and "id" in value
    )
