"""What all live sources have in common: settings, secrets, and the way from an answer to a batch."""

from __future__ import annotations

import io
import os
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from sentinel import __version__
from sentinel.dates import iso
from sentinel.errors import SettingsError, SourceError
from sentinel.ports import Batch, FileFormat, Reject
from sentinel.post import POST_COLUMNS, empty_columns
from sentinel.source import Source

from .live_answers import Answer, Refused, WaitTooLong
from .live_http import Client

__all__ = ["LiveSource", "Since", "batch_of", "first_moment", "list_in", "newest_in", "times_in"]

Since = str | date | None  #: a setting that says how far back the first read goes

ENOUGH: Final = "the service asked for a pause longer than max_wait_seconds; the next read goes on from there"
VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# How reading by a format says where in a page: a page is one document, or one line.
WHERE: Final = re.compile(r"^(?:line 1|document) ")

Check = tuple[str, Callable[[Any], bool]]
# By annotation: what a setting must be.
KINDS: Final[Mapping[str, Check]] = {
    "str": ("a text", lambda value: isinstance(value, str) and bool(value.strip())),
    "int": ("a whole number from 1 on", lambda value: type(value) is int and value > 0),
    "float": (
        "a number above 0",
        lambda value: type(value) in (int, float) and value > 0 and isfinite(value),
    ),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "list[str]": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(text, str) for text in value),
    ),
    "Since": ('a date such as "2025-01-31"', lambda value: value is None or iso(str(value))[0] is not None),
}


@dataclass(frozen=True, kw_only=True)
class LiveSource(ABC):
    """A service that is asked for new posts; its settings are the fields.

    Attributes
    ----------
    contact : an address or a page that the service finds in ``User-Agent``, should it want to complain.
    max_pages : how many pages one read takes; the next read goes on from there.
    timeout_seconds : for connecting, and for every wait for more of an answer.
    max_wait_seconds : the longest pause that a read keeps when the service asks for one.

    Raises
    ------
    SettingsError
        If a setting is of the wrong kind.
    """

    name: ClassVar[str]

    contact: str | None = None
    max_pages: int = 100
    timeout_seconds: float = 30
    max_wait_seconds: float = 60

    def __post_init__(self) -> None:
        for field in fields(self):
            self._check(field.name, str(field.type), getattr(self, field.name))
        if self.contact is not None and not (self.contact.isascii() and self.contact.isprintable()):
            raise SettingsError(f"{self.name}: contact must be of plain ASCII, not {self.contact!r}")

    def _check(self, name: str, kind: str, value: Any) -> None:
        if value is None and kind.endswith(" | None"):
            return
        if value == "":
            raise SettingsError(f"{self.name} needs the setting {name!r}")
        expected, holds = KINDS[kind.removesuffix(" | None")]
        secret = name.endswith("_env")
        if not holds(value) and not secret:
            raise SettingsError(f"{self.name}: {name} must be {expected}, not {value!r}")
        if secret and not (isinstance(value, str) and VARIABLE.fullmatch(value)):
            raise SettingsError(
                f"{self.name}: {name} must name an environment variable, in capital letters; "
                "the secret itself belongs into that variable, never into the settings"
            )
        if name.endswith("url"):
            self._check_address(name, value)

    def _check_address(self, name: str, address: str) -> None:
        try:
            parts = urlsplit(address)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise SettingsError(f"{self.name}: {name} is no address: {error}") from None
        if parts.username or parts.password:
            raise SettingsError(f"{self.name}: {name} must not hold a user or a password")
        if parts.scheme not in ("http", "https") or not host:
            raise SettingsError(f"{self.name}: {name} must begin with https://, not {address!r}")
        if parts.scheme == "http" and self._variables and host not in LOOPBACK:
            raise SettingsError(f"{self.name}: {name} must begin with https://, since a secret is sent there")

    @property
    def _variables(self) -> list[str]:
        """Environment variables that hold its secrets."""
        names = (getattr(self, field.name) for field in fields(self) if field.name.endswith("_env"))
        return [name for name in names if name]

    @property
    def _user_agent(self) -> str:
        contact = f" ({self.contact})" if self.contact else ""
        return f"mood-sentinel/{__version__}{contact}"

    def _at(self, path: str) -> str:
        """Address of a path of the service."""
        base: str = getattr(self, "base_url", "")
        return base.rstrip("/") + path

    def _secret(self, client: Client, variable: str) -> str:
        """What an environment variable holds; from now on `client` blots it out of all answers."""
        secret = os.environ.get(variable, "").strip()
        if not secret:
            raise SourceError(
                f"the environment variable {variable} is not set; docs/live.md says what it holds"
            )
        try:
            client.keep_secret(secret)
        except SourceError as error:
            raise SourceError(f"{variable}: {error}") from None
        return secret

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        """Batches after `cursor`, one a page; see `Collector`.

        Raises
        ------
        SourceError
            If the service cannot be reached, refuses, or answers in another shape than documented.
        """
        last = cursor
        try:
            with Client(self._user_agent, self.timeout_seconds, self.max_wait_seconds) as client:
                for batch in islice(self._batches(client, cursor), self.max_pages):
                    last = batch.cursor
                    yield batch
        except WaitTooLong:
            yield Batch({}, warnings={ENOUGH: 1}, cursor=last)
        except SourceError as error:
            wrong = isinstance(error, Refused) and error.answer.status in (401, 403) and self._variables
            hint = f"; check what {' and '.join(self._variables)} hold" if wrong else ""
            raise SourceError(f"{self.name}: {error}{hint}") from None

    @abstractmethod
    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        """Batches after `cursor`, each with its cursor."""


def list_in(value: Any, *path: str) -> list[Any]:
    """The list of posts in an answer.

    Raises
    ------
    SourceError
        If there is none: the service has changed.
    """
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, list):
        where = ".".join(path) or "the answer"
        raise SourceError(
            f"expected a list as {where}, found {type(value).__name__}; has the service changed"
        )
    return value


def batch_of(answer: Answer, file_format: Callable[[Source], FileFormat]) -> Batch:
    """The posts in an answer, read as the same thing in a file is read.

    `collected` is the time that the service states, where the format knows none.
    """
    posts, skipped, warnings = empty_columns(POST_COLUMNS), Counter[str](), Counter[str]()
    rejects: list[Reject] = []
    source = Source(answer.place, Path(answer.place), len(answer.body), lambda: io.BytesIO(answer.body))
    for part in file_format(source).read():
        for name, column in posts.items():
            column += part.posts.get(name, [None] * part.n_posts)
        rejects += [
            row._replace(position=f"page of {answer.collected}, {WHERE.sub('', row.position)}")
            for row in part.rejects
        ]
        skipped.update(part.skipped)
        warnings.update(part.warnings)
    posts["collected"] = [stated or answer.collected for stated in posts["collected"]]
    return Batch(posts, rejects, dict(skipped), dict(warnings))


def first_moment(since: Since) -> str | None:
    """A setting `since` as a time of a post column."""
    time, precision = iso(str(since)) if since is not None else (None, "none")
    return f"{time}T00:00:00Z" if precision == "day" else time


def times_in(batch: Batch) -> list[str]:
    """When the posts of a page were made, in their order, without those of which only the day is known."""
    return [time for time in batch.posts["published"] if time is not None and "T" in time]


def newest_in(batch: Batch, answer: Answer) -> str | None:
    """When the newest post of a page was made; none is newer than the answer, whatever its author's clock says."""
    newest = max(times_in(batch), default=None)
    return min(newest, answer.collected) if newest and answer.collected else newest
