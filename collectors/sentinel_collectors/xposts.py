"""What all exports of X have in common: ids, languages, reposts written as ``RT @x:``, addresses."""

from __future__ import annotations

import re
from typing import Any, Final

from sentinel.dates import UNDATED, When, snowflake, when, x_time

__all__ = ["is_old_repost", "kind_of", "lang", "post_url", "published", "status_id", "text_id"]

# Codes for "not a language": undetermined, media, mentions, hashtags or short text only.
NO_LANGUAGE: Final = frozenset({"", "und", "zxx", "qme", "qst", "qht", "qam", "qct", "art"})
OLD_REPOST: Final = re.compile(r"RT @\w{1,15}:? ")
STATUS: Final = re.compile(r"/status(?:es)?/(\d+)")


def text_id(value: Any) -> str | None:
    """An id as text; ``None`` for nothing, and for a number that was rounded on its way."""
    if type(value) is str:
        return value.strip() or None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else None
    if isinstance(value, (int, str)):
        return str(value).strip() or None
    return None


def lang(value: Any) -> str | None:
    """The language as X says, lower case; ``None`` if it could not tell."""
    if not isinstance(value, str):
        return None
    code = value.strip().lower()
    return None if code in NO_LANGUAGE else code


def is_old_repost(text: str) -> bool:
    """Whether a text is a repost by its form alone."""
    return text.startswith("RT @") and OLD_REPOST.match(text) is not None


def kind_of(text: str, repost: bool, reply_to: str | None, quoted: str | None) -> str:
    """Kind of a post on X."""
    if repost or is_old_repost(text):
        return "repost"
    if reply_to:
        return "reply"
    return "quote" if quoted else "post"


def published(created_at: Any, post_id: str | None) -> When:
    """When it was posted, as stated, else as its id tells."""
    stated = x_time(created_at) if isinstance(created_at, str) else UNDATED
    if stated is UNDATED:
        stated = when(created_at)
    return snowflake(post_id) if stated is UNDATED else stated


def post_url(handle: str | None, post_id: str | None) -> str | None:
    """Address of a post."""
    if not post_id:
        return None
    return f"https://x.com/{handle}/status/{post_id}" if handle else f"https://x.com/i/web/status/{post_id}"


def status_id(url: Any) -> str | None:
    """The post id in an address of X; ``None`` if it has none."""
    found = STATUS.search(url) if isinstance(url, str) else None
    return found[1] if found else None
