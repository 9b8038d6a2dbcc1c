"""Records of Bluesky (AT protocol) and the addresses made of their uris."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sentinel.dates import UNDATED, When, epoch, when

from .answers import mapping

__all__ = ["created", "post_url", "quoted_uri", "record_post"]

URI: Final = re.compile(r"at://(did:[^/]+|[^/]+)/[\w.]+/(\w+)")
ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"


def post_url(uri: str, handle: str | None) -> str | None:
    """Address of a post."""
    found = URI.fullmatch(uri)
    return f"https://bsky.app/profile/{handle or found[1]}/post/{found[2]}" if found else None


def created(record: Mapping[str, Any], uri: str, indexed: Any = None) -> When:
    """When a post was made; the client sets that, so a time after it was seen is not believed."""
    stated, seen = when(record.get("createdAt", record.get("created_at"))), when(indexed)
    if stated == UNDATED:
        return seen if seen != UNDATED else _of_key(uri)
    if seen[0] is not None and "T" in (stated[0] or "") and (stated[0] or "")[:10] > seen[0][:10]:
        return seen
    return stated


def _of_key(uri: str) -> When:
    """The record's key is a time in microseconds, in a base-32 that sorts."""
    key = uri.rpartition("/")[2]
    if len(key) != 13 or not set(key) <= set(ALPHABET):
        return UNDATED
    number = 0
    for mark in key:
        number = number * 32 + ALPHABET.index(mark)
    return epoch(number >> 10)


def quoted_uri(embed: Any) -> str | None:
    """The post that an embed quotes, in a record or a view."""
    inner = mapping(mapping(embed).get("record"))
    for candidate in (inner, mapping(inner.get("record"))):
        uri = candidate.get("uri")
        if isinstance(uri, str) and "/app.bsky.feed.post/" in uri:
            return uri
    return None


def record_post(
    record: Mapping[str, Any], uri: str, author_id: str | None, handle: str | None, found: When
) -> dict[str, Any]:
    """The post in a record, without what only a server counts.

    Raises
    ------
    ValueError
        If it has no text.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise ValueError("a post record needs a text")
    langs = record.get("langs")
    reply = mapping(record.get("reply"))
    parent, root = mapping(reply.get("parent")).get("uri"), mapping(reply.get("root")).get("uri")
    quoted = quoted_uri(record.get("embed"))
    return {
        "platform": "bluesky",
        "post_id": uri,
        "published": found[0],
        "precision": found[1],
        "author": handle or author_id,
        "author_id": author_id,
        "kind": "reply" if parent else "quote" if quoted else "post",
        "lang": str(langs[0]).lower() if isinstance(langs, list) and langs else None,
        "text": text,
        "url": post_url(uri, handle),
        "reply_to": parent,
        "conversation": root,
        "quoted": quoted,
    }
