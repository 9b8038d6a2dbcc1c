"""``twarc2 csv``: API v2 posts as a table of dotted columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.ports import Batch
from sentinel.source import Source

from .counts import count
from .ids import written
from .markup import decode
from .tables import header_of, named_rows
from .xposts import kind_of, lang, post_url, published

__all__ = ["Twarc2Csv"]

TELLING: Final = frozenset({"referencedtweetsretweetedid", "authorusername", "publicmetricslikecount"})


class Twarc2Csv:
    """Rows of ``twarc2 csv``.

    On the row of a repost the text and counts are the original's; id, author and time are the repost's.
    """

    name: ClassVar[str] = "twarc2_csv"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.97 if header_of(source) >= TELLING else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(named_rows(self._source), _post, cursor)


def _text(cell: str) -> str:
    """The text in a cell, where twarc-csv writes line breaks as a backslash and a letter."""
    return decode(cell.replace("\\r", "").replace("\\n", "\n"))


def _post(row: Mapping[str, str], batcher: Batcher) -> Mapping[str, Any] | Skip:
    post_id = written(row["id"])
    if not post_id:
        raise ValueError("a row needs an id")
    handle, author_id = row["authorusername"] or None, written(row["authorid"]) or None
    repost_of, reply_to, quoted = (
        written(row.get(f"referencedtweets{kind}id") or "") or None
        for kind in ("retweeted", "repliedto", "quoted")
    )
    text = _text(row["text"])
    day, precision = published(row.get("createdat"), post_id)
    return {
        "platform": "x",
        "post_id": post_id,
        "published": day,
        "precision": precision,
        "collected": when(row.get("twarcretrievedat"))[0],
        "author": handle or author_id,
        "author_id": author_id,
        "kind": "repost" if repost_of else kind_of(text, False, reply_to, quoted),
        "lang": lang(row.get("lang")),
        "text": text,
        "url": post_url(handle, post_id),
        "likes": count(row.get("publicmetricslikecount")),
        "reposts": count(row.get("publicmetricsretweetcount")),
        "replies": count(row.get("publicmetricsreplycount")),
        "quotes": count(row.get("publicmetricsquotecount")),
        "views": count(row.get("publicmetricsimpressioncount")),
        "reply_to": reply_to,
        "conversation": written(row.get("conversationid") or "") or None,
        "repost_of": repost_of,
        "quoted": quoted,
    }
