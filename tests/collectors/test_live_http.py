from __future__ import annotations

import gzip
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from sentinel_collectors import live_http
from sentinel_collectors.live_answers import Refused, WaitTooLong
from sentinel_collectors.live_http import ATTEMPTS, Client

from sentinel.errors import SourceError

TOKEN = "AAAAtoken/with+signs%2Fand0123456789"


def ask(service: Any, **settings: Any) -> Any:
    with Client(**settings) as client:
        return client.get(f"{service.url}/page", {"q": "qwen", "none": None})


def test_says_who_asks_and_what(service: Any) -> None:
    service.replies = [{"posts": []}]
    answer = ask(service, user_agent="mood-sentinel/1 (me@example.org)")
    assert answer.json() == {"posts": []}
    assert answer.collected == "2026-11-23T12:00:00Z"
    (request,) = service.requests
    assert request.headers["user-agent"] == "mood-sentinel/1 (me@example.org)"
    assert request.query == {"q": "qwen"}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Mon, 23 Nov 2026 12:00:20 GMT"}, 20),
        ({"x-rate-limit-reset": "1795435230"}, 30),  # X: an epoch
        ({"X-Ratelimit-Reset": "40"}, 40),  # Reddit: seconds left
        ({"X-RateLimit-Reset": "2026-11-23T12:00:50.123456Z"}, 50),  # Mastodon: ISO
        ({"RateLimit-Reset": "1795435255"}, 55),  # Bluesky: an epoch
    ],
)
def test_waits_as_long_as_it_is_asked_to(
    service: Any, pauses: list[float], headers: dict[str, str], wait: float
) -> None:
    service.replies = [(429, headers, {}), {"fine": True}]
    assert ask(service).json() == {"fine": True}
    (pause,) = pauses
    assert wait <= pause <= wait + 1


def test_a_longer_pause_than_is_kept_ends_the_read_at_once(service: Any, pauses: list[float]) -> None:
    service.replies = [(429, {"Retry-After": "3600"}, {})]
    with pytest.raises(WaitTooLong, match="3600 s"):
        ask(service, max_wait_seconds=60)
    assert (len(service.requests), pauses) == (1, [])


def test_a_limit_without_a_time_is_asked_again_a_few_times(service: Any, pauses: list[float]) -> None:
    service.replies = [(429, {}, {})]
    with pytest.raises(WaitTooLong):
        ask(service)
    assert len(service.requests) == ATTEMPTS
    assert all(0 < earlier < later for earlier, later in zip(pauses, pauses[2:], strict=False))


def test_errors_of_the_server_are_asked_again(service: Any, pauses: list[float]) -> None:
    service.replies = [
        (500, {}, b"oops"),
        (503, {"Retry-After": "2"}, b""),
        (502, {}, b"<html>"),
        {"fine": True},
    ]
    assert ask(service).json() == {"fine": True}
    assert len(pauses) == 3


def test_a_server_that_stays_down_is_an_error(service: Any) -> None:
    service.replies = [(500, {}, b"oops")]
    with pytest.raises(SourceError, match=r"127\.0\.0\.1/page: HTTP 500; tried 5 times"):
        ask(service)
    assert len(service.requests) == ATTEMPTS


def test_limits_of_other_counters_do_not_delay_after_a_mere_error(service: Any, pauses: list[float]) -> None:
    service.replies = [
        (500, {"RateLimit-Remaining": "2999", "RateLimit-Reset": "1795438799"}, {}),
        {"fine": True},
    ]
    ask(service)
    assert pauses[0] < 5


def test_a_cut_connection_is_asked_again(service: Any) -> None:
    service.replies = ["cut", "cut", {"fine": True}]
    assert ask(service).json() == {"fine": True}


def test_a_connection_that_is_always_cut_is_an_error(service: Any) -> None:
    service.replies = ["cut"]
    with pytest.raises(SourceError, match="without sending complete"):
        ask(service)


def test_a_slow_answer_is_given_up(service: Any) -> None:
    service.replies = ["slow"]
    with pytest.raises(SourceError, match="no answer in time"):
        ask(service, timeout_seconds=0.05)
    assert len(service.requests) == ATTEMPTS


def test_an_answer_drop_by_drop_is_given_up(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    service.replies = [b"drops"]
    seconds = iter(range(0, 10_000, 1000))
    monkeypatch.setattr(live_http, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with pytest.raises(SourceError, match="no whole answer in 120 s"):
        ask(service)


def test_nobody_there(service: Any) -> None:
    with Client() as client, pytest.raises(SourceError, match="refused"):
        client.get("http://127.0.0.1:1/page")


def test_a_huge_answer_is_refused(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_http, "MAX_ANSWER", 2**20)
    service.replies = [b" " * (2**20 + 1)]
    with pytest.raises(SourceError, match="more than 1 MiB"):
        ask(service)
    assert len(service.requests) == 1


def test_compressed_answers_are_measured_as_they_unfold(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_http, "MAX_ANSWER", 2**20)
    bomb = gzip.compress(bytes(2**24))
    service.replies = [(200, {"Content-Encoding": "gzip"}, bomb)]
    with pytest.raises(SourceError, match="more than 1 MiB"):
        ask(service)


def test_damaged_compression_is_asked_again(service: Any) -> None:
    service.replies = [(200, {"Content-Encoding": "gzip"}, b"not gzip"), {"fine": True}]
    assert ask(service).json() == {"fine": True}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            {"title": "Invalid Request", "errors": [{"message": "Reference to invalid operator 'is:ad'"}]},
            "Invalid Request; Reference to invalid operator 'is:ad'",
        ),
        ({"error": "AuthFactorTokenRequired", "message": "sign in"}, "AuthFactorTokenRequired; sign in"),
        ({"error": {"message": "inner"}}, "inner"),
        (b"<html><title>x</title><p>Just a\nmoment</p></html>", "Just a moment"),
        (b"plain words", "plain words"),
        ({"error": "\x1b[31mred\x07\n"}, "[31mred"),
        (b"", "without a word"),
        ([], "without a word"),
    ],
)
def test_a_refusal_is_shown_in_the_words_of_the_service(service: Any, body: Any, shown: str) -> None:
    service.replies = [(400, {}, body)]
    with pytest.raises(Refused) as refused:
        ask(service)
    assert str(refused.value) == f"127.0.0.1/page: HTTP 400: {shown}"
    assert len(service.requests) == 1


def test_the_last_request_granted_makes_the_next_one_wait(service: Any, pauses: list[float]) -> None:
    service.replies = [(200, {"X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "12"}, {}), {}]
    with Client() as client:
        client.get(service.url)
        assert pauses == []
        client.get(service.url)
        client.get(service.url)
    (pause,) = pauses
    assert 12 <= pause <= 13


def test_the_last_request_granted_ends_the_read_if_the_wait_is_too_long(service: Any) -> None:
    service.replies = [(200, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795436100"}, {})]
    with Client() as client:
        client.get(service.url)
        with pytest.raises(WaitTooLong):
            client.get(service.url)
    assert len(service.requests) == 1


def test_redirects_are_followed_and_lasting_ones_remembered(service: Any) -> None:
    service.replies = [
        (301, {"Location": "/moved"}, b""),
        (308, {"Location": "/moved/again"}, b""),
        (302, {"Location": "/for/now"}, b""),
        (301, {"Location": "/there"}, b""),
        {"fine": True},
    ]
    answer = ask(service)
    assert answer.json() == {"fine": True}
    assert answer.moved == f"{service.url}/moved/again"
    assert answer.place == "127.0.0.1/there"


def test_redirects_in_circles_end(service: Any) -> None:
    service.replies = [(302, {"Location": "/page"}, b"")]
    with pytest.raises(SourceError, match="more than 5 redirects"):
        ask(service)


def test_only_http_is_spoken(service: Any) -> None:
    service.replies = [(302, {"Location": "file:///etc/passwd"}, b"")]
    with pytest.raises(SourceError, match="protocol"):
        ask(service)


def test_a_token_stays_with_its_host(service: Any) -> None:
    elsewhere = service.url.replace("127.0.0.1", "localhost")
    service.replies = [(302, {"Location": f"{elsewhere}/other"}, b""), {}]
    with Client() as client:
        client.authorize(TOKEN)
        client.get(service.url)
    first, second = service.requests
    assert first.headers["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in second.headers


def test_what_is_posted_follows_no_redirect(service: Any) -> None:
    service.replies = [(307, {"Location": "/other"}, b"")]
    with Client() as client, pytest.raises(Refused, match="HTTP 307"):
        client.post(f"{service.url}/login", json={"password": "hunter2hunter2"})
    assert len(service.requests) == 1


def test_secrets_are_blotted_out_of_whatever_comes_back(
    service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echoed = {"raw": TOKEN, "slashes": TOKEN.replace("/", "\\/")}
    service.replies = [
        (200, {"ETag": f'"{TOKEN}"'}, echoed),
        (401, {}, {"message": f"bad token {TOKEN}"}),
        (401, {}, {"message": "bad app YXBwLWlkLTEyMzQ6c2VjcmV0LTEyMzQ="}),
    ]
    with Client() as client:
        client.authorize(TOKEN)
        answer = client.get(service.url)
        with pytest.raises(Refused) as refused:
            client.get(service.url)
        client.keep_secret("secret-1234")
        with pytest.raises(Refused) as refused_app:
            client.post(service.url, auth=("app-id-1234", "secret-1234"))
        everything = [
            repr(answer),
            str(answer.json()),
            repr(client),
            str(refused.value),
            str(refused_app.value),
        ]
    everything += [repr(refused.value.answer), caplog.text]
    assert not [text for text in everything if TOKEN in text or "secret-1234" in text or "YXBwLWlk" in text]
    assert "bad token ***" in str(refused.value)


def test_html_where_json_was_expected(service: Any) -> None:
    service.replies = [(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>please log in")]
    with pytest.raises(SourceError, match="expected JSON, the answer is text/html"):
        ask(service).json()


def test_a_missing_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(live_http, "import_module", missing)
    with pytest.raises(SourceError, match=r"pip install 'mood-sentinel\[live\]'"):
        Client()
