"""Where messages of alerts go: a file, mail, a webhook, or anything that apprise reaches.

A destination may hold secrets, from the environment (``${HOOK_TOKEN}``) or written out. No error or log shows more of
it than `shown` does.
"""

from __future__ import annotations

import logging
import os
import re
import smtplib
import ssl
import warnings
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson

from sentinel import __version__
from sentinel.environment import FromEnvironment
from sentinel.errors import SentinelError, SettingsError
from sentinel.settings import Smtp

__all__ = ["DeliveryError", "Message", "as_written", "check_destination", "send", "shown"]

TIMEOUT: Final = 30.0  # seconds
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):(//)?", re.IGNORECASE)
_TAIL: Final = 1 << 20  # bytes of a file of messages that are looked through for one that is there already


class DeliveryError(SentinelError):
    """A message could not be handed over; the reason holds no secret."""


@dataclass(frozen=True, slots=True)
class Message:
    """One or more events, in one piece."""

    id: str  #: the same whenever these events are sent again
    title: str
    events: tuple[Mapping[str, Any], ...]  #: id, rule, text, time of each

    @property
    def text(self) -> str:
        """For people."""
        return "\n".join(str(event["text"]) for event in self.events)


def as_written(destination: str) -> str:
    """A destination with its secrets by name, if they came from the environment."""
    return destination.written if isinstance(destination, FromEnvironment) else destination


def shown(destination: str) -> str:
    """What of a destination may be told: how and to whom, never a path, query or user that could be a secret."""
    written = as_written(destination)
    scheme = _SCHEME.match(written)
    if scheme is None:
        return written
    if scheme[1].lower() == "mailto" and not scheme[2]:
        return written
    if scheme[1].lower() in ("http", "https"):
        host = written.split("/", 3)[2].rpartition("@")[2] if scheme[2] else "…"
        return f"{scheme[1].lower()}://{host}/…"
    return f"{scheme[1].lower()}://…"


def check_destination(destination: str) -> None:
    """Refuse what cannot be a destination.

    Raises
    ------
    SettingsError
        With what was expected.
    """
    scheme = _SCHEME.match(destination)
    if not destination.strip():
        raise SettingsError("to: expected a file, 'mailto:NAME@HOST', 'https://…', or an address of apprise")
    if scheme is None:
        return
    kind = scheme[1].lower()
    if kind == "mailto" and not scheme[2]:
        address = unquote(destination[len("mailto:") :])
        if not re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", address):
            raise SettingsError(
                f"to: {shown(destination)!r} is no address of mail; expected 'mailto:NAME@HOST'"
            )
    elif kind in ("http", "https"):
        if not scheme[2] or not _host(destination):
            raise SettingsError(f"to: {shown(destination)} names no host; expected 'https://HOST/…'")
    elif not scheme[2]:
        raise SettingsError(
            f"to: {kind!r}: is not known; expected a file, 'mailto:NAME@HOST', 'https://…', or an address of apprise"
        )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def obstacle(destination: str, folder: Path) -> str:
    """Why nothing can be sent there, as far as it can be told without sending; "" if nothing is known."""
    scheme = _SCHEME.match(destination)
    if scheme is None:
        return f"{destination} is a folder; name a file in it" if (folder / destination).is_dir() else ""
    if scheme[1].lower() in ("mailto", "http", "https"):
        return ""
    try:
        _service(destination)
    except DeliveryError as error:
        return str(error)
    return ""


def send(destination: str, message: Message, smtp: Smtp | None, folder: Path) -> None:
    """Hand a message over.

    Parameters
    ----------
    folder : where relative files start.

    Raises
    ------
    DeliveryError
        If it was not taken; it may be tried again.
    """
    scheme = _SCHEME.match(destination)
    try:
        if scheme is None:
            _to_file(folder / destination, message)
        elif scheme[1].lower() == "mailto" and not scheme[2]:
            _to_mail(unquote(destination[len("mailto:") :]), message, smtp)
        elif scheme[1].lower() in ("http", "https"):
            _to_webhook(destination, message)
        else:
            _to_apprise(destination, message)
    except DeliveryError:
        raise
    except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
        raise DeliveryError(f"{shown(destination)}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Why, in words that are not the service's own: they may repeat a secret."""
    if isinstance(error, HTTPError):
        error.close()
        return f"answered {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        error = error.reason
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _to_file(path: Path, message: Message) -> None:
    """A line of JSON an event, at the end; events that stand there are not written again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _TAIL))
        there = stream.read()
        lines = [orjson.dumps(dict(event)) for event in message.events]
        new = [line for line, event in zip(lines, message.events, strict=True) if _mark(event) not in there]
        if there and not there.endswith(b"\n"):  # cut off while writing
            new.insert(0, b"")
        if new:
            stream.write(b"\n".join([*new, b""]))
            stream.flush()
            os.fsync(stream.fileno())


def _mark(event: Mapping[str, Any]) -> bytes:
    return b'"id":' + orjson.dumps(event["id"])


def _to_mail(recipient: str, message: Message, smtp: Smtp | None) -> None:
    if smtp is None:
        raise DeliveryError("mail needs a table [smtp] in the settings with host and from")
    letter = EmailMessage()
    letter["Subject"] = _one_line(message.title)
    letter["From"] = smtp.sender
    letter["To"] = recipient
    letter["Message-ID"] = f"<{message.id}@mood-sentinel.invalid>"
    letter.set_content(message.text + "\n")
    context = ssl.create_default_context()
    kind = smtplib.SMTP_SSL if smtp.tls == "ssl" else smtplib.SMTP
    options: dict[str, Any] = {"context": context} if smtp.tls == "ssl" else {}
    with kind(smtp.host, smtp.port, timeout=TIMEOUT, **options) as server:
        if smtp.tls == "starttls":
            server.starttls(context=context)
        if smtp.user is not None:
            server.login(smtp.user, smtp.password or "")
        server.send_message(letter)


class _NoRedirect(HTTPRedirectHandler):
    """A webhook that points elsewhere is answered by nobody we were told of."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


def _to_webhook(address: str, message: Message) -> None:
    content = {
        "id": message.id,
        "title": message.title,
        "text": f"{message.title}\n{message.text}",
        "events": [dict(event) for event in message.events],
    }
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"mood-sentinel/{__version__}",
        "Idempotency-Key": message.id,
    }
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    if at:  # urllib takes it for a part of the host
        headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
    address = urlunsplit(parts._replace(netloc=host))
    request = Request(address, data=orjson.dumps(content), method="POST", headers=headers)
    with build_opener(_NoRedirect()).open(request, timeout=TIMEOUT):
        pass


def _to_apprise(address: str, message: Message) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it imports: nothing that its user could mend
        if not _service(address).notify(title=_one_line(message.title), body=message.text):
            raise DeliveryError(f"{shown(address)}: apprise could not hand it over")


def _service(address: str) -> Any:
    """What hands messages to an address of apprise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import apprise
        except ImportError:
            raise DeliveryError(
                f"{shown(address)} needs apprise: pip install 'mood-sentinel[alerts]'"
            ) from None
        logging.getLogger("apprise").disabled = True  # it logs addresses with their tokens
        service = apprise.Apprise()
        if not service.add(str(address)):
            raise DeliveryError(f"{shown(address)}: apprise does not know such an address")
        return service


def _one_line(text: str) -> str:
    return " ".join(text.split())
