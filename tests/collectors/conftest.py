"""A service on this machine, for live sources to read from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

#: By the service's own clock, unless a reply says otherwise.
NOON = "Mon, 23 Nov 2026 12:00:00 GMT"


@dataclass
class Request:
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Service:
    """What a test lets it answer: `replies` one by one, the last one again and again; or what `respond` makes.

    A reply is a JSON value, bytes, ``"cut"``, ``"slow"``, or a tuple of status, headers and reply.
    """

    url: str = ""
    replies: list[Any] = field(default_factory=list)
    respond: Callable[[Request], Any] | None = None
    requests: list[Request] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: Request) -> Any:
        self.requests.append(request)
        if self.respond is not None:
            return self.respond(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):
                self._answer()

        do_POST = do_GET

        def _answer(self) -> None:
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            query = dict(parse_qsl(address.query))
            reply = service.reply(Request(self.command, address.path, query, headers, body))
            status, extra, reply = reply if isinstance(reply, tuple) else (200, {}, reply)
            if reply == "slow":
                service.done.wait(10)
                return
            content = reply if isinstance(reply, bytes) else orjson.dumps(reply)
            self.send_response_only(status)
            stated = {
                "Date": NOON,
                "Content-Type": "application/json",
                "Content-Length": str(len(content)),
            } | extra
            for name, value in stated.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if reply == "cut" else content)

        def log_message(self, *_args: Any) -> None:
            """Nothing on the terminal."""

    return Handler


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service that is closed after the test."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    found = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    found.done.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that live sources would have kept; no test sleeps."""
    kept: list[float] = []
    monkeypatch.setattr("sentinel_collectors.live_http.sleep", kept.append)
    return kept
