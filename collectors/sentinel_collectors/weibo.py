"""What all exports of Weibo have in common."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ALPHABET", "bid_of", "own_words", "post_url"]

ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# weiboSpider puts a repost and its original into one text; the user's own words are only the reason.
REASON: Final = re.compile(r"转发理由[:：]\s*(.*?)\s*(?:原始用户[:：].*|转发内容[:：].*|$)", re.DOTALL)


def bid_of(post_id: str) -> str | None:
    """The short id in addresses: groups of seven digits from the right, each in base 62.

    >>> bid_of("4823173339808025")
    'M9IQlF9vX'
    """
    if not post_id.isdecimal():
        return None
    groups: list[str] = []
    rest = post_id
    while rest:
        rest, group = rest[:-7], rest[-7:]
        groups.insert(0, _base_62(int(group)).rjust(4 if rest else 0, "0"))
    return "".join(groups)


def _base_62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits or "0"


def post_url(author_id: str | None, post_id: str, bid: str | None) -> str | None:
    """Address of a post; ``None`` if its author is not known."""
    short = bid or bid_of(post_id)
    return f"https://weibo.com/{author_id}/{short}" if author_id and short else None


def own_words(text: str) -> tuple[str, bool]:
    """What the user wrote, and whether it was a repost in weiboSpider's form."""
    found = REASON.search(text)
    return (
        (found[1], True)
        if found and text.lstrip().startswith(("转发理由", "原始用户", "转发内容"))
        else (text, False)
    )
