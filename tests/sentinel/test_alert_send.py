"""Destinations: a file, a webhook, mail and apprise, on this machine; and what is never told of them."""

from __future__ import annotations

import json
import os
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sentinel.alert_send import DeliveryError, Message, check_destination, send, shown
from sentinel.environment import expanded
from sentinel.errors import SettingsError
from sentinel.settings import Smtp

EVENT = {"id": "e1", "rule": "finding", "text": "mood fell, 情绪下降", "time": "2031-01-01T00:00:00Z"}
OTHER = EVENT | {"id": "e2", "text": "another"}
MESSAGE = Message("m1", "mood-sentinel: mood fell\r\nBcc: x@example.invalid", (EVENT,))


class Hook(HTTPServer):
    """Answers with a code and remembers what it was sent."""

    code = 200
    headers: dict[str, str]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.got: list[dict[str, object]] = []
        self.headers = {}
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append({"path": self.path, "body": body, "key": self.headers["Idempotency-Key"]})
        self.send_response(self.server.code, f"no {self.path}")  # a service that repeats what it was told
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    yield server
    server.shutdown()
    server.server_close()


def test_a_file_gets_a_line_an_event_and_none_twice(tmp_path: Path) -> None:
    for message in (MESSAGE, MESSAGE, Message("m2", "2 alerts", (EVENT, OTHER))):
        send("out/alerts.jsonl", message, None, tmp_path)
    path = tmp_path / "out" / "alerts.jsonl"
    assert [json.loads(line) for line in path.read_text().splitlines()] == [EVENT, OTHER]
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"id":"e1","ru')
    send("alerts.jsonl", Message("m2", "t", (OTHER,)), None, tmp_path)
    assert json.loads(path.read_text().splitlines()[-1]) == OTHER


def test_a_file_that_cannot_be_written_is_no_loss(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"Is a directory|Not a directory"):
        send(".", MESSAGE, None, tmp_path)


def test_a_webhook_gets_json(hook: Hook, tmp_path: Path) -> None:
    send(f"http://{hook.address}/services/T0P", MESSAGE, None, tmp_path)
    (got,) = hook.got
    assert got["path"] == "/services/T0P"
    assert got["key"] == "m1"
    assert got["body"] == {
        "id": "m1",
        "title": MESSAGE.title,
        "text": f"{MESSAGE.title}\n{EVENT['text']}",
        "events": [EVENT],
    }


@pytest.mark.parametrize(
    ("code", "headers"), [(500, {}), (403, {}), (302, {"Location": "http://127.0.0.1:1/"})]
)
def test_a_webhook_that_refuses_is_named_without_its_token(
    code: int, headers: dict[str, str], hook: Hook, tmp_path: Path
) -> None:
    hook.code, hook.headers = code, headers
    with pytest.raises(DeliveryError, match=f"answered {code}") as caught:
        send(f"http://user:s3cret@{hook.address}/T0PSECRET?key=K3Y", MESSAGE, None, tmp_path)
    for secret in ("s3cret", "T0PSECRET", "K3Y", "user"):
        assert secret not in str(caught.value)
    assert len(hook.got) == 1  # it was not sent on to where it pointed


def test_nobody_there_is_a_problem_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"http://127\.0\.0\.1:1/…: "):
        send("http://127.0.0.1:1/T0PSECRET", MESSAGE, None, tmp_path)


class _Post(socketserver.StreamRequestHandler):
    """Enough of SMTP."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    letter += self.rfile.readline()
                self.server.letters.append(letter.decode())  # type: ignore[attr-defined]
            if word == b"RCPT" and b"nobody" in line:
                self.wfile.write(b"550 no such user\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")


@pytest.fixture
def post_office() -> Iterator[socketserver.TCPServer]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Post)
    server.letters = []  # type: ignore[attr-defined]
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_mail_is_handed_to_a_server(post_office: socketserver.TCPServer, tmp_path: Path) -> None:
    smtp = Smtp.model_validate(
        {
            "host": "127.0.0.1",
            "port": post_office.server_address[1],
            "from": "a@example.invalid",
            "tls": "none",
        }
    )
    send("mailto:me@example.invalid", MESSAGE, smtp, tmp_path)
    (letter,) = post_office.letters  # type: ignore[attr-defined]
    assert "To: me@example.invalid" in letter
    assert "\r\nBcc:" not in letter  # a line break in a title makes no header
    assert "Message-ID: <m1@" in letter
    with pytest.raises(DeliveryError, match=r"mailto:nobody@example\.invalid"):
        send("mailto:nobody@example.invalid", MESSAGE, smtp, tmp_path)


def test_mail_without_a_server_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"needs a table \[smtp\]"):
        send("mailto:me@example.invalid", MESSAGE, None, tmp_path)


def test_apprise_reaches_the_rest(hook: Hook, tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'mood-sentinel[alerts]'")
    send(f"json://{hook.address}/T0PSECRET", MESSAGE, None, tmp_path)
    assert str(EVENT["text"]) in json.dumps(hook.got[0]["body"], ensure_ascii=False)
    hook.code = 500
    with pytest.raises(DeliveryError, match="json://…: apprise could not hand it over") as caught:
        send(f"json://{hook.address}/T0PSECRET", MESSAGE, None, tmp_path)
    assert "T0PSECRET" not in str(caught.value)
    with pytest.raises(DeliveryError, match="apprise does not know"):
        send("nothing://T0PSECRET", MESSAGE, None, tmp_path)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("alerts.jsonl", "alerts.jsonl"),
        ("mailto:me@example.org", "mailto:me@example.org"),
        ("https://hooks.example/T/B/x?y=z", "https://hooks.example/…"),
        ("https://user:pw@hooks.example/T", "https://hooks.example/…"),
        ("https://hooks.example/${HOOK}", "https://hooks.example/…"),
        ("https://${HOOK}/x", "https://${HOOK}/…"),
        ("slack://${HOOK}/x", "slack://…"),
    ],
)
def test_what_is_told_of_a_destination(written: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HOOK", "T0PSECRET")
    assert shown(expanded(written, "to")) == told


@pytest.mark.parametrize(
    ("destination", "message"),
    [
        ("", "expected a file"),
        ("mailto:me", "is no address of mail"),
        ("mailto:a@b,c@d", "is no address of mail"),
        ("https://", "names no host"),
        ("https:hooks", "names no host"),
        ("sms:123", "is not known"),
    ],
)
def test_what_is_no_destination_is_refused(destination: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        check_destination(destination)
