"""What a service answered, and what it says when it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sentinel.errors import SourceError
from sentinel.records import loads

from .live_limits import answered
from .markup import plain

__all__ = ["Answer", "Refused", "WaitTooLong", "place_of", "said"]

MESSAGES: Final = ("title", "error", "error_description", "message", "reason", "detail")
LONGEST_MESSAGE: Final = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole, with every secret blotted out."""

    place: str  #: host and path that answered, as shown to users
    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes
    moved: str | None = None  #: the address to ask the next time, if the service says that it moved for good

    @property
    def collected(self) -> str | None:
        """When the service answered, by its own clock, as the post column."""
        return answered(self.headers)[0]

    def json(self) -> Any:
        """The value in the body.

        Raises
        ------
        SourceError
            If it is no JSON, such as the page of a bot barrier.
        """
        try:
            return loads(self.body)
        except ValueError as error:
            kind = self.headers.get("content-type", "").partition(";")[0] or "of no stated type"
            raise SourceError(f"{self.place}: expected JSON, the answer is {kind} ({error})") from None


class Refused(SourceError):
    """The service understood and said no.

    Attributes
    ----------
    answer : what it said.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.place}: HTTP {answer.status}: {said(answer)}")
        self.answer = answer


class WaitTooLong(Exception):
    """The service wants a longer pause than a read should last; what was read so far stands."""


def said(answer: Answer) -> str:
    """What a service says about its refusal, word for word where it says so in JSON."""
    try:
        words = list(dict.fromkeys(_messages(loads(answer.body))))
    except ValueError:
        text = answer.body[: 100 * LONGEST_MESSAGE].decode("utf-8", "replace")
        words = [plain(text) if "<" in text else text]
    shown = "".join(mark if mark.isprintable() else " " for mark in "; ".join(words))
    return " ".join(shown.split())[:LONGEST_MESSAGE] or "without a word"


def _messages(value: Any) -> Iterator[str]:
    """Texts under the names that services use, outer ones first."""
    if isinstance(value, dict):
        yield from (value[name] for name in MESSAGES if isinstance(value.get(name), str))
        for name in ("errors", "error"):
            yield from _messages(value.get(name))
    elif isinstance(value, list):
        for item in value:
            yield from _messages(item)


def place_of(url: str) -> str:
    """Host and path; not what follows, which may be a feed's key."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"
