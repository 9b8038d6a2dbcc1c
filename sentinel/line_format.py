"""The shortest way to a format of one's own: a file with one post a line."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.encoding import decoded_head, open_utf8
from sentinel.errors import SourceError
from sentinel.lines import Broken, bounded_lines
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

__all__ = ["LineFormat"]

#: How a time is written, by its precision; a bare date is a day, without an hour to be made up.
FORMS: Final = {
    "second": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
}


class LineFormat(ABC):
    """An export with one post a line; a subclass says how such a file begins and what a line holds.

    Compression, encodings, endless lines, blank lines and damage are taken care of: a line that `post` cannot
    read is a reject, with its number and the reason.

    Attributes
    ----------
    name : the name it is registered under; also the posts' platform, unless `post` gives another.
    begins : the first characters of such a file, by which it is recognised.
    """

    name: ClassVar[str]
    begins: ClassVar[str]

    def __init__(self, source: Source) -> None:
        self.source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        """See `FileFormat`."""
        return 0.9 if decoded_head(source).lstrip("\ufeff").startswith(cls.begins) else 0.0

    @abstractmethod
    def post(self, line: str) -> Mapping[str, Any] | Skip:
        """The post in a line, or `Skip` with the reason why there is none.

        It needs a ``post_id``; ``precision`` follows from ``published`` and ``kind`` is "post" if they are left
        out. Any ``ValueError``, ``KeyError``, ``IndexError`` or ``TypeError`` makes the line a reject.
        """

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        """See `Collector`; data that is no text is refused."""
        seen = peek(self.source)
        if seen.kind in ("binary", "html", "folder"):
            what = seen.what or {"html": "an HTML page"}.get(seen.kind, "a folder")
            raise SourceError(
                f"{self.source.name} is {what}; expected a post a line, as {self.name} has them"
            )
        return batches(self._lines(), self._completed, cursor)

    def _lines(self) -> Iterator[Row]:
        with open_utf8(self.source) as stream:
            for number, line in bounded_lines(stream):
                text = line if isinstance(line, Broken) else line.decode("utf-8", "replace").rstrip("\r\n")
                if text:
                    yield f"line {number}", text

    def _completed(self, line: str, _batcher: Batcher) -> Mapping[str, Any] | Skip:
        post = self.post(line)
        if isinstance(post, Skip):
            return post
        if not post.get("post_id"):
            raise ValueError("the post has no post_id")
        precision = post.get("precision") or _precision(post.get("published"))
        return {"platform": self.name, "kind": "post", **post, "precision": precision}


def _precision(published: Any) -> str:
    if not published:
        return "none"
    for precision, form in FORMS.items():
        if form.fullmatch(published):
            datetime.fromisoformat(published)  # there is no 31st of February
            return precision
    raise ValueError(
        f"published {published!r} is no time; expected such as 2031-04-19T01:02:03Z or 2031-04-19"
    )
